"""`/cost help` and `/cost` alone: what one can type, examples first."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.tune_report import described, whose
from bot.commands import Command, Reply, Request, command, commands, find
from bot.context import Context
from bot.thresholds import thresholds

MENU = (
    ("Trend", "/cost trend"),
    ("Savings", "/cost savings"),
    ("Anomalies", "/cost anomalies"),
    ("Help", "/cost help"),
)


@command(
    "help",
    usage="[command]",
    examples=(("/cost help", "all commands"), ("/cost help trend", "one command, with examples")),
    order=90,
)
def help_command(request: Request, context: Context) -> Reply:
    """What you can type here."""
    if request.words == ("menu",):
        return _menu()
    if request.words:
        return _one(request.words[0].lower())
    return _all(context)


def _menu() -> Reply:
    buttons = [
        elements.run_button(label, typed, n, style="primary" if n == 0 else None)
        for n, (label, typed) in enumerate(MENU)
    ]
    return Reply(
        "costbot shows what the cloud costs and what can be saved. Type /cost help to see all commands.",
        [
            elements.section("*What would you like to see?*\nCosts, savings and alerts, from the bill itself."),
            elements.actions(*buttons, block_id="menu"),
            elements.context("Type `/cost help` for everything else, for example `/cost trend ec2 --days 30`."),
        ],
    )


def _all(context: Context) -> Reply:
    lines = [f"`/cost {' '.join((c.name, c.usage)).rstrip()}`\n{c.summary}" for c in commands().values()]
    approvers = " ".join(_mention(a) for a in context.settings.approvers) or "nobody yet (set COSTBOT_APPROVERS)"
    shown = [elements.section("*Try these*\n" + "\n".join(f"• `{typed}` – {shows}" for typed, shows in _tries()))]
    shown += [elements.section("\n".join(lines[i : i + 8])) for i in range(0, len(lines), 8)]
    now, currency = thresholds(context), context.costs.currency() or "USD"
    alerts = f"{described(now, currency)}, {whose(now, context.store.threshold_changes(), currency)}"
    return Reply(
        "costbot's commands: " + ", ".join(commands()) + ".",
        [
            *shown,
            elements.context(
                "`/cost help trend` explains one command.",
                f"Savings are approved by {approvers}. costbot reads AWS and changes nothing there.",
                f"An anomaly takes {alerts}; `/cost tune` tries others.",
            ),
        ],
    )


def _tries() -> list[tuple[str, str]]:
    wanted = ("trend", "top", "savings", "anomalies", "subscribe")
    return [commands()[name].examples[0] for name in wanted if name in commands()]


def _one(name: str) -> Reply:
    found = find(name)
    return Reply(f"/cost {found.name}: {found.summary}.", _explained(found))


def _explained(found: Command) -> list[elements.Block]:
    usage = " ".join(("/cost", found.name, found.usage)).rstrip()
    examples = "\n".join(f"• `{typed}` – {shows}" for typed, shows in found.examples)
    return [elements.section(f"*{found.summary}*\n`{usage}`"), elements.section(f"*Examples*\n{examples}")]


def _mention(slack_id: str) -> str:
    return f"<!subteam^{slack_id}>" if slack_id.startswith("S") else f"<@{slack_id}>"
