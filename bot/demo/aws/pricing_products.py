"""The demo's price list as AWS words it: products with attributes, on-demand terms in tiers and reserved terms."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.demo.aws.organisation import MAIN_REGION, SECOND_REGION
from bot.demo.aws.pricing_table import (
    CACHES,
    DATABASES,
    DEDICATED,
    EXACT,
    LARGE,
    LARGE_EU_WEST_1,
    LOCATIONS,
    PREFIXES,
    PRODUCTS,
    RESERVED,
    WINDOWS_VCPU,
    Product,
    Tiers,
)

_LARGES = {"nano": 0.0625, "micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}
_PUBLISHED = "2026-08-01T00:00:00Z"
_HOURS_A_YEAR = 8760


@dataclass(frozen=True, slots=True)
class Shown:
    """A product of the price list.

    Attributes:
        attributes: what can be filtered on, its family among them.
    """

    attributes: Mapping[str, str]
    unit: str
    tiers: Tiers
    reserved: bool = False

    def text(self) -> str:
        """Its JSON text, as GetProducts answers it."""
        own = {name: value for name, value in self.attributes.items() if name != "productFamily"}
        service, family = own["servicecode"], self.attributes["productFamily"]
        sku = hashlib.sha256(json.dumps([family, own], sort_keys=True).encode()).hexdigest()[:16].upper()
        terms: dict[str, Any] = {"OnDemand": {f"{sku}.JRTCKXETXF": _term(sku, self.unit, self.tiers)}}
        if self.reserved:
            terms["Reserved"] = {f"{sku}.{code}": term for code, term in _reserved(self.tiers[0][1]).items()}
        product = {
            "product": {"productFamily": family, "attributes": own, "sku": sku},
            "serviceCode": service,
            "terms": terms,
            "version": "20260801000000",
            "publicationDate": _PUBLISHED,
        }
        return json.dumps(product)


@cache
def products_of(service: str) -> tuple[Shown, ...]:
    """Every product of a service; none where the service has none."""
    return tuple(_products(service))


@cache
def hours(region: str) -> dict[str, float]:
    """Dollars an hour of Linux on demand, by type that exists and has a price in the region."""
    families = LARGE_EU_WEST_1 if region == SECOND_REGION else LARGE if region in PREFIXES else {}
    found = {}
    for name in sorted({*_specifications(), *EXACT}):
        family, _, size = name.partition(".")
        times = larges(size)
        if name in EXACT and region != SECOND_REGION and region in PREFIXES:
            found[name] = EXACT[name]
        elif family in families and times:
            found[name] = round(families[family] * times, 10)
    return found


def larges(size: str) -> float:
    """How many of a family's `.large` a size is; 0 for one that is not known."""
    count = size.removesuffix("xlarge")
    return _LARGES.get(size) or (2.0 * int(count) if count.isdigit() else 0.0)


def prefixed(usage_type: str, region: str, kind: str) -> str:
    """A usage type as the bill of a region calls it."""
    if kind == "name":
        return f"{region}-{usage_type}"
    return (PREFIXES[region][kind == "new"] if kind else "") + usage_type


@cache
def _specifications() -> dict[str, Any]:
    """moto's table of instance types, read without importing moto."""
    found = importlib.util.find_spec("moto")
    if found is None or found.origin is None:
        return {}
    with gzip.open(Path(found.origin).parent / "ec2" / "resources" / "instance_types.json.gz") as text:
        types: dict[str, Any] = json.load(text)
        return types


def _products(service: str) -> Iterator[Shown]:
    for product in PRODUCTS:
        if product.service == service:
            regions = (product.only or tuple(PREFIXES)) if product.prefix else (MAIN_REGION,)
            yield from (_listed(product, region) for region in regions)
    for region in PREFIXES:
        if service == "AmazonEC2":
            for name, usd in hours(region).items():
                yield from _instances(region, name, usd)
        if service == "AmazonRDS":
            for (name, engine), usd in DATABASES.items():
                yield from _databases(region, name, engine, usd)
        if service == "AmazonElastiCache":
            for name, usd in CACHES.items():
                for engine, share in (("Redis", 1.0), ("Memcached", 1.0), ("Valkey", 0.8)):
                    attributes = {"instanceType": name, "cacheEngine": engine, "usagetype": f"NodeUsage:{name}"}
                    price = round(usd * share, 6)
                    yield _shown(service, "Cache Instance", region, attributes, "Hrs", ((0, price),), reserved=True)


def _listed(product: Product, region: str) -> Shown:
    attributes = {"usagetype": prefixed(product.usage, region, product.prefix), **dict(product.attributes)}
    where = region if product.prefix else ""
    return _shown(product.service, product.family, where, attributes, product.unit, product.tiers, prefix=None)


def _instances(region: str, name: str, usd: float) -> Iterator[Shown]:
    """What a question without all its filters gets as well: dedicated, licensed and reserved capacity."""
    # p3 is on the list still and in no specification any more.
    vcpu = _specifications().get(name, {"VCpuInfo": {"DefaultVCpus": 8}})["VCpuInfo"]["DefaultVCpus"]
    kinds = (
        ("Linux", "Shared", "NA", "Used", "BoxUsage", "RunInstances", usd),
        ("Linux", "Shared", "NA", "AllocatedCapacityReservation", "Reservation", "RunInstances", 0.0),
        ("Linux", "Shared", "NA", "UnusedCapacityReservation", "UnusedBox", "RunInstances", usd),
        ("Linux", "Dedicated", "NA", "Used", "DedicatedUsage", "RunInstances", round(usd * DEDICATED, 6)),
        ("Linux", "Shared", "SQL Std", "Used", "BoxUsage", "RunInstances:0004", round(usd + 0.12 * max(vcpu, 4), 6)),
        ("Windows", "Shared", "NA", "Used", "BoxUsage", "RunInstances:0002", round(usd + WINDOWS_VCPU * vcpu, 6)),
    )
    for system, tenancy, software, capacity, usage, operation, price in kinds:
        attributes = {
            "instanceType": name,
            "operatingSystem": system,
            "tenancy": tenancy,
            "preInstalledSw": software,
            "capacitystatus": capacity,
            "marketoption": "OnDemand",
            "licenseModel": "No License required",
            "vcpu": str(vcpu),
            "usagetype": f"{usage}:{name}",
            "operation": operation,
        }
        plain = usage == "BoxUsage" and operation == "RunInstances"
        yield _shown("AmazonEC2", "Compute Instance", region, attributes, "Hrs", ((0, price),), reserved=plain)


def _databases(region: str, name: str, engine: str, usd: float) -> Iterator[Shown]:
    for deployment, usage, times in (("Single-AZ", "InstanceUsage", 1), ("Multi-AZ", "Multi-AZUsage", 2)):
        attributes = {
            "instanceType": name,
            "databaseEngine": engine,
            "deploymentOption": deployment,
            "licenseModel": "No license required",
            "usagetype": f"{usage}:{name}",
        }
        price = round(usd * times, 6)
        yield _shown("AmazonRDS", "Database Instance", region, attributes, "Hrs", ((0, price),), reserved=True)


def _shown(
    service: str,
    family: str,
    region: str,
    attributes: Mapping[str, str],
    unit: str,
    tiers: Tiers,
    prefix: str | None = "ec2",
    *,
    reserved: bool = False,
) -> Shown:
    """One product; `prefix` None leaves its usage type as it is."""
    usage = attributes["usagetype"]
    own = {
        **attributes,
        "servicecode": service,
        "productFamily": family,
        "usagetype": prefixed(usage, region, prefix) if prefix else usage,
    }
    if service == "AWSDataTransfer":
        own |= {"fromRegionCode": region, "fromLocation": LOCATIONS[region], "fromLocationType": "AWS Region"}
    elif region:
        own |= {"regionCode": region, "location": LOCATIONS[region], "locationType": "AWS Region"}
    return Shown(own, unit, tiers, reserved)


def _term(sku: str, unit: str, tiers: Tiers) -> dict[str, Any]:
    ends = [f"{begin:.0f}" for begin, _ in tiers[1:]] + ["Inf"]
    dimensions = {
        f"{sku}.JRTCKXETXF.{number}": {
            "unit": unit,
            "beginRange": f"{begin:.0f}",
            "endRange": end,
            "description": f"${usd:.10f} per {unit}",
            "appliesTo": [],
            "rateCode": f"{sku}.JRTCKXETXF.{number}",
            "pricePerUnit": {"USD": f"{usd:.10f}"},
        }
        # As AWS does, in no order.
        for number, ((begin, usd), end) in reversed(list(enumerate(zip(tiers, ends, strict=True))))
    }
    return {
        "priceDimensions": dimensions,
        "offerTermCode": "JRTCKXETXF",
        "effectiveDate": _PUBLISHED,
        "termAttributes": {},
    }


def _reserved(usd: float) -> dict[str, Any]:
    """Standard reservations of one and three years."""
    return {
        f"R{years}{payment[0]}": {
            "priceDimensions": _reserved_dimensions(usd * share, years, payment),
            "termAttributes": {
                "LeaseContractLength": f"{years}yr",
                "OfferingClass": "standard",
                "PurchaseOption": payment,
            },
            "effectiveDate": _PUBLISHED,
        }
        for (years, payment), share in RESERVED.items()
    }


def _reserved_dimensions(hourly: float, years: int, payment: str) -> dict[str, Any]:
    upfront = {"No Upfront": 0.0, "Partial Upfront": 0.5, "All Upfront": 1.0}[payment]
    found: dict[str, Any] = {}
    if upfront:
        fee = hourly * upfront * _HOURS_A_YEAR * years
        found["fee"] = {
            "unit": "Quantity",
            "description": "Upfront Fee",
            "appliesTo": [],
            "pricePerUnit": {"USD": f"{fee:.0f}"},
        }
    found["hour"] = {
        "unit": "Hrs",
        "beginRange": "0",
        "endRange": "Inf",
        "description": "Linux/UNIX, reserved instance applied",
        "appliesTo": [],
        "pricePerUnit": {"USD": f"{hourly * (1 - upfront):.10f}"},
    }
    return found
