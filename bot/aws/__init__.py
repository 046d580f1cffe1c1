"""AWS, ready to be read: sessions, assumed roles per account, accounts, regions and cached clients."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import ClientError
from botocore.session import Session as CoreSession
from botocore.session import get_session

from bot.aws.clients import Entry, Meter, config, prepare
from bot.aws.errors import not_listed, reading
from bot.errors import SourceUnavailable
from bot.settings import Settings

__all__ = ["AccountList", "AccountRef", "Aws", "reading"]

#: Services with one endpoint, or that answer only in a few regions: their clients are always made here.
PINNED_REGION = "us-east-1"
PINNED = frozenset(
    {"ce", "pricing", "organizations", "cost-optimization-hub", "cur", "bcm-data-exports", "support", "freetier",
     "budgets", "savingsplans", "iam"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An AWS account; the name is its id where Organizations does not tell it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts to look at; `problem` says why those of the organisation may be missing among them."""

    accounts: tuple[AccountRef, ...]
    problem: SourceUnavailable | None = None


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
        self._core: CoreSession | None = None
        self._sessions: dict[str | None, boto3.Session] = {}
        self._clients: dict[tuple[str, str | None, str], Any] = {}
        self._caller: str | None = None
        self._accounts: AccountList | None = None
        self._regions: dict[str, tuple[str, ...]] = {}

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> Any:
        """A boto3 client, made once.

        Args:
            account_id: a member account, entered through the role `read_role`; None or the caller's own: no role.
            region: ignored for the services of `PINNED`.
        Raises:
            SourceUnavailable: an account is named and there are no working credentials to tell whether it is ours.
        """
        place = PINNED_REGION if service in PINNED else region or self.home_region()
        foreign = account_id if account_id and account_id != self.caller_account() else None
        key = (service, foreign, place)
        with self._lock:
            if key not in self._clients:
                client = self._session(foreign).client(service, region_name=place, config=config(service))
                self._clients[key] = prepare(client, self._entry(foreign) if foreign else None, self._meter)
            return self._clients[key]

    def home_region(self) -> str:
        """The region of the environment, or us-east-1."""
        with self._lock:
            return str(self._session(None).region_name or PINNED_REGION)

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
        if self._accounts is not None:
            return self._accounts
        found = self._find_accounts()
        if found.problem is None:
            self._accounts = found
        return found

    def regions(self, account_id: str) -> tuple[str, ...]:
        """The regions to look at in an account: those of the settings, else all that are enabled there.

        Raises:
            SourceUnavailable: the account does not say which are enabled.
        """
        if self._settings.regions:
            return self._settings.regions
        if account_id not in self._regions:
            with reading("ec2:DescribeRegions", account_id):
                answer = self.client("ec2", account_id=account_id).describe_regions()
            self._regions[account_id] = tuple(sorted(r["RegionName"] for r in answer["Regions"]))
        return self._regions[account_id]

    def _find_accounts(self) -> AccountList:
        own = self.caller_account()
        names: dict[str, str] = {}
        problem = None
        try:
            names = self._organization()
        except SourceUnavailable as error:
            problem = not_listed(error, own)
        if self._settings.accounts:
            return AccountList(tuple(AccountRef(id_, names.get(id_, id_)) for id_ in self._settings.accounts))
        names = names or {own: own}
        return AccountList(tuple(AccountRef(id_, name) for id_, name in sorted(names.items())), problem)

    def _organization(self) -> dict[str, str]:
        """Names of the active accounts by id; empty where there is no organisation."""
        names: dict[str, str] = {}
        with reading("organizations:ListAccounts"):
            try:
                for page in self.client("organizations").get_paginator("list_accounts").paginate():
                    for account in page["Accounts"]:
                        if account.get("State", account.get("Status", "ACTIVE")) == "ACTIVE":
                            names[account["Id"]] = account.get("Name") or account["Id"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "AWSOrganizationsNotInUseException":
                    raise
        return names

    def _identity(self) -> str:
        """The ARN of the credentials."""
        with self._lock:
            if self._caller is None:
                with reading("sts:GetCallerIdentity"):
                    sts = self._session(None).client("sts", region_name=self.home_region(), config=config())
                    self._caller = str(prepare(sts, None).get_caller_identity()["Arn"])
            return self._caller

    def _entry(self, account_id: str) -> Entry:
        settings = self._settings
        return Entry(account_id, settings.read_role, self._identity(), settings.external_id is not None)

    def _session(self, account_id: str | None) -> boto3.Session:
        if account_id not in self._sessions:
            if self._core is None:
                self._core = get_session()
            core = self._core if account_id is None else self._role_session(account_id)
            self._sessions[account_id] = boto3.Session(botocore_session=core)
        return self._sessions[account_id]

    def _role_session(self, account_id: str) -> CoreSession:
        """A session of a member account; its credentials renew themselves before they end."""
        own = self._session(None)
        secret = self._settings.external_id
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=_creator(own, self.home_region(), self._entry(account_id)),
            source_credentials=own.get_credentials(),
            role_arn=f"arn:{self._identity().split(':')[1]}:iam::{account_id}:role/{self._settings.read_role}",
            extra_args={"RoleSessionName": "costbot"} | ({"ExternalId": secret.get_secret_value()} if secret else {}),
        )
        core = get_session()
        if self._core is not None:
            # Reading AWS's service models takes 0.2 s a session: read them once for all accounts.
            core.register_component("data_loader", self._core.get_component("data_loader"))
        core._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        return core


def _creator(session: boto3.Session, region: str, entry: Entry) -> Callable[..., Any]:
    """Makes the client that assumes the role."""

    def create(service: str, **arguments: Any) -> Any:
        client = session.client(service, **{"region_name": region, "config": config()} | arguments)
        return prepare(client, entry)

    return create
