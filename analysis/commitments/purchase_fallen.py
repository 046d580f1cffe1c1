"""Parts of the usage that have just fallen: what no purchase may count on, and what buying on the look-back would lose.

A part is a family of a service in a region, or a service without instances there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pandas import DataFrame

from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.commitments.objective import Groups, Step
from analysis.commitments.purchase_aws import LOOK_BACK_DAYS, alone_over_look_back
from analysis.commitments.purchase_guard import RECENT_DAYS, blocked
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import Change
from analysis.commitments.usage import Floats

#: Share of the whole below which nothing is said of a part.
_LEAST_PART = 0.02
_LEVEL_H = 28 * 24


@dataclass(frozen=True, slots=True)
class Part:
    """One part, in dollars on demand.

    Attributes:
        name: AWS's code of the service, and the family.
        recent: an hour, of the last days. before: an hour, of the look-back.
        blocked: why nothing should be bought for it; "" otherwise.
        offer: the deepest discount on offer for it. aws: what AWS's method proposes of that, dollars an hour.
        promised: what `aws` saved a month over the look-back. at_recent: what it saves a month at the last days' level;
            negative where it loses.
    """

    name: str
    region: str
    recent: float
    before: float
    blocked: str
    offer: Offer
    aws: float
    promised: float
    at_recent: float


def parts(
    spend: Floats,
    groups: Groups,
    lines: DataFrame,
    offers: Sequence[Offer],
    *,
    look_back_days: int = LOOK_BACK_DAYS,
) -> list[Part]:
    """Each larger part, as it was and as it is now.

    Args:
        spend: on-demand dollars, (groups, hours); ends with the last complete hour.
        offers: of one term and payment, the rows of `groups.ratios`.
    """
    total = float(spend[:, -look_back_days * 24 :].mean(axis=1).sum())
    found = []
    for (name, region), inside in _of_parts(groups, lines).items():
        own = spend[inside]
        hourly = own.sum(axis=0)
        before, recent = float(hourly[-look_back_days * 24 :].mean()), float(hourly[-RECENT_DAYS * 24 :].mean())
        ratios = groups.ratios[:, inside]
        if before < _LEAST_PART * total or not np.isfinite(ratios).any():
            continue
        best = int(np.nanargmin(np.nanmin(np.where(np.isfinite(ratios), ratios, np.inf), axis=1)))
        covered = np.flatnonzero(np.isfinite(ratios[best]))
        covered = covered[np.argsort(ratios[best, covered], kind="stable")]
        step = Step(0, covered, ratios[best, covered])
        aws = alone_over_look_back(own, step, days=look_back_days)
        found.append(
            Part(
                name=name,
                region=region,
                recent=recent,
                before=before,
                blocked=blocked(hourly, look_back_days=look_back_days),
                offer=offers[best],
                aws=aws,
                promised=_monthly(own[:, -look_back_days * 24 :], step, aws),
                at_recent=_monthly(own[:, -RECENT_DAYS * 24 :], step, aws),
            )
        )
    return sorted(found, key=lambda one: -one.before)


def fallen_changes(groups: Groups, lines: DataFrame, spend: Floats, fallen: Sequence[Part]) -> list[Change]:
    """What has just fallen stays at its last days' level: nothing counts on its coming back."""
    inside = _of_parts(groups, lines)
    found = []
    for part in fallen:
        level = float(spend[inside[part.name, part.region]].sum(axis=0)[-_LEVEL_H:].mean())
        remaining = min(1.0, part.recent / level) if level > 0 else 0.0
        own = np.flatnonzero(np.isin(groups.line_groups, inside[part.name, part.region]))
        found += [Change(int(line), 0.0, remaining) for line in own]
    return found


def _of_parts(groups: Groups, lines: DataFrame) -> dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    regions = lines["region"].to_numpy()
    named: dict[tuple[str, str], list[int]] = {}
    for group, name in enumerate(groups.parts):
        line = int(np.flatnonzero(groups.line_groups == group)[0])
        named.setdefault((str(name), str(regions[line])), []).append(group)
    return {key: np.array(own) for key, own in named.items()}


def _monthly(spend: Floats, step: Step, amount: float) -> float:
    """Dollars a month that an amount saves in these hours."""
    need = spend[step.groups] * step.ratios[:, None]
    left = np.clip(amount - (np.cumsum(need, axis=0) - need), 0.0, None)
    avoided = (np.minimum(need, left) / step.ratios[:, None]).sum(axis=0)
    return float(avoided.mean() - amount) * HOURS_A_MONTH
