"""`commitments.purchase`: how much to commit to, of which plans and reservations together, with the odds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.checks.words import made_charts
from analysis.commitments.purchase_estimate import estimated
from analysis.commitments.purchase_offers import RESERVED, UPFRONT
from analysis.commitments.purchase_table import DATABASES, ESTIMATE, FIGURES, HOURS, LOOK_BACK, alone_ids, node_ids
from analysis.commitments.purchase_words import (
    CONDITIONS,
    NOTHING_BOUGHT,
    at_once,
    months_chart,
    odds_words,
    purchase_steps,
    shares_words,
    term_words,
)
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts

#: The proposal that is open, whichever mix it is of: one card that changes, not one after the other.
ID = "purchase"
#: Hours that scenarios are drawn from.
_OURS = (HOURS, LOOK_BACK)


@check(
    catalogue="P04",
    groups=(Group.COMMITMENTS,),
    resource="Commitment",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.HIGH,
    reason="{expected}",
    source="AWS Cost Optimization Hub, Savings Plans and reservation recommendations, which tell no odds",
    words=Words(
        current="${on_demand:,.2f}/h that could be covered runs on demand",
        proposed="commit ${hourly:,.2f}/h for {term}",
        how="{how}",
        ignores="{ignores}",
        risk="An expectation, not a sure saving. {odds}" + CONDITIONS,
        effect="AWS bills ${hourly:,.2f} an hour for {term}, used or not; nothing that runs changes. " + NOTHING_BOUGHT,
        steps="{steps}",
    ),
    evidence=(
        Fact("Commitment", "hourly", "USD an hour", "{source}"),
        Fact("Saving of it", "hourly_saving", "USD an hour", "{source}", "expected"),
        Fact("Used below 95 %", "chance_low_percent", "% chance", "{source}"),
        Fact("Ends with a loss", "chance_loss_percent", "% chance", "{source}"),
        Fact("Worst month", "worst_month", "USD", "{source}", "19 in 20 are better:"),
        Fact("Eight in ten", "saving_low", "USD a month", "{source}", "from"),
        Fact("Eight in ten", "saving_high", "USD a month", "{source}", "to"),
        Fact("Regret beside buying nothing", "regret_nothing", "USD a month", "{source}"),
        Fact("Regret beside AWS's proposal", "regret_aws", "USD a month", "{source}"),
        Fact("Ahead of AWS's proposal", "beyond_aws", "USD a month", "{source}"),
    ),
    chart=made_charts,
)
def purchase(
    commitment_proposals: DataFrame,
    commitment_shares: DataFrame,
    commitment_offers: DataFrame,
    purchase_recommendations: DataFrame,
    *,
    most_years: float = 1,
    most_upfront_percent: float = 0,
    min_monthly_savings: float = 50,
) -> Verdicts:
    """Usage on demand that a commitment would save on.

    Of all plans and reservations of a term and payment the amounts together that save most, expected over scenarios of
    the term, with at most one chance in ten that less than 95 % of them is used. Proposed is the best mix that binds
    for at most `most_years` with at most `most_upfront_percent` paid on the day; the others are named on its card.
    Blocked while the last week costs a fifth less than the last month. Without hours of an export those of AWS's own
    look-back of plans stand in; without these its estimate, without odds. What it covers is what single plans and
    reservations would: they are not counted beside it.
    """
    rows = _known(commitment_proposals, purchase_recommendations)
    allowed = rows["years"].le(most_years) & rows["payment"].map(UPFRONT).mul(100).le(most_upfront_percent)
    best = rows["saving"].where(allowed).groupby(level=0).first()
    chosen = rows.index == best.idxmax() if best.notna().any() else pd.Series(False, index=rows.index)
    is_chosen = pd.Series(chosen, index=rows.index, dtype=bool)
    none_else = pd.Series(not is_chosen.any(), index=rows.index)
    rows = rows.assign(resource_id=rows["resource_id"].where(~is_chosen, ID))
    terms = [
        term_words(years, payment) if payment else ""
        for years, payment in zip(rows["years"], rows["payment"], strict=True)
    ]
    told = rows["saving"].map("${:,.2f} a month".format).astype("str")
    told_terms = pd.Series(terms, index=rows.index, dtype="object").astype("str")
    small = rows["saving"].lt(min_monthly_savings)
    details = _details(rows, commitment_shares, purchase_recommendations, is_chosen, told_terms)
    details["covers"] = [
        _covers(row, commitment_shares, commitment_offers, purchase_recommendations) for row in _dicts(rows)
    ]
    off = pd.concat([rows["saving"] - rows["saving_low"], rows["saving_high"] - rows["saving"]], axis=1).max(axis=1)
    return verdicts(
        rows,
        saves=rows["saving"].where(is_chosen),
        fine=[
            (
                rows["saving"].notna() & ~is_chosen & ~none_else,
                "An alternative to what is proposed: " + told_terms + ", expected " + told + ".",
            ),
            (
                rows["saving"].notna() & none_else,
                "It binds for longer, or asks for more upfront, than is allowed: " + told_terms + ", " + told + ".",
            ),
            (rows["saving"].notna() & small, "It would save " + told + "."),
            (
                rows["saving"].isna() & rows["basis"].isin(_OURS) & rows["blocked"].eq("") & rows["problem"].eq(""),
                "No commitment on offer saves at the accepted risk.",
            ),
        ],
        conflict=(
            rows["blocked"].ne("") & rows["days"].ge(14),
            "Buying is blocked: " + rows["blocked"] + ".",
        ),
        insufficient=[
            (rows["blocked"].ne(""), "What to buy: " + rows["blocked"]),
            (
                rows["saving"].isna(),
                "What to buy: " + rows["problem"].where(rows["problem"].ne(""), "no offer is known"),
            ),
        ],
        # Of AWS's estimate nothing is known of how far it is off: all of it may be.
        plus_minus=off.where(rows["basis"].isin(_OURS), rows["saving"]),
        details=details,
    )


def _known(proposals: DataFrame, recommendations: DataFrame) -> DataFrame:
    """The proposals; where no hours tell one, AWS's estimates together in place of the row that says so."""
    told = estimated(recommendations)
    if not len(told) or not (proposals["problem"].ne("") & proposals["saving"].isna()).any():
        return proposals
    row = proposals.iloc[:1]
    figures = {name: float("nan") for name in FIGURES} | {
        "hourly": told["hourly"].sum(min_count=1),
        "saving": told["saving"].sum(),
    }
    return row.assign(
        **figures,
        basis=ESTIMATE,
        years=told["years"].iloc[0],
        payment=told["payment"].iloc[0],
        on_demand=told["on_demand"].sum(min_count=1),
        months="[]",
    )


def _details(
    rows: DataFrame, shares: DataFrame, recommendations: DataFrame, chosen: pd.Series[bool], terms: pd.Series[str]
) -> DataFrame:
    found = []
    others = [
        f"{term}: expected ${row['saving']:,.0f} a month for ${row['hourly']:,.2f}/h"
        + (f", ${row['upfront_usd']:,.0f} of it upfront" if row["upfront_usd"] > 0 else "")
        for row, term, own in zip(_dicts(rows), terms, chosen, strict=True)
        if not own and pd.notna(row["saving"])
    ]
    for row, term in zip(_dicts(rows), terms, strict=True):
        if row["basis"] == ESTIMATE:
            of_mix = at_once(estimated(recommendations))
        else:
            mine = shares[shares["years"].eq(row["years"]) & shares["payment"].eq(row["payment"])]
            of_mix = _dicts(mine)
        found.append(_words(row, of_mix, recommendations, term, others))
    return DataFrame(found, index=rows.index, columns=list(_COLUMNS))


def _dicts(rows: DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in one.items()} for one in rows.to_dict("records")]


def _covers(row: Mapping[str, Any], shares: DataFrame, offers: DataFrame, recommendations: DataFrame) -> list[str]:
    """What else would be bought for the same usage: databases, and nodes alone."""
    told = recommendations[recommendations["kind"].eq(RESERVED)]
    if row["basis"] == LOOK_BACK:
        return []  # it is of machines alone
    if row["basis"] == ESTIMATE:
        return [DATABASES, *sorted(set(node_ids(told)))]
    has_plan = (shares["kind"].eq("Database") & shares["years"].eq(row["years"])).any()
    # Search nodes have no reserved rate of ours; a Database plan covers them as well.
    search = told[told["service"].eq("AmazonES")] if has_plan else told.iloc[:0]
    return [*alone_ids(offers), *sorted(set(node_ids(search)))]


_COLUMNS = (
    "term", "expected", "how", "ignores", "odds", "steps", "source", "hourly_saving", "chance_low_percent",
    "chance_loss_percent", "monthly_cost", "price_source", "chart",
)  # fmt: skip


def _words(
    row: Mapping[str, Any], shares: list[dict[str, Any]], recommendations: DataFrame, term: str, others: list[str]
) -> dict[str, object]:
    is_ours = row["basis"] in _OURS
    ours = "costbot's scenarios of AWS's look-back" if row["basis"] == LOOK_BACK else "costbot's scenarios"
    about: dict[str, object] = {
        "term": term,
        "source": ours if is_ours else "AWS's estimate",
        "hourly_saving": row["saving"] / 730,
        "chance_low_percent": row["chance_low"] * 100,
        "chance_loss_percent": row["chance_loss"] * 100,
        "monthly_cost": row["on_demand"] * 730,
        "price_source": "rates that AWS has on offer" if is_ours else "AWS's estimate",
        "chart": months_chart(json.loads(row["months"] or "[]")),
    }
    if pd.isna(row["saving"]):
        return about | dict.fromkeys(("expected", "how", "ignores", "odds", "steps"), "")
    first = (
        "Decide first what is to be right-sized or switched off: it is taken off here, and bought for once dismissed."
        if row["taken_off"]
        else "Look first at what is to be right-sized or switched off: a commitment for it would be lost."
    )
    alternatives = f"Other terms and payments: {'; '.join(others)}." if others else ""
    if not is_ours:
        return about | {
            "expected": f"AWS estimates ${row['saving']:,.2f} a month (${row['saving'] / 730:,.2f} an hour) on the "
            "last 30 days as if they came again; no odds can be given",
            "how": f"AWS's own estimate, of {shares_words(shares)}. No hours of a billing export tell more: "
            f"{row['problem']}",
            "ignores": "Whether the usage lasts: AWS looks back and tells a point. Right-sizing that waits or "
            "is decided, and what ends, is not taken off.",
            "odds": "",
            "steps": purchase_steps(shares, first=first, alternatives=alternatives),
        }
    return about | {
        "expected": f"Expected ${row['saving']:,.2f} a month (${row['saving'] / 730:,.2f} an hour) once all rungs are "
        f"bought, {odds_words(row['saving'], row['saving_low'], row['saving_high'])}; the rung of today, "
        f"${row['first_hourly']:,.2f}/h, brings ${row['first_saving']:,.2f} a month",
        "how": _how(row, shares, recommendations),
        "ignores": (
            row["hours_ignore"]
            or "What no rate or on-demand price is known of, and zonal reservations, which hold capacity."
        )
        + " "
        + (f"No usage was found to take off: {row['not_placed']}. " if row["not_placed"] else "")
        + (f"Rates: {row['problem']}" if row["problem"] else ""),
        "odds": f"The chance that less than 95 % of it is used is {100 * row['chance_low']:.0f} %, that it loses "
        f"money {100 * row['chance_loss']:.0f} %; in one future of twenty a quarter leaves "
        f"{100 * row['worst_quarter']:.0f} % unused. " + _break_even(row["break_even"]),
        "steps": purchase_steps(shares, first=first, alternatives=alternatives),
    }


def _break_even(month: float) -> str:
    if math.isnan(month):
        return "It is not expected to have saved more than was paid. "
    return f"From month {month:.0f} on more has been saved than paid beyond on demand. "


def _how(row: Mapping[str, Any], shares: list[dict[str, Any]], recommendations: DataFrame) -> str:
    hours = row["hours_from"] or f"{row['days']:.0f} days by the hour"
    sentences = [
        f"{shares_words(shares)}. Over {row['scenarios']:.0f} scenarios of the term, drawn from {hours}: "
        "growth and decline, parts that leave, levels that wander. The amounts are those of the most "
        "expected saving with at most one chance in ten of using less than 95 %.",
        _aws(row, recommendations),
        f"Taken off first, decided or not: {row['taken_off']}." if row["taken_off"] else "",
        f"Counted on from its end: {row['given_back']}." if row["given_back"] else "",
        f"Nothing is bought for what has just fallen: {row['fallen']}." if row["fallen"] else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _aws(row: Mapping[str, Any], recommendations: DataFrame) -> str:
    told = estimated(recommendations)
    if row["basis"] == LOOK_BACK:  # of machines alone, as the proposal is
        told = told[~told["kind"].isin([RESERVED, "Database"])]
    if len(told):
        return (
            f"AWS itself proposes ${told['hourly'].sum():,.2f}/h and estimates ${told['saving'].sum():,.2f} a month "
            f"(1 year, no upfront, on 30 days: {'; '.join(told['label'].head(3))}); its method on all offers of this "
            f"term gives ${row['aws_hourly']:,.2f}/h, which ours is compared with."
        )
    why = recommendations.loc[recommendations["problem"].ne(""), "problem"]
    asked = f"AWS's own proposal is not known ({why.iloc[0]})" if len(why) else "AWS proposes nothing"
    return f"{asked}; its method, worked out here on the last 30 days, gives ${row['aws_hourly']:,.2f}/h."
