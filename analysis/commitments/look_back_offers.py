"""Which plans are on offer for what AWS's look-backs tell: rates per on-demand dollar, of all terms.

What one year without upfront payment costs, AWS's own details say. Another term or a Compute plan costs as much more or
less as its rate on offer differs from that one's, for one size of the family that has rates: its sizes have one
discount.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from pandas import DataFrame

from analysis.commitments.look_back_usage import LookBack
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.units import family as type_family
from analysis.commitments.usage import LINES, Floats
from analysis.usage_types import REGIONS

#: The term that AWS's proposals are asked for.
YEARS, PAYMENT = 1, "No Upfront"
#: Sizes of which a family has one at least that rates are told for.
_SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "medium", "metal")
_LINUX = "Linux/UNIX"

Term = tuple[int, str]


def asked_lines(of: LookBack) -> DataFrame:
    """Lines whose plan rates are to be asked for, columns `LINES`: each family in some sizes, and no reservation."""
    rows = []
    for region, size in _families(of):
        for usage_type in _usage_types(region, size):
            empty: dict[str, object] = dict.fromkeys(LINES, "")
            rows.append(
                empty
                | {"service": "AmazonEC2", "region": region, "usage_type": usage_type, "platform": _LINUX}
                | {"units": float("nan"), "on_demand": float("nan")}
            )
    return DataFrame(rows, columns=list(LINES)).astype(LINES)


def plan_offers_of(of: LookBack, rates: DataFrame | None) -> list[Offer]:
    """The plans on offer, with a rate of each line.

    Where nothing tells another term of a line, it has none. Of compute that no family's details tell, terms differ as
    they do of the families together.

    Args:
        rates: columns `SAVINGS_PLAN_RATES`, for `asked_lines`; None where AWS told none.
    """
    lines = of.usage.lines
    spent = of.usage.on_demand.sum(axis=0)
    own: Term = (YEARS, PAYMENT)
    narrow: dict[Term, Floats] = {own: np.where(_is(of, "EC2Instance"), of.ratios, np.nan)}
    wide: dict[Term, Floats] = {own: np.where(_is(of, "Compute"), of.ratios, np.nan)}
    for at, (region, size) in enumerate(zip(lines["region"], lines["instance_type"].map(type_family), strict=True)):
        if of.kinds[at] != "EC2Instance":
            continue
        told = _rates_of(rates, region, size) if rates is not None else {}
        base = told.get(("EC2Instance", *own))
        wide[own][at] = of.compute
        for (kind, years, payment), usd in told.items() if base else ():
            table = narrow if kind == "EC2Instance" else wide
            row = table.setdefault((years, payment), np.full(len(lines), np.nan))
            row[at] = of.ratios[at] * usd / float(base or np.nan)
    _rest_of_terms(of, wide, spent)
    found = [
        Offer("EC2Instance", *term, np.where(np.arange(len(lines)) == at, row, np.nan), region, size)
        for term, row in narrow.items()
        for at, (region, size) in enumerate(zip(lines["region"], lines["instance_type"].map(type_family), strict=True))
        if np.isfinite(row[at])
    ]
    found += [Offer("Compute", *term, row) for term, row in wide.items() if np.isfinite(row).any()]
    machine_learning = np.where(_is(of, "SageMaker"), of.ratios, np.nan)
    found += [Offer("SageMaker", *own, machine_learning)] if np.isfinite(machine_learning).any() else []
    return found


def _rest_of_terms(of: LookBack, wide: dict[Term, Floats], spent: Floats) -> None:
    """Other compute in other terms: as much dearer or cheaper as the families are, by what they spend."""
    own = wide[(YEARS, PAYMENT)]
    rest = np.array(_is(of, "Compute"))
    for term, row in wide.items():
        known = np.isfinite(row) & np.isfinite(own) & ~rest
        if term != (YEARS, PAYMENT) and known.any():
            scale = float((row[known] * spent[known]).sum() / (own[known] * spent[known]).sum())
            row[rest] = own[rest] * scale


def _is(of: LookBack, kind: str) -> list[bool]:
    return [one == kind for one in of.kinds]


def _families(of: LookBack) -> Iterable[tuple[str, str]]:
    lines = of.usage.lines
    sizes = zip(lines["region"], lines["instance_type"].map(type_family), strict=True)
    return [one for one, kind in zip(sizes, of.kinds, strict=True) if kind == "EC2Instance"]


def _usage_types(region: str, size: str) -> list[str]:
    """As bills may spell them: `BoxUsage:m5.large` in us-east-1, `EUW1-` or `EU-BoxUsage:m5.large` in eu-west-1."""
    prefixes = [""] if region == "us-east-1" else [f"{code}-" for code, name in REGIONS.items() if name == region]
    return [f"{prefix}BoxUsage:{size}.{one}" for prefix in prefixes for one in _SIZES]


def _rates_of(rates: DataFrame, region: str, size: str) -> dict[tuple[str, int, str], float]:
    """Rates of the first size that has one of the term that AWS's proposals are of, by plan, years and payment."""
    for usage_type in _usage_types(region, size):
        own = rates[rates["usage_type"].eq(usage_type) & rates["region"].eq(region)]
        told = own.groupby(["plan_type", "years", "payment"])["usd"].agg(["min", "max"])
        alike = told.loc[told["min"].eq(told["max"]) & told["min"].gt(0), "min"]
        terms = alike.reset_index().itertuples(index=False, name=None)
        found = {(str(kind), int(years), str(payment)): float(usd) for kind, years, payment, usd in terms}
        if ("EC2Instance", YEARS, PAYMENT) in found:
            return found
    return {}
