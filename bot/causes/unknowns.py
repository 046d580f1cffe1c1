"""Where a change happened as far as the sources tell, and what they do not tell: said, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from analysis.costs import ChargeCategory
from bot.blocks.elements import money
from bot.blocks.why_report import Place
from bot.causes.resource_moves import ResourceMove
from bot.causes.scope import Scope
from bot.workflows.find_causes import Found

NOTHING = 0.005
#: A value's share of the largest move from which on it is worth naming.
WORTH_NAMING = 0.05
#: What is not known is said from this share of what moved on.
WORTH_SAYING = 0.01


def places(found: Found, scope: Scope, account_name: Callable[[str], str]) -> tuple[Place, ...]:
    """Accounts, regions, values of the tag and resources, those that moved most first."""
    where = found.explanation.where
    accounts = tuple((account_name(value), cents / 100) for value, cents in where["account"] if value)
    regions = tuple((value, cents / 100) for value, cents in where["region"] if value)
    tags = tuple((value or "untagged", amount) for value, amount in found.tags or ())
    shown = [Place("Account", _moved(accounts)), Place("Region", _moved(regions))]
    shown.append(Place((scope.tag or "tag").capitalize(), _moved(tags)))
    if found.resources:
        named = tuple((f"{move.resource_id}{_mark(move)}", move.change) for move in found.resources)
        shown.append(Place("Resources, all their usage", named))
    return tuple(place for place in shown if place.values)


def not_known(found: Found, scope: Scope, currency: str) -> tuple[str, ...]:
    """Sentences, not escaped."""
    said = []
    explained = found.explanation
    gross = sum(abs(cause.change) for cause in (*explained.causes, *explained.against)) / 100
    least = max(NOTHING, WORTH_SAYING * gross)
    if abs(found.unplaced) >= least:
        amount = money(found.unplaced, currency, cents=True)
        said.append(f"Several services share a usage type: the account of lines that moved by {amount} is not told.")
    if abs(found.unknown) >= least:
        amount = money(found.unknown, currency, signed=True, cents=True)
        said.append(f"Lines of {amount} have no quantity on one side: whether usage or price moved them is not told.")
    if abs(found.unsplit) >= least:
        said.append(
            "Whether a price or the coverage by commitments moved what a unit costs is not told by this source."
        )
    if scope.accounts and found.from_explorer and explained.residual:
        said.append("The residual are usage types that several services share.")
    if found.from_explorer:
        said.append(
            "Cost Explorer gives two dimensions at a time: the owner and the resource of a line are not known from it; "
            "a billing export tells them."
        )
    elif found.resources is None and any(cause.category == ChargeCategory.USAGE.value for cause in explained.causes):
        said.append("Which resources: costs by resource are not stored of all these days (COSTBOT_DETAIL_MONTHS).")
    elif found.resources == () and explained.causes and explained.causes[0].category == ChargeCategory.USAGE.value:
        said.append("Which resources: none that the export names there moved like the first line.")
    return tuple(said)


def _mark(move: ResourceMove) -> str:
    if move.is_new:
        return " (new)"
    return " (gone)" if move.is_gone else ""


def _moved(values: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    largest = max((abs(amount) for _, amount in values), default=0.0)
    return tuple(one for one in values if abs(one[1]) >= max(NOTHING, WORTH_NAMING * largest))
