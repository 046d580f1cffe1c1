"""The answer of `/cost status`: what is wrong with costbot first, then how old its data is and how its jobs go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.blocks import elements
from bot.blocks.ages import ago, ahead, span
from bot.blocks.elements import Block, day, escape, money, name
from bot.blocks.reach import reach
from bot.cost_files.window import SOURCE_NAMES as FEED_NAMES
from bot.reply import Reply
from bot.watch.facts import AccountAge, Facts, JobFacts
from bot.watch.judge import capital, size, times
from bot.watch.source_gaps import SOURCE_NAMES
from bot.watch.stale import days_ago
from bot.watch.verdict import Severity, Verdict

MOST_VERDICTS = 8
#: An account whose newest cost is so much older than the others' is named: it may be closed, or not be read.
BEHIND = timedelta(days=3)
MOST_NAMED = 4
MARKS = {Severity.BROKEN: ":x:", Severity.WARNING: ":warning:"}


@dataclass(frozen=True, slots=True)
class Status:
    """All that the answer says."""

    facts: Facts
    verdicts: Sequence[Verdict]
    version: str
    command: str


def status_reply(status: Status) -> Reply:
    """The report; what a verdict says is not said again below it."""
    facts = status.facts
    blocks = [elements.section(f"*{news(status)}*")]
    if status.verdicts:
        blocks.append(elements.section("\n".join(_told(status.verdicts))))
    data = _data(status)
    if data:
        blocks.append(elements.section("\n".join(["*Data*", *data])))
    if facts.jobs:
        blocks += [elements.section("*Jobs*"), _jobs(facts)]
    blocks.append(elements.context(*_small_print(status)))
    buttons = [elements.run_button("Sources", "/cost status sources", 0)] if facts.health else []
    blocks.append(elements.actions(*buttons, elements.share_button(status.command), block_id="status"))
    said = [f"{verdict.sentence} {verdict.remedy}" for verdict in status.verdicts[:MOST_VERDICTS]]
    return Reply(" ".join([news(status), *said]), blocks)


def news(status: Status) -> str:
    """The first line."""
    count = len(status.verdicts)
    if count:
        return "1 thing is wrong with costbot:" if count == 1 else f"{count} things are wrong with costbot:"
    facts = status.facts
    until = f", costs until {_day(facts.window.complete_until, facts)}" if facts.window else ""
    return f"All is well{until}: {len(facts.jobs)} jobs run on time, every source answers."


def _told(verdicts: Sequence[Verdict]) -> list[str]:
    lines = [f"{MARKS[one.severity]} {one.sentence} {one.remedy}".rstrip() for one in verdicts[:MOST_VERDICTS]]
    rest = len(verdicts) - MOST_VERDICTS
    return [*lines, f"and {rest} more"] if rest > 0 else lines


def _data(status: Status) -> list[str]:
    facts = status.facts
    if facts.window is None:
        return _sources(facts)  # that there are no costs is among the verdicts
    today, several = facts.now.date(), len(facts.window.feeds) > 1
    lines = []
    for feed in facts.window.feeds:
        fetched = f", asked {ago(feed.fetched_at, facts.now)}" if feed.fetched_at else ""
        sources = " and ".join(FEED_NAMES.get(source, source) for source in feed.sources)
        is_told = facts.stale is not None and feed.complete_until == facts.window.complete_until
        age = "" if is_told else f" ({days_ago(feed.complete_until, today)})"
        until = reach(feed.complete_until, feed.partial, today, age=f"{age}{fetched}")
        whose = f"{escape(name(feed.provider))}, from " if several or feed.provider != "AWS" else "AWS, from "
        lines.append(f"• {whose}{escape(sources)}: {until[:1].lower()}{until[1:]}")
    return [*lines, *_accounts(facts.accounts, today), *_sources(facts)]


def _accounts(accounts: Sequence[AccountAge], today: date) -> list[str]:
    if not accounts:
        return []
    newest = max(one.newest for one in accounts)
    behind = sorted((one for one in accounts if newest - one.newest > BEHIND), key=lambda one: one.newest)
    current = len(accounts) - len(behind)
    lines = [f"• {current} account{'s have' if current != 1 else ' has'} costs until {day(newest)}"]
    named = [
        f"{escape(name(one.name or one.account_id))} {day(one.newest)} ({days_ago(one.newest, today)})"
        for one in behind[:MOST_NAMED]
    ]
    if named:
        rest = len(behind) - len(named)
        lines.append(f"• Newest cost of {', '.join(named)}{f' and of {rest} more' if rest > 0 else ''}")
    return lines


def _sources(facts: Facts) -> list[str]:
    """All that answer, in one line; what does not is among the verdicts."""
    fine = [one for one in facts.health if one.ok]
    if not fine:
        return []
    oldest = min(fine, key=lambda one: one.checked_at)
    names = len({one.source for one in fine})
    what = f"{names} source{'' if names == 1 else 's'} answered"
    return [f"• {what}, the longest ago {escape(source_name(oldest.source))}, {ago(oldest.checked_at, facts.now)}"]


def _jobs(facts: Facts) -> Block:
    rows = [
        (capital(job.row.words), _last(job, facts.now), _next(job, facts), _failures(job))
        for job in sorted(facts.jobs, key=lambda job: (job.record.failures == 0, job.row.words))
    ]
    return elements.table(("Job", "Last run", "Next run", "Failures"), rows, right=(3,))


def _last(job: JobFacts, now: datetime) -> str:
    last = job.record.last
    if last is None:
        return "not yet"
    if last.broke_off:
        return f"broke off, began {ago(last.started_at, now)}"
    if last.finished_at is None:
        return f"runs for {span(now - last.started_at)}"
    took = (last.finished_at - last.started_at).total_seconds()
    lasted = f", took {took:,.0f} s" if took >= 1 else ""
    return f"{ago(last.started_at, now)}{lasted}"


def _next(job: JobFacts, facts: Facts) -> str:
    if job.row.after is not None:
        words = {one.row.job: one.row.words for one in facts.jobs}
        return f"after {words.get(job.row.after, job.row.after)}"
    if facts.process is None or not facts.jobs_on:
        return "when costbot runs"
    if job.next_at is None:
        return "when this run ends"
    return ahead(job.next_at, facts.now)


def _failures(job: JobFacts) -> str:
    record = job.record
    if not record.failures:
        return "none" if not record.failed else f"{record.failed} of {record.runs:,} runs"
    return f"{times(record.failures)} in a row"


def _small_print(status: Status) -> list[str]:
    facts = status.facts
    told = {verdict.key for verdict in status.verdicts}
    lines = []
    if facts.waiting is not None:
        waits, computes = facts.waiting.answers, facts.waiting.computations
        busy = f"{waits} answers wait, {computes} computations are not done" if waits or computes else "nothing waits"
        lines.append(f"Queue: {busy}.")
    standing = facts.standing
    if "api.cap" not in told:
        cap = "without a cap" if standing.cap_usd is None else f"of {money(standing.cap_usd, cents=True)} at most"
        lines.append(
            f"AWS calls this month: {money(standing.usd_this_month, cents=True)} {cap}; Cost Explorer requests today: "
            f"{standing.requests_today} of {standing.requests_a_day}."
        )
    if "disk" not in told:
        disk = facts.disk
        lines.append(f"Data directory: {size(disk.used_by_costbot)}; {size(disk.free)} of {size(disk.total)} are free.")
    up = f", up for {span(facts.now - facts.started_at)}" if facts.started_at and facts.process is not None else ""
    lines.append(f"costbot {status.version}{up}.")
    return lines


def sources_reply(status: Status) -> Reply:
    """Every source by account: when it last answered, and since when it does not."""
    facts = status.facts
    rows, failing = [], 0
    health = sorted(facts.health, key=lambda one: (one.source, one.account_id or ""))
    names = {one.account_id: one.name for one in facts.accounts}
    for (source, account), group in groupby(health, key=lambda one: (one.source, one.account_id)):
        places = list(group)
        bad = [one for one in places if not one.ok]
        failing += bool(bad)
        regions = len({one.region for one in places if one.region})
        state = "answers" if not bad else f"refuses since {day(min(one.since for one in bad).date())}"
        answered = [one.last_ok_at for one in places if one.last_ok_at]
        rows.append(
            (
                bool(bad),
                (
                    source_name(source),
                    names.get(account) or account or "all",
                    str(regions) if regions else "–",
                    ago(min(answered), facts.now) if answered else "never",
                    state,
                ),
            )
        )
    text = f"{len(rows)} sources and accounts were asked, {failing} of them do not answer."
    if not rows:
        text = "No source was asked yet: the first refresh of costs and the first scan do that."
        return Reply(text, [elements.section(text)])
    shown = [row for _, row in sorted(rows, key=lambda row: not row[0])]
    blocks = [elements.section(f"*{text}*")]
    blocks.append(elements.table(("Source", "Account", "Regions", "Last answer", "Now"), shown, right=(2,)))
    if len(shown) >= elements.MAX_ROWS:
        blocks.append(elements.context(f"These are {elements.MAX_ROWS - 1} of {len(shown):,}, failing ones first."))
    buttons = (elements.run_button("Back", "/cost status", 0), elements.share_button(status.command))
    blocks.append(elements.actions(*buttons, block_id="status"))
    return Reply(text, blocks)


def source_name(source: str) -> str:
    """How people call a source."""
    return SOURCE_NAMES.get(source, source.replace("_", " "))


def _day(value: date, facts: Facts) -> str:
    return day(value) if value.year == facts.now.year else f"{day(value)}, {value.year}"
