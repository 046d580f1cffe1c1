"""Member accounts through clients they share: one client a service and region, signed with the role of whoever asks.

A client of EC2 takes 40 ms and 1.5 MB to make; two hundred accounts in seventeen regions would be thousands of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from botocore.client import BaseClient
from botocore.credentials import AssumeRoleCredentialFetcher, Credentials, DeferredRefreshableCredentials

from bot.aws.clients import EXPIRED, Entry

#: Credentials that AWS rejects so soon after they were renewed are not renewed again.
RENEWED_FOR_SECONDS = 60.0

_asking: ContextVar[Member] = ContextVar("costbot_member")


class Member:
    """A member account: how it is entered, and the credentials of its role, which renew themselves before they end.

    AWS lets a role that was entered from another role last for an hour, which is what is asked for.
    """

    def __init__(self, entry: Entry, fetcher: Callable[[], AssumeRoleCredentialFetcher]) -> None:
        """
        Args:
            fetcher: makes what enters the role; each remembers the session it got.
        """
        self.entry = entry
        self._fetcher = fetcher
        self._lock = threading.Lock()
        self._credentials = self._fresh()
        self._renewed_at = -RENEWED_FOR_SECONDS

    @property
    def credentials(self) -> Any:
        """botocore's credentials of the role."""
        with self._lock:
            return self._credentials

    def renew(self) -> None:
        """Enter anew, because AWS no longer takes the credentials; other threads may be told so at the same time."""
        with self._lock:
            if time.monotonic() - self._renewed_at > RENEWED_FOR_SECONDS:
                self._credentials = self._fresh()
                self._renewed_at = time.monotonic()

    def _fresh(self) -> Any:
        return DeferredRefreshableCredentials(self._fetcher().fetch_credentials, "assume-role")

    @contextmanager
    def asking(self) -> Iterator[None]:
        """What this thread asks meanwhile is signed as this account's role."""
        token = _asking.set(self)
        try:
            yield
        finally:
            _asking.reset(token)


def asking_member() -> Member | None:
    """The account as whose role this thread is asking; None for costbot's own credentials."""
    return _asking.get(None)


def entered_as() -> Entry | None:
    """The role as which this thread is asking; None for costbot's own credentials."""
    member = asking_member()
    return member.entry if member else None


def renew_expired(response: Any, request_dict: dict[str, Any], **_: Any) -> int | None:
    """A handler of botocore's `needs-retry`: enter anew, once, where AWS says that a role's session has ended.

    Sessions are renewed in time by this machine's clock; AWS may see that differently, or somebody has revoked them.
    """
    member, context = asking_member(), request_dict["context"]
    code = response[1].get("Error", {}).get("Code") if response is not None else None
    if member is None or code not in EXPIRED or context.get("costbot_renewed"):
        return None
    context["costbot_renewed"] = True
    member.renew()
    return 0


class MemberCredentials(Credentials):  # type: ignore[misc]  # botocore ships no types
    """Those of the account that this thread is asking for."""

    def __init__(self) -> None:
        super().__init__("", "", method="assume-role")

    def get_frozen_credentials(self) -> Any:
        return _asking.get().credentials.get_frozen_credentials()

    def get_deferred_property(self, property_name: str) -> Any:
        return lambda: _asking.get().credentials.get_deferred_property(property_name)()


class MemberClient:
    """A shared client as one account sees it."""

    def __init__(self, client: Any, member: Member) -> None:
        self._client = client
        self._member = member

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._as_member(found) if name in self._client.meta.method_to_api_mapping else found

    def get_paginator(self, operation_name: str) -> Any:
        """A paginator of which every page is asked for as the account."""
        return BaseClient.get_paginator(self, operation_name)

    def can_paginate(self, operation_name: str) -> bool:
        """Whether an operation has pages."""
        return bool(self._client.can_paginate(operation_name))

    def _as_member(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def called(*arguments: Any, **named: Any) -> Any:
            with self._member.asking():
                return call(*arguments, **named)

        return called
