"""Bills with a planted change, as an export tells them and as Cost Explorer does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.causes import against_weekdays_before
from analysis.costs import Cut
from bot.causes.scope import Scope
from bot.commands import Reply, Request
from bot.commands.why import why
from bot.context import Context
from bot.cost_files import CostFiles
from bot.settings import CostView
from tests.bot.costs.cost_factories import EC2, EC2_OTHER, S3, days, row, store
from tests.bot.decisions_factories import context as made_context

#: The last whole day at the clock's start; and the day of the change, a Tuesday.
LAST, DAY = date(2026, 11, 18), date(2026, 11, 17)
PROD, STAGING = "111122223333", "444455556666"
FIRST = LAST - timedelta(days=69)

#: (quantity, dollars) of a day.
Amount = Callable[[date], tuple[float | None, float]]


def on(day: date, usual: tuple[float | None, float], then: tuple[float | None, float], *, until: date = LAST) -> Amount:
    """The usual amounts, and others from a day on."""
    return lambda today: then if day <= today <= until else usual


def line(amount: Amount, **changed: Any) -> dict[str, Any]:
    """A line of a bill; `amount` gives each day's quantity and dollars."""
    known = {
        "account": PROD, "name": "prod", "region": "us-east-1", "service": EC2_OTHER, "usage_type": "NatGateway-Bytes",
        "unit": "GB", "team": "platform", "category": "Usage", "pricing": "Standard", "commitment": None,
    }  # fmt: skip
    return known | changed | {"amount": amount}


NAT = line(on(DAY, (1000.0, 45.0), (6000.0, 270.0)))
VOLUMES = line(on(DAY, (100.0, 60.0), (100.0, 60.0)), usage_type="EBS:VolumeUsage.gp3", unit="GB-Mo")
MACHINES = line(on(DAY, (24.0, 200.0), (24.0, 200.0)), service=EC2, usage_type="BoxUsage:m5.large", unit="Hrs")
STORAGE = line(on(DAY, (500.0, 30.0), (500.0, 30.0)), service=S3, usage_type="TimedStorage-ByteHrs", unit="GB-Mo")


def by_export(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a billing export."""
    return [_export_row(one, day) for one in lines for day in days(FIRST, 70)]


def _export_row(one: dict[str, Any], day: date) -> dict[str, Any]:
    quantity, cost = one["amount"](day)
    return row(
        day,
        cost,
        cut=Cut.FULL.value,
        billing_account_id="123456789012",
        charge_category=one["category"],
        service_name=one["service"],
        sub_account_id=one["account"],
        sub_account_name=one["name"],
        region_id=one["region"],
        usage_type=one["usage_type"],
        pricing_category=one["pricing"],
        commitment_type=one["commitment"],
        quantity=quantity,
        unit=one["unit"],
        tags={"team": one["team"]},
    )


def by_explorer(*lines: dict[str, Any], quantities_by_account: bool = True) -> list[dict[str, Any]]:
    """The same charges as Cost Explorer's cuts have them."""
    return [part for one in lines for day in days(FIRST, 70) for part in _cuts(one, day, quantities_by_account)]


def _cuts(one: dict[str, Any], day: date, quantities_by_account: bool) -> Iterable[dict[str, Any]]:
    quantity, cost = one["amount"](day)
    service = {"service_name": one["service"]}
    yield row(day, cost, **service, charge_category=one["category"])
    if one["category"] != "Usage":
        return
    account = {"sub_account_id": one["account"], "sub_account_name": one["name"]}
    usage = {"usage_type": one["usage_type"]}
    measured = {"quantity": quantity, "unit": one["unit"]}
    yield row(day, cost, **service, **account, cut=Cut.ACCOUNT.value)
    yield row(day, cost, **service, cut=Cut.REGION.value, region_id=one["region"])
    yield row(day, cost, **service, **usage, **measured, cut=Cut.USAGE_TYPE.value)
    known = measured if quantities_by_account else {}
    yield row(day, cost, service_name=None, **account, **usage, **known, cut=Cut.ACCOUNT_USAGE_TYPE.value)
    yield row(day, cost, **service, cut=Cut.TAG.value, tag_key="team", tag_value=one["team"])


def kept(data_dir: Path, rows: list[dict[str, Any]]) -> CostFiles:
    """Stored costs; of an export where the rows know every dimension."""
    costs = CostFiles(data_dir)
    store(costs, rows, "focus" if rows[0]["cut"] == Cut.FULL.value else "cost_explorer")
    return costs


def scope(**changed: Any) -> Scope:
    """The day of the change against the four Tuesdays before."""
    compared = against_weekdays_before([DAY], first=DAY, start=FIRST)
    values: dict[str, Any] = {"comparison": compared, "view": CostView.EFFECTIVE, "tag": "team"}
    return Scope(**(values | changed))


def bot(tmp_path: Path, rows: list[dict[str, Any]]) -> Context:
    """A bot that has these costs."""
    context = made_context(tmp_path)
    store(context.costs, rows, "focus" if rows[0]["cut"] == Cut.FULL.value else "cost_explorer")
    return context


def ask(context: Context, words: str = "") -> Reply:
    """What `/cost why <words>` answers."""
    return why.answer(Request("why", tuple(words.split()), "U0BEN", "C0COSTS"), context)
