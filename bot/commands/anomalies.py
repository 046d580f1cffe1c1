"""`/cost anomalies`: what is unusual, as a list."""

from __future__ import annotations

from collections.abc import Collection

from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.elements import Block, money
from bot.commands import Reply, Request, command
from bot.commands.held import page_buttons, page_number
from bot.context import Context
from bot.delivery.muted import muting
from bot.errors import UsageError
from bot.owners.belongings import belongings
from bot.store import Finding, Mute
from bot.words.flags import parse
from bot.workflows.find_anomalies import LEAST_DAYS

#: Rows of a page.
MOST_ROWS = 20
#: The job that looks for them.
JOB = "anomaly_scan"

_CHOICES = ("open", "all", "mine")
_LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.SNOOZED})


@command(
    "anomalies",
    usage="[open|all|mine] [--page 2]",
    examples=(
        ("/cost anomalies", "costs that left their normal, waiting for a decision"),
        ("/cost anomalies all", "the decided and past ones too"),
        ("/cost anomalies mine", "those that were given to you or that you own"),
    ),
    order=30,
)
def anomalies(request: Request, context: Context) -> Reply:
    """Costs that left what was expected, dearest first."""
    parsed = parse(request.words, flags=("page",))
    choice = _choice(parsed.positional)
    every = context.store.findings(ANOMALY)
    shown = _chosen(context, request, choice, every)
    shown.sort(key=lambda finding: (finding.state not in _LIVE, -abs(_value(finding).impact_per_day), finding.id))
    page = page_number(parsed.flags.get("page"), len(shown), MOST_ROWS)
    text = _sentence(shown, every, choice) if every else _before_any(context)
    blocks: list[Block] = [elements.section(f"*{text}*")]
    if shown:
        blocks.append(_table(context, request.channel_id, shown[(page - 1) * MOST_ROWS : page * MOST_ROWS]))
    blocks.append(_buttons(request, choice, page_buttons(f"/cost anomalies {choice}", page, len(shown), MOST_ROWS)))
    blocks.append(elements.context(_small_print(shown, page, context)))
    return Reply(text, blocks)


def _chosen(context: Context, request: Request, choice: str, every: list[Finding]) -> list[Finding]:
    if choice == "mine":
        return [finding for finding in belongings(context, request.user_id).all if finding.kind == ANOMALY]
    return [finding for finding in every if choice == "all" or finding.state == State.OPEN]


def _choice(words: tuple[str, ...]) -> str:
    if not words:
        return "open"
    word = words[0].lower()
    if word not in _CHOICES or len(words) > 1:
        raise UsageError(
            f"/cost anomalies does not know {elements.quoted(' '.join(words))}.",
            "Write /cost anomalies, /cost anomalies all, or /cost anomaly A-1234 for one of them.",
        )
    return word


def _sentence(shown: list[Finding], every: list[Finding], choice: str) -> str:
    if not shown and choice == "mine":
        return "No anomaly is yours."
    if not shown:
        others = sum(finding.state in _LIVE for finding in every)
        return "No anomaly is open." if choice == "open" and others else "Nothing unusual in the stored costs."
    costs = sum(max(_value(finding).impact_per_day, 0.0) for finding in shown if finding.state in _LIVE)
    noun = "anomaly" if len(shown) == 1 else "anomalies"
    what = {"open": f"open {noun}", "mine": f"{noun} of yours"}.get(choice, noun)
    return f"{len(shown)} {what}, {money(costs, _value(shown[0]).currency, signed=True)}/day above expectation."


def _before_any(context: Context) -> str:
    """Why no anomaly was ever found: nothing unusual happened, or nothing looked.

    Raises:
        NotEnoughData: no costs are stored.
    """
    window = context.costs.window()
    stored = (window.last_day - window.first_day).days + 1
    if stored < LEAST_DAYS:
        return (
            f"Only {stored} day{'s' if stored > 1 else ''} of costs are stored; anomalies need {LEAST_DAYS}. "
            "They fill up by themselves, or ingest an export that goes further back."
        )
    run = context.store.last_run(JOB)
    if run is None:
        return "No scan for anomalies has run yet. `costbot run` looks after every refresh of the costs."
    if run.error:
        return (
            "The last scan for anomalies failed. The next refresh of the costs tries again; `costbot doctor` says why."
        )
    if run.finished_at is None:
        return "The first scan for anomalies is not finished yet. Ask again in a minute."
    return "Nothing unusual in the stored costs."


def _table(context: Context, channel: str, shown: list[Finding]) -> Block:
    mutes = context.store.mutes.holding(context.clock.now())
    held = {one.finding_id for one in context.store.held.held(channel)}
    rows = [(*_row(finding), _stage(finding, mutes, held)) for finding in shown]
    return elements.table(("ID", "What", "A day", "Since", "Owner", "Severity", "State"), rows, right=(2,))


def _row(finding: Finding) -> tuple[str, ...]:
    value = _value(finding)
    return (
        finding.id,
        f"{elements.name(value.service_name)} in {elements.name(value.account_name)}",
        money(value.impact_per_day, value.currency, signed=True),
        elements.day(value.first_day),
        elements.name(value.owner) if value.owner else "unknown",
        str(value.severity),
    )


def _stage(finding: Finding, mutes: list[Mute], held: Collection[str | None]) -> str:
    """Its state; of an open one whether it grows or settles, and whether this channel was not told of it by itself."""
    if finding.state != State.OPEN:
        return str(finding.state)
    phase = str(_value(finding).phase)
    if muting(mutes, finding) is not None:
        return f"{phase}, muted"
    return f"{phase}, held" if finding.id in held else phase


def _buttons(request: Request, choice: str, pages: list[Block]) -> Block:
    other = elements.run_button("Show all", "/cost anomalies all", 1)
    if choice == "all":
        other = elements.run_button("Only open ones", "/cost anomalies open", 1)
    return elements.actions(*pages, other, elements.share_button(request.typed), block_id="anomalies")


def _small_print(shown: list[Finding], page: int, context: Context) -> str:
    left = len(shown) - page * MOST_ROWS
    more = f"{left:,} more on the next page. " if left > 0 else ""
    run = context.store.last_run(JOB)
    has_looked = run is not None and run.finished_at is not None and run.error is None
    looked = f"Last looked {elements.slack_date(run.started_at)}. " if run and has_looked else ""
    return f"{more}{looked}`/cost anomaly ID` shows one with its chart and buttons."


def _value(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
