"""What the owners of charges are found by, as far as one feed tells it.

A billing export knows account, tags and usage type of each charge. Cost Explorer gives pairs; what follows from joining
them is marked as an estimate, and nothing is joined that the rules do not ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
from pandas import DataFrame

from analysis.allocation import ChargeRule, Dimension, Names, Rules
from analysis.allocation.owners import AccountTags, account_owners
from analysis.allocation.pairs import completed, joined, renamed
from analysis.costs import ChargeCategory
from bot.allocation.feeds import Feed
from bot.errors import NotEnoughData

USAGE = ChargeCategory.USAGE.value


class OwnerFacts:
    """One feed's charges with what the owners of a dimension are found by; `notes` grow while it is asked."""

    def __init__(self, feed: Feed, rules: Rules, dimension: Dimension, account_tags: AccountTags) -> None:
        self.feed, self.rules, self.dimension, self.account_tags = feed, rules, dimension, account_tags
        self.notes: list[str] = []
        self.shared = rules.shared_by(dimension)
        self.keys = rules.tags[dimension]
        self.other_keys = sorted({key for one in self.shared for key, _ in one.match.tags} - set(self.keys))
        self._names = Names(rules, dimension)

    def whole(self) -> DataFrame:
        """From an export: every dimension of each charge."""
        stored = {key: self.feed.tags(key) for key in (*self.keys, *self.other_keys)}
        self._note_missing(stored)
        by = ["account", "service_name", "charge_category"]
        if any(one.match.usage for one in self.shared):
            by.append("usage_type")
        columns = {key: [f"tag:{spelling}" for spelling in spellings] for key, spellings in stored.items() if spellings}
        asked = [column for spellings in columns.values() for column in spellings]
        frame = self.feed.daily(*by, *asked, usage_only=False).drop(columns="date")
        tags = {f"tag:{key}": _first_value(frame, spellings) for key, spellings in columns.items()}
        return frame.drop(columns=asked).assign(**tags)

    def from_pairs(self) -> DataFrame:
        """From Cost Explorer: usage by tag, joined with other pairs where rules ask for them; the rest by service."""
        bill = self.feed.sums("service_name", "charge_category", usage_only=False)
        is_usage = bill["charge_category"].eq(USAGE)
        usage = self._tagged(bill[is_usage].drop(columns="charge_category"))
        for key in self.other_keys:
            usage = self._joined(usage, f"tag:{key}", self.feed.tags(key)[:1])
        usage = self._with_usage_types(self._with_accounts(usage))
        if self.rules.charges is ChargeRule.OWNER and not is_usage.all():
            self.notes.append("Cost Explorer does not tell whose tax, fees and credits are: they are split by usage.")
        others = bill[~is_usage].assign(estimated=False, account="")
        parts = [part for part in (usage.assign(charge_category=USAGE), others) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else others

    def _tagged(self, usage: DataFrame) -> DataFrame:
        """Usage by service and value of the dimension's tags: the column of each of them says the same."""
        stored = {key: self.feed.tags(key) for key in (*self.keys, *self.other_keys)}
        self._note_missing(stored)
        spellings = [spelling for key in self.keys for spelling in stored[key]]
        columns = [f"tag:{key}" for key in self.keys]
        if not spellings:
            return usage.assign(estimated=False, **dict.fromkeys(columns, ""))
        tables = [self._values(spelling) for spelling in spellings]
        if len(tables) == 1:
            part = tables[0].groupby(["service_name", "value"], sort=True)["cost"].sum().reset_index()
            part = part.assign(estimated=False)
        else:
            part, left_out = renamed(tables)
            if left_out >= 0.005:
                self.notes.append(
                    f"{left_out:,.2f} of usage carry more than one of the tags {', '.join(spellings)}: "
                    f"there {spellings[0]} counts."
                )
        whole = completed(usage, part, {"value": ""}).fillna({"estimated": False})
        self._note_gap(float(usage["cost"].sum()) - float(part["cost"].sum()))
        value = whole["value"]
        return whole.drop(columns="value").assign(
            estimated=whole["estimated"].astype(bool), **dict.fromkeys(columns, value)
        )

    def _values(self, spelling: str) -> DataFrame:
        """Usage by day, service and value of a tag; what means no tag is ""."""
        frame = self.feed.daily("service_name", f"tag:{spelling}").rename(columns={f"tag:{spelling}": "value"})
        none = {value: value if self._names.key(value) else "" for value in frame["value"].unique()}
        frame = frame.assign(value=frame["value"].map(none))
        return frame.groupby(["date", "service_name", "value"], sort=True)["cost"].sum().reset_index()

    def _with_accounts(self, usage: DataFrame) -> DataFrame:
        """What has no tag by account, where accounts have owners; everything, where shared costs name accounts."""
        named = {account for one in self.shared for account in one.match.accounts}
        part = self._part("service_name", "account")
        if part is None:
            return usage.assign(account="")
        accounts = sorted(part["account"].unique())
        owners = account_owners(accounts, self.rules, self.dimension, self.account_tags, self._names)
        if named:
            few = part.assign(account=part["account"].where(part["account"].isin(named), ""))
            usage = joined(usage, few)
        if not owners and not self._all_untagged(usage):
            return usage if named else usage.assign(account="")
        untagged = usage[f"tag:{self.keys[0]}"].map(lambda value: not self._names.key(value)).astype(bool)
        if named:
            untagged &= usage["account"].eq("")
        return joined(usage, part[~part["account"].isin(named)], only=untagged)

    def _all_untagged(self, usage: DataFrame) -> bool:
        """Nothing is tagged: then accounts are known exactly, and worth naming."""
        return bool(usage[f"tag:{self.keys[0]}"].map(lambda value: not self._names.key(value)).all())

    def _with_usage_types(self, usage: DataFrame) -> DataFrame:
        """By usage type, as far as shared costs tell them apart."""
        texts = [text.casefold() for one in self.shared for text in one.match.usage]
        part = self._part("service_name", "usage_type") if texts else None
        if part is None:
            return usage
        types = part["usage_type"]
        marks = {name: tuple(text in name.casefold() for text in texts) for name in sorted(types.unique())}
        first: dict[tuple[bool, ...], str] = {}
        alike = {name: first.setdefault(mark, name) for name, mark in marks.items()}
        return joined(usage, part.assign(usage_type=types.map(alike)))

    def _joined(self, usage: DataFrame, column: str, spellings: list[str]) -> DataFrame:
        part = self._part("service_name", f"tag:{spellings[0]}") if spellings else None
        if part is None:
            return usage
        return joined(usage, part.rename(columns={f"tag:{spellings[0]}": column}))

    def _part(self, *by: str) -> DataFrame | None:
        try:
            return self.feed.sums(*by)
        except NotEnoughData as error:
            self.notes.append(str(error))
            return None

    def _note_missing(self, stored: Mapping[str, Collection[str]]) -> None:
        """Say which tags are not stored, where that leaves something unknown."""
        keys = (*self.keys[:1], *self.other_keys) if not any(stored[key] for key in self.keys) else self.other_keys
        for key in (key for key in keys if not stored[key]):
            self.notes.append(
                f"Costs by the tag {key} are not stored from {self.feed.label} for all of these days: "
                "add it to COSTBOT_TAG_KEYS, then refresh or ingest again."
            )

    def _note_gap(self, gap: float) -> None:
        if abs(gap) >= 0.01:
            self.notes.append(
                f"{self.feed.label[0].upper()}{self.feed.label[1:]}'s sum by tag differs from the bill by {gap:,.2f}: "
                "that counts as untagged. Run `costbot refresh`."
            )


def _first_value(frame: DataFrame, columns: Sequence[str]) -> pd.Series[str]:
    """Of several spellings of a tag's key, the first that has a value."""
    found = frame[columns[0]].astype(object)
    for column in columns[1:]:
        found = found.where(found.str.strip().ne(""), frame[column])
    return found
