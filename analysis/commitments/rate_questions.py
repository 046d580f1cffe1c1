"""Which rates of plans and reservations lines of usage need, and the offers that these make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments.purchase_offers import Offer, plan_offers, reserved_offers
from analysis.commitments.units import platform_key
from analysis.prices.price_list import (
    CACHE_ENGINES,
    RDS_ENGINES,
    SQL_SERVER,
    Question,
    bare_usage_type,
    cache_question,
    ec2_question,
    rds_question,
)

#: AWS's code of a service → what DescribeSavingsPlansOfferingRates calls its product, and the plans that cover it.
#: Source: AWS, "What are Savings Plans?"; the enumerations of the operation.
PLANS_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "AmazonEC2": ("EC2", ("Compute", "EC2Instance")),
    "AmazonECS": ("Fargate", ("Compute",)),
    "AmazonEKS": ("Fargate", ("Compute",)),
    "AWSLambda": ("Lambda", ("Compute",)),
    "AmazonSageMaker": ("SageMaker", ("SageMaker",)),
    "AmazonRDS": ("RDS", ("Database",)),
    "AmazonElastiCache": ("ElastiCache", ("Database",)),
    "AmazonES": ("OpenSearch", ("Database",)),
    "AmazonDynamoDB": ("DynamoDB", ("Database",)),
    "AmazonDocDB": ("DocDB", ("Database",)),
    "AmazonNeptune": ("Neptune", ("Database",)),
}
#: Editions of SQL Server as operations on a bill tell them → as RDS names the engine.
_SQL_SERVER = {"ex": "sqlserver-ex", "web": "sqlserver-web", "se": "sqlserver-se", "ee": "sqlserver-ee"}


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """One kind of question about Savings Plan rates; `description` is a platform, "" for all of them."""

    product: str
    service_code: str
    plan_types: tuple[str, ...]
    description: str
    tenancy: str
    usage_types: tuple[str, ...]

    @property
    def id(self) -> str:
        """The same for the same question about other usage types."""
        return "|".join((self.service_code, self.description, self.tenancy))


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates on offer: columns `SAVINGS_PLAN_RATES` and `RESERVED_RATES`; `problem` says what could not be asked."""

    plans: DataFrame
    reserved: DataFrame
    problem: str = ""


def plan_questions(lines: DataFrame) -> list[PlanQuestion]:
    """The questions about what these lines use, each once; columns `LINES`."""
    asked: dict[tuple[str, str, str], set[str]] = {}
    for service, usage_type, platform in _distinct(lines, "service", "usage_type", "platform"):
        if service in PLANS_OF:
            is_ec2 = service == "AmazonEC2"
            tenancy = ("dedicated" if "DedicatedUsage" in usage_type else "shared") if is_ec2 else ""
            asked.setdefault((service, platform if is_ec2 else "", tenancy), set()).add(usage_type)
    return [
        PlanQuestion(*_product(service), description, tenancy, tuple(sorted(usage_types)))
        for (service, description, tenancy), usage_types in sorted(asked.items())
    ]


def reserved_questions(lines: DataFrame) -> dict[Question, frozenset[str]]:
    """The price list's questions about reserved terms, and the items that are wanted of each answer."""
    found: dict[Question, set[str]] = {}
    columns = ("region", "service", "usage_type", "instance_type", "platform")
    for region, *about in _distinct(lines, *columns):
        item, question = _reserved(region, *about)
        if question is not None:
            found.setdefault(question, set()).add(item)
    return {question: frozenset(items) for question, items in found.items()}


def items_of(lines: DataFrame) -> Series[str]:
    """The price item of each line, `ec2.linux.m5.large.hour`; missing where none may be reserved or told apart."""
    columns = ["region", "service", "usage_type", "instance_type", "platform"]
    items = [_reserved(*about)[0] or None for about in lines[columns].itertuples(index=False, name=None)]
    return pd.Series(items, index=lines.index, dtype="str")


def offers_of(lines: DataFrame, rates: Rates) -> list[Offer]:
    """The plans and reservations on offer for these lines."""
    return [*plan_offers(lines, rates.plans), *reserved_offers(lines, items_of(lines), rates.reserved)]


def _distinct(lines: DataFrame, *columns: str) -> Iterable[tuple[str, ...]]:
    return lines[list(columns)].drop_duplicates().itertuples(index=False, name=None)


def _product(service: str) -> tuple[str, str, tuple[str, ...]]:
    product, plan_types = PLANS_OF[service]
    return product, service, plan_types


def _reserved(
    region: str, service: str, usage_type: str, instance_type: str, platform: str
) -> tuple[str, Question | None]:
    """The item and the question that prices it; none for what is not sold by the type alone."""
    usage = bare_usage_type(usage_type).partition(":")[0]
    if not instance_type or not region:
        return "", None
    if service == "AmazonEC2" and usage == "BoxUsage" and platform == "Linux/UNIX":
        return f"ec2.linux.{instance_type}.hour", ec2_question(region)
    if service == "AmazonRDS" and usage in ("InstanceUsage", "Multi-AZUsage"):
        engine, is_multi = _engine(platform), usage == "Multi-AZUsage"
        item = f"rds.{instance_type}.{engine}.{'multi' if is_multi else 'single'}.hour"
        question = rds_question(region, engine, multi=is_multi)
        return (item, question) if question is not None else ("", None)
    if service == "AmazonElastiCache" and usage == "NodeUsage":
        engine = next((name for name, listed in CACHE_ENGINES.items() if listed == platform), "")
        question = cache_question(region, engine)
        return (f"elasticache.{instance_type}.{engine}.hour", question) if question is not None else ("", None)
    return "", None


def _engine(platform: str) -> str:
    """RDS's name of the engine that a bill's operation told; empty where the type does not tell the price."""
    by_name = {platform_key(listed): engine for engine, listed in RDS_ENGINES.items()}
    by_name |= {platform_key(f"SQL Server {short} (LI)"): engine for short, engine in _SQL_SERVER.items()}
    engine = by_name.get(platform_key(platform), "")
    return engine if engine in (*RDS_ENGINES, *SQL_SERVER) else ""
