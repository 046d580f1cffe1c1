"""Takes secrets out of a text: those of the settings wherever they stand, others by their shape or by their name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

GONE = "***"
#: Shorter ones would be found in ordinary words; no token of Slack or AWS is that short.
SHORTEST = 8
#: Environment variables whose values are secret, beside costbot's own settings.
_SECRET_VARIABLES = (
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
)  # fmt: skip

#: What comes after such a name is secret, in JSON, XML, headers, addresses and keyword arguments.
_NAMES = (
    "secret_?access_?key|session_?token|security[-_]token|signing_?secret|client_?secret|external_?id|refresh_?token|"
    "access_?token|auth(?:entication|orization)[-_]?token|x-amz-(?:signature|credential)|x-slack-signature|"
    "authorization|signature|ticket|trigger_?id|password|metrics_?token|token"
)
_SHAPES = (
    # Slack: bot, user, app-level, configuration, refresh and legacy tokens.
    (re.compile(r"\b(xox[a-z](?:\.xox[a-z])?-|xapp-|xwfp-)[A-Za-z0-9-]+"), rf"\g<1>{GONE}"),
    # AWS: ids of access keys, lasting and of a session.
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b"), rf"\g<1>{GONE}"),
    # Whoever knows such an address may post in its channel.
    (re.compile(r"(https?://hooks\.slack(?:-gov)?\.com/)[^\s\"'<>\\)]+"), rf"\g<1>{GONE}"),
    (
        re.compile(r"(https?://[^/\s\"']+/(?:commands|actions|app|services|workflows|triggers)/)T[^\s\"'<>\\)]+"),
        rf"\g<1>{GONE}",
    ),
    (re.compile(r"(response_url[\"']?\s*[:=]\s*[\"']?https?://[^/\s\"']+/)[^\s\"'<>\\)]+"), rf"\g<1>{GONE}"),
    (re.compile(r"(wss?://[^/\s\"'?]+)[^\s\"'<>\\)]*"), rf"\g<1>/{GONE}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s:@]+@"), rf"\g<1>{GONE}@"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), GONE),
    (
        re.compile(
            rf"((?:(?<![A-Za-z])|(?<=[a-z_-]))(?:{_NAMES})(?:\\?[\"'])?(?:\s*[:=]\s*|>\s*)(?:b?\\?[\"'])?)"
            r"((?:Bearer|Basic|AWS4-HMAC-SHA256)\s+[^\r\n\"']*|[^\s\"'<>&,;)}\\]+)",
            re.IGNORECASE,
        ),
        rf"\g<1>{GONE}",
    ),
)

_known: frozenset[str] = frozenset()


def know_secrets(values: Iterable[str]) -> None:
    """Remember values to take out wherever they stand, with those of the environment, in place of earlier ones."""
    global _known
    found = {*values, *(os.environ.get(name, "") for name in _SECRET_VARIABLES)}
    _known = frozenset(value for value in found if len(value) >= SHORTEST)


def redacted(text: str) -> str:
    """The text without secrets; the beginning of a token stays, which tells its kind."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, _stand_in(value))
    for shape, stand_in in _SHAPES:
        text = shape.sub(stand_in, text)
    return text


def _stand_in(value: str) -> str:
    head = re.match(r"xox[a-z](?:\.xox[a-z])?-|xapp-", value)
    return f"{head[0] if head else ''}{GONE}"
