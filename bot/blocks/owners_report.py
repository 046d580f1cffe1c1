"""The answers to `/cost owners`: what has no owner in Slack and what it costs, and who owns one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import elements
from bot.blocks.elements import Block, money, percent
from bot.reply import Reply

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class OwnedCost:
    """What a tag value, or what has none in an account, cost; `owner` is its owner's name, None where nobody is known.

    No text is escaped.
    """

    label: str
    cost: float
    owner: str | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class OwnersReport:
    """Every owner of a month's usage; `period` is "this month" or a month's name, `until` its last complete day."""

    costs: Sequence[OwnedCost]
    currency: str
    view: str
    period: str
    until: str
    command: str
    #: What is wrong with the file or Slack's answers, a sentence each, escaped.
    problems: Sequence[str] = ()
    has_file: bool = False


def owners_report(report: OwnersReport) -> Reply:
    """What has no owner first, the dearest first."""
    text = _headline(report)
    rows = sorted(report.costs, key=lambda one: (one.owner is not None, -one.cost, one.label))
    blocks: list[Block] = [elements.section(f"*{text}*")]
    if rows:
        blocks.append(_table(rows[:MOST_ROWS], report.currency))
    if len(rows) > MOST_ROWS:
        rest = rows[MOST_ROWS:]
        left = money(sum(one.cost for one in rest), report.currency)
        blocks.append(elements.context(f"{len(rest)} more, {left} together, are not listed."))
    if any(one.owner is None for one in rows):
        blocks.append(elements.section(_remedy(rows, report.has_file)))
    blocks.append(elements.actions(elements.share_button(report.command), block_id="owners"))
    note = f"Usage up to {report.until}, {report.view} cost. `/cost owners team=NAME` says how one is known."
    return Reply(text, [*blocks, elements.context(note, *(f":warning: {one}" for one in report.problems))])


def _headline(report: OwnersReport) -> str:
    total = sum(one.cost for one in report.costs)
    without = sum(one.cost for one in report.costs if one.owner is None)
    if not report.costs:
        return f"There is no usage {report.period} to find owners for."
    if not any(one.owner is None for one in report.costs):
        return f"All usage {report.period}, {money(total, report.currency)}, has an owner in Slack."
    share = f" ({percent(without / total)})" if total > 0 else ""
    whole = money(total, report.currency)
    return f"{money(without, report.currency)} of {whole} {report.period}{share} has no owner in Slack."


def _table(rows: Sequence[OwnedCost], currency: str) -> Block:
    cells = [(elements.name(one.label), money(one.cost, currency), one.owner or "nobody", one.how) for one in rows]
    return elements.table(("What", "Cost", "Owner", "Known by"), cells, right=(1,))


def _remedy(rows: Sequence[OwnedCost], has_file: bool) -> str:
    value = next((one.label for one in rows if one.owner is None), "")
    line = elements.escape(elements.name(value)).replace("`", "'")
    file = "the owners file" if has_file else "a file and name it in `COSTBOT_OWNERS_FILE`"
    return (
        f"To give *{line}* an owner, write it into {file}, as docs/owners.md shows, give it a tag with an e-mail "
        "address, or name a user group in Slack like the tag. `COSTBOT_DEFAULT_OWNER` takes all that is left."
    )


def owner_found(what: str, who: str | None, how: str, cost: str | None) -> Reply:
    """Who owns one thing.

    Args:
        what: as "team=payments", escaped. who: as mrkdwn; None where nobody is known.
        how: costbot knows, escaped. cost: its money this month in words; None where nothing of it is stored.
    """
    money_said = f" It cost {cost}." if cost else ""
    if who is None:
        text = f"Nobody in Slack is known to own {what}.{money_said}"
        remedy = "docs/owners.md shows how to name an owner: in the owners file, by an e-mail address or a user group."
        return Reply(text, [elements.section(f"*{text}*\n{remedy}")])
    text = f"{what} belongs to {who}.{money_said}"
    return Reply(text, [elements.section(f"*{text}*"), elements.context(f"Known by {how}.")])
