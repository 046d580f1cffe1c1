"""A world to report on: 80 days of four services and three teams, findings in every state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.budgets import Budget, Cadence, Part
from bot.context import Context
from bot.cost_files import CostFiles
from bot.delivery.muted import mute_of
from tests.bot.costs.cost_factories import EC2, S3, days, full, store
from tests.bot.decisions_factories import FakeClock, FakeSlack, anomaly, context, recommendation

#: A Monday morning; costs are complete until Saturday, Nov 21.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 3), date(2026, 11, 21)
PROD, STAGING = "111122223333", "444455556666"
HOSTILE = "<!channel> & *bold* \u202e'; drop table costs; --"
RDS, LAMBDA = "Amazon Relational Database Service", "AWS Lambda"


def a_day(day: date) -> list[dict[str, Any]]:
    """$161 on most days; EC2 is up by $40 from Nov 15 on, weekends have less of it."""
    ec2 = (80.0 if day.weekday() < 5 else 60.0) + (40.0 if day >= date(2026, 11, 15) else 0.0)
    named = {"sub_account_name": "prod"}
    other = {"sub_account_id": STAGING, "sub_account_name": "日本 staging"}
    return [
        full(day, ec2, service_name=EC2, tags={"team": "payments"}, **named),
        full(day, 31.0, service_name=RDS, tags={"team": "search"}, **named),
        full(day, 20.0, service_name=S3, tags={"team": ""}, **named),
        full(day, 10.0, service_name=LAMBDA, tags={"team": HOSTILE}, **other),
        full(day, 5.0, service_name="Tax", charge_category="Tax"),
    ]


def store_costs(costs: CostFiles) -> None:
    """All days."""
    store(costs, [row for day in days(FIRST, (LAST - FIRST).days + 1) for row in a_day(day)], "focus")


def record_findings(bot: Context) -> None:
    """An anomaly of each outcome; savings that wait, one approved, one carried out."""
    kept, ago = bot.store, lambda count: NOW - timedelta(days=count)
    values = {
        name: anomaly(service=name, service_name=name, last_day=date(2026, 11, 20), impact_total=total, **more)
        for name, total, more in (
            ("EC2", 280.0, {"owner": "payments"}),
            ("RDS", 90.0, {"owner": "search"}),
            ("S3", 12.5, {"account_name": HOSTILE}),
            ("Lambda", 40.0, {"account_id": STAGING, "account_name": "staging"}),
        )
    }
    found = {name: kept.record(value, ago(5)) for name, value in values.items()}
    kept.record(anomaly(service="old", last_day=date(2026, 9, 20), first_day=date(2026, 9, 18)), ago(60))
    kept.decide(found["RDS"].id, "acknowledge", actor="U0BEN", now=ago(4))
    kept.decide(found["S3"].id, "dismiss", actor="U0BEN", now=ago(4), reason="expected", note="load test")
    kept.resolve(found["Lambda"].id, ago(1), "over")
    kept.record(recommendation(resource_id="i-1", owner="payments", monthly_savings=304.0), ago(30))
    kept.record(recommendation(resource_id="i-2", resource_name=HOSTILE, monthly_savings=30.4), ago(10))
    approved = kept.record(recommendation(resource_id="i-3", monthly_savings=50.0), ago(20))
    kept.decide(approved.id, "approve", actor="U0ANA", now=ago(3))
    done = kept.record(recommendation(resource_id="i-4", monthly_savings=70.0), ago(20))
    kept.decide(done.id, "approve", actor="U0ANA", now=ago(15))
    kept.resolve(done.id, ago(2), "gone")


def set_budgets(bot: Context) -> None:
    """One of everything that will be crossed, one of a team that holds; and a mute of what nobody wants to hear."""
    payments = (Part("tag:team", ("payments",)),)
    for amount, label, scope in ((4000.0, "all costs", ()), (9000.0, "team payments", payments)):
        wanted = Budget("", label, amount, "USD", Cadence.MONTH, scope, typed=label)
        bot.store.budgets.set(wanted, actor="U0ANA", now=NOW - timedelta(days=9), channel="C0COSTS")
    found = next(one for one in bot.store.findings("anomaly") if one.value.services == ("S3",))
    start, end = NOW - timedelta(days=4), NOW + timedelta(days=30)
    bot.store.mutes.add(mute_of(found, by="U0BEN", at=start, until=end, reason="load tests <!here>"))


def define_orders(folder: Path) -> Path:
    """500 orders a day, from Nov 8 on twice as many; told by a CSV file."""
    counts = [f"{day},{1000 if day >= date(2026, 11, 8) else 500}" for day in days(FIRST, (LAST - FIRST).days + 1)]
    (folder / "orders.csv").write_text("\n".join(["date,orders", *counts]) + "\n")
    path = folder / "units.toml"
    path.write_text('[orders]\nper = 1000\ncsv = "orders.csv"\n')
    return path


class FilingSlack(FakeSlack):
    """One that takes files."""

    def upload(
        self,
        name: str,
        content: bytes,
        *,
        channel: str | None = None,
        thread_ts: str | None = None,
        comment: str | None = None,
    ) -> str:
        self._record("upload", name=name, content=content, channel=channel, thread_ts=thread_ts, comment=comment)
        return f"F{len(self.calls)}"


def world(folder: Path, **parts: Any) -> Context:
    """A context that has all of it."""
    settings = {"units_file": define_orders(folder)}
    bot = context(folder, **({"clock": FakeClock(NOW), "slack": FilingSlack(), "settings": settings} | parts))
    store_costs(bot.costs)
    record_findings(bot)
    set_budgets(bot)
    return bot
