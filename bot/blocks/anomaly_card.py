"""The card of an anomaly: what it costs, against what, where, whose, and the buttons to decide with."""

from __future__ import annotations

from analysis.lifecycle import State
from analysis.models import Anomaly, AnomalyKind
from analysis.usage_types import usage_words
from bot.blocks import elements
from bot.blocks.decision_line import decision_blocks, person
from bot.blocks.elements import Block, day, escape, money, percent
from bot.blocks.episode_words import band, corrected, outcome, total_so_far
from bot.causes.change_words import change_lines
from bot.store.rows import Finding

#: What each kind of incident is, in the small print.
_KINDS = {
    AnomalyKind.SPIKE: "a day far above its weekdays",
    AnomalyKind.STEP: "several days above the level before",
    AnomalyKind.RAMP: "a week far above the same weekdays of the weeks before",
    AnomalyKind.DROP: "a day far below its quietest weekday",
    AnomalyKind.NEW: "a cost that was not there before",
}


def anomaly_card(finding: Finding, owner: str | None = None) -> list[Block]:
    """The message of an anomaly, as its state is now.

    Args:
        owner: whose it is, as mrkdwn; None where only its tag tells.
    """
    value = _anomaly(finding)
    blocks = [
        elements.header(headline(finding)),
        elements.section(_figures(value), fields=_facts(finding, value, owner)),
    ]
    if len(value.chart.labels) > 1:
        blocks.append(elements.chart(value.chart))
    if value.top_usage_types:
        blocks.append(_usage_table(value))
    blocks += _decision(finding)
    if value.changes:
        blocks.append(elements.context(change_lines(value.changes)))
    blocks.append(_small_print(finding, value))
    return blocks


def anomaly_text(finding: Finding) -> str:
    """The same in a sentence, for notifications and screen readers."""
    value = _anomaly(finding)
    said = " ".join(filter(None, (value.explanation, corrected(value))))
    return f"{finding.id}: {escape(headline(finding))}. {escape(said)}"


def with_band(blocks: list[Block], finding: Finding) -> list[Block]:
    """A card whose chart also shows the band that each day was held against, where it was kept."""
    picture = band(_anomaly(finding))
    if picture is None:
        return blocks
    return [elements.chart(picture) if block["type"] == "data_visualization" else block for block in blocks]


def headline(finding: Finding) -> str:
    """`NAT gateways +$412/day in prod (critical)`, or what it came to once it is over; not escaped."""
    value = _anomaly(finding)
    if finding.state == State.RESOLVED:
        return f"{value.service_name} in {value.account_name}: {outcome(value)}"
    per_day = money(value.impact_per_day, value.currency, signed=True)
    return f"{value.service_name} {per_day}/day in {value.account_name} ({value.severity})"


def _figures(value: Anomaly) -> str:
    since = _since(value)
    said = "\n".join(escape(text) for text in (value.explanation, corrected(value)) if text)
    if value.pct is None:
        return f"*No cost before → {money(value.actual, value.currency)}/day*, {since}\n{said}"
    expected, actual = money(value.expected, value.currency), money(value.actual, value.currency)
    change = percent(value.pct, signed=True)
    return f"*{expected}/day expected → {actual}/day* ({change}), {since}\n{said}"


def _since(value: Anomaly) -> str:
    if value.last_day < value.data_until:
        return elements.days(value.first_day, value.last_day)
    return f"since {day(value.first_day)}"


def _facts(finding: Finding, value: Anomaly, owner: str | None) -> tuple[str, ...]:
    return (
        f"*Account*\n{escape(value.account_name)} ({escape(value.account_id)})",
        f"*Region*\n{escape(value.region) if value.region else 'several'}",
        f"*Owner*\n{owner or escape(value.owner or 'unknown (untagged)')}",
        total_so_far(finding, value),
    )


def _usage_table(value: Anomaly) -> Block:
    rows = [
        (
            ": ".join(filter(None, (usage_words(one.name), one.how))),
            f"{money(one.impact, value.currency, signed=True)}/day",
        )
        for one in value.top_usage_types[:3]
    ]
    return elements.table(("What moved most", "Against the weeks before"), rows, right=(1,))


def _decision(finding: Finding) -> list[Block]:
    if finding.state != "open":
        return decision_blocks(finding, undo=True)
    about = f"anomaly {finding.id}"
    return [
        elements.actions(
            elements.button(
                "Acknowledge",
                "decide.acknowledge",
                finding.id,
                style="primary",
                accessibility_label=f"Acknowledge {about}",
            ),
            elements.button("Snooze…", "decide.snooze", finding.id, accessibility_label=f"Snooze {about}"),
            elements.button("Dismiss…", "decide.dismiss", finding.id, accessibility_label=f"Dismiss {about}"),
            elements.people("Assign to…", "assign", chosen=finding.assignee),
            elements.run_button("Why?", f"/cost why {finding.id}", 0),
            block_id=f"anomaly.{finding.id}",
        )
    ]


def _small_print(finding: Finding, value: Anomaly) -> Block:
    keyboard = f" Keyboard: `/cost acknowledge {finding.id}`, `/cost dismiss {finding.id}`."
    return elements.context(
        f"`{finding.id}` · data until {day(value.data_until)} (UTC), later days are still filling · "
        f"{escape(value.cost_view)} cost" + (f" · with {person(finding.assignee)}" if finding.assignee else ""),
        f"Why you see this: {_KINDS[value.kind]}, and neither its weekdays, its month's charges nor its usual swings "
        f"explain it.{keyboard if finding.state == State.OPEN else ''}",
    )


def _anomaly(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
