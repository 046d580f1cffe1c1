"""`/cost commitments`: Reserved Instances and Savings Plans, from the last scan and the stored days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.services import service_label
from bot.blocks import elements
from bot.blocks.commitments_report import CommitmentsReport, Owned, Part, Shares, commitments_reply
from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.commitments.figures import Figures, Rates, commitment_figures
from bot.context import Context
from bot.errors import UsageError
from bot.what_if import what_if_answer
from bot.words.flags import one_of, parse
from bot.words.what_if import EXAMPLE, USAGE

#: The word after which a purchase is thought through, as people write it.
WHAT_IF = ("what-if", "whatif", "what_if")
DAYS = ("14", "30", "90")
#: What a person may break down by, and the dimension behind it.
BY = {"type": "kind", "family": "family", "region": "region", "service": "service", "account": "account"}


@command(
    "commitments",
    usage=f"[--by {'|'.join(BY)}] [--days {'|'.join(DAYS)}] | {USAGE}",
    examples=(
        ("/cost commitments", "what is owned, how far it is used, what is wasted, and what ends when"),
        ("/cost commitments --by service", "utilization, coverage and unused dollars of each service"),
        ("/cost commitments --by account --days 90", "by account, over three months"),
        (EXAMPLE, "what buying more would bring, with the odds; nothing is bought"),
        ("/cost commitments what-if 2/h --type ec2 --family m5 --term 3y --payment all", "the same of one family"),
    ),
    aliases=("reservations", "savings-plans"),
    order=31,
)
def commitments(request: Request, context: Context) -> Reply:
    """Reserved Instances and Savings Plans: owned, used, wasted, ending"""
    if request.words[:1] and request.words[0].lower() in WHAT_IF:
        return what_if_answer(request.words[1:], context)
    parsed = parse(request.words, flags=("by", "days"))
    if parsed.positional:
        raise UsageError(
            f"/cost commitments does not know {quoted(' '.join(parsed.positional))}.",
            f"Type /cost commitments, narrow it with --by {', '.join(BY)}, or ask what buying would bring: {EXAMPLE}",
        )
    days = int(one_of(parsed.flags.get("days", "30"), DAYS, "days"))
    by = one_of(parsed.flags["by"], tuple(BY), "by") if "by" in parsed.flags else ""
    return commitments_reply(_report(context, commitment_figures(context, days, BY.get(by, "")), days, by))


def _report(context: Context, found: Figures, days: int, by: str) -> CommitmentsReport:
    names = context.costs.account_names()
    return CommitmentsReport(
        owned=[_owned(row, names) for row in _records(found.held)],
        bill_only=[_unlisted(row) for row in _records(found.bill_only)],
        problems=found.problems,
        days=days,
        start=found.start,
        end=found.end,
        now=_shares(found.now),
        before=_shares(found.before),
        points=[
            (elements.day(day), _known(row["utilization"]), _known(row["coverage"]), _known(row["savings_rate"]))
            for day, row in zip(found.points.index, found.points.to_dict("records"), strict=True)
        ],
        by=by,
        parts=[_part(key, row, by, names) for key, row in found.parts.iterrows()],
        by_export=found.by_export,
        scanned_at=found.scanned_at,
        look_back=found.look_back,
        today=context.clock.today(),
        command=_typed(days, by),
        commands={f"{length} days": _typed(int(length), by) for length in DAYS}
        | {f"By {word}": _typed(days, word) for word in ("service", "account")},
    )


def _records(table: DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _typed(days: int, by: str) -> str:
    return f"/cost commitments{f' --by {by}' if by else ''} --days {days}"


def _owned(row: dict[str, Any], names: dict[str, str]) -> Owned:
    ends = row["ends_at"]
    years = _known(row["years"])
    term = f"{years:.0f} yr " if years else ""
    monthly = _known(row["monthly_commitment"])
    waiting = "" if row["state"] in ("active", "") else f", {row['state']}"
    return Owned(
        name=row["name"],
        account=names.get(row["account_id"], row["account_name"]),
        region=row["scope_region"],
        terms=f"{term}{row['payment']}{waiting}".strip(),
        monthly=monthly,
        utilization=_known(row["utilization"]),
        unused=_known(row["monthly_unused"]),
        ends=None if pd.isna(ends) else date(ends.year, ends.month, ends.day),
        days_left=_known(row["days_left"]),
        cliff=_known(row["monthly_cliff"]),
    )


def _unlisted(row: dict[str, Any]) -> str:
    name = str(row["name"])
    return name if row["resource_id"][:8] in name else f"{name} {row['resource_id'][:20]}".strip()


def _part(key: Any, row: Any, by: str, names: dict[str, str]) -> Part:
    name = str(key)
    return Part(
        name=names.get(name, name) if by == "account" else service_label(name) if by == "service" else name,
        utilization=_known(row["utilization"]),
        unused=_known(row["unused"]),
        coverage=_known(row["coverage"]),
        on_demand=_known(row["on_demand"]),
        savings_rate=_known(row["rate"]),
    )


def _shares(rates: Rates) -> Shares:
    return Shares(rates.utilization, rates.coverage, rates.savings_rate, rates.unused, rates.saved)


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
