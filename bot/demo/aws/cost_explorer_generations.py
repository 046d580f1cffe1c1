"""StartSavingsPlansPurchaseRecommendationGeneration and its list: proposals are made anew on request.

The stand-in's proposals are of the moment in which they are asked for, whether or not a generation ran.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from bot.demo.aws import cost_explorer_paging as paging
from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.plan_purchases import as_id
from bot.demo.aws.purchase_request import PAGE_SIZE

#: How long one takes.
TAKES = timedelta(minutes=10)
_STATES = ("SUCCEEDED", "PROCESSING", "FAILED")


@dataclass(frozen=True, slots=True)
class _Generation:
    id: str
    account_id: str
    started: datetime

    def state(self, now: datetime) -> str:
        return "PROCESSING" if now < self.started + TAKES else "SUCCEEDED"

    def shown(self, now: datetime) -> dict[str, str]:
        done = self.state(now) == "SUCCEEDED"
        return {
            "RecommendationId": self.id,
            "GenerationStatus": self.state(now),
            "GenerationStartedTime": _moment(self.started),
            "EstimatedCompletionTime": _moment(self.started + TAKES),
            **({"GenerationCompletionTime": _moment(self.started + TAKES)} if done else {}),
        }


class Generations:
    """Those of all accounts, as long as the stand-in lives."""

    def __init__(self) -> None:
        self._every: list[_Generation] = []
        self._lock = Lock()

    def start(self, params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
        """StartSavingsPlansPurchaseRecommendationGeneration: one at a time for an account."""
        with self._lock:
            own = [one for one in self._every if one.account_id == view.account_id]
            if any(one.state(now) == "PROCESSING" for one in own):
                raise AwsError("GenerationExistsException", "A request to generate a recommendation is in progress.")
            new = _Generation(as_id("generation", view.account_id, str(len(own))), view.account_id, now)
            self._every.append(new)
        shown = new.shown(now)
        return {name: shown[name] for name in ("RecommendationId", "GenerationStartedTime", "EstimatedCompletionTime")}

    def listed(self, params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
        """ListSavingsPlansPurchaseRecommendationGeneration: the newest first."""
        state, ids = params.get("GenerationStatus"), params.get("RecommendationIds")
        if state is not None and state not in _STATES:
            raise invalid(f"GenerationStatus must be one of {', '.join(_STATES)}.")
        with self._lock:
            own = [one for one in reversed(self._every) if one.account_id == view.account_id]
        found = [one for one in own if state in (None, one.state(now)) and (not ids or one.id in ids)]
        offset, size = paging.offset_of(params), int(params.get("PageSize") or PAGE_SIZE)
        answer: dict[str, Any] = {"GenerationSummaryList": [one.shown(now) for one in found[offset : offset + size]]}
        if offset + size < len(found):
            answer["NextPageToken"] = paging.token_for(params, offset + size)
        return answer


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
