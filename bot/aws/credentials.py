"""Until when costbot's own AWS credentials last, where they end and nothing renews them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.utils import JSONFileCache, SSOTokenLoader, parse_timestamp


def credentials_end(session: Any) -> datetime | None:
    """When the credentials of a botocore session end for good; None where they last, renew themselves or do not tell.

    Those of a role, an instance or a container renew themselves. Those of the environment end at
    `AWS_CREDENTIAL_EXPIRATION`; those of a sign-in end with it, unless its token can be renewed.
    """
    try:
        credentials = session.get_credentials()
    except (BotoCoreError, ValueError):
        return None
    method = getattr(credentials, "method", None)
    if method == "env":
        end = getattr(credentials, "_expiry_time", None)
        return end.astimezone(UTC) if end else None
    return _sign_in_end(session) if method == "sso" else None


def _sign_in_end(session: Any) -> datetime | None:
    profile = session.get_scoped_config()
    name = profile.get("sso_session")
    sign_in = session.full_config.get("sso_sessions", {}).get(name, {}) if name else profile
    cache = JSONFileCache(str(Path("~/.aws/sso/cache").expanduser()))
    with suppress(BotoCoreError, KeyError, ValueError):
        token = SSOTokenLoader(cache)(sign_in["sso_start_url"], name)
        if "refreshToken" not in token:
            end: datetime = parse_timestamp(token["expiresAt"])
            return end.astimezone(UTC)
    return None
