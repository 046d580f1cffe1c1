"""The registry of savings checks: one file is one check, found by importing `analysis/checks/<service>/*.py`.

The signature of a check is its declaration: positional names are the tables it reads, keyword-only names its
thresholds. Listing, documentation, the IAM policy and which checks could not run follow from it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from analysis.checks.words import Charts, Fact, Words
from analysis.commitments.after_discount_usage import Moves
from analysis.models import Action, Effort, Group, Recommendation, Risk
from analysis.verdicts import Verdicts

__all__ = ["Charts", "Check", "Fact", "Recommend", "Words", "check", "checks"]

#: A check's own way from its verdicts to recommendations: (check, verdicts, tables by name, thresholds, data until).
Recommend = Callable[..., list[Recommendation]]


@dataclass(frozen=True, slots=True)
class Check:
    """One savings check; call it with its tables to get its verdicts."""

    id: str
    title: str
    doc: str
    catalogue: str
    groups: tuple[Group, ...]
    resource: str
    action: Action
    effort: Effort
    risk: Risk
    reason: str
    source: str
    words: Words | None
    evidence: tuple[Fact, ...]
    chart: Charts | None
    recommend: Recommend | None
    moves: Moves | None
    tables: tuple[str, ...]
    thresholds: Mapping[str, float]
    run: Callable[..., Verdicts]

    @property
    def system(self) -> str:
        """The service it looks at: the first half of its id."""
        return self.id.split(".")[0]

    def __call__(self, *tables: Any, **thresholds: float) -> Verdicts:
        return self.run(*tables, **thresholds)


def check(
    *,
    catalogue: str,
    groups: tuple[Group, ...],
    resource: str,
    action: Action,
    effort: Effort,
    reason: str,
    source: str,
    risk: Risk = Risk.LOW,
    words: Words | None = None,
    evidence: tuple[Fact, ...] = (),
    chart: Charts | None = None,
    recommend: Recommend | None = None,
    moves: Moves | None = None,
) -> Callable[[Callable[..., Verdicts]], Check]:
    """Declare the decorated function a savings check.

    Args:
        catalogue: its number in the catalogue of checks, as "E02".
        groups: what `/cost savings` finds it under, the first one first.
        resource: what a row is, as a person says it: "EBS volume".
        risk: of the change; a column `risk` of the verdicts' rows says it row by row.
        reason: the sentence of a finding, with `{column}` of the verdicts' rows.
        source: who says that this is waste.
        words: what the card says; templates with `{column}` of the verdicts' rows and `{threshold}`.
        evidence: measured facts of the card, each from a column.
        chart: makes the charts of the rows that save, from them and the tables.
        recommend: where templates do not do: its own way to recommendations.
        moves: the usage that a saving takes away or puts in its place, where commitments may cover it.
    """
    if (words is None) == (recommend is None):
        raise TypeError("a check has either words or its own recommend")

    def declare(run: Callable[..., Verdicts]) -> Check:
        doc = inspect.cleandoc(run.__doc__ or "")
        parameters = inspect.signature(run).parameters.values()
        return Check(
            id=".".join(run.__module__.split(".")[-2:]),
            title=doc.split("\n")[0].rstrip("."),
            doc=doc,
            catalogue=catalogue,
            groups=groups,
            resource=resource,
            action=action,
            effort=effort,
            risk=risk,
            reason=reason,
            source=source,
            words=words,
            evidence=evidence,
            chart=chart,
            recommend=recommend,
            moves=moves,
            tables=tuple(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY),
            thresholds=MappingProxyType({p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}),
            run=run,
        )

    return declare


@cache
def checks() -> Mapping[str, Check]:
    """All checks by id, in alphabetical order."""
    found: dict[str, Check] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        loaded = importlib.import_module(module.name)
        found |= {
            value.id: value
            for value in vars(loaded).values()
            if isinstance(value, Check) and value.run.__module__ == module.name
        }
    return MappingProxyType(dict(sorted(found.items())))
