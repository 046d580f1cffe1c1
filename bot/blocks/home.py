"""The Home tab: what waits for you, the month so far, what your channels get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analysis.daily_summary import MonthEnd
from analysis.models import Chart, Recommendation
from bot.blocks import elements
from bot.blocks.elements import Block, money, slack_date
from bot.blocks.subscription_words import subscription_text
from bot.blocks.waiting_sections import MOST, Section, section_blocks
from bot.store.rows import Finding, Subscription
from bot.worth import dearest_first

#: Blocks of budgets; a tab stays below sixty blocks.
MOST_BUDGETS = 4
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

    `mine` are findings that this person was given, `owned` those that are theirs and nobody was given, `anomalies` and
    `savings` the others that wait; no finding is in two of them. `starts` says which finding a section begins with,
    where somebody turned its pages. `month` is a sentence when there are no costs to show; `is_approver` is None when
    it could not be found out; `budgets` are blocks of budgets, `health` what is wrong with costbot itself, as mrkdwn;
    `notice` is the last news.
    """

    anomalies: tuple[Finding, ...]
    savings: tuple[Finding, ...]
    subscriptions: tuple[Subscription, ...]
    month: MonthSoFar | str
    is_approver: bool | None
    notice: str | None = None
    mine: tuple[Finding, ...] = ()
    budgets: tuple[Block, ...] = ()
    owned: tuple[Finding, ...] = ()
    starts: Mapping[str, int] = field(default_factory=dict)
    health: tuple[str, ...] = ()


def home_view(home: Home) -> Block:
    """The view for `views.publish`."""
    blocks: list[Block] = []
    if home.notice:
        blocks += [elements.section(home.notice), elements.divider()]
    blocks += [elements.header("Waiting for you"), *_waiting(home), elements.divider()]
    blocks += [elements.header("Costs"), elements.section(_month(home.month))]
    if isinstance(home.month, MonthSoFar) and home.month.chart:
        blocks.append(elements.chart(home.month.chart))
    blocks += [*home.budgets[:MOST_BUDGETS], elements.divider()]
    if home.health:
        blocks.append(elements.context(*(f":warning: {sentence}" for sentence in home.health)))
    currency = home.month.currency if isinstance(home.month, MonthSoFar) else "USD"
    blocks += [elements.header("Subscriptions"), elements.section(_subscriptions(home.subscriptions, currency))]
    blocks.append(elements.context(_HELP))
    return {"type": "home", "blocks": blocks}


def _waiting(home: Home) -> list[Block]:
    if not home.mine and not home.owned and not home.anomalies and not home.savings:
        return [elements.section("Nothing is waiting. New anomalies and savings appear here and in your channels.")]
    may_approve = home.is_approver is True
    others = dearest_first((*home.anomalies, *(() if may_approve else home.savings)))
    sections = (
        Section("assigned", "Assigned to you", home.mine, 6),
        Section("approvable", "For you to approve", home.savings if may_approve else (), 4),
        Section("owned", "Owned by you, given to nobody", home.owned, 4),
        Section("others", "For everybody here", others, MOST),
    )
    blocks = section_blocks(sections, home.starts, may_approve=may_approve)
    has_savings = any(isinstance(one.value, Recommendation) for one in (*home.mine, *home.owned, *home.savings))
    if has_savings and home.is_approver is None:
        blocks.append(elements.context("Whether you may approve savings could not be checked just now."))
    elif has_savings and not may_approve:
        blocks.append(elements.context("Savings are approved by approvers: `/cost approvers` names them."))
    return blocks


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
