"""Stored costs against where they came from: Cost Explorer asked once more by month, and each export read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.collectors import daily_costs, focus_export
from bot.collectors.cost_plan import oldest_day
from bot.context import Context
from bot.cost_files.reach import in_common, read_reaches
from bot.errors import CostbotError
from bot.workflows.ask_explorer import answered_by_export, fetch
from bot.workflows.ingest_focus import content_hash
from bot.workflows.store_costs import between

MEASURES = ("billed_cost", "effective_cost")


@dataclass(frozen=True, slots=True)
class Line:
    """One service in one month: what is stored and what the source says now, in money of the bill.

    `open` months still change at the source, so a difference there is no error.
    """

    source: str
    month: str
    service_name: str
    measure: str
    stored: float
    actual: float
    open: bool

    @property
    def difference(self) -> float:
        """Stored minus actual, to the cent."""
        return round(self.stored - self.actual, 2) + 0.0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All lines, what could not be compared, and the billed requests it took."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]
    requests: int

    @property
    def agrees(self) -> bool:
        """Whether everything that can no longer change is stored to the cent, and everything could be compared."""
        return not self.problems and all(line.difference == 0 for line in self.lines if not line.open)

    @property
    def sentences(self) -> list[str]:
        """The outcome: each difference, then the verdict."""
        lines = [
            f"{line.month} {line.service_name} ({line.source}, {line.measure.removesuffix('_cost')}): stored "
            f"{line.stored:,.2f}, source {line.actual:,.2f}, difference {line.difference:+,.2f}"
            f"{', still open' if line.open else ''}."
            for line in self.lines
            if line.difference
        ]
        months = len({(line.source, line.month) for line in self.lines})
        verdict = "agree to the cent" if self.agrees else "do not all agree"
        return [*lines, *self.problems, f"{months} months {verdict}; {self.requests} billed requests."]

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def as_dict(self) -> dict[str, Any]:
        """What `costbot reconcile --json` prints."""
        return {
            "agrees": self.agrees,
            "requests": self.requests,
            "problems": list(self.problems),
            "lines": [{**asdict(line), "difference": line.difference} for line in self.lines],
        }


def reconcile(context: Context) -> Reconciliation:
    """Compare everything that is stored with its source.

    Raises:
        CostbotError: Cost Explorer does not answer.
    """
    explorer, requests = _cost_explorer(context)
    exports, problems = _focus(context)
    return Reconciliation((*explorer, *exports), (*_cuts(context), *problems), requests)


def _cost_explorer(context: Context) -> tuple[list[Line], int]:
    """One monthly query over all stored days that Cost Explorer still knows; a request a page."""
    oldest = oldest_day(context.clock.today())
    facts: dict[str, Any] = context.costs.months.facts(daily_costs.SOURCE).get("months", {})
    noted = {name: fact for name, fact in facts.items() if date.fromisoformat(fact["from"]) >= oldest}
    if not noted or answered_by_export(context):
        return [], 0
    query = daily_costs.Query(Cut.CHARGE)
    start = min(date.fromisoformat(fact["from"]) for fact in noted.values())
    end = max(date.fromisoformat(fact["until"]) for fact in noted.values())
    pages = fetch(context, {**query.parameters(start, end), "Granularity": "MONTHLY"})
    actual = _sums(daily_costs.parse(pages, query), ["service_name"])
    lines: list[Line] = []
    for name, fact in sorted(noted.items()):
        month = date.fromisoformat(f"{name}-01")
        stored = context.costs.months.read(daily_costs.SOURCE, month)
        stored = stored[stored["cut"] == Cut.CHARGE.value]
        is_open = fact["open_from"] is not None
        lines += _lines(daily_costs.SOURCE, name, _sums(stored, ["service_name"]), actual, is_open=is_open)
    return lines, len(pages)


def _cuts(context: Context) -> Iterator[str]:
    """Where Cost Explorer's own groupings, as stored, do not add up to the same usage."""
    facts = context.costs.months.facts(daily_costs.SOURCE)
    common = in_common(read_reaches(facts))
    if common is None:
        return
    first, until = common
    for name in sorted(facts["months"]):
        month = context.costs.months.read(daily_costs.SOURCE, date.fromisoformat(f"{name}-01"))
        yield from daily_costs.disagreements(between(month, first, until))


def _focus(context: Context) -> tuple[list[Line], list[str]]:
    """Each stored bill against the files it came from, where they are still there."""
    lines: list[Line] = []
    problems: list[str] = []
    tag_keys = context.settings.tag_keys
    for name, fact in sorted(context.costs.months.facts(focus_export.SOURCE).get("months", {}).items()):
        month = date.fromisoformat(f"{name}-01")
        stored = context.costs.months.read(focus_export.SOURCE, month)
        for bill in fact["bills"]:
            gone = _gone(bill["files"])
            if gone:
                problems.append(f"{name} {bill['provider']}: {gone}")
                continue
            files = [Path(file["path"]) for file in bill["files"]]
            export = focus_export.read(files, tag_keys, today=context.clock.today()).frame
            export = export[export["billing_month"] == pd.Timestamp(month)]
            mine, theirs = (_of_bill(frame, bill["provider"], bill["payer"]) for frame in (stored, export))
            lines += _lines(
                focus_export.SOURCE,
                name,
                _sums(mine.assign(date=pd.Timestamp(month)), ["service_name"]),
                _sums(theirs.assign(date=pd.Timestamp(month)), ["service_name"]),
                is_open=False,
            )
    return lines, problems


def _of_bill(frame: DataFrame, provider: str, payer: str) -> DataFrame:
    return frame[(frame["provider"] == provider) & (frame["billing_account_id"] == payer)]


def _gone(files: list[dict[str, str]]) -> str | None:
    for file in files:
        path = Path(file["path"])
        try:
            if content_hash(path) != file["sha256"]:
                return f"{path.name} was changed since it was ingested; ingest it again."
        except CostbotError:
            return f"{path.name} is no longer where it was ingested from, so it cannot be compared."
    return None


def _sums(frame: DataFrame, keys: list[str]) -> DataFrame:
    """Dollars per month and key: index (month, *keys), columns `MEASURES`."""
    months = pd.to_datetime(frame["date"]).dt.strftime("%Y-%m")
    named = frame.assign(month=months, service_name=frame["service_name"].fillna("unknown"))
    return named.groupby(["month", *keys])[list(MEASURES)].sum(min_count=1)


def _lines(source: str, month: str, stored: DataFrame, actual: DataFrame, *, is_open: bool) -> Iterator[Line]:
    for service in sorted({name for at, name in (*stored.index, *actual.index) if at == month}):
        for measure in MEASURES:
            ours, theirs = _cell(stored, month, service, measure), _cell(actual, month, service, measure)
            if ours is not None or theirs is not None:
                yield Line(source, month, service, measure, ours or 0.0, theirs or 0.0, is_open)


def _cell(sums: DataFrame, month: str, service: str, measure: str) -> float | None:
    if (month, service) not in sums.index:
        return None
    value = sums[measure].to_dict()[(month, service)]
    return None if pd.isna(value) else float(value)
