"""What an anomaly is about, as a question about causes: its lines of the bill, its accounts, its whole days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analysis.causes import against_weekdays_before
from analysis.models import Anomaly
from analysis.services import service_key
from bot.causes.scope import Scope
from bot.workflows.judge_costs import names_of

if TYPE_CHECKING:
    from bot.cost_files import CostFiles, Window
    from bot.settings import CostView


def anomaly_scope(value: Anomaly, costs: CostFiles, view: CostView, tag: str) -> tuple[Scope, Window]:
    """The scope of an anomaly and the window of its services; its comparison may be impossible.

    Raises:
        NotEnoughData: nothing is stored of its services.
    """
    window = costs.window(value.services, view=view)
    last = min(value.last_day, window.last_day)
    days = [value.first_day + timedelta(days=i) for i in range((last - value.first_day).days + 1)]
    whole = [day for day in days if day <= window.complete_until] or days
    unknown = {part.day for part in window.missing}
    comparison = against_weekdays_before(whole, first=value.first_day, start=window.first_day, unknown=unknown)
    return (
        Scope(
            comparison,
            view,
            _names(value, costs),
            accounts=(value.account_id, *value.also_in),
            usage_only=True,
            tag=tag,
        ),
        window,
    )


def _names(value: Anomaly, costs: CostFiles) -> tuple[str, ...]:
    """How the bill spells the lines that moved; all of its services where it was told before lines were noted."""
    known = costs.service_names()
    told = dict.fromkeys(names_of(line)[0] for line in value.lines)
    named = tuple(name for name in told if name in known)
    return named or tuple(name for name in known if service_key(name) in value.services)
