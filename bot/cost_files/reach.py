"""How far the answers of each Cost Explorer query reach, as noted beside its months.

A query that did not get its turn lags behind the others: a question it answers must end where it ends, else the days
it lacks would look as if they had cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from analysis.costs import Cut
from bot.cost_files.summary import Stored
from bot.cost_files.window import FILLING, Window

SOURCE = "cost_explorer"
#: What every question may need; a tag only concerns the questions that name it.
BASIC_CUTS = (Cut.CHARGE, Cut.ACCOUNT, Cut.USAGE_TYPE, Cut.REGION, Cut.ACCOUNT_USAGE_TYPE)
#: Of a query that never got a whole answer.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reach:
    """The days [first, until) that a query has answered.

    Days from `open_from` on are to be asked again. `complete_until` is the last day that was no longer filling when it
    was asked; `asked_at` is when it last answered to the end. `older` are days [from, until) of the history before
    `first` that came before an answer broke off.
    """

    first: date
    until: date
    open_from: date
    complete_until: date
    asked_at: datetime
    older: tuple[date, date] | None = None

    def as_facts(self) -> dict[str, Any]:
        """As it is written down."""
        facts: dict[str, Any] = {
            "from": self.first.isoformat(),
            "until": self.until.isoformat(),
            "open_from": self.open_from.isoformat(),
            "complete_until": self.complete_until.isoformat(),
            "asked_at": self.asked_at.isoformat(timespec="seconds"),
        }
        if self.older:
            facts["older"] = [day.isoformat() for day in self.older]
        return facts


def query_name(cut: Cut, tag_key: str | None = None) -> str:
    """The name of a query in notes: its cut, with the tag's key."""
    return f"{cut.value}:{tag_key}" if tag_key else cut.value


def read_reaches(facts: Mapping[str, Any]) -> dict[str, Reach]:
    """The reach of each query by its name, from what was noted beside the months."""
    if "queries" in facts:
        return {name: _read(noted) for name, noted in facts["queries"].items()}
    return _of_months(facts.get("months", {}))


def _read(noted: Mapping[str, Any]) -> Reach:
    older = noted.get("older")
    return Reach(
        first=date.fromisoformat(noted["from"]),
        until=date.fromisoformat(noted["until"]),
        open_from=date.fromisoformat(noted["open_from"]),
        complete_until=date.fromisoformat(noted["complete_until"]),
        asked_at=datetime.fromisoformat(noted["asked_at"]),
        older=(date.fromisoformat(older[0]), date.fromisoformat(older[1])) if older else None,
    )


def _of_months(months: Mapping[str, Mapping[str, Any]]) -> dict[str, Reach]:
    """What the first version of costbot noted: by month, which queries were asked, always all of them together."""
    found: dict[str, Reach] = {}
    for _, fact in sorted(months.items(), reverse=True):
        if not {"from", "until", "cuts", "fetched_at"} <= fact.keys():
            continue
        first, until = date.fromisoformat(fact["from"]), date.fromisoformat(fact["until"])
        open_from = date.fromisoformat(fact["open_from"]) if fact.get("open_from") else None
        asked_at = datetime.fromisoformat(fact["fetched_at"])
        for name in fact["cuts"]:
            known = found.get(name)
            if known is None:
                complete = min((asked_at - FILLING).date(), until - timedelta(days=1))
                found[name] = Reach(first, until, open_from or until, complete, asked_at)
            elif known.first == until:
                found[name] = replace(known, first=first, open_from=min(known.open_from, open_from or until.max))
    return found


def limited(window: Window, active: Sequence[Stored], facts: Mapping[str, Any], by: Collection[str]) -> Window:
    """The window, no wider than what the queries behind a question reach.

    Args:
        active: what answers (`Summary.active`).
        facts: what was noted beside the months of Cost Explorer.
        by: the dimensions of the question; of them, tags have a query of their own.
    """
    stored = [item for item in active if item.source == SOURCE]
    if SOURCE not in window.sources or not stored:
        return window
    reaches = read_reaches(facts)
    tags = [name.removeprefix("tag:") for name in by if name.startswith("tag:")]
    names = [*(query_name(cut) for cut in BASIC_CUTS), *(query_name(Cut.TAG, key) for key in tags)]
    wanted = {name: reaches[name] for name in names if name in reaches}
    if not wanted:
        return window
    newest = max(item.month for item in stored)
    is_current = all(item.month <= newest for item in active if item.provider == stored[0].provider)
    first = max(reach.first for reach in wanted.values())
    if first <= min(item.first for item in stored):  # what is stored before comes from an export
        first = window.first_day
    if not is_current:  # an export has taken over, and what it holds does not end where Cost Explorer's answers end
        following = (newest + timedelta(days=32)).replace(day=1)
        return replace(window, first_day=max(window.first_day, min(first, following)))
    until = min(reach.until for reach in wanted.values()) - timedelta(days=1)
    lagging = _lagging(wanted)
    complete = min([window.complete_until, until, *(reach.complete_until for reach in lagging.values())])
    note = _note(lagging) if complete < window.complete_until else None
    return replace(
        window,
        first_day=max(window.first_day, first),
        last_day=min(window.last_day, until),
        complete_until=complete,
        note=" ".join(filter(None, (window.note, note))) or None,
    )


def in_common(reaches: Mapping[str, Reach]) -> tuple[date, date] | None:
    """The days [first, until) that every query has answered with the same charges; None when there are none.

    Days that a query was asked for at another time than the whole bill, and that still change, are left out.
    """
    if not reaches:
        return None
    lagging = _lagging(reaches)
    first = max(reach.first for reach in reaches.values())
    until = min(
        min(reach.until, reach.open_from) if name in lagging else reach.until for name, reach in reaches.items()
    )
    return (first, until) if first < until else None


def _lagging(reaches: Mapping[str, Reach]) -> dict[str, Reach]:
    """The queries that were not asked when the whole bill was asked the last time."""
    bill = reaches.get(query_name(Cut.CHARGE))
    return {name: reach for name, reach in reaches.items() if bill is not None and reach.asked_at < bill.asked_at}


def _note(lagging: Mapping[str, Reach]) -> str | None:
    """Why the window ends earlier than usual."""
    if not lagging:
        return None
    name, reach = min(lagging.items(), key=lambda item: item[1].complete_until)
    what = f"tag {name.partition(':')[2]}" if ":" in name else name.replace(",", " and ")
    day = reach.complete_until
    return f"Costs by {what} are complete until {day:%b} {day.day} only: Cost Explorer was not asked for them since."
