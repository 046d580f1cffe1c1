"""The answer to `/cost mine`: what a person was given and what they own, each with its buttons."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.elements import Block, money
from bot.blocks.waiting_rows import waiting_row
from bot.owners.belongings import Belongings
from bot.reply import Reply
from bot.store.rows import Finding

#: Findings on a page: two blocks each, of the fifty that a message may have.
PAGE = 15
#: What the ids of the list's blocks begin with, so that a decision in it draws it anew.
PLACE = "mine"


def mine_report(
    found: Belongings,
    *,
    may_approve: bool | None,
    page: int = 1,
    notice: str | None = None,
    command: str = "/cost mine",
) -> Reply:
    """The list, the dearest first.

    Args:
        may_approve: None where it could not be found out.
        page: counted from 1; one behind the last shows the last.
        notice: what was just decided in it.
    """
    every = found.all
    pages = max(1, -(-len(every) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    text = _headline(found)
    blocks: list[Block] = [elements.section(notice), elements.divider()] if notice else []
    blocks.append(elements.section(f"*{text}*"))
    for label, findings, start in (
        ("Given to you", found.assigned, 0),
        ("Owned by you, given to nobody", found.owned, len(found.assigned)),
    ):
        shown = [one for at, one in enumerate(findings, start) if first <= at < first + PAGE]
        if shown:
            blocks.append(elements.context(label))
        for one in shown:
            blocks += waiting_row(one, may_approve=may_approve is True, place=PLACE, shows=True)
    if pages > 1:
        blocks.append(_paging(page, pages, len(every)))
    blocks.append(elements.context(*_small_print(found, may_approve)))
    return Reply(text, blocks)


def _headline(found: Belongings) -> str:
    if not found.all:
        return "Nothing is yours to look after at the moment."
    parts = [
        f"{len(findings)} {what}" for findings, what in ((found.assigned, "given"), (found.owned, "owned")) if findings
    ]
    many = "1 finding is yours" if len(found.all) == 1 else f"{len(found.all)} findings are yours"
    return f"{many} ({', '.join(parts)}){_stakes(found.all)}."


def _stakes(findings: Iterable[Finding]) -> str:
    """What they come to, each kind and currency for itself."""
    sums: dict[tuple[str, str], float] = {}
    for one in findings:
        value = one.value
        is_anomaly = isinstance(value, Anomaly)
        key = ("a day above expectation" if is_anomaly else "a month to save", value.currency)
        amount = max(value.impact_per_day, 0.0) if isinstance(value, Anomaly) else value.monthly_savings
        sums[key] = sums.get(key, 0.0) + amount
    said = [f"{money(amount, currency)} {what}" for (what, currency), amount in sums.items() if amount]
    return f": {', '.join(said)}" if said else ""


def _paging(page: int, pages: int, total: int) -> Block:
    buttons = []
    if page > 1:
        buttons.append(elements.run_button("Before", f"/cost mine --page {page - 1}", 1))
    if page < pages:
        left = total - page * PAGE
        buttons.append(elements.run_button(f"{left} more", f"/cost mine --page {page + 1}", 2))
    return elements.actions(*buttons, block_id="mine-pages")


def _small_print(found: Belongings, may_approve: bool | None) -> list[str]:
    said = ["`/cost assign ID @person` gives one on; `/cost owners` says whose is what, and how costbot knows."]
    if found.unchecked:
        said.append("Slack did not tell the members of all user groups just now: what is a group's may be missing.")
    if may_approve is None:
        said.append("Whether you may approve savings could not be checked just now.")
    return said
