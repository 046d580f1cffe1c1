"""Which spellings are one owner: case and white space never make two, anything else only where the file says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from analysis.allocation.rules import Dimension, Rules


def folded(text: str) -> str:
    """A value without case and surplus white space; two values are the same owner when this is equal."""
    return " ".join(text.split()).casefold()


def tag_key(text: str) -> str:
    """A tag's key without case, white space and the `user:` that billing exports put in front of it."""
    return folded(text).removeprefix("user:")


class Names:
    """Owners of one dimension: from what a bill says to a key, and from the key to what is shown."""

    def __init__(self, rules: Rules, dimension: Dimension) -> None:
        self.default = folded(rules.default)
        self._aliases = {value: folded(owner) for value, owner in rules.aliases.get(dimension, {}).items()}
        self._untagged = rules.untagged
        self._labels: dict[str, str] = {}
        for owner in rules.spelled(dimension):
            self._labels.setdefault(folded(owner), " ".join(owner.split()))
        self._seen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def key(self, raw: str) -> str:
        """The owner that a value names; "" for none: untagged, a value that means so, or the default's own name."""
        value = folded(raw)
        if not value or value in self._untagged:
            return ""
        owner = self._aliases.get(value, value)
        return "" if owner == self.default else owner

    def note(self, costs: Mapping[str, float]) -> None:
        """Take notice of spellings and what each costs: the dearest of an owner is the one shown."""
        for raw, cost in costs.items():
            key = self.key(raw)
            if key:
                self._seen[key][" ".join(raw.split())] += cost

    def label(self, key: str) -> str:
        """How an owner is shown: as the file spells it, else in the spelling that costs most."""
        if key in self._labels:
            return self._labels[key]
        spellings = self._seen.get(key)
        return min(spellings, key=lambda text: (-spellings[text], text)) if spellings else key

    def merged(self) -> dict[str, tuple[str, ...]]:
        """Owners whose spellings differ in case only: what is shown → every spelling."""
        found = {}
        for key, spellings in sorted(self._seen.items()):
            same = sorted(text for text in spellings if folded(text) == key)
            if len(same) > 1:
                found[self.label(key)] = tuple(same)
        return found
