"""The log: what a line says, what belongs together, and what may not stand in it."""
