"""The card of one saving: what it saves, why costbot thinks so, what may go wrong, and who decides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analysis.checks.words import NO_UNDO
from analysis.lifecycle import State
from analysis.models import Evidence, Recommendation, Risk
from analysis.rightsizing.recommendation import PROJECTED
from bot.blocks import elements
from bot.blocks.decision_line import decision_blocks, instructions, person
from bot.blocks.elements import Block, escape, money, percent
from bot.store.rows import Finding

#: Dollars a month from which on an uncertainty is worth a word in the headline.
_WORTH_SAYING = 1.0
_RISK = {Risk.LOW: "Low risk", Risk.MEDIUM: "Medium risk", Risk.HIGH: "High risk"}


def recommendation_card(finding: Finding, owner: str | None = None) -> list[Block]:
    """The blocks of a saving; once it is decided, the decision stands in place of the buttons.

    An approved one shows the exact command and its undo, an open one behind a button: costbot executes nothing.

    Args:
        owner: whose it is, as mrkdwn; None where only its tag tells.
    """
    value = finding.value
    if not isinstance(value, Recommendation):
        raise TypeError(f"{finding.id} is no saving")
    blocks = [
        elements.header(_headline(value)),
        elements.section(f"{_where(value, owner)}\n{_now(value)}"),
    ]
    if value.evidence:
        blocks.append(elements.fields(*_evidence(value.evidence)))
    if value.chart is not None:
        blocks.append(elements.chart(value.chart))
    blocks.append(elements.section(f"*{_RISK[value.risk]}.* {escape(value.risk_reason)} {escape(value.effect)}"))
    blocks += decision_blocks(finding, True)
    if finding.state == State.APPROVED:
        blocks.append(elements.section(instructions(value)))
    if finding.state == State.OPEN:
        blocks.append(_buttons(finding, value))
    return [*blocks, elements.context(*_small_print(finding, value))]


def _headline(value: Recommendation) -> str:
    if value.is_notice:
        return f"{value.resource_type}: {value.current} → {value.proposed}"
    saved = money(value.monthly_savings, value.currency)
    off = f" ± {money(value.plus_minus, value.currency)}" if value.plus_minus >= _WORTH_SAYING else ""
    return f"Save {saved}{off}/month: {value.current} → {value.proposed}"


def _where(value: Recommendation, known_owner: str | None) -> str:
    name = f"*{escape(value.resource_name)}* " if value.resource_name else ""
    named = known_owner or escape(value.owner or "")
    owner = f"owner {named}" if named else "no owner tag"
    account = f"{escape(value.account_name)} ({escape(value.account_id)})"
    place = " · ".join(filter(None, (account, escape(value.region))))
    return f"{name}`{escape(value.resource_id)}` · {place} · {owner}"


def _now(value: Recommendation) -> str:
    reason = f"{escape(value.reason).rstrip('.')}."
    beside = f"\n{escape(value.commitments)}" if value.commitments else ""
    if not value.monthly_cost:
        return reason + beside
    costs = money(value.monthly_cost, value.currency)
    if value.is_notice:
        return f"{reason} It costs {costs} a month.{beside}"
    share = percent(value.monthly_savings / value.monthly_cost)
    return f"{reason} It costs {costs} a month; the change takes off {share}.{beside}"


def _evidence(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """One field per metric: what it is now and, where it is projected, what it would be."""
    for metric, facts in groupby(evidence, key=lambda fact: fact.metric):
        yield f"*{escape(metric)}*\n" + "\n".join(_fact(fact) for fact in facts)


def _fact(fact: Evidence) -> str:
    """`p99.5 18 % of m5.4xlarge`, and what it would be behind an arrow."""
    lead = "→" if fact.source == PROJECTED else fact.statistic
    return f"{lead} {_amount(fact)}".strip()


def _amount(fact: Evidence) -> str:
    """`18 % of m5.4xlarge`, `$1,168 a month`; a price below a dollar has the digits that tell it from another."""
    currency, _, per = fact.unit.partition(" ")
    if currency not in elements.SYMBOLS:
        return f"{_number(fact.value)} {escape(fact.unit)}"
    digits = f"{fact.value:.3g}"
    is_price = 0 < fact.value < 1 and len(digits) > len("0.00")
    return f"{elements.SYMBOLS[currency] + digits if is_price else money(fact.value, currency)} {escape(per)}".rstrip()


def _number(value: float) -> str:
    size = abs(value)
    return f"{value:,.0f}" if size >= 9.95 else f"{value:.1f}" if size >= 0.095 else f"{value:.2g}"


def _small_print(finding: Finding, value: Recommendation) -> tuple[str, ...]:
    prices = f" Prices: {escape(value.price_source)}, {elements.day(value.price_date)} {value.price_date.year}."
    with_whom = f" · with {person(finding.assignee)}" if finding.assignee else ""
    undo = "none" if value.undo == NO_UNDO else f"`/cost saving {finding.id} --commands` shows the way back"
    return (
        f"{finding.id} · {escape(value.check_id)} · data until {elements.slack_date(value.data_until)}{with_whom}",
        f"How computed: {escape(value.how_computed)}{prices if value.price_source else ''}",
        f"Not considered: {escape(value.ignores)}",
        f"To undo: {undo}. costbot executes nothing.",
    )


def _buttons(finding: Finding, value: Recommendation) -> Block:
    label = value.resource_name or value.resource_id
    saved = "" if value.is_notice else f": save {money(value.monthly_savings, value.currency)} a month"
    question = elements.confirm(
        f"Approve {value.current} → {value.proposed}?",
        f"{elements.clip(label, 60)} in account {elements.clip(value.account_name, 40)} ({value.account_id}). Once "
        f"somebody {'runs the command' if value.command else 'does it'}: {elements.clip(value.effect, 150)} costbot "
        "records your decision and executes nothing.",
        "Approve",
    )
    return elements.actions(
        elements.button(
            "Approve",
            "decide.approve",
            finding.id,
            style="primary",
            confirm=question,
            accessibility_label=f"Approve {finding.id}{saved}",
        ),
        elements.button("Dismiss…", "decide.dismiss", finding.id, accessibility_label=f"Dismiss {finding.id}"),
        elements.button("Snooze…", "decide.snooze", finding.id, accessibility_label=f"Snooze {finding.id}"),
        elements.people("Assign to…", "assign", chosen=finding.assignee),
        elements.run_button(
            "Show commands" if value.command else "Show steps", f"/cost saving {finding.id} --commands", 0
        ),
        block_id=f"decide.{finding.id}",
    )
