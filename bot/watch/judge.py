"""Judges what costbot knows about itself; pure: the same facts give the same verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.blocks.ages import ago, ahead
from bot.blocks.elements import escape, money, slack_date
from bot.watch.facts import ChannelProblem, Facts, JobFacts
from bot.watch.verdict import Severity, Verdict, foreign

#: A job fails for a moment now and then; as often in a row it will not mend by itself.
MOST_FAILURES = 1
#: A slot that was not run for so long, beside its own length.
LATE_BY = timedelta(hours=1)
#: What its process left unfinished is begun again within a few minutes, if it is.
PATIENCE = timedelta(minutes=10)
#: No job takes so long.
LONGEST_RUN = timedelta(hours=6)
#: Tokens and credentials that end within this are told of.
ENDS_SOON = timedelta(hours=24)
#: A disk is nearly full below so many free bytes, and below this share where that is not much either.
FEW_BYTES, FEW_OF_ALL, MANY_BYTES = 500_000_000, 0.05, 5_000_000_000


def judge(facts: Facts) -> list[Verdict]:
    """What is wrong, what does not work before what soon will not."""
    found = [
        *_process(facts),
        *_costs(facts),
        *_sources(facts),
        *(verdict for job in facts.jobs for verdict in _job(job, facts)),
        *_tokens(facts),
        *(_channel(one, facts) for one in facts.channels),
        *_disk(facts),
        *_spend(facts),
    ]
    return sorted(found, key=lambda verdict: verdict.severity is not Severity.BROKEN)


def _process(facts: Facts) -> Iterator[Verdict]:
    if facts.process is None:
        yield Verdict(
            "bot.stopped",
            Severity.BROKEN,
            "No costbot runs on this data directory.",
            "Start it with `costbot run`; what it missed it makes up for.",
        )
    elif not facts.jobs_on:
        yield Verdict("jobs.off", Severity.WARNING, "Jobs are switched off: nothing is refreshed.", "Set COSTBOT_JOBS.")


def _costs(facts: Facts) -> Iterator[Verdict]:
    # A costbot that has just been started refreshes them first.
    since = facts.started_at
    if facts.no_costs is not None:
        cause, remedy = foreign(facts.no_costs.cause), foreign(facts.no_costs.remedy)
        yield Verdict("costs.none", Severity.BROKEN, cause, remedy, since)
    elif facts.stale is not None:
        sentence, remedy = facts.stale
        yield Verdict("costs.old", Severity.BROKEN, f"Costs are old. {sentence}.", remedy, since)


def _sources(facts: Facts) -> Iterator[Verdict]:
    for gap in facts.missing:
        yield Verdict(
            f"source.{gap.key}",
            Severity.WARNING,
            f"Missing: {escape(gap.where)} since {slack_date(gap.since)}.",
            foreign(gap.sentence),
            gap.began,
        )


def _job(job: JobFacts, facts: Facts) -> Iterator[Verdict]:
    key, words, last = f"job.{job.row.job}", capital(escape(job.row.words)), job.record.last
    if job.record.failures > MOST_FAILURES:
        yield Verdict(
            f"{key}.failed",
            Severity.BROKEN,
            f"{words} failed {times(job.record.failures)} in a row: {foreign(job.error or 'nobody knows why')}",
            _again(job, facts.now),
        )
    if not facts.jobs_on or facts.process is None or last is None or facts.started_at is None:
        return
    is_over = last.broke_off or last.finished_at is not None
    if last.broke_off and facts.now - max(last.started_at, facts.started_at) > PATIENCE:
        yield Verdict(
            f"{key}.broke_off",
            Severity.BROKEN,
            f"{words} was not finished: costbot ended while it ran, the last time on {slack_date(last.started_at)}.",
            "It runs again when it is due next; look in the log for why costbot ended.",
        )
    if not is_over and facts.now - last.started_at > LONGEST_RUN:
        yield Verdict(
            f"{key}.stuck",
            Severity.BROKEN,
            f"{words} has been running since {slack_date(last.started_at)}.",
            "Restart costbot if it does not end; what it had not finished it begins again.",
        )
    # What was due while costbot was down is no lateness of the job.
    waited = facts.now - max(last.due_at, facts.started_at)
    if last.finished_at is not None and job.row.every is not None and waited > 2 * job.row.every + LATE_BY:
        yield Verdict(
            f"{key}.late",
            Severity.BROKEN,
            f"{words} has not run since {slack_date(last.started_at)}, though it is due every {length(job.row.every)}.",
            "Restart costbot, and look in its log for why.",
        )


def _again(job: JobFacts, now: datetime) -> str:
    if job.next_at is None:
        return "It runs again with the job that it follows; the log has the reference."
    return f"It is tried again {ahead(job.next_at, now)}; the log has the reference."


def _tokens(facts: Facts) -> Iterator[Verdict]:
    seen = facts.probe
    if seen is None:
        return
    if seen.slack_refuses is not None:
        yield Verdict("slack.token", Severity.BROKEN, *seen.slack_refuses)
    elif seen.slack_token_end is not None and seen.slack_token_end - facts.now < ENDS_SOON:
        yield Verdict(
            "slack.token",
            Severity.WARNING,
            f"The Slack bot token expires {ahead(seen.slack_token_end, facts.now)}.",
            "Switch token rotation off for the app and install it again, or set a fresh SLACK_BOT_TOKEN in time.",
        )
    end = seen.aws_credentials_end
    if end is not None and end <= facts.now:
        yield Verdict(
            "aws.credentials",
            Severity.BROKEN,
            f"The AWS credentials ended {ago(end, facts.now)}.",
            "Give costbot fresh ones; a role of the instance or container renews itself.",
        )
    elif end is not None and end - facts.now < ENDS_SOON:
        yield Verdict(
            "aws.credentials",
            Severity.WARNING,
            f"The AWS credentials end {ahead(end, facts.now)}, and nothing renews them.",
            "Give costbot fresh ones before; a role of the instance or container renews itself.",
        )


def _channel(problem: ChannelProblem, facts: Facts) -> Verdict:
    where = "" if problem.channel in problem.sentence else f"<#{problem.channel}>: "
    severity = Severity.BROKEN if problem.is_gone else Severity.WARNING
    # A digest that lacks costs is flagged too, and costs come soon after a start.
    since = problem.since or facts.started_at
    ends = "`/cost unsubscribe` there, or COSTBOT_ALERT_CHANNEL, ends what it is to get."
    return Verdict(f"channel.{problem.channel}", severity, f"{where}{foreign(problem.sentence)}", ends, since)


def _disk(facts: Facts) -> Iterator[Verdict]:
    disk = facts.disk
    few = disk.free < FEW_BYTES or (disk.free < MANY_BYTES and disk.free < FEW_OF_ALL * disk.total)
    if few:
        yield Verdict(
            "disk",
            Severity.BROKEN if disk.free < FEW_BYTES / 10 else Severity.WARNING,
            f"The disk of the data directory is nearly full: {size(disk.free)} of {size(disk.total)} are free, "
            f"costbot uses {size(disk.used_by_costbot)}.",
            "Make room, or let `costbot prune` drop what is old.",
        )


def _spend(facts: Facts) -> Iterator[Verdict]:
    standing = facts.standing
    if standing.cap_usd is not None and standing.usd_left < 0.01:
        yield Verdict(
            "api.cap",
            Severity.BROKEN,
            f"costbot has spent {money(standing.usd_this_month, cents=True)} on AWS calls this month, all it may.",
            "Raise COSTBOT_MONTHLY_API_CAP, or wait for the next month; `/cost meter` shows what was spent.",
        )


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def times(count: int) -> str:
    """`twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def length(every: timedelta) -> str:
    """`minute`, `10 minutes`, `6 hours`: what follows "every"."""
    minutes = every.total_seconds() / 60
    count, unit = (minutes / 60, "hour") if minutes >= 60 else (minutes, "minute")
    return unit if count == 1 else f"{count:g} {unit}s"


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
