"""The table `reservations`: Reserved Instances and nodes of five services, one account and region at a time.

DynamoDB's reserved capacity has no such call; only the bill knows of it. A service that may not be read has a row of
its own that says so, and leaves the others be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pandas import DataFrame

from analysis.commitments.holdings import OWNED, RESERVED, TERMS, hourly_usd, name_of
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

SCOPE = Scope.PLACE
COLUMNS: dict[str, str] = HEAD | TERMS

_YEAR_SECONDS = 365 * 86400
_MOST_RECORDS, _MOST_RESULTS = 100, 100
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Source:
    """One service's reservations: whom to ask, and what AWS calls their parts."""

    client: str
    action: str
    ask: Callable[[Any], list[Found]]
    id: str
    type: str
    count: str
    platform: str = ""
    arn: str = ""
    payment: str = "OfferingType"
    #: Kind of resource in an ARN that AWS does not tell but bills use.
    arn_of: str = ""


def _instances(client: Any) -> list[Found]:
    wanted = [{"Name": "state", "Values": list(OWNED)}]
    found: list[Found] = client.describe_reserved_instances(Filters=wanted)["ReservedInstances"]
    return found


def _marked(operation: str, key: str) -> Callable[[Any], list[Found]]:
    def ask(client: Any) -> list[Found]:
        pages = client.get_paginator(operation).paginate(PaginationConfig={"PageSize": _MOST_RECORDS})
        return [one for page in pages for one in page.get(key, ())]

    return ask


def _searches(client: Any) -> list[Found]:
    found: list[Found] = []
    token: dict[str, str] = {}
    while True:
        page = client.describe_reserved_instances(MaxResults=_MOST_RESULTS, **token)
        found += page.get("ReservedInstances", ())
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


_SOURCES: dict[str, _Source] = {
    "AmazonEC2": _Source(
        "ec2", "ec2:DescribeReservedInstances", _instances, "ReservedInstancesId", "InstanceType", "InstanceCount",
        platform="ProductDescription", arn_of="ec2:{}:reserved-instances/",
    ),
    "AmazonRDS": _Source(
        "rds", "rds:DescribeReservedDBInstances", _marked("describe_reserved_db_instances", "ReservedDBInstances"),
        "ReservedDBInstanceId", "DBInstanceClass", "DBInstanceCount", platform="ProductDescription",
        arn="ReservedDBInstanceArn",
    ),
    "AmazonElastiCache": _Source(
        "elasticache", "elasticache:DescribeReservedCacheNodes",
        _marked("describe_reserved_cache_nodes", "ReservedCacheNodes"), "ReservedCacheNodeId", "CacheNodeType",
        "CacheNodeCount", platform="ProductDescription", arn="ReservationARN",
    ),
    "AmazonES": _Source(
        "opensearch", "es:DescribeReservedInstances", _searches, "ReservedInstanceId", "InstanceType", "InstanceCount",
        payment="PaymentOption",
    ),
    "AmazonRedshift": _Source(
        "redshift", "redshift:DescribeReservedNodes", _marked("describe_reserved_nodes", "ReservedNodes"),
        "ReservedNodeId", "NodeType", "NodeCount",
    ),
}  # fmt: skip
ACTIONS = tuple(source.action for source in _SOURCES.values())


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, list[Found] | str]:
    """Reservations by service, as AWS describes them; in their place the sentence why a service told none.

    Raises:
        SourceUnavailable: no service gave an answer; the sentence of the first.
    """
    found: dict[str, list[Found] | str] = {}
    first: SourceUnavailable | None = None
    for service, source in _SOURCES.items():
        try:
            with reading(source.action, account_id, region):
                found[service] = source.ask(aws.client(source.client, account_id=account_id, region=region))
        except SourceUnavailable as error:
            found[service], first = str(error), first or error
    if first is not None and all(isinstance(answer, str) for answer in found.values()):
        raise first
    return found


def parse(answer: Mapping[str, list[Found] | str], here: Here) -> DataFrame:
    """The reservations that run or will, as a table with `COLUMNS`."""
    rows: list[dict[str, object]] = []
    for service, told in answer.items():
        if isinstance(told, str):
            rows.append(_unread(service, told, here))
        else:
            rows += [_row(service, one, here) for one in told if one.get("State") in OWNED]
    return typed(rows, COLUMNS)


def _unread(service: str, problem: str, here: Here) -> dict[str, object]:
    head = here.head(f"{service} reservations", {}, name=f"{service} reservations")
    unknown = {name: "" if kind == "str" else None for name, kind in TERMS.items()}
    return {**head, **unknown, "kind": RESERVED, "service": service, "problem": problem}


def _row(service: str, one: Found, here: Here) -> dict[str, object]:
    source = _SOURCES[service]
    count, seconds = float(one.get(source.count) or 0), one.get("Duration")
    fixed = one.get("FixedPrice")
    start = _naive(one.get("Start") or one.get("StartTime"))
    end = _naive(one.get("End")) or (start + timedelta(seconds=seconds) if start and seconds else None)
    type_ = str(one.get(source.type, ""))
    is_dollars = one.get("CurrencyCode") in (None, "", "USD")
    terms: dict[str, object] = {
        "kind": RESERVED,
        "commitment_id": _arn(source, one, here),
        "service": service,
        "type": type_,
        "family": _family(type_),
        "scope_region": here.region,
        "zone": one.get("AvailabilityZone") or "",
        "platform": one.get(source.platform, "") if source.platform else "",
        "offering_class": one.get("OfferingClass") or "",
        "count": count,
        "years": seconds / _YEAR_SECONDS if seconds else None,
        "payment": str(one.get(source.payment, "")).replace("_", " ").title(),
        "upfront_usd": count * fixed if fixed is not None and is_dollars else None,
        "hourly_usd": hourly_usd(count, fixed, _running(one), seconds) if is_dollars else None,
        "starts_at": start,
        "ends_at": end,
        "state": one.get("State", ""),
        "seen_at": here.now.replace(tzinfo=None),
        "problem": "",
    }
    return {**here.head(str(one[source.id]), tags_of(one.get("Tags")), name=name_of(terms)), **terms}


def _running(one: Found) -> float:
    """Dollars an hour of each; older offerings have them as the price of usage."""
    charges = one.get("RecurringCharges") or ()
    hourly = [charge.get("Amount", charge.get("RecurringChargeAmount")) or 0.0 for charge in charges]
    return float(sum(hourly)) + float(one.get("UsagePrice") or 0.0)


def _arn(source: _Source, one: Found, here: Here) -> str:
    told = str(one.get(source.arn) or "") if source.arn else ""
    if told or not source.arn_of:
        return told or str(one[source.id])
    service, _, kind = source.arn_of.partition(":{}:")
    return f"arn:{_partition(here.region)}:{service}:{here.region}:{here.account.id}:{kind}{one[source.id]}"


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _family(type_: str) -> str:
    """`r5` of r5.xlarge, db.r5.large, cache.r5.large, r5.large.search; of a Redshift node the part before its point."""
    parts = [part for part in type_.split(".") if part not in ("db", "cache", "search", "elasticsearch")]
    return parts[0] if parts else ""


def _naive(moment: Any) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
