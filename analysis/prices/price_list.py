"""AWS's Price List, read: which questions answer which items, and the one price that an answer holds for an item.

`GetProducts` answers JSON texts of products with terms. A price counts only where exactly one product of the answer is
the item's and it has one price above zero in the unit that is expected; anything else is no price.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.prices.units import LIST_REGION, listed_keys, unit_key
from analysis.usage_types import REGIONS

HOURS = "Hrs"
#: Engines whose price follows from class and engine: as RDS names them → as the Price List does.
RDS_ENGINES: dict[str, str] = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "aurora-postgresql": "Aurora PostgreSQL",
    "aurora-mysql": "Aurora MySQL",
}
#: SQL Server comes with its licence, by edition. Oracle's licence may be one's own: the engine does not tell the price.
SQL_SERVER: dict[str, str] = {
    "sqlserver-ex": "Express",
    "sqlserver-web": "Web",
    "sqlserver-se": "Standard",
    "sqlserver-ee": "Enterprise",
}
CACHE_ENGINES: dict[str, str] = {"redis": "Redis", "valkey": "Valkey", "memcached": "Memcached"}
#: Engine of the item that names none: Redis OSS and Memcached cost the same.
PLAIN_CACHE_ENGINE = "redis"

_EC2_FILTERS = (
    ("productFamily", "Compute Instance"),
    ("operatingSystem", "Linux"),
    ("tenancy", "Shared"),
    ("preInstalledSw", "NA"),
    ("capacitystatus", "Used"),
    ("marketoption", "OnDemand"),
)
_BY_REGION_NAME = re.compile(r"^[a-z]{2}(?:-[a-z]+)+-\d-(?=.)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item that a question answers.

    Attributes:
        match: attributes that the item's product has; `usagetype` without its region's prefix.
        units: as `unit_key` spells them. per: how many of the list's units the item is.
        tier: which of several paid tiers; 0 where it has one price only.
    """

    item: str
    match: tuple[tuple[str, str], ...]
    units: frozenset[str]
    per: float = 1.0
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One GetProducts question: all its pages are one answer.

    Attributes:
        region: where its prices hold; us-east-1 stands for what has one price everywhere.
        each: template of the item of every product, with its attributes in braces, in place of `wanted`.
        usage: what the usage type of such a product begins with.
    """

    service_code: str
    region: str
    filters: tuple[tuple[str, str], ...]
    wanted: tuple[Wanted, ...] = ()
    each: tuple[str, ...] = ()
    usage: str = ""

    @property
    def id(self) -> str:
        """The same for the same question."""
        return "|".join((self.service_code, self.region, *(f"{name}={value}" for name, value in self.filters)))


@dataclass(frozen=True, slots=True)
class Answered:
    """Dollars by item, and why other items got no price."""

    usd: Mapping[str, float]
    refused: Mapping[str, str]


@cache
def item_questions(region: str) -> tuple[Question, ...]:
    """The questions that price every item of `price_list_keys.csv` in a region; global items go with us-east-1."""
    keys = listed_keys().reset_index()
    found: list[Question] = []
    for (service, field, filters), rows in keys.groupby(["service_code", "region_field", "filters"], sort=False):
        if field or region == LIST_REGION:
            where = ((field, region),) if field else ()
            wanted = tuple(
                _wanted({str(name): value for name, value in row.items()}) for row in rows.to_dict("records")
            )
            found.append(Question(str(service), region, (*_pairs(str(filters)), *where), wanted))
    return tuple(found)


def ec2_question(region: str) -> Question:
    """Every type's hour of Linux on demand in shared tenancy: fewer pages than a question for each of a few types."""
    filters = (*_EC2_FILTERS, ("regionCode", region))
    return Question("AmazonEC2", region, filters, each=("ec2.linux.{instanceType}.hour",), usage="BoxUsage")


def rds_question(region: str, engine: str, *, multi: bool) -> Question | None:
    """Every class of an engine; None for an engine whose price does not follow from class and engine."""
    edition = SQL_SERVER.get(engine)
    named = RDS_ENGINES.get(engine, "SQL Server" if edition else "")
    if not named:
        return None
    filters = (
        ("productFamily", "Database Instance"),
        ("databaseEngine", named),
        *((("databaseEdition", edition),) if edition else ()),
        ("deploymentOption", "Multi-AZ" if multi else "Single-AZ"),
        ("licenseModel", "License included" if edition else "No license required"),
        ("regionCode", region),
    )
    item = f"rds.{{instanceType}}.{engine}.{'multi' if multi else 'single'}.hour"
    return Question("AmazonRDS", region, filters, each=(item,), usage="Multi-AZUsage" if multi else "InstanceUsage")


def cache_question(region: str, engine: str) -> Question | None:
    """Every node type of an engine; None for an engine that ElastiCache does not have."""
    if engine not in CACHE_ENGINES:
        return None
    filters = (
        ("productFamily", "Cache Instance"),
        ("cacheEngine", CACHE_ENGINES[engine]),
        ("regionCode", region),
    )
    plain = ("elasticache.{instanceType}.hour",) if engine == PLAIN_CACHE_ENGINE else ()
    return Question(
        "AmazonElastiCache",
        region,
        filters,
        each=(f"elasticache.{{instanceType}}.{engine}.hour", *plain),
        usage="NodeUsage",
    )


def answered(question: Question, price_list: Iterable[str]) -> Answered:
    """The prices in an answer.

    Args:
        price_list: all pages' texts. A text that cannot be read is of no item.
    """
    products = matching(question, price_list)
    usd: dict[str, float] = {}
    refused: dict[str, str] = {}
    for wanted in {*question.wanted, *products}:
        try:
            usd[wanted.item] = _price(wanted, products.get(wanted, []))
        except ValueError as error:
            refused[wanted.item] = str(error)
    return Answered(usd, refused)


def matching(question: Question, price_list: Iterable[str]) -> dict[Wanted, list[Mapping[str, Any]]]:
    """The products in an answer, by the items that they are of; a text that cannot be read is of none."""
    found: defaultdict[Wanted, list[Mapping[str, Any]]] = defaultdict(list)
    for text in price_list:
        product = _product(text)
        if product is not None:
            for wanted in _wanted_of(question, product["product"]["attributes"]):
                found[wanted].append(product)
    return found


def bare_usage_type(usage_type: str) -> str:
    """A usage type without its region: `EUW1-NatGateway-Hours` and `us-east-1-KMS-Keys` are `NatGateway-Hours`, …"""
    prefix, dash, rest = usage_type.partition("-")
    if dash and rest and prefix in REGIONS:
        return rest
    return _BY_REGION_NAME.sub("", usage_type)


def on_demand(product: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The price dimensions of a product's one on-demand term, the first tier first.

    Raises:
        ValueError: it has none, or several terms.
    """
    terms = list(product.get("terms", {}).get("OnDemand", {}).values())
    if len(terms) != 1:
        raise ValueError(f"{len(terms)} on-demand terms")
    return sorted(terms[0]["priceDimensions"].values(), key=lambda one: float(one.get("beginRange") or 0))


def usd_of(dimension: Mapping[str, Any]) -> float:
    """Dollars a unit of a price dimension.

    Raises:
        ValueError: it is not in dollars.
    """
    try:
        return float(dimension["pricePerUnit"]["USD"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no price in dollars") from error


def _price(wanted: Wanted, products: Sequence[Mapping[str, Any]]) -> float:
    if len(products) != 1:
        raise ValueError(f"{len(products)} products")
    dimensions = on_demand(products[0])
    units = {unit_key(str(one.get("unit", ""))) for one in dimensions}
    if not units <= wanted.units:
        raise ValueError(f"priced per {', '.join(sorted(units))}")
    prices = [usd_of(one) for one in dimensions]
    if wanted.tier:
        # What is free to begin with is no price of what comes after it.
        prices = [price for price in prices if price > 0]
        if len(prices) < wanted.tier:
            raise ValueError(f"{len(prices)} paid tiers")
        return prices[wanted.tier - 1] * wanted.per
    if len(prices) != 1 or prices[0] <= 0:
        raise ValueError(f"prices {prices}")
    return prices[0] * wanted.per


def _wanted_of(question: Question, attributes: Mapping[str, str]) -> list[Wanted]:
    usage = bare_usage_type(attributes.get("usagetype", ""))
    if question.each:
        if not attributes.get("instanceType") or not re.match(f"{question.usage}(:|$)", usage):
            return []
        hour = frozenset({unit_key(HOURS)})
        return [Wanted(template.format_map(attributes), (), hour) for template in question.each]
    own = {**attributes, "usagetype": usage}
    return [wanted for wanted in question.wanted if all(own.get(name) == value for name, value in wanted.match)]


def _product(text: str) -> Mapping[str, Any] | None:
    try:
        product: dict[str, Any] = json.loads(text)
        has_attributes = isinstance(product["product"]["attributes"], dict)
    except (ValueError, KeyError, TypeError):
        return None
    return product if has_attributes else None


def _wanted(row: Mapping[str, Any]) -> Wanted:
    units = frozenset(unit_key(unit) for unit in row["unit"].split("|"))
    return Wanted(row["item"], _pairs(row["match"]), units, row["per"], int(row["tier"] or 0))


@cache
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`a=b;c=d` as pairs."""
    return tuple((name, value) for name, _, value in (part.partition("=") for part in text.split(";") if part))
