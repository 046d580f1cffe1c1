"""What somebody wants to hear nothing of: a finding's pattern or a service, until when and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from analysis.lifecycle import ANOMALY
from analysis.services import service_label
from bot.blocks.decision_modals import MAX_NOTE
from bot.context import Context
from bot.cost_names import shown_names
from bot.delivery.muted import LONGEST_MUTE, mute_of
from bot.errors import UsageError
from bot.reports.scope import scope_of
from bot.store import Mute
from bot.words.snooze import snooze_end
from bot.words.trend import selection

_ID = re.compile(r"[AaSs]-[0-9A-Za-z]{3,}")


def wanted_mute(context: Context, words: tuple[str, ...], flags: Mapping[str, str], *, user: str) -> Mute:
    """The mute that was typed: of a finding's id, or of a service's name.

    Raises:
        UsageError: it has no end or no reason, or is about nothing that is known.
        CostbotError: there is no such finding.
    """
    if "until" not in flags or "reason" not in flags:
        missing = "an end" if "until" not in flags else "a reason"
        raise UsageError(f"A mute needs {missing}.", 'Type /cost mute A-3K8P --until 30d --reason "load tests".')
    now = context.clock.now()
    until = snooze_end(flags["until"], now, context.settings.zone, longest=LONGEST_MUTE, what="A mute")
    reason = reason_of(flags["reason"])
    if len(words) == 1 and _ID.fullmatch(words[0]):
        if "account" in flags:
            raise UsageError("A finding has its account.", f"Type /cost mute {words[0]} without --account.")
        return mute_of(context.store.finding(words[0]), by=user, at=now, until=until, reason=reason)
    return _of_service(context, words, flags, until=until, reason=reason, user=user)


def reason_of(typed: str) -> str:
    """A reason of a length that is kept.

    Raises:
        UsageError: it is too long.
    """
    reason = " ".join(typed.split())
    if len(reason) > MAX_NOTE:
        raise UsageError(f"The reason has {len(reason)} characters.", f"At most {MAX_NOTE} are kept; shorten it.")
    return reason


def _of_service(
    context: Context, words: tuple[str, ...], flags: Mapping[str, str], *, until: datetime, reason: str, user: str
) -> Mute:
    chosen = selection(words, context.costs)
    if not chosen.services:
        raise UsageError("Everything cannot be muted.", "Name a finding's id or a service, as in /cost mute ec2.")
    account = ""
    if "account" in flags:
        account = scope_of(context.costs, context.settings.owner_tag, account=flags["account"]).account
    where = f" in {shown_names(context.costs, 'account')(account)}" if account else ""
    return Mute(
        kind=ANOMALY,
        patterns=tuple(chosen.services),
        accounts=(account,) if account else (),
        direction=None,
        label=f"anomalies of {chosen.label or service_label(chosen.services[0])}{where}",
        by=user,
        at=context.clock.now(),
        until=until,
        reason=reason,
    )
