"""Public list prices the demo organisation pays, in dollars an hour; kept apart from `analysis` on purpose."""

from __future__ import annotations

from bot.demo.aws.resources_model import HOURS_A_MONTH, MAIN_REGION

# Linux on demand, `.large`; linear in size within a family.
_LARGE_US_EAST_1 = {
    "m4": 0.10,
    "m5": 0.096,
    "m6i": 0.096,
    "m6g": 0.077,
    "m7i": 0.1008,
    "c5": 0.085,
    "c6i": 0.085,
    "c6g": 0.068,
    "r4": 0.133,
    "r5": 0.126,
    "r6i": 0.126,
    "r6g": 0.1008,
    "t3": 0.0832,
    "t4g": 0.0672,
}
_LARGE_EU_WEST_1 = {"m5": 0.107, "c5": 0.096, "r5": 0.141, "t3": 0.0912}
_LARGES = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}

# What does not follow from its family's `.large`; m5zn in dedicated tenancy.
_EXACT = {
    "t2.medium": 0.0464,
    "g4dn.xlarge": 0.526,
    "g4dn.2xlarge": 0.752,
    "m5zn.2xlarge": 0.7268,
}
_WINDOWS = {"m5.xlarge": 0.376}

_DATABASE = {
    ("db.m5.large", "postgres"): 0.178,
    ("db.m5.xlarge", "postgres"): 0.356,
    ("db.m5.large", "mysql"): 0.171,
    ("db.t3.large", "mysql"): 0.136,
    ("db.t3.medium", "postgres"): 0.072,
    ("db.r5.large", "postgres"): 0.25,
}
CACHE = {"cache.m5.large": 0.156, "cache.r5.large": 0.216, "cache.t3.medium": 0.068, "cache.m6g.large": 0.149}

NAT_GATEWAY = 0.045
LOAD_BALANCER = 0.0225
PUBLIC_IPV4 = 0.005

_VOLUME_GB_MONTH = {"gp2": 0.10, "gp3": 0.08, "io1": 0.125, "io2": 0.125, "st1": 0.045, "sc1": 0.015, "standard": 0.05}
_VOLUME_GB_MONTH_EU_WEST_1 = {"gp2": 0.11, "gp3": 0.088}
GP3_EXTRA_IOPS_MONTH = 0.005
GP3_EXTRA_MIBPS_MONTH = 0.04
IO_IOPS_MONTH = 0.065
SNAPSHOT_GB_MONTH = 0.05
#: By whether it is Multi-AZ.
DATABASE_STORAGE = {False: "RDS:GP3-Storage", True: "RDS:Multi-AZ-GP3-Storage"}
DATABASE_GB_MONTH = {DATABASE_STORAGE[False]: 0.115, DATABASE_STORAGE[True]: 0.23}
LOGS_GB_MONTH = 0.03
BUCKET_GB_MONTH = {"STANDARD": 0.023, "STANDARD_IA": 0.0125, "GLACIER_IR": 0.004, "GLACIER": 0.0036}
LAMBDA_GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}


def instance_hour(instance_type: str, region: str = MAIN_REGION, *, windows: bool = False) -> float:
    """Dollars an hour, on demand, shared tenancy.

    Raises:
        KeyError: the demo has no price for it.
    """
    if windows:
        return _WINDOWS[instance_type]
    if instance_type in _EXACT:
        return _EXACT[instance_type]
    family, _, size = instance_type.partition(".")
    larges = _LARGES[size] if size in _LARGES else 2.0 * int(size.removesuffix("xlarge"))
    table = _LARGE_US_EAST_1 if region == MAIN_REGION else _LARGE_EU_WEST_1
    return round(table[family] * larges, 6)


def volume_hour(
    volume_type: str,
    size_gib: int,
    region: str = MAIN_REGION,
    *,
    iops: int | None = None,
    throughput_mibps: int | None = None,
) -> float:
    """Dollars an hour of a volume with the IOPS and throughput it was given (None: what the type includes)."""
    table = _VOLUME_GB_MONTH if region == MAIN_REGION else _VOLUME_GB_MONTH_EU_WEST_1
    month = size_gib * table[volume_type]
    if volume_type == "gp3":
        month += max(0, (iops or 3000) - 3000) * GP3_EXTRA_IOPS_MONTH
        month += max(0, (throughput_mibps or 125) - 125) * GP3_EXTRA_MIBPS_MONTH
    if volume_type in ("io1", "io2"):
        month += (iops or 0) * IO_IOPS_MONTH
    return month / HOURS_A_MONTH


def database_hour(instance_class: str, engine: str, size_gib: int, *, multi_az: bool) -> float:
    """Dollars an hour of a database and its gp2 or gp3 storage; Multi-AZ doubles both."""
    instance = _DATABASE[instance_class, engine] * (2 if multi_az else 1)
    return instance + database_storage_hour(size_gib, multi_az=multi_az)


def database_storage_hour(size_gib: int, *, multi_az: bool) -> float:
    """Dollars an hour of a database's storage alone."""
    return size_gib * DATABASE_GB_MONTH[DATABASE_STORAGE[multi_az]] / HOURS_A_MONTH
