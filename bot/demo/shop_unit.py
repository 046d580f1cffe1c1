"""The unit of the demo: an order in its shop, which a metric of the shop's own application counts."""

from __future__ import annotations

from bot.demo.aws.organisation import MAIN_REGION, PROD

NAMESPACE, NAME = "Shop", "OrdersPlaced"
DIMENSIONS = (("Stage", "prod"),)

#: The demo's units file.
UNITS = f"""\
# What one order costs: /cost units. docs/report.md explains this file.
[orders]
per = 1000

[orders.metric]
namespace = "{NAMESPACE}"
name = "{NAME}"
dimensions = {{ Stage = "prod" }}
account = "{PROD.id}"
region = "{MAIN_REGION}"
"""
