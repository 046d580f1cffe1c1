"""One message about a subject in a channel, whatever happens: claimed, drawn, posted, confirmed."""

from __future__ import annotations

from collections.abc import Callable

from bot.context import Context
from bot.posting import Poster
from bot.reply import Reply


def post_once(
    context: Context, subject: str, channel: str, draw: Callable[[], Reply | None], *, thread_ts: str | None = None
) -> str | None:
    """Post what `draw` makes, unless it is out or somebody else is at it.

    It is drawn after the claim, so that it shows how things stand then; where nothing is to be said any more, `draw`
    returns None. A process that is killed in between repeats at most one post.

    Returns:
        the message's `ts`; None where nothing was posted.
    Raises:
        CostbotError: Slack refused; the claim is given back.
    """

    def post(slack: Poster) -> str | None:
        message = draw()
        return None if message is None else slack.post(channel, message.text, message.blocks, thread_ts=thread_ts)

    return once(context, subject, channel, post)


def once(context: Context, subject: str, channel: str, do: Callable[[Poster], str | None]) -> str | None:
    """Do what gives a subject its `ts` or file id in a channel, unless it is done or somebody else is at it.

    Returns:
        what `do` returned; None where nothing was done.
    Raises:
        CostbotError: Slack refused; the claim is given back.
    """
    store, slack = context.store, context.slack
    if slack is None or not store.claim_post(subject, channel, context.clock.now()):
        return None
    try:
        done = do(slack)
    except Exception:
        store.abandon_post(subject, channel)
        raise
    if done is None:
        store.abandon_post(subject, channel)
        return None
    store.confirm_post(subject, channel, done, context.clock.now())
    return done


def is_out(context: Context, subject: str, channel: str) -> bool:
    """Whether a subject was posted in a channel."""
    return any(post.channel == channel and post.ts for post in context.store.posts(subject))
