"""The Home tab: what waits for you, the month so far, what your channels get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analysis.daily_summary import MonthEnd
from analysis.lifecycle import Verb, allowed
from analysis.models import Anomaly, Chart, Recommendation
from bot.blocks import elements
from bot.blocks.decision_line import title
from bot.blocks.elements import Block, money, slack_date
from bot.store.rows import Finding, Subscription

#: Findings of each kind that are listed; the rest is counted.
MAX_LISTED = 6
_HELP = (
    "In a channel, `/cost trend ec2 --days 30` shows a service, `/cost why` what moved, and `/cost subscribe digest` "
    "brings the news every morning; `/cost help` lists all commands. costbot reads AWS and changes nothing there."
)


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """What a month cost up to its last complete day.

    `month` is its name where it is not the running one: on the first days of a month none of it is complete.
    `left_out` says of the days after that why they are not in it, escaped. `end` is where the month is expected to end,
    `chart` its curve; None where they are not known.
    """

    amount: float
    currency: str
    view: str
    until: str
    fetched_at: datetime | None
    month: str | None = None
    left_out: str = ""
    end: MonthEnd | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the tab shows.

    `mine` are findings that this person was given, `anomalies` and `savings` the others that wait. `month` is a
    sentence when there are no costs to show; `is_approver` is None when it could not be found out; `budgets` are blocks
    of budgets; `notice` is the last news.
    """

    anomalies: tuple[Finding, ...]
    savings: tuple[Finding, ...]
    subscriptions: tuple[Subscription, ...]
    month: MonthSoFar | str
    is_approver: bool | None
    notice: str | None = None
    mine: tuple[Finding, ...] = ()
    budgets: tuple[Block, ...] = ()


def home_view(home: Home) -> Block:
    """The view for `views.publish`."""
    blocks: list[Block] = []
    if home.notice:
        blocks += [elements.section(home.notice), elements.divider()]
    blocks += [elements.header("Waiting for you"), *_waiting(home), elements.divider()]
    blocks += [elements.header("Costs"), elements.section(_month(home.month))]
    if isinstance(home.month, MonthSoFar) and home.month.chart:
        blocks.append(elements.chart(home.month.chart))
    blocks += [*home.budgets, elements.divider()]
    currency = home.month.currency if isinstance(home.month, MonthSoFar) else "USD"
    blocks += [elements.header("Subscriptions"), elements.section(_subscriptions(home.subscriptions, currency))]
    blocks.append(elements.context(_HELP))
    return {"type": "home", "blocks": blocks}


def _waiting(home: Home) -> list[Block]:
    if not home.mine and not home.anomalies and not home.savings:
        return [elements.section("Nothing is waiting. New anomalies and savings appear here and in your channels.")]
    blocks: list[Block] = []
    if home.mine:
        blocks.append(elements.context("Assigned to you"))
        blocks += _listed(home.mine, home)
        if home.anomalies or home.savings:
            blocks.append(elements.context("For everybody here"))
    blocks += [*_listed(home.anomalies, home), *_listed(home.savings, home)]
    more = _more(home)
    if more:
        blocks.append(elements.context(more))
    has_savings = any(isinstance(one.value, Recommendation) for one in (*home.mine, *home.savings))
    if has_savings and home.is_approver is None:
        blocks.append(elements.context("Whether you may approve savings could not be checked just now."))
    elif has_savings and not home.is_approver:
        blocks.append(elements.context("Savings are approved by approvers: `/cost approvers` names them."))
    return blocks


def _listed(findings: tuple[Finding, ...], home: Home) -> list[Block]:
    """The first findings, each with its buttons."""
    blocks: list[Block] = []
    for finding in findings[:MAX_LISTED]:
        is_anomaly = isinstance(finding.value, Anomaly)
        buttons = _anomaly_buttons(finding) if is_anomaly else _saving_buttons(finding, home.is_approver is True)
        blocks += [elements.section(_line(finding)), buttons]
    return blocks


def _line(finding: Finding) -> str:
    value = finding.value
    if isinstance(value, Anomaly):
        detail = f"{value.severity.value}, since {elements.day(value.first_day)}"
    else:
        detail = f"{elements.escape(value.account_name)} · {elements.escape(value.region)} · {value.risk.value} risk"
    return f"*{title(finding)}*\n`{finding.id}` · {detail}"


def _anomaly_buttons(finding: Finding) -> Block:
    may = allowed(finding.kind, finding.state)
    labels = {Verb.ACKNOWLEDGE: "Acknowledge", Verb.SNOOZE: "Snooze…", Verb.DISMISS: "Dismiss…"}
    shown = [_button(label, finding) for verb, label in labels.items() if verb in may]
    return elements.actions(*shown, block_id=f"home.{finding.id}")


def _saving_buttons(finding: Finding, can_decide: bool) -> Block:
    value = finding.value
    if not can_decide or not isinstance(value, Recommendation):
        return elements.actions(_button("Snooze…", finding), block_id=f"home.{finding.id}")
    name = value.resource_name or value.resource_id
    question = elements.confirm(
        f"Approve {finding.id}?",
        f"{name} in {value.account_name}: {value.current} → {value.proposed}; {value.effect.rstrip('.')}. "
        "costbot records it and shows the command; it executes nothing.",
        "Approve",
    )
    approve = elements.button(
        "Approve",
        "decide.approve",
        finding.id,
        style="primary",
        confirm=question,
        accessibility_label=f"Approve {finding.id}",
    )
    return elements.actions(
        approve, _button("Dismiss…", finding), _button("Snooze…", finding), block_id=f"home.{finding.id}"
    )


def _button(label: str, finding: Finding) -> Block:
    verb = label.rstrip("…").lower()
    return elements.button(label, f"decide.{verb}", finding.id, accessibility_label=f"{label} {finding.id}")


def _more(home: Home) -> str:
    rest = [
        f"{len(found) - MAX_LISTED} more: `/cost {command}`"
        for found, command in ((home.mine, "anomalies mine"), (home.anomalies, "anomalies"), (home.savings, "savings"))
        if len(found) > MAX_LISTED
    ]
    return " · ".join(rest)


def _month(month: MonthSoFar | str) -> str:
    if isinstance(month, str):
        return elements.escape(month)
    fetched = f", fetched {slack_date(month.fetched_at)}" if month.fetched_at else ""
    which = f"in {month.month}" if month.month else "this month"
    after = f" {month.left_out[0].upper()}{month.left_out[1:]}." if month.left_out else ""
    return (
        f"*{money(month.amount, month.currency)}* {which} up to {month.until} ({month.view} cost{fetched}).{after}"
        f"{_end(month)} `/cost trend` shows more."
    )


def _end(month: MonthSoFar) -> str:
    """Where the month ends, once there is something to expect of it."""
    if month.end is None or month.month:
        return ""
    low, mean, high = (money(value, month.currency) for value in (month.end.low, month.end.mean, month.end.high))
    return f" It is expected to end at *{mean}*, between {low} and {high} in four of five cases."


def _subscriptions(subscriptions: tuple[Subscription, ...], currency: str) -> str:
    if not subscriptions:
        return "No channel has subscribed yet. Type `/cost subscribe digest` in a channel."
    return "\n".join(f"<#{s.channel}>: {subscription_text(s, currency)}" for s in subscriptions[:20])


def subscription_text(subscription: Subscription, currency: str = "USD") -> str:
    """One subscription in words, with its problem.

    Args:
        currency: of the bill, and so of anomalies; savings are in dollars.
    """
    at = f" at {subscription.at:%H:%M}" if subscription.at else ""
    of_kind = currency if subscription.kind == "anomalies" else "USD"
    least = f" from {least_amount(subscription.min_impact, of_kind)} on" if subscription.min_impact else ""
    problem = f" (not arriving: {subscription.problem.rstrip('.')})" if subscription.problem else ""
    return f"{subscription.kind}{at}{least}{problem}"


def least_amount(amount: float, currency: str = "USD") -> str:
    """An amount somebody typed, with cents only where they typed some."""
    return money(amount, currency, cents=amount % 1 != 0)
