"""What only Slack and the credentials themselves can tell: asked by a job, kept, and judged from the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.context import Context
from bot.posting import SENTENCES

KEY = "watch.probe"
#: What a probe says is not counted on for longer.
KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen at `at`.

    Attributes:
        slack_refuses: why Slack does not take the bot token, and what to do; None where it does or gave no answer.
        slack_token_end: when the bot token expires; None where it does not, or Slack does not tell.
        aws_credentials_end: as `bot.aws.credentials.credentials_end`.
    """

    at: datetime
    slack_refuses: tuple[str, str] | None
    slack_token_end: datetime | None
    aws_credentials_end: datetime | None


def probe(context: Context) -> Probe:
    """Ask Slack who costbot is (`auth.test`), look at the AWS credentials, and keep what they say."""
    now = context.clock.now()
    refuses, token_end = _ask_slack(context, now)
    seen = Probe(now, refuses, token_end, context.aws.credentials_end())
    context.store.remember(KEY, json.dumps(_written(seen)), now)
    return seen


def last_probe(context: Context) -> Probe | None:
    """What the latest probe saw; None where there is none that still counts."""
    text = context.store.recall(KEY)
    if text is None:
        return None
    kept = json.loads(text)
    seen = Probe(
        datetime.fromisoformat(kept["at"]),
        (kept["slack_refuses"][0], kept["slack_refuses"][1]) if kept["slack_refuses"] else None,
        _moment(kept["slack_token_end"]),
        _moment(kept["aws_credentials_end"]),
    )
    return seen if context.clock.now() - seen.at <= KEPT else None


def _ask_slack(context: Context, now: datetime) -> tuple[tuple[str, str] | None, datetime | None]:
    if context.slack is None:
        return None, None
    try:
        answer = context.slack.client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        return SENTENCES.get(code) if code in _TOKEN_CODES else None, None
    except (SlackClientError, OSError):
        return None, None
    seconds = answer.get("expires_in")
    # Only a rotating token has an end; Slack counts the seconds by its own clock.
    return None, now + timedelta(seconds=float(seconds)) if seconds else None


_TOKEN_CODES = frozenset({"token_revoked", "token_expired", "invalid_auth", "account_inactive"})


def _written(seen: Probe) -> dict[str, object]:
    return {
        "at": seen.at.isoformat(),
        "slack_refuses": seen.slack_refuses,
        "slack_token_end": seen.slack_token_end.isoformat() if seen.slack_token_end else None,
        "aws_credentials_end": seen.aws_credentials_end.isoformat() if seen.aws_credentials_end else None,
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
