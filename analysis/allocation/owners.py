"""The fall-back chain: resource tag → tag of the account → owner of the account → default."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame

from analysis.allocation.names import Names, tag_key
from analysis.allocation.rules import Dimension, Rules, Way

#: Tags of accounts: account id → key → value, as AWS Organizations spells them.
AccountTags = Mapping[str, Mapping[str, str]]


def account_owners(
    accounts: list[str], rules: Rules, dimension: Dimension, tags: AccountTags, names: Names
) -> dict[str, tuple[str, Way]]:
    """The owner of each account that has one, and whether its tag or the file says so."""
    found: dict[str, tuple[str, Way]] = {}
    for account in accounts:
        own = {tag_key(key): value for key, value in sorted(tags.get(account, {}).items())}
        tagged = next((key for wanted in rules.tags[dimension] if (key := names.key(own.get(wanted, "")))), "")
        written = names.key(rules.accounts.get(account, {}).get(dimension, ""))
        if tagged:
            found[account] = (tagged, Way.ACCOUNT_TAG)
        elif written:
            found[account] = (written, Way.ACCOUNT_OWNER)
    return found


def owned(charges: DataFrame, rules: Rules, dimension: Dimension, tags: AccountTags, names: Names) -> DataFrame:
    """The charges with their owners.

    Args:
        charges: columns cost, `tag:<folded key>` for each tag that is known, and account where that is known.
    Returns:
        the same rows with owner (a key of `names`) and way.
    """
    owner = pd.Series("", index=charges.index, dtype=object)
    for column in (f"tag:{key}" for key in rules.tags[dimension]):
        if column in charges.columns:
            raw = charges[column].fillna("").astype(object)
            names.note({str(value): float(cost) for value, cost in charges.groupby(raw)["cost"].sum().items()})
            keys = {value: names.key(value) for value in raw.unique()}
            owner = owner.where(owner.ne(""), raw.map(keys))
    way = pd.Series(Way.TAG.value, index=charges.index, dtype=object).where(owner.ne(""), Way.DEFAULT.value)
    if "account" in charges.columns:
        account = charges["account"].fillna("").astype(object)
        owners = account_owners(sorted(account.unique()), rules, dimension, tags, names)
        falls_back = owner.eq("") & account.isin(owners.keys())
        owner = owner.where(~falls_back, account.map({name: key for name, (key, _) in owners.items()}))
        way = way.where(~falls_back, account.map({name: step.value for name, (_, step) in owners.items()}))
    return charges.assign(owner=owner.where(owner.ne(""), names.default), way=way)
