"""`workspaces.billing_mode`: a desktop that is paid by the month and used by the hour, or the other way round."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import over_days
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts

_SAMPLES_A_DAY = 288
_OTHER = {"ALWAYS_ON": "AUTO_STOP", "AUTO_STOP": "ALWAYS_ON"}
#: Hours a month at which both modes cost the same, by compute type: the limits that AWS's own Cost Optimizer for Amazon
#: WorkSpaces starts from (v2.8.7, 2026-03-04). Compute types that it does not name are not judged.
BREAK_EVEN_HOURS = {
    "VALUE": 81, "STANDARD": 85, "PERFORMANCE": 80, "POWER": 92, "POWERPRO": 78,
    "GRAPHICS_G4DN": 334, "GRAPHICSPRO_G4DN": 80,
}  # fmt: skip


@check(
    catalogue="M07",
    groups=(Group.IDLE,),
    resource="WorkSpace",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    risk=Risk.LOW,
    reason="{compute_type} WorkSpace in mode {running_mode}, used {month_hours:.0f} h a month; both cost the same at "
    "{even_hours:.0f} h",
    source="AWS Solutions, Cost Optimizer for Amazon WorkSpaces 2.8.7, 2026-03-04",
    words=Words(
        current="{running_mode}",
        proposed="{other_mode}",
        how="Somebody was connected for {hours:.1f} h in {days:.0f} days, {month_hours:.0f} h a month; a "
        "{compute_type} costs the same in both modes at {even_hours:.0f} h.",
        ignores="The hour that a stopped WorkSpace runs on after its user has left, and what it saves in dollars: "
        "prices of bundles are not known here. AWS's limits are one figure for all bundles of a compute type.",
        risk="In AUTO_STOP the user waits a minute or two for the first sign-in of the day.",
        effect="It is billed the other way from the next hour on. AWS lets the mode be changed once a month.",
        command=(
            "aws workspaces modify-workspace-properties --workspace-id {resource_id} "
            "--workspace-properties RunningMode={other_mode}",
        ),
        undo=(
            "aws workspaces modify-workspace-properties --workspace-id {resource_id} "
            "--workspace-properties RunningMode={running_mode}",
        ),
    ),
    evidence=(Fact("Connected", "month_hours", "h a month", "CloudWatch UserConnected"),),
)
def billing_mode(
    workspaces: DataFrame, workspaces_metrics: DataFrame, *, min_days: float = 14, margin_percent: float = 20
) -> Verdicts:
    """WorkSpace in the dearer of its two modes.

    Monthly billing pays from a break-even of hours on. A WorkSpace within `margin_percent` of it is left alone. Prices
    of bundles are not known, so no saving in dollars is told.
    """
    rows = workspaces
    connected = over_days(rows, workspaces_metrics, "UserConnected", "Sum", "sum")
    days = over_days(rows, workspaces_metrics, "UserConnected", "SampleCount", "count")
    hours = connected * 24 / _SAMPLES_A_DAY
    month_hours = hours / days.where(days.gt(0)) * DAYS_A_MONTH
    even = rows["compute_type"].map(BREAK_EVEN_HOURS).astype("float64")
    margin = margin_percent / 100
    too_little = rows["running_mode"].eq("ALWAYS_ON") & month_hours.lt(even * (1 - margin))
    too_much = rows["running_mode"].eq("AUTO_STOP") & month_hours.gt(even * (1 + margin))
    known = even.notna() & days.ge(min_days) & month_hours.notna()
    told = month_hours.map(lambda value: "" if pd.isna(value) else f"{value:.0f}").astype("str")
    return verdicts(
        rows,
        saves=_nothing(rows),
        fine=[
            (rows["running_mode"].eq("MANUAL"), "Billed through WorkSpaces Core: it has no such choice."),
            (known & rows["running_mode"].ne("") & ~too_little & ~too_much, "Right mode for " + told + " h a month."),
        ],
        insufficient=[
            (rows["running_mode"].eq(""), "How it is billed: WorkSpaces does not tell its running mode."),
            (even.isna(), "Where both modes cost the same: not known for compute type " + rows["compute_type"] + "."),
            (
                days.lt(min_days) | month_hours.isna(),
                "Use of " + f"{min_days:.0f} days: CloudWatch has UserConnected of fewer; wait, or allow it.",
            ),
        ],
        notice=(too_little | too_much, "The other mode is cheaper for " + told + " h a month."),
        details=DataFrame(
            {
                "hours": hours,
                "days": days,
                "month_hours": month_hours,
                "even_hours": even,
                "other_mode": rows["running_mode"].map(_OTHER).fillna(""),
            }
        ),
    )


def _nothing(rows: DataFrame) -> Series[float]:
    return pd.Series(float("nan"), index=rows.index)
