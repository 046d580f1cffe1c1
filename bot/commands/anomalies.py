"""`/cost anomalies`: what is unusual, as a list."""

from __future__ import annotations

from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.elements import Block, money
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.belongings import belongings
from bot.store import Finding
from bot.words.flags import parse
from bot.workflows.find_anomalies import LEAST_DAYS

#: Rows of the list; the rest is counted.
MOST_ROWS = 20
#: The job that looks for them.
JOB = "anomaly_scan"

_CHOICES = ("open", "all", "mine")
_LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.SNOOZED})


@command(
    "anomalies",
    usage="[open|all|mine]",
    examples=(
        ("/cost anomalies", "costs that left their normal, waiting for a decision"),
        ("/cost anomalies all", "the decided and past ones too"),
        ("/cost anomalies mine", "those that were given to you or that you own"),
    ),
    order=30,
)
def anomalies(request: Request, context: Context) -> Reply:
    """Costs that left what was expected, dearest first."""
    choice = _choice(request)
    every = context.store.findings(ANOMALY)
    shown = _chosen(context, request, choice, every)
    shown.sort(key=lambda finding: (finding.state not in _LIVE, -abs(_value(finding).impact_per_day), finding.id))
    text = _sentence(shown, every, choice) if every else _before_any(context)
    blocks: list[Block] = [elements.section(f"*{text}*")]
    if shown:
        blocks.append(_table(shown))
    blocks.append(_buttons(request, choice))
    blocks.append(elements.context(_small_print(shown, context)))
    return Reply(text, blocks)


def _chosen(context: Context, request: Request, choice: str, every: list[Finding]) -> list[Finding]:
    if choice == "mine":
        return [finding for finding in belongings(context, request.user_id).all if finding.kind == ANOMALY]
    return [finding for finding in every if choice == "all" or finding.state == State.OPEN]


def _choice(request: Request) -> str:
    words = parse(request.words).positional
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


def _table(shown: list[Finding]) -> Block:
    rows = [_row(finding) for finding in shown[:MOST_ROWS]]
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
        _stage(finding),
    )


def _stage(finding: Finding) -> str:
    """Its state; of an open one whether it grows or settles."""
    return str(_value(finding).phase if finding.state == State.OPEN else finding.state)


def _buttons(request: Request, choice: str) -> Block:
    other = elements.run_button("Show all", "/cost anomalies all", 1)
    if choice != "open":
        other = elements.run_button("Only open ones", "/cost anomalies open", 1)
    return elements.actions(other, elements.share_button(request.typed), block_id="anomalies")


def _small_print(shown: list[Finding], context: Context) -> str:
    more = f"{len(shown) - MOST_ROWS} more are not shown. " if len(shown) > MOST_ROWS else ""
    run = context.store.last_run(JOB)
    has_looked = run is not None and run.finished_at is not None and run.error is None
    looked = f"Last looked {elements.slack_date(run.started_at)}. " if run and has_looked else ""
    return f"{more}{looked}`/cost anomaly ID` shows one with its chart and buttons."


def _value(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
