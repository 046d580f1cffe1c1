"""The stored costs of some days as charges to allocate: whole rows of billing exports, pairs of Cost Explorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pandas import DataFrame

from analysis.allocation import Dimension, Rules
from analysis.allocation.owners import AccountTags
from analysis.allocation.pairs import completed
from analysis.costs import ChargeCategory
from bot.allocation.feeds import Days, feeds
from bot.allocation.owner_facts import OwnerFacts
from bot.cost_files import CostFiles

USAGE = ChargeCategory.USAGE.value


@dataclass(frozen=True, slots=True)
class Gathered:
    """Charges as `analysis.allocation` takes them, and what the sources could not tell, a sentence each."""

    charges: DataFrame
    notes: tuple[str, ...]


def charges_of(costs: CostFiles, days: Days, rules: Rules, dimension: Dimension, account_tags: AccountTags) -> Gathered:
    """The charges with all that finding their owners takes."""
    frames, notes = [], []
    for feed in feeds(costs, days):
        facts = OwnerFacts(feed, rules, dimension, account_tags)
        frames.append(facts.whole() if feed.is_full else facts.from_pairs())
        notes += facts.notes
    return Gathered(_together(frames), tuple(dict.fromkeys(notes)))


def kinds_of(costs: CostFiles, days: Days) -> Gathered:
    """The charges with their usage types."""
    frames = []
    for feed in feeds(costs, days):
        if feed.is_full:
            frames.append(feed.sums("service_name", "usage_type", "charge_category", usage_only=False))
            continue
        bill = feed.sums("service_name", "charge_category", usage_only=False)
        is_usage = bill["charge_category"].eq(USAGE)
        part = completed(bill[is_usage], feed.sums("service_name", "usage_type"), {"usage_type": "unknown"})
        frames += [part.assign(charge_category=USAGE), bill[~is_usage].assign(usage_type="unknown")]
    return Gathered(_together(frames), ())


def _together(frames: Sequence[DataFrame]) -> DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if filled:
        return pd.concat(filled, ignore_index=True)
    text = {name: pd.Series(dtype=object) for name in ("charge_category", "service_name", "usage_type")}
    return DataFrame({"cost": pd.Series(dtype=float), **text})
