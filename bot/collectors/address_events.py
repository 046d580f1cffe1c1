"""The table `address_events`: since when, of the last days, an idle Elastic IP address is idle, told by CloudTrail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pandas import DataFrame

from bot.aws import Aws
from bot.collectors import cloudtrail_events
from bot.collectors.scopes import Scope, Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from bot.tables import typed

ACTIONS = cloudtrail_events.ACTIONS
SCOPE = Scope.PLACE
OF = "elastic_ips"

COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",
    "event": "str",  # the newest that tells that it became idle in the days looked at; empty where there is none
    "days_ago": "float64",  # since that event; missing where there is none
    "looked_days": "float64",  # for which CloudTrail told everything; 0 where it did not answer or was not to be asked
}

LOOKED = timedelta(days=7)
_ADDRESS_ID = "eipalloc-"
_ALLOCATED, _FREED, _TAKEN = "AllocateAddress", "DisassociateAddress", "AssociateAddress"
#: CloudTrail shows an event within about a quarter of an hour.
_DELAY = timedelta(minutes=15)


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """One row per idle address; three look-ups at most, none where every address is in use.

    A refusal of CloudTrail is no fault of the addresses: they are told with 0 days looked at.
    """
    idle = rows[~rows["associated"]]
    if idle.empty or not here.cloudtrail:
        return parse(idle, {}, here)
    events: dict[str, list[dict[str, Any]]] = {}
    start = here.now - LOOKED
    try:
        for name in (_ALLOCATED, _FREED):
            events[name] = _looked_up(aws, here, name, start)
        # It names the association only; which address that was is told where it was made.
        if any(not _named(event, idle) for event in events[_FREED]):
            events[_TAKEN] = _looked_up(aws, here, _TAKEN, start)
    except SourceUnavailable:
        events = {}
    return parse(idle, events, here)


def _looked_up(aws: Aws, here: Here, name: str, start: datetime) -> list[dict[str, Any]]:
    return cloudtrail_events.fetch(
        aws, here.account.id, here.region, key="EventName", value=name, start=start, end=here.now
    )


def parse(idle: DataFrame, events: Mapping[str, Sequence[Mapping[str, Any]]], here: Here) -> DataFrame:
    """The idle addresses with `COLUMNS`.

    An address was freed on the day of an event that names it, or whose association an earlier event names. Where
    neither tells which address an event is about, it counts for each: it may have been this one.

    Args:
        idle: columns of `elastic_ips`. events: by name, as CloudTrail gives them; {} where it did not answer.
    """
    looked = min((_covered(found, here.now) for found in events.values()), default=0.0)
    events = {name: [event for event in found if not _detail(event).get("errorCode")] for name, found in events.items()}
    return typed([_row(row, events, looked, here) for row in idle.to_dict("records")], COLUMNS)


def _row(
    row: Mapping[Any, Any], events: Mapping[str, Sequence[Mapping[str, Any]]], looked: float, here: Here
) -> dict[str, object]:
    names = (str(row["resource_id"]), str(row["address"]))
    own = {
        association for event in events.get(_TAKEN, ()) if _says(event, names) for association in _associations(event)
    }
    foreign = {
        association
        for event in events.get(_TAKEN, ())
        if not _says(event, names)
        for association in _associations(event)
    }
    found = [event for event in events.get(_ALLOCATED, ()) if _says(event, names)]
    for event in events.get(_FREED, ()):
        association = _associations(event)
        if _says(event, names) or association & own or not (association & foreign or _ADDRESS_ID in _text(event)):
            found.append(event)
    newest = max(found, key=lambda event: event["EventTime"], default=None)
    return {
        "account_id": row["account_id"],
        "region": row["region"],
        "resource_id": row["resource_id"],
        "event": "" if newest is None else newest["EventName"],
        "days_ago": None if newest is None else here.days_since(newest["EventTime"]),
        "looked_days": looked,
    }


def _covered(found: Sequence[Mapping[str, Any]], now: datetime) -> float:
    """Days back from now of which everything is there: the newest events come first, and there is a limit."""
    if len(found) < cloudtrail_events.EVENTS_A_PAGE * cloudtrail_events.MOST_PAGES:
        return LOOKED / timedelta(days=1)
    oldest = min(event["EventTime"].astimezone(UTC) for event in found)
    return float(max(now - oldest, _DELAY) / timedelta(days=1))


def _named(event: Mapping[str, Any], idle: DataFrame) -> bool:
    text = _text(event)
    return _ADDRESS_ID in text or any(address in text for address in idle["address"])


def _says(event: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether an event names the address, by its id or by itself."""
    text = _text(event)
    return any(f'"{name}"' in text for name in names)


def _text(event: Mapping[str, Any]) -> str:
    """All that the event says, each value in quotes."""
    listed = [str(one.get("ResourceName")) for one in event.get("Resources", ())]
    return json.dumps(listed) + str(event.get("CloudTrailEvent") or "")


def _associations(event: Mapping[str, Any]) -> set[str]:
    """The associations that an event names: made by it, or ended."""
    detail = _detail(event)
    parts = [detail.get(name) for name in ("requestParameters", "responseElements")]
    return {str(part["associationId"]) for part in parts if isinstance(part, dict) and part.get("associationId")}


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event as CloudTrail recorded it; {} if unreadable."""
    try:
        detail = json.loads(str(event.get("CloudTrailEvent") or "{}"))
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}
