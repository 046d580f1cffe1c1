"""The service `cloudtrail`: LookupEvents, which moto does not have; trails are moto's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.shapes import checked, operation_model
from bot.demo.aws.trail import KEPT_DAYS, Recorded, trail

#: Events a page at most, which is the default.
MOST_RESULTS = 50
#: An event can be looked up so long after it happened.
DELAY = timedelta(minutes=5)

_OF: Mapping[str, Callable[[Recorded], tuple[str, ...]]] = {
    "EventId": lambda one: (one.id,),
    "EventName": lambda one: (one.event,),
    "EventSource": lambda one: (one.source,),
    "ReadOnly": lambda one: ("true" if one.read_only else "false",),
    "ResourceName": lambda one: tuple(name for _, name in one.resources),
    "ResourceType": lambda one: tuple(kind for kind, _ in one.resources),
    "Username": lambda one: ("costbot-demo",) if one.role else (),
    "AccessKeyId": lambda one: (str(one.shown().get("AccessKeyId", "")),),
}


class CloudTrail:
    """Answers LookupEvents.

    Args:
        seed: of the inventory. now: tells the time of the stand-in's clock; events count back from its start.
    """

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self._now = now
        started = now().date()
        self._trail = lru_cache(maxsize=32)(lambda account_id, region: trail(seed, started, account_id, region))

    def answers(self, call: Call) -> bool:
        """Whether a call is answered here."""
        return (call.service, call.operation) == ("cloudtrail", "LookupEvents")

    def answer(self, call: Call) -> dict[str, Any]:
        """The answer to one call.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        params = call.params()
        key, value = _attribute(params)
        size = params.get("MaxResults", MOST_RESULTS)
        if not isinstance(size, int) or not 1 <= size <= MOST_RESULTS:
            raise AwsError("InvalidMaxResultsException", "The MaxResults value must be between 1 and 50.")
        now = self._now()
        start, end = _moment(params.get("StartTime")), _moment(params.get("EndTime"))
        if start is not None and end is not None and start > end:
            raise AwsError("InvalidTimeRangeException", "The start time must not be after the end time.")
        earliest = now - timedelta(days=KEPT_DAYS)
        found = [
            one
            for one in reversed(self._trail(call.account_id, call.region))
            if max(start or earliest, earliest) <= one.at <= min(end or now, now - DELAY)
            and (not key or value in _OF[key](one))
        ]
        offset = _offset(params, len(found))
        more = {"NextToken": str(offset + size)} if offset + size < len(found) else {}
        shown = [one.shown() for one in found[offset : offset + size]]
        return checked("cloudtrail", "LookupEvents", {"Events": shown, **more})


def _attribute(params: Mapping[str, Any]) -> tuple[str, str]:
    """The one attribute that is looked up, and its value; "" for none."""
    asked = params.get("LookupAttributes") or []
    known = operation_model("cloudtrail", "LookupEvents").input_shape.members["LookupAttributes"].member
    if not asked:
        return "", ""
    if len(asked) > 1 or asked[0].get("AttributeKey") not in known.members["AttributeKey"].enum:
        raise AwsError("InvalidLookupAttributesException", "Only one valid lookup attribute can be specified.")
    return str(asked[0]["AttributeKey"]), str(asked[0].get("AttributeValue", ""))


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(float(value), UTC)


def _offset(params: Mapping[str, Any], count: int) -> int:
    """The token is the number of events that were seen."""
    token = str(params.get("NextToken", "0"))
    if not token.isdigit() or int(token) > count:
        raise AwsError("InvalidNextTokenException", "The NextToken is invalid.")
    return int(token)
