"""Which resources moved, where a billing export names them: in the place of a cause, now and before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.rollups import Rollup
from bot.causes.scope import Scope
from bot.causes.weighted_sums import weighted_sums
from bot.cost_files.detail import detail_path
from bot.cost_files.summary import Stored
from bot.errors import NotEnoughData

#: Less than half a cent is nothing.
NOTHING = 0.005


@dataclass(frozen=True, slots=True)
class ResourceMove:
    """What a resource's usage cost a day, before and now."""

    resource_id: str
    service: str
    account: str
    region: str
    before: float
    now: float

    @property
    def change(self) -> float:
        return self.now - self.before

    @property
    def is_new(self) -> bool:
        return abs(self.before) < NOTHING <= abs(self.now)

    @property
    def is_gone(self) -> bool:
        return abs(self.now) < NOTHING <= abs(self.before)


def resource_moves(items: Sequence[Stored], scope: Scope) -> list[ResourceMove]:
    """Every resource that moved, the largest move first.

    Args:
        items: the months of the days compared; those without an export have no resources.
    Raises:
        NotEnoughData: of some of these days costs are not kept by resource.
    """
    paths = {item.path: detail_path(item.path, Rollup.RESOURCES) for item in items}
    lacking = [item for item in items if not paths[item.path].exists()]
    if lacking or not items:
        raise NotEnoughData(
            "Costs by resource are not stored for all of these days.",
            "They come with the newest months of a billing export; COSTBOT_DETAIL_MONTHS sets how many.",
        )
    columns = {"resource": "resource_id", "service": "service_name", "account": "sub_account_id", "region": "region_id"}
    found = weighted_sums(sorted(set(paths.values())), columns, scope.comparison, scope.view)
    if scope.services:
        found = found[found["service"].isin(scope.services)]
    if scope.accounts:
        found = found[found["account"].isin(scope.accounts)]
    rows = zip(*(found[name] for name in (*columns, "cost_before", "cost_now")), strict=True)
    moves = [
        ResourceMove(str(resource), str(service), str(account), str(region), float(before), float(now))
        for resource, service, account, region, before, now in rows
    ]
    moved = [move for move in moves if abs(move.change) >= NOTHING]
    return sorted(moved, key=lambda move: (-abs(move.change), move.resource_id))
