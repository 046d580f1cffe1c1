"""What a saving says of the commitments that cover it, and the figure that it shows: the lower one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.commitments.after_discount_lines import Change
from analysis.commitments.after_discount_owned import Owned
from analysis.commitments.after_discount_together import Weighed
from analysis.models import Recommendation

#: Share of a saving that must be left beside its commitments, below which it is a notice.
LEAST_LEFT = 0.30
#: Dollars a month, and shares, that are not worth a word.
_CENT, _HARDLY = 0.005, 0.01
#: What a saving leaves out where nothing tells what becomes of a commitment.
UNKNOWN = "What becomes of a Savings Plan or reservation that covers it: only a billing export by the hour tells."
#: The same, of usage that the hours do not show.
UNSEEN = "What becomes of a Savings Plan or reservation that covers it: the billing export does not show its hours."


def after_commitments(value: Recommendation, change: Change, weighed: Weighed, owned: Owned) -> Recommendation:
    """The saving with the figure that is left beside the commitments, and a sentence that says why.

    A saving of which less than `LEAST_LEFT` is left becomes a notice. One that no commitment has to do with stays.
    """
    alone = left(value, change, weighed.alone)
    figure = min(alone, left(value, change, weighed.together))
    covered = weighed.freed > _HARDLY * value.monthly_savings
    lower = value.monthly_savings - figure > _CENT
    if not covered and not lower:
        return value
    is_notice = alone < LEAST_LEFT * value.monthly_savings
    shown = alone if is_notice else figure
    about = _coverage(change, weighed, owned) if covered else ""
    words = _words(value, about, alone=alone, figure=shown)
    return replace(
        value,
        monthly_savings=0.0 if is_notice else max(shown, 0.0),
        before_commitments=value.monthly_savings,
        commitments=words,
    )


def left(value: Recommendation, change: Change, taken: float) -> float:
    """Dollars a month of a saving that are left; below 0 where the bill rises.

    Args:
        taken: what commitments take of its on-demand price, dollars a month.
    """
    return min(value.monthly_savings, value.monthly_savings + change.discount - taken)


def beside(value: Recommendation, unlisted: Sequence[str], untold: Sequence[str] = ()) -> Recommendation:
    """The saving with what the simulation could not know of, in what it leaves out.

    Args:
        unlisted: commitments that only the bill knows. untold: services whose reservations AWS did not tell.
    """
    left_out = []
    if unlisted:
        left_out.append(f"Commitments of the bill that AWS's lists do not tell: {', '.join(unlisted)}.")
    if untold:
        left_out.append(f"Reservations of {', '.join(untold)}, which AWS did not tell.")
    return unknown(value, " ".join(left_out)) if left_out else value


def unknown(value: Recommendation, why: str = UNKNOWN) -> Recommendation:
    """The saving, saying that what becomes of a commitment is not known."""
    return replace(value, ignores=f"{value.ignores} {why}".strip())


def _words(value: Recommendation, about: str, *, alone: float, figure: float) -> str:
    basis = "At your own rates" if value.price_source.startswith("your own bill") else "At list price"
    same = value.monthly_savings - figure <= _CENT
    beside = "and as much after your commitments" if same else f"after your commitments {_money(max(figure, 0.0))}"
    lead = f"{basis} {_money(value.monthly_savings)} a month{',' if same else ';'} {beside}"
    parts = [f"{lead}: {about}." if about else f"{lead}."]
    if alone < -_CENT:
        parts.append("The bill would even rise: what runs instead is not covered.")
    if alone - figure > max(_CENT, _HARDLY * value.monthly_savings):
        parts.append(
            f"Alone it would save {_money(alone)}; all open savings together leave less usage for what they free."
        )
    return " ".join(parts)


def _coverage(change: Change, weighed: Weighed, owned: Owned) -> str:
    names = " and ".join(_name(id_, owned) for id_ in weighed.covering)
    verb = "covers" if len(weighed.covering) == 1 else "cover"
    comes = any((more > 0).any() for more in change.lines.values())
    takers = "what runs instead and other usage" if comes else "other usage"
    idle = min(weighed.stranded / weighed.freed, 1.0)
    if idle < _HARDLY:
        return f"{names} {verb} it, and all that it frees is taken up by {takers}"
    taken = "nothing" if idle > 1 - _HARDLY else f"{1 - idle:.0%}".replace("%", " %")
    end = _end(weighed.idle, owned)
    return (
        f"{names} {verb} it; {taken} of what it frees is taken up by {takers}, "
        f"the rest is paid for nothing until {end or 'it ends'}; from then on it is saved too"
    )


def _name(id_: str, owned: Owned) -> str:
    name = owned.names.get(id_, id_)
    return f"the reservation of {name}" if any(one.id == id_ for one in owned.reservations) else f"the {name}"


def _end(ids: Sequence[str], owned: Owned) -> str:
    """The day after which none of them runs any more; empty where it is not known of one."""
    ends = [owned.ends.get(id_, pd.NaT) for id_ in ids]
    if not ends or any(pd.isna(end) for end in ends):
        return ""
    last = max(ends)
    return f"{last:%b} {last.day}, {last.year}"


def _money(dollars: float) -> str:
    return f"${dollars:,.2f}"
