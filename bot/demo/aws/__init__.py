"""The AWS organisation of the demo: moto, with a ledger, an inventory and metrics of its own."""
