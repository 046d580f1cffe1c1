"""`/cost owners`: whose a cost is in Slack, and what belongs to nobody yet."""

from __future__ import annotations

from analysis.allocation import folded, tag_key
from bot.blocks import elements
from bot.blocks.elements import escape, money, quoted
from bot.blocks.owners_report import OwnersReport, owner_found, owners_report
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.owners import directory
from bot.owners.chain import in_slack, owner_of
from bot.owners.mapping import owners_file
from bot.owners.owned_costs import owned_costs, pieces
from bot.owners.words import said
from bot.words.flags import parse

ACCOUNT, SERVICE = "account", "service"


@command(
    "owners",
    usage="[team=NAME|account=ID|service=NAME]",
    examples=(
        ("/cost owners", "what has no owner in Slack and what it costs this month, then who owns the rest"),
        ("/cost owners team=payments", "who owns it, and how costbot knows"),
        ("/cost owners account=prod", "who owns what has no tag in an account"),
    ),
    aliases=("owner",),
    order=46,
)
def owners(request: Request, context: Context) -> Reply:
    """Whose a cost is, and what has no owner."""
    words = parse(request.words).positional
    if len(words) > 1:
        raise UsageError(
            f"/cost owners takes one thing, not {quoted(' '.join(words))}.", "Type /cost owners team=payments."
        )
    return _one(request, context, words[0]) if words else _all(request, context)


def _all(request: Request, context: Context) -> Reply:
    window = context.costs.window(view=context.settings.cost_view)
    first = window.complete_until.replace(day=1)
    is_running = first == context.clock.today().replace(day=1)
    return owners_report(
        OwnersReport(
            costs=owned_costs(context, window),
            currency=window.currency,
            view=window.view.value,
            period="this month" if is_running else f"in {first:%B %Y}",
            until=elements.day(window.complete_until),
            command=request.typed,
            problems=_problems(context),
            has_file=context.settings.owners_file is not None,
        )
    )


def _problems(context: Context) -> tuple[str, ...]:
    """What keeps owners from being found: a broken file, names that Slack does not know, a missing scope."""
    file = owners_file(context.settings)
    found = []
    if file.problem:
        found.append(f"{escape(file.problem.cause)} The version before it is in use. {escape(file.problem.remedy)}")
    refused = directory.problem(context)
    if refused:
        return (*found, refused)
    listed = sorted({owner for owners in file.owners.values() for owner in owners.values()})
    unknown = [owner for owner in listed if context.slack is not None and in_slack(context, owner) is None]
    if unknown:
        some = ", ".join(escape(owner) for owner in unknown[:5])
        rest = " and more" if len(unknown) > 5 else ""
        found.append(f"The owners file names {some}{rest}: Slack knows nobody by that.")
    return tuple(found)


def _one(request: Request, context: Context, word: str) -> Reply:
    key, equals, value = word.partition("=")
    tags = {folded(key) for key in ("team", "tag", tag_key(context.settings.owner_tag))}
    if not equals:
        account = _account(context, word)
        key, value = (ACCOUNT, word) if account else (context.settings.owner_tag, word)
    kind = folded(key)
    if kind not in {*tags, ACCOUNT, SERVICE} or not value.strip():
        raise UsageError(
            f"/cost owners does not know {quoted(word)}.",
            f"Type /cost owners {context.settings.owner_tag}=payments, account=prod or service=rds.",
        )
    account_id = _account(context, value) or value if kind == ACCOUNT else None
    owner = owner_of(
        context,
        tag=value if kind in tags else None,
        account_id=account_id,
        service=value if kind == SERVICE else None,
    )
    what = f"{escape(elements.name(key))}={escape(elements.name(value))}"
    who = said(context, owner, request.channel_id) if owner else None
    return owner_found(what, who, escape(owner.how) if owner else "", _cost(context, value) if kind in tags else None)


def _account(context: Context, word: str) -> str | None:
    """The id of an account by its id or name."""
    wanted = folded(word)
    return next((one for one, name in context.costs.account_names().items() if wanted in (one, folded(name))), None)


def _cost(context: Context, tag: str) -> str | None:
    """What a tag value cost this month, in words; None where nothing of it is stored."""
    try:
        window = context.costs.window(view=context.settings.cost_view)
        found = [piece.cost for piece in pieces(context, window) if folded(piece.tag) == folded(tag)]
    except NotEnoughData:
        return None
    until = elements.day(window.complete_until)
    return f"{money(sum(found), window.currency)} in {window.complete_until:%B} up to {until}" if found else None
