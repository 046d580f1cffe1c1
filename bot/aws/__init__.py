"""AWS, ready to be read: sessions, assumed roles per account, accounts, regions and cached clients."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from functools import partial
from typing import Any

import boto3
from botocore.credentials import AssumeRoleCredentialFetcher
from botocore.session import get_session

from bot.aws.clients import Entry, Meter, config, prepare
from bot.aws.credentials import credentials_end
from bot.aws.errors import not_listed, reading
from bot.aws.listing import AccountList, AccountRef, Listed, RegionList, every_region, organization
from bot.aws.members import Member, MemberClient, MemberCredentials, entered_as, renew_expired
from bot.aws.moments import moment
from bot.errors import SourceUnavailable
from bot.settings import Settings

__all__ = ["AccountList", "AccountRef", "Aws", "RegionList", "reading"]

#: Services with one endpoint, or that answer only in a few regions: their clients are always made here.
PINNED_REGION = "us-east-1"
PINNED = frozenset(
    {"ce", "pricing", "organizations", "cost-optimization-hub", "cur", "bcm-data-exports", "support", "freetier",
     "budgets", "savingsplans", "iam"}
)  # fmt: skip

#: Accounts and regions are listed again after so long: a bot runs for months, and accounts come and go.
LISTED_FOR_SECONDS = 3600.0


class Aws:
    """Clients for every account and region; safe to share between threads.

    `AWS_ENDPOINT_URL` and the usual `AWS_*` variables are botocore's own and work as everywhere.
    """

    def __init__(self, settings: Settings, meter: Meter | None = None) -> None:
        """
        Args:
            meter: asked before each call that AWS bills; it may refuse.
        """
        self._settings = settings
        self._meter = meter
        self._lock = threading.RLock()
        self._sessions: dict[bool, boto3.Session] = {}
        self._clients: dict[tuple[str, str, bool], Any] = {}
        self._members: dict[str, Member] = {}
        self._caller: str | None = None
        self._accounts: AccountList | None = None
        self._listed_at = 0.0
        self._regions: dict[str, RegionList] = {}

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> Any:
        """A boto3 client, made once; member accounts share it and sign as their own role.

        Args:
            account_id: a member account, entered through the role `read_role`; None or the caller's own: no role.
            region: ignored for the services of `PINNED`.
        Raises:
            SourceUnavailable: an account is named and there are no working credentials to tell whether it is ours.
        """
        place = PINNED_REGION if service in PINNED else region or self.home_region()
        if not account_id or account_id == self.caller_account():
            return self._client(service, place, of_members=False)
        return MemberClient(self._client(service, place, of_members=True), self._member(account_id))

    def home_region(self) -> str:
        """The region of the environment, or us-east-1."""
        with self._lock:
            return str(self._session(of_members=False).region_name or PINNED_REGION)

    def caller_account(self) -> str:
        """The account whose credentials costbot has.

        Raises:
            SourceUnavailable: there are no working credentials.
        """
        return self._identity().split(":")[4]

    def accounts(self) -> tuple[AccountRef, ...]:
        """The accounts of `account_list`.

        Raises:
            SourceUnavailable: there are no working credentials.
        """
        return self.account_list().accounts

    def account_list(self) -> AccountList:
        """The accounts to look at: those of the settings, else all active ones of the organisation, else the caller's.

        Organizations is asked again after it refused or failed.

        Raises:
            SourceUnavailable: there are no working credentials.
        """
        if self._accounts is None or time.monotonic() - self._listed_at > LISTED_FOR_SECONDS:
            found = self._find_accounts()
            if found.problem is not None:
                return found
            self._accounts, self._listed_at = found, time.monotonic()
            self._regions.clear()  # as old as the list
        return self._accounts

    def regions(self, account_id: str) -> tuple[str, ...]:
        """The regions to look at in an account: `region_list` without what is left out.

        Raises:
            SourceUnavailable: the account does not say which are enabled.
        """
        return self.region_list(account_id).enabled

    def region_list(self, account_id: str) -> RegionList:
        """The regions to look at in an account: of those of the settings, else of all, the ones enabled there.

        Raises:
            SourceUnavailable: the account does not say which are enabled, and the settings name none.
        """
        if account_id not in self._regions:
            try:
                # Asked in a region that is always enabled; the one of the environment may be none of this account's.
                place = PINNED_REGION if self._partition() == "aws" else None
                with reading("ec2:DescribeRegions", account_id):
                    every = every_region(self.client("ec2", account_id=account_id, region=place))
            except SourceUnavailable:
                if not self._settings.regions:
                    raise
                return RegionList(self._settings.regions)
            wanted = self._settings.regions or tuple(sorted(every))
            self._regions[account_id] = RegionList(
                enabled=tuple(name for name in wanted if every.get(name)),
                left_out=tuple(name for name in wanted if every.get(name) is False),
                unknown=tuple(name for name in wanted if name not in every),
            )
        return self._regions[account_id]

    def credentials_end(self) -> datetime | None:
        """When costbot's own credentials end and nothing renews them; None where they last or do not tell."""
        with self._lock:
            return credentials_end(self._session(of_members=False)._session)

    def _find_accounts(self) -> AccountList:
        own = self.caller_account()
        members: dict[str, Listed] = {}
        problem = None
        try:
            with reading("organizations:ListAccounts"):
                members = organization(self.client("organizations"))
        except SourceUnavailable as error:
            problem = not_listed(error, own)
        named = self._settings.accounts or tuple(sorted(members)) or (own,)
        known = {id_: members.get(id_, Listed(id_, is_active=True)) for id_ in named}
        return AccountList(
            accounts=tuple(AccountRef(id_, listed.name) for id_, listed in known.items() if listed.is_active),
            problem=None if self._settings.accounts else problem,
            left_out=tuple(AccountRef(id_, listed.name) for id_, listed in known.items() if not listed.is_active),
        )

    def _partition(self) -> str:
        return self._identity().split(":")[1]

    def _identity(self) -> str:
        """The ARN of the credentials."""
        with self._lock:
            if self._caller is None:
                with reading("sts:GetCallerIdentity"):
                    self._caller = str(self._sts().get_caller_identity()["Arn"])
            return self._caller

    def _sts(self) -> Any:
        return self._client("sts", self.home_region(), of_members=False)

    def _client(self, service: str, place: str, *, of_members: bool) -> Any:
        key = (service, place, of_members)
        with self._lock:
            if key not in self._clients:
                client = self._session(of_members=of_members).client(service, region_name=place, config=config(service))
                self._clients[key] = prepare(client, entered_as, self._meter)
                if of_members:
                    client.meta.events.register_first("needs-retry.*.*", renew_expired)
            return self._clients[key]

    def _member(self, account_id: str) -> Member:
        with self._lock:
            if account_id not in self._members:
                self._members[account_id] = Member(self._entry(account_id), partial(self._fetcher, account_id))
            return self._members[account_id]

    def _entry(self, account_id: str) -> Entry:
        settings = self._settings
        return Entry(account_id, settings.read_role, self._identity(), settings.external_id is not None)

    def _session(self, *, of_members: bool) -> boto3.Session:
        if of_members not in self._sessions:
            core = get_session()
            core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
            if of_members:
                # Reading AWS's service models takes 0.2 s a session: read them once.
                own = self._session(of_members=False)._session
                core.register_component("data_loader", own.get_component("data_loader"))
                core._credentials = MemberCredentials()
            self._sessions[of_members] = boto3.Session(botocore_session=core)
        return self._sessions[of_members]

    def _fetcher(self, account_id: str) -> AssumeRoleCredentialFetcher:
        """Enters the read role of a member account."""
        secret = self._settings.external_id
        return AssumeRoleCredentialFetcher(
            # One client enters all accounts; its own credentials renew themselves, where they can be renewed.
            client_creator=lambda service, **_: self._sts(),
            source_credentials=self._session(of_members=False).get_credentials(),
            role_arn=f"arn:{self._partition()}:iam::{account_id}:role/{self._settings.read_role}",
            extra_args={"RoleSessionName": "costbot"} | ({"ExternalId": secret.get_secret_value()} if secret else {}),
        )
