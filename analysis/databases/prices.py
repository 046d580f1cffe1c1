"""What databases and caches cost: the own bill where it shows one price only, else AWS's list; never a guess."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.databases.classes import type_of
from analysis.pricing import PriceBook, size_factor

RDS = "Amazon Relational Database Service"
ELASTICACHE = "Amazon ElastiCache"
#: Engines whose price follows from class and engine; that of the others depends on edition and licence too.
LISTED_ENGINES = ("postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql")
#: What a gp3 volume of a database includes: below 400 GiB (Oracle: 200), and from there on, striped.
SMALL_GP3, STRIPED_GP3 = (3_000.0, 125.0), (12_000.0, 500.0)
_STRIPED_FROM_GIB, _STRIPED_FROM_GIB_ORACLE = 400.0, 200.0
#: Above this, the IOPS of io2 have prices of their own, which no list here tells.
_IO2_FIRST_TIER = 32_000

_PLACE = ["account_id", "region"]


def instance_hour(databases: DataFrame, prices: PriceBook) -> DataFrame:
    """What an hour of each database instance costs, its standby included and its storage not.

    The bill has one usage type for all engines of a class, so it counts only where an account runs a single one there;
    then the list of the engine, twice the Single-AZ price for Multi-AZ, and in proportion to the size.

    Args:
        databases: the whole table `rds_instances`, or some columns of it with the same rows.
    Returns:
        Same index: `usd` (missing where unknown), `price_source`, `price_date`, and `list_usd`, what the list says.
    """
    multi = is_multi(databases)
    usage = _usage_types(databases, multi).astype("str")
    paid = prices.billed(databases, RDS, usage)
    kinds = databases["engine"] + "/" + databases["license_model"]
    keyed = databases[_PLACE].assign(usage=usage, kind=kinds)
    alone = keyed.groupby([*_PLACE, "usage"])["kind"].transform("nunique").eq(1)
    paid["usd"] = paid["usd"].where(alone)
    listed = list_hour(databases, prices, multi=multi)
    return first_known(paid, listed).assign(list_usd=listed["usd"])


def list_hour(databases: DataFrame, prices: PriceBook, *, multi: Series[bool]) -> DataFrame:
    """AWS's price of an hour of each instance (needs account_id, region, instance_class, engine, cluster_id)."""
    engine, classes = databases["engine"], databases["instance_class"]
    machine = type_of(classes)
    large = classes.str.replace(r"\.[^.]+$", ".large", regex=True)
    exact, single, of_large = units(
        databases,
        prices,
        "rds." + classes + "." + engine + multi.map({True: ".multi.hour", False: ".single.hour"}),
        "rds." + classes + "." + engine + ".single.hour",
        "rds." + large + "." + engine + ".single.hour",
    )
    doubled = _scaled(single, multi.map({True: 2.0}), "twice Single-AZ")
    times = size_factor(machine) / 4.0 * multi.map({True: 2.0, False: 1.0})
    # The sizes of the t families are not quite in proportion.
    sized = _scaled(of_large, times.where(~machine.str.startswith("t").fillna(False).astype(bool)), "by size")
    found = first_known(exact, doubled, sized)
    found["usd"] = found["usd"].where(engine.isin(LISTED_ENGINES) & ~is_multi_az_cluster(databases))
    return found


def storage_month(databases: DataFrame, prices: PriceBook) -> Series[float]:
    """Dollars a month of each instance's own storage and IOPS as provisioned; missing where a price is unknown.

    Aurora has no storage of its own per instance: missing there.
    """
    kind = databases["storage_type"]
    item = "rds." + kind + deployment(databases)
    gib, iop, mib = (
        found["usd"]
        for found in units(databases, prices, item + ".gib_month", item + ".iops_month", item + ".mib_s_month")
    )
    included, throughput = included_gp3(databases)
    provisioned = kind.isin(["io1", "io2"])
    iops = databases["iops"].where(provisioned, (databases["iops"] - included).clip(lower=0).where(kind.eq("gp3")))
    iops = iops.mask(kind.eq("io2") & iops.gt(_IO2_FIRST_TIER))
    # Where a gp3 volume has only what it includes, RDS may leave the figure out.
    iops = iops.where(provisioned | iops.notna(), 0.0)
    extra = (databases["throughput_mib_s"] - throughput).clip(lower=0).where(kind.eq("gp3")).fillna(0.0)
    paid = (iops * iop).where(iops.ne(0), 0.0) + (extra * mib).where(extra.gt(0), 0.0)
    return (databases["size_gib"] * gib + paid).where(~is_aurora(databases))


def included_gp3(databases: DataFrame, size_gib: Series[float] | None = None) -> tuple[Series[float], Series[float]]:
    """IOPS and MiB/s that gp3 includes at each database's size, or at another one (AWS: "gp3 storage" of RDS)."""
    size = databases["size_gib"] if size_gib is None else size_gib
    engine = databases["engine"]
    oracle = engine.str.startswith(("oracle", "custom-oracle"))
    striped = size.ge(_STRIPED_FROM_GIB) | (oracle & size.ge(_STRIPED_FROM_GIB_ORACLE))
    striped &= ~engine.str.contains("sqlserver")
    iops = striped.map({True: STRIPED_GP3[0], False: SMALL_GP3[0]})
    return iops.astype("float64"), striped.map({True: STRIPED_GP3[1], False: SMALL_GP3[1]}).astype("float64")


def node_hour(nodes: DataFrame, prices: PriceBook, node_types: Series[str] | None = None) -> DataFrame:
    """What an hour of one node of each cache costs, or would cost as another type.

    The bill has one usage type for all engines of a type, so it counts only where an account runs a single one there.
    """
    types = nodes["node_type"] if node_types is None else node_types
    usage = "NodeUsage:" + types
    paid = prices.billed(nodes, ELASTICACHE, usage)
    keyed = nodes[_PLACE].assign(usage=usage, engine=nodes["engine"])
    paid["usd"] = paid["usd"].where(keyed.groupby([*_PLACE, "usage"])["engine"].transform("nunique").eq(1))
    return first_known(paid, list_node_hour(nodes, prices, types, nodes["engine"]))


def list_node_hour(nodes: DataFrame, prices: PriceBook, types: Series[str], engine: Series[str]) -> DataFrame:
    """AWS's price of an hour of a node: of its engine, of Redis OSS and Memcached (whose price is one), by size."""
    machine = type_of(types)
    large = types.str.replace(r"\.[^.]+$", ".large", regex=True)
    own, plain, of_large = units(
        nodes,
        prices,
        "elasticache." + types + "." + engine + ".hour",
        "elasticache." + types + ".hour",
        "elasticache." + large + ".hour",
    )
    times = (size_factor(machine) / 4.0).where(~machine.str.startswith("t").fillna(False).astype(bool))
    sized = _scaled(of_large, times, "by size")
    found = first_known(plain, sized)
    found["usd"] = found["usd"].where(engine.isin(["redis", "memcached"]))
    return first_known(own, found)


def units(rows: DataFrame, prices: PriceBook, *items: Series[str]) -> list[DataFrame]:
    """What one unit of each of several items costs, looked up together: one table per item, on the rows' index."""
    places = pd.concat([rows[_PLACE]] * len(items), ignore_index=True)
    found = prices.unit(places, pd.concat([item.astype("str") for item in items], ignore_index=True))
    count = len(rows)
    return [found.iloc[n * count : (n + 1) * count].set_axis(rows.index) for n in range(len(items))]


def first_known(*ranked: DataFrame) -> DataFrame:
    """The first known price of each row, with its source and date."""
    first, *others = ranked
    usd, source, day = (first[name] for name in ("usd", "price_source", "price_date"))
    source, day = source.astype("object"), day.astype("object")
    for other in others:
        unknown = usd.isna()
        usd = usd.where(~unknown, other["usd"])
        source = source.where(~unknown, other["price_source"].astype("object"))
        day = day.where(~unknown, other["price_date"].astype("object"))
    return DataFrame({"usd": usd, "price_source": source, "price_date": day})


def is_aurora(databases: DataFrame) -> Series[bool]:
    """Whether the instance computes for an Aurora cluster, whose storage is apart."""
    return databases["engine"].str.startswith("aurora")


def is_multi_az_cluster(databases: DataFrame) -> Series[bool]:
    """Whether it is one of the three instances of a Multi-AZ DB cluster, which has prices of its own."""
    return databases["cluster_id"].ne("") & ~is_aurora(databases)


def is_multi(databases: DataFrame) -> Series[bool]:
    """Whether it pays for a standby: of Aurora, every instance pays for itself."""
    return databases["multi_az"] & databases["cluster_id"].eq("") & ~is_aurora(databases)


def deployment(databases: DataFrame) -> Series[str]:
    """`.multi` or `.single`, as items name it."""
    return is_multi(databases).map({True: ".multi", False: ".single"})


def _usage_types(databases: DataFrame, multi: Series[bool]) -> Series[str]:
    kind = multi.map({True: "Multi-AZUsage:", False: "InstanceUsage:"}).astype("str")
    kind = kind.mask(is_multi_az_cluster(databases), "Multi-AZClusterUsage:")
    return kind + databases["instance_class"]


def _scaled(price: DataFrame, times: Series[float] | float, how: str) -> DataFrame:
    return price.assign(usd=price["usd"] * times, price_source=price["price_source"].astype("object") + f", {how}")
