"""What the instances of a group are and cost: a group itself costs nothing."""

from __future__ import annotations

from pandas import DataFrame

from analysis.pricing import PriceBook

_NONE: dict[str, object] = {"hourly_usd": float("nan"), "price_source": None, "price_date": None, "types": ""}
_NONE |= {"covers": None}
_GROUP = ["account_id", "region", "asg_name"]


def member_prices(groups: DataFrame, ec2_instances: DataFrame, prices: PriceBook) -> DataFrame:
    """Mean price of a group's running instances.

    Returns:
        Index of `groups`: `hourly_usd` (missing where it has none, or the price of one is unknown: Spot, Windows,
        dedicated), `price_source`, `price_date`, `types` ("m5.large, c5.large"), `covers` (ids of its instances).
    """
    members = ec2_instances[ec2_instances["asg_name"].fillna("").ne("") & ec2_instances["state"].eq("running")]
    hour = prices.ec2_hour(members)
    plain = members["platform"].eq("Linux/UNIX") & members["tenancy"].eq("default") & ~members["spot"]
    priced = members.assign(
        hourly_usd=hour["hourly_usd"].where(plain), price_source=hour["price_source"], price_date=hour["price_date"]
    )
    by_group = dict(iter(priced.groupby(_GROUP)))
    keys = groups[["account_id", "region", "resource_id"]].itertuples(index=False, name=None)
    rows = [_of_members(by_group.get(tuple(key))) for key in keys]
    found = DataFrame.from_records(rows, columns=list(_NONE)).set_axis(groups.index)
    return found.astype({"hourly_usd": "float64", "types": "object", "price_source": "object", "price_date": "object"})


def _of_members(own: DataFrame | None) -> dict[str, object]:
    if own is None:
        return _NONE | {"covers": []}
    known = own["hourly_usd"].notna().all()
    return {
        "hourly_usd": own["hourly_usd"].mean() if known else float("nan"),
        "price_source": own["price_source"].iloc[0] if known else None,
        "price_date": own["price_date"].iloc[0] if known else None,
        "types": ", ".join(sorted(own["instance_type"].unique())),
        "covers": list(own["resource_id"]),
    }
