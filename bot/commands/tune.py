"""`/cost tune`: what other thresholds would have alerted, replayed before an approver saves them."""

from __future__ import annotations

import logging
import math

from analysis.lifecycle import ANOMALY, DismissReason, State
from analysis.models import Anomaly
from bot.approvers import require_approver
from bot.blocks import elements
from bot.blocks.elements import quoted
from bot.blocks.tune_report import TuneReport, described, tune_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.thresholds import Thresholds, forget, save, thresholds
from bot.words.flags import Parsed, parse
from bot.workflows.replay_alerts import Alert, replay_alerts

log = logging.getLogger("costbot")

#: Without thresholds to try, these multiples of the money in use are shown beside it.
EXAMPLES = (2.5, 5.0)
#: The last times somebody set thresholds that are told.
MOST_CHANGES = 4
#: Reasons that call an alert noise.
NOISE = frozenset({DismissReason.EXPECTED, DismissReason.FALSE_POSITIVE})


@command(
    "tune",
    usage="[--min-impact 25] [--min-pct 30] [--save] [--reset]",
    examples=(
        ("/cost tune", "what the last 90 days alerted, and what higher thresholds would have"),
        ("/cost tune --min-impact 25 --min-pct 30", "what these would have alerted, before they are saved"),
    ),
    order=34,
)
def tune(request: Request, context: Context) -> Reply:
    """Try other thresholds for anomalies on the last 90 days"""
    parsed = parse(request.words, flags=("min-impact", "min-pct"), switches=("save", "reset"))
    if parsed.positional:
        raise UsageError(
            f"/cost tune does not know {quoted(' '.join(parsed.positional))}.",
            "Write it as /cost tune --min-impact 25 --min-pct 30.",
        )
    now = thresholds(context)
    currency = context.costs.currency() or "USD"
    if "reset" in parsed.flags:
        return _reset(request, context, parsed, now, currency)
    asked = _asked(parsed, now)
    if "save" in parsed.flags:
        return _save(request, context, asked, now, currency)
    return _replay(context, asked, now, currency)


def _replay(context: Context, asked: Thresholds | None, now: Thresholds, currency: str) -> Reply:
    others = [asked] if asked else [Thresholds(now.min_impact * times, now.min_percent) for times in EXAMPLES]
    pairs = tuple(dict.fromkeys((one.min_impact, one.min_pct) for one in (now, *others)))
    replays = context.work.computed(replay_alerts, str(context.settings.data_dir), context.settings.cost_view, pairs)
    is_new = asked is not None and len(pairs) > 1
    report = TuneReport(
        now=now,
        replays=replays,
        proposed=is_new,
        noise=_noise(context),
        account_names=context.costs.account_names(),
        changes=context.store.threshold_changes(MOST_CHANGES),
        currency=currency,
        save_command=f"{_typed(asked)} --save" if asked and is_new else None,
        command=_typed(asked),
    )
    return tune_reply(report)


def _save(request: Request, context: Context, asked: Thresholds | None, now: Thresholds, currency: str) -> Reply:
    if asked is None:
        raise UsageError("--save needs thresholds.", "Write it as /cost tune --min-impact 25 --min-pct 30 --save.")
    require_approver(context, request.user_id, "save thresholds")
    saved = save(context, asked, request.user_id, request.channel_id)
    return _told(request, saved, now, currency, "Saved")


def _reset(request: Request, context: Context, parsed: Parsed, now: Thresholds, currency: str) -> Reply:
    if len(parsed.flags) > 1:
        raise UsageError("--reset goes alone.", "Write it as /cost tune --reset.")
    require_approver(context, request.user_id, "take back saved thresholds")
    return _told(request, forget(context, request.user_id, request.channel_id), now, currency, "Taken back")


def _told(request: Request, current: Thresholds, before: Thresholds, currency: str, done: str) -> Reply:
    """For the whole channel: from now on everybody sees other alerts."""
    log.info("thresholds of anomalies: %s by %s, was %s", current, request.user_id, before)
    text = (
        f"From the next scan on an anomaly takes {described(current, currency)}; it was {described(before, currency)}. "
        f"{done} by <@{request.user_id}>."
    )
    return Reply(
        text, [elements.section(text), elements.context("`/cost tune` shows what that changes.")], in_channel=True
    )


def _asked(parsed: Parsed, now: Thresholds) -> Thresholds | None:
    if not {"min-impact", "min-pct"} & set(parsed.flags):
        return None
    impact = _number(parsed.flags["min-impact"], "min-impact") if "min-impact" in parsed.flags else now.min_impact
    percent = now.min_percent
    if "min-pct" in parsed.flags:
        percent = _number(parsed.flags["min-pct"].rstrip("% "), "min-pct")
        if 0 < percent < 1:
            raise UsageError(
                f"--min-pct {quoted(parsed.flags['min-pct'])} is less than one per cent.",
                f"Write per cent: --min-pct {percent * 100:g} for {percent * 100:g} %.",
            )
    return Thresholds(impact, percent)


def _number(text: str, flag: str) -> float:
    try:
        number = float(text.strip().lstrip("$€£").replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise UsageError(f"--{flag} {quoted(text)} is no amount.", f"Write a number, as --{flag} 25.")
    return number


def _noise(context: Context) -> list[Alert]:
    """What people dismissed as no news."""
    dismissed = context.store.findings(ANOMALY, {State.DISMISSED})
    values = [one.value for one in dismissed if one.reason in NOISE and isinstance(one.value, Anomaly)]
    return [
        Alert(
            one.service, one.service_name, one.account_id, one.direction, one.first_day, one.last_day, one.first_day,
            one.impact_total,
        )
        for one in values
    ]  # fmt: skip


def _typed(asked: Thresholds | None) -> str:
    if asked is None:
        return "/cost tune"
    return f"/cost tune --min-impact {asked.min_impact:g} --min-pct {asked.min_percent:g}"
