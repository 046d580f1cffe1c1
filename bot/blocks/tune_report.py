"""The answer of `/cost tune`: what other thresholds would have told, cost and missed, before any is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import elements
from bot.blocks.elements import Block, escape, money
from bot.reply import Reply
from bot.store.rows import ThresholdChange
from bot.thresholds import Thresholds
from bot.workflows.replay_alerts import Alert, Replay, Replays

#: Alerts that are named; the rest is counted.
MOST_NAMED = 6
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class TuneReport:
    """Everything the answer says; `account_names` are as they came, not yet escaped.

    The first of `replays` is of the thresholds in use; `proposed` says whether the second is one that was asked for,
    else all further ones are examples. `noise` are alerts that people dismissed as none; `changes` the last times that
    thresholds were set, newest first.
    """

    now: Thresholds
    replays: Replays
    proposed: bool
    noise: Sequence[Alert]
    changes: Sequence[ThresholdChange]
    account_names: Mapping[str, str]
    currency: str
    save_command: str | None
    command: str

    @property
    def current(self) -> Replay:
        """Of the thresholds in use."""
        return self.replays.replays[0]


def tune_reply(report: TuneReport) -> Reply:
    """The report as a Slack message."""
    blocks: list[Block] = [elements.section(f"*{news(report)}*"), _table(report)]
    for title, alerts in _differences(report):
        blocks.append(elements.section("\n".join((f"*{title}*", *_lines(report, alerts)))))
    buttons = [elements.share_button(report.command)]
    if report.save_command:
        question = elements.confirm(
            "Save these thresholds?",
            "From the next scan on they decide what is an anomaly, in every channel. Only approvers may save them.",
            "Save",
        )
        label = "Save these thresholds"
        buttons.insert(0, elements.button(label, "run.0", report.save_command, style="primary", confirm=question))
    blocks += [elements.actions(*buttons, block_id="tune"), elements.context(*_small_print(report))]
    text = " ".join((news(report), *(f"{title}: {_named(report, alerts)}." for title, alerts in _differences(report))))
    return Reply(text, blocks)


def news(report: TuneReport) -> str:
    """What would have been told, against what is now."""
    now, days = report.current, report.replays.days
    if not report.proposed:
        return (
            f"The last {days} days with {described(now, report.currency)}: {_count(now)}, "
            f"{money(now.money, report.currency)} above expectation{_late(now)}."
        )
    other = report.replays.replays[1]
    if [_key(one) for one in other.alerts] == [_key(one) for one in now.alerts]:
        return f"{described(other, report.currency)} would have told the same {_count(now)} in the last {days} days."
    return (
        f"{described(other, report.currency)} would have told {_count(other)} in the last {days} days instead of "
        f"{len(now.alerts)}: {money(other.money, report.currency)} above expectation instead of "
        f"{money(now.money, report.currency)}{_late(other)}."
    )


def described(replay: Replay | Thresholds, currency: str) -> str:
    """`$25 a day and 30 %`."""
    return _pair(replay.min_impact, replay.min_pct * 100, currency)


def whose(now: Thresholds, changes: Sequence[ThresholdChange], currency: str) -> str:
    """Where the thresholds in use are from, in mrkdwn: by whom, when, and what they were before.

    Args:
        changes: the last ones, newest first; what was saved before they were kept has none.
    """
    last = changes[0] if changes else None
    if now.saved_by and now.saved_at:
        was = f": was {_pair(*last.before, currency)}" if last and last.verb == "save" else ""
        return f"set by <@{now.saved_by}> {elements.slack_date(now.saved_at)}{was}"
    if last and last.verb == "reset":
        at = elements.slack_date(last.at)
        return f"from the settings, since <@{last.actor}> took {_pair(*last.before, currency)} back {at}"
    return "from the settings"


def _pair(impact: float, percent: float, currency: str) -> str:
    # Whole amounts are thresholds a person chose: no cents.
    whole = impact == round(impact)
    return f"{money(impact, currency, cents=None if not whole else False)} a day and {percent:.10g} %"


def _count(replay: Replay) -> str:
    return f"{len(replay.alerts)} alert{'' if len(replay.alerts) == 1 else 's'}"


def _late(replay: Replay) -> str:
    late = replay.delay_days
    if late is None:
        return ""
    return f", told {late:.1f} days after they began" if late >= 0.05 else ", told on their first day"


def _table(report: TuneReport) -> Block:
    days = report.replays.days
    rows = []
    for n, replay in enumerate(report.replays.replays):
        name = described(replay, report.currency) + (" (now)" if n == 0 else "")
        noise = sum(any(alert.is_same(one) for one in report.noise) for alert in replay.alerts)
        late = "–" if replay.delay_days is None else f"{replay.delay_days:.1f} days"
        a_month = f"{len(replay.alerts) * MONTH_DAYS / days:.1f}"
        rows.append((name, str(len(replay.alerts)), a_month, money(replay.money, report.currency), late, str(noise)))
    head = ("Thresholds", "Alerts", "A month", "Above expectation", "Delay", "Called noise")
    return elements.table(head, rows, right=(1, 2, 3, 4, 5))


def _differences(report: TuneReport) -> list[tuple[str, list[Alert]]]:
    """Alerts that only one of both would have told; of examples nothing is listed."""
    if not report.proposed:
        return []
    now, other = report.current.alerts, report.replays.replays[1].alerts
    gone = [alert for alert in now if not any(alert.is_same(one) for one in other)]
    fresh = [alert for alert in other if not any(alert.is_same(one) for one in now)]
    both = (("Would not have been told", gone), ("Would have been told on top", fresh))
    return [(title, alerts) for title, alerts in both if alerts]


def _lines(report: TuneReport, alerts: Sequence[Alert]) -> list[str]:
    lines = [f"• {_line(report, alert)}" for alert in alerts[:MOST_NAMED]]
    rest = len(alerts) - len(lines)
    return [*lines, f"• and {rest} more"] if rest > 0 else lines


def _named(report: TuneReport, alerts: Sequence[Alert]) -> str:
    named = [_line(report, alert) for alert in alerts[:MOST_NAMED]]
    rest = len(alerts) - len(named)
    return ", ".join([*named, f"{rest} more"] if rest > 0 else named)


def _line(report: TuneReport, alert: Alert) -> str:
    account = report.account_names.get(alert.account, alert.account)
    where = f"{escape(elements.name(alert.service_name))} in {escape(elements.name(account))}"
    days = elements.days(alert.first_day, alert.last_day)
    return f"{where} {money(alert.impact, report.currency, signed=True)}, {days}"


def _small_print(report: TuneReport) -> list[str]:
    in_use = f"In use: {described(report.now, report.currency)}, {whose(report.now, report.changes, report.currency)}."
    back = " `/cost tune --reset` goes back to the settings." if report.now.saved_by else ""
    return [
        f"{in_use}{back} Try others: `/cost tune --min-impact 25 --min-pct 30`.",
        *_earlier(report),
        f"Replayed: {elements.days(report.replays.since, report.replays.until)}, each day judged by those before it, "
        "over the bill as it is now. On the mornings themselves a day is only partly billed, so some alerts come "
        "a day later. Delay is from the first unusual day; noise is what people dismissed as expected or false.",
    ]


def _earlier(report: TuneReport) -> list[str]:
    """The changes before the last one."""
    told = [
        f"<@{one.actor}> {elements.slack_date(one.at)} {'set' if one.verb == 'save' else 'went back to'} "
        f"{_pair(*one.after, report.currency)} (was {_pair(*one.before, report.currency)})"
        for one in report.changes[1:]
    ]
    return [f"Earlier: {'; '.join(told)}."] if told else []


def _key(alert: Alert) -> tuple[object, ...]:
    return alert.service, alert.account, alert.direction, alert.first_day
