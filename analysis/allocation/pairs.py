"""Charges from pairs: Cost Explorer tells tag with service and account with service, never tag with account.

Within a service, the shares of one pair are taken to hold for every value of the other. Both pairs' own sums stay what
they are; a row that depends on the assumption is marked as an estimate. Where a service has one tag value only, or one
account only, there is nothing to assume.
"""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

#: Dollars per service by which two answers about the same cost may differ in their last digits.
DUST = 0.005


def renamed(tables: list[DataFrame]) -> tuple[DataFrame, float]:
    """The values of several tags that name the same thing, as one table: where the first has none, the next counts.

    On a day when a service has values of both tags, they are taken for different resources, as in a renaming that is
    under way, and marked as estimated. Where they would be more than the service's cost they cannot be: the first
    tag counts alone.

    Args:
        tables: one per tag, the most important first: columns date, service_name, value ("" untagged), cost; the same
            cost in each.
    Returns:
        columns service_name, value, cost, estimated; and the dollars of later tags that were not counted.
    """
    keys = ["date", "service_name"]
    first, *others = (table.assign(estimated=False) for table in tables)
    left_out = 0.0
    for other in others:
        has = first["value"].ne("")
        free = first[~has].groupby(keys)["cost"].sum()
        tagged = first[has].groupby(keys)["cost"].apply(lambda costs: costs.abs().sum())
        added = other[other["value"].ne("")]
        wanted = added.groupby(keys)["cost"].sum()
        fits = (wanted >= 0) & (wanted <= free.reindex(wanted.index, fill_value=0.0) + DUST)
        left_out += float(wanted[~fits].sum())
        places = pd.MultiIndex.from_frame(added[keys])
        added = added[fits.reindex(places).to_numpy(dtype=bool)]
        doubtful = tagged.reindex(wanted.index, fill_value=0.0) > DUST
        added = added.assign(estimated=doubtful.reindex(pd.MultiIndex.from_frame(added[keys])).to_numpy(dtype=bool))
        taken = wanted[fits].rename("cost").reset_index()
        rest = taken.assign(value="", cost=-taken["cost"], estimated=doubtful[fits].to_numpy(dtype=bool))
        first = pd.concat([part for part in (first, added, rest) if len(part)], ignore_index=True)
        first = first.groupby([*keys, "value"], sort=True).agg({"cost": "sum", "estimated": "any"}).reset_index()
    sums = first.groupby(["service_name", "value"], sort=True).agg({"cost": "sum", "estimated": "any"})
    return sums.reset_index(), left_out


def completed(usage: DataFrame, part: DataFrame, unknown: dict[str, str]) -> DataFrame:
    """A pair with what it lacks of the bill, so that each service's sum is the bill's.

    Args:
        usage: the bill: columns service_name, cost.
        part: columns service_name, its dimensions, cost.
        unknown: what the dimensions say of cost that the pair does not have.
    """
    bill = usage.groupby("service_name")["cost"].sum()
    gap = bill.sub(part.groupby("service_name")["cost"].sum(), fill_value=0.0)
    lacking = gap[gap.ne(0.0)].rename("cost").reset_index().assign(**unknown)
    rows = [frame for frame in (part, lacking) if len(frame)]
    return pd.concat(rows, ignore_index=True) if rows else part


def joined(charges: DataFrame, part: DataFrame, only: pd.Series[bool] | None = None) -> DataFrame:
    """Charges with the dimensions of another pair: each row spread by the shares that the pair has in its service.

    Args:
        charges: columns service_name, cost, estimated and dimensions.
        part: columns service_name, other dimensions, cost.
        only: the rows to spread; by default all. The others keep what they say of the pair's dimensions, "" without.
    Returns:
        more rows with the same sum: the columns of both. A service in which the pair has costs of both signs cannot be
        spread: its rows are left as the others are.
    """
    dimensions = [name for name in part.columns if name not in ("service_name", "cost")]
    wanted = pd.Series(True, index=charges.index) if only is None else only
    groups = part.groupby(["service_name", *dimensions], sort=True)["cost"].sum()
    groups = groups[groups.abs() > DUST]
    by_service = groups.groupby("service_name")
    total = by_service.transform("sum")
    same_sign = (groups * total >= 0).groupby("service_name").transform("all")
    weights = (groups[same_sign] / total[same_sign]).rename("weight").reset_index()
    # Rows that differ in the pair's own dimensions only came from this pair: between them nothing is assumed.
    others = [name for name in charges.columns if name not in ("cost", "estimated", *dimensions)]
    values = charges[charges["cost"].abs() > DUST].drop_duplicates(others)
    is_open = _several(weights, charges["service_name"]) & _several(values, charges["service_name"])
    spreads = wanted & charges["service_name"].isin(weights["service_name"])
    kept = charges[~spreads].assign(**{name: "" for name in dimensions if name not in charges.columns})
    open_to_doubt = charges.assign(estimated=charges["estimated"] | is_open)[spreads]
    spread = open_to_doubt.drop(columns=dimensions, errors="ignore").merge(weights, on="service_name")
    spread = spread.assign(cost=spread["cost"] * spread["weight"]).drop(columns="weight")
    rows = [frame for frame in (kept, spread) if len(frame)]
    return pd.concat(rows, ignore_index=True) if rows else kept


def _several(rows: DataFrame, services: pd.Series[str]) -> pd.Series[bool]:
    """For each of the services, whether more than one row is of it."""
    counts = rows["service_name"].value_counts()
    return services.isin(counts[counts > 1].index)
