"""Brings the file of an answer into Slack: in a channel under one message that describes it, in a DM by itself."""

from __future__ import annotations

from bot.blocks import elements
from bot.errors import CostbotError
from bot.posting import Poster
from bot.reply import Reply


def post_file(slack: Poster, reply: Reply, channel: str, user: str) -> None:
    """Post an answer that has a file.

    Raises:
        CostbotError: Slack takes no file, or no message, in this channel.
        ValueError: the answer has no file.
    """
    if reply.file is None:
        raise ValueError("the answer has no file")
    if channel.startswith("D"):
        slack.upload(reply.file.name, reply.file.content, channel=channel, comment=reply.text)
        return
    by = elements.context(f"Asked for by <@{user}>. The file is in the thread.")
    ts = slack.post(channel, reply.text, [*reply.blocks, by])
    try:
        slack.upload(reply.file.name, reply.file.content, channel=channel, thread_ts=ts)
    except CostbotError as error:
        sentence = f"The file that <@{user}> asked for could not be posted here. {error}"
        slack.update(channel, ts, sentence, [elements.section(sentence)])
        raise
