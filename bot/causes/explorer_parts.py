"""The lines that Cost Explorer's cuts tell together: it gives two dimensions at a time, so some things stay unknown.

A usage type that only one service has names its service: the cut by account and usage type then says the account of
each line. Where several services share a usage type, the account is not known, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas import DataFrame

from analysis.causes.effects import DIMENSIONS, MEASURES, PRICING
from analysis.costs import ChargeCategory, Cut
from analysis.usage_types import usage_region
from bot.causes.scope import Scope
from bot.causes.weighted_sums import weighted_sums
from bot.cost_files.summary import Stored

#: Dollars a day that two cuts of the same usage may differ by, for rounding.
SAME = 0.01
_COSTS = ["cost_before", "cost_now"]


def explorer_parts(items: Sequence[Stored], provider: str, scope: Scope) -> DataFrame:
    """Rows as `analysis.causes.effects` takes them, of all services and accounts.

    How usage was paid for is not known; nor is a tag. The region is that in the usage type. What is no usage has
    neither account nor region. Lines whose account is not known have the account "".

    Args:
        items: months of one provider that Cost Explorer answers for.
    """
    usage = _usage(items, provider, scope)
    rest = _no_usage(items, provider, scope) if not scope.usage_only else usage.iloc[:0]
    parts = pd.concat([usage, rest], ignore_index=True)
    return parts.assign(provider=provider, tag="", **{PRICING: ""})[[*DIMENSIONS, PRICING, *MEASURES]]


def _usage(items: Sequence[Stored], provider: str, scope: Scope) -> DataFrame:
    by_service = _cut(items, provider, scope, Cut.USAGE_TYPE, service="service_name", usage_type="usage_type")
    by_account = _cut(items, provider, scope, Cut.ACCOUNT_USAGE_TYPE, account="sub_account_id", usage_type="usage_type")
    told = _with_accounts(by_service, by_account)
    rest = by_service[~by_service["usage_type"].isin(told["usage_type"].unique())].assign(account="")
    lines = pd.concat([told, rest], ignore_index=True)
    regions = {name: usage_region(name) or "" for name in lines["usage_type"].unique()}
    return lines.assign(region=lines["usage_type"].map(regions).astype("str"), category=ChargeCategory.USAGE.value)


def _cut(items: Sequence[Stored], provider: str, scope: Scope, cut: Cut, **columns: str) -> DataFrame:
    """The lines of a cut; none where it is not stored for every month, which would look like lines that end."""
    if not all(item.knows(cut, None) for item in items):
        empty = dict.fromkeys((*columns, "unit"), pd.Series(dtype="str"))
        return DataFrame({**empty, **dict.fromkeys(MEASURES, pd.Series(dtype=float))})
    found = weighted_sums(
        [item.path for item in items],
        columns,
        scope.comparison,
        scope.view,
        cut=cut,
        provider=provider,
        usage_only=True,
        quantity=True,
    )
    units = _units(items, provider, scope, cut, columns)
    found = found.merge(units, on=list(columns), how="left") if len(found) else found.assign(unit="")
    several = found.pop("units").gt(1)
    # Quantities of several units cannot be added up.
    found[["quantity_before", "quantity_now"]] = found[["quantity_before", "quantity_now"]].mask(several)
    return found.assign(unit=found["unit"].fillna("").astype("str"))


def _units(items: Sequence[Stored], provider: str, scope: Scope, cut: Cut, columns: dict[str, str]) -> DataFrame:
    """The unit of each line: a month stored without one is of the same line."""
    spelled = weighted_sums(
        [item.path for item in items],
        {**columns, "unit": "unit"},
        scope.comparison,
        scope.view,
        cut=cut,
        provider=provider,
        usage_only=True,
    )
    named = spelled[spelled["unit"].ne("")]
    return named.groupby(list(columns), sort=True)["unit"].min().reset_index()


def _with_accounts(by_service: DataFrame, by_account: DataFrame) -> DataFrame:
    """The lines of accounts whose usage type names their service, where both cuts say the same of it."""
    services = by_service.groupby("usage_type")["service"].agg(["nunique", "first"])
    one = services.index[services["nunique"].eq(1)]
    both = by_service.groupby("usage_type")[_COSTS].sum().sub(by_account.groupby("usage_type")[_COSTS].sum())
    same = both.index[both.abs().max(axis=1).le(SAME)]
    told = by_account[by_account["usage_type"].isin(one.intersection(same))]
    told = told.assign(service=told["usage_type"].map(services["first"]).astype("str"))
    alone = ~told["usage_type"].duplicated(keep=False)
    measured = by_service.drop_duplicates("usage_type").set_index("usage_type")
    for name in ("quantity_before", "quantity_now", "unit"):
        # The quantity of a usage type that one account has alone is that account's.
        told[name] = told[name].mask(alone, told["usage_type"].map(measured[name]))
    return told


def _no_usage(items: Sequence[Stored], provider: str, scope: Scope) -> DataFrame:
    found = weighted_sums(
        [item.path for item in items],
        {"category": "charge_category", "service": "service_name"},
        scope.comparison,
        scope.view,
        cut=Cut.CHARGE,
        provider=provider,
    )
    rest = found[found["category"].ne(ChargeCategory.USAGE.value)]
    nothing = float("nan")
    return rest.assign(account="", region="", usage_type="", unit="", quantity_before=nothing, quantity_now=nothing)
