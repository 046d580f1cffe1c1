"""Whose cost it is: owners from tags and accounts, shared costs split, and sums that are always the total."""

from analysis.allocation.allocate import allocate, by_category
from analysis.allocation.names import Names, folded, tag_key
from analysis.allocation.result import CHARGES, Allocation, Hint, Pool, Share
from analysis.allocation.rules import ChargeRule, Dimension, Match, Rules, Shared, Split, Way

__all__ = [
    "CHARGES", "Allocation", "ChargeRule", "Dimension", "Hint", "Match", "Names", "Pool", "Rules", "Share", "Shared",
    "Split", "Way", "allocate", "by_category", "folded", "tag_key",
]  # fmt: skip
