"""AWS, ready to be read: sessions, assumed roles per account, regions, cached clients, and what each call costs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import ClientError
from botocore.session import Session as CoreSession
from botocore.session import get_session

from bot.aws.errors import reading
from bot.settings import Settings

__all__ = ["AccountRef", "Aws", "reading"]

Meter = Callable[[str, str, float], None]

#: Services with one endpoint, or that answer only in a few regions: their clients are always made here.
PINNED_REGION = "us-east-1"
PINNED = frozenset(
    {"ce", "pricing", "organizations", "cost-optimization-hub", "cur", "bcm-data-exports", "support", "freetier",
     "budgets", "savingsplans", "iam"}
)  # fmt: skip

#: AWS: "AWS Cost Explorer pricing": every request costs this, each page is one. Failed requests are free.
COST_EXPLORER_REQUEST_USD = 0.01
#: AWS: "Amazon CloudWatch pricing": GetMetricData has no free tier.
METRIC_DATA_USD = 0.01 / 1000

#: Tries of one call, the first included; AWS_MAX_ATTEMPTS overrides it.
MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An AWS account; the name is its id where Organizations does not tell it."""

    id: str
    name: str


class Aws:
    """Clients for every account and region; safe to share between threads.

    `AWS_ENDPOINT_URL` and the usual `AWS_*` variables are botocore's own and work as everywhere.
    """

    def __init__(self, settings: Settings, meter: Meter | None = None) -> None:
        """
        Args:
            meter: called with (service, operation, dollars) after each call that AWS bills.
        """
        self._settings = settings
        self._meter = meter
        self._lock = threading.RLock()
        self._core: CoreSession | None = None
        self._sessions: dict[str | None, boto3.Session] = {}
        self._clients: dict[tuple[str, str | None, str], Any] = {}
        self._caller: tuple[str, str] | None = None
        self._accounts: tuple[AccountRef, ...] | None = None
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
                client = self._session(foreign).client(service, region_name=place, config=_config())
                if self._meter:
                    _meter_calls(client, self._meter)
                self._clients[key] = client
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
        return self._identity()[0]

    def accounts(self) -> tuple[AccountRef, ...]:
        """The accounts to look at: those of the settings, else all active ones of the organisation, else the caller's.

        Raises:
            SourceUnavailable: there are no working credentials, or Organizations answers with an unexpected error.
        """
        if self._accounts is None:
            self._accounts = self._find_accounts()
        return self._accounts

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

    def _find_accounts(self) -> tuple[AccountRef, ...]:
        names = self._organization()
        if self._settings.accounts:
            return tuple(AccountRef(id_, names.get(id_, id_)) for id_ in self._settings.accounts)
        if names:
            return tuple(AccountRef(id_, name) for id_, name in sorted(names.items()))
        caller = self.caller_account()
        return (AccountRef(caller, caller),)

    def _organization(self) -> dict[str, str]:
        """Names of the active accounts by id; empty where the caller may not list them or there is no organisation."""
        names: dict[str, str] = {}
        with reading("organizations:ListAccounts"):
            try:
                for page in self.client("organizations").get_paginator("list_accounts").paginate():
                    for account in page["Accounts"]:
                        if account.get("State", account.get("Status", "ACTIVE")) == "ACTIVE":
                            names[account["Id"]] = account.get("Name") or account["Id"]
            except ClientError as error:
                if error.response["Error"]["Code"] not in (
                    "AWSOrganizationsNotInUseException",
                    "AccessDeniedException",
                ):
                    raise
        return names

    def _identity(self) -> tuple[str, str]:
        """Account and partition of the credentials."""
        with self._lock:
            if self._caller is None:
                with reading("sts:GetCallerIdentity"):
                    sts = self._session(None).client("sts", region_name=self.home_region(), config=_config())
                    answer = sts.get_caller_identity()
                self._caller = (str(answer["Account"]), str(answer["Arn"]).split(":")[1])
            return self._caller

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
            client_creator=_with_region(own, self.home_region()),
            source_credentials=own.get_credentials(),
            role_arn=f"arn:{self._identity()[1]}:iam::{account_id}:role/{self._settings.read_role}",
            extra_args={"RoleSessionName": "costbot"} | ({"ExternalId": secret.get_secret_value()} if secret else {}),
        )
        core = get_session()
        if self._core is not None:
            # Reading AWS's service models takes 0.2 s a session: read them once for all accounts.
            core.register_component("data_loader", self._core.get_component("data_loader"))
        core._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        return core


def _config() -> Config:
    attempts = int(os.environ.get("AWS_MAX_ATTEMPTS") or MOST_ATTEMPTS)
    return Config(
        retries={"mode": "adaptive", "total_max_attempts": attempts},
        connect_timeout=10,
        read_timeout=60,
        user_agent_extra="costbot",
    )


def _with_region(session: boto3.Session, region: str) -> Callable[..., Any]:
    def create(service: str, **arguments: Any) -> Any:
        return session.client(service, **{"region_name": region, "config": _config()} | arguments)

    return create


def _meter_calls(client: Any, meter: Meter) -> None:
    """Report the price of each billed call of a client; failed ones cost nothing."""
    service = client.meta.service_model.service_name

    def requested(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["costbot_metrics"] = sum("MetricStat" in query for query in params.get("MetricDataQueries", ()))

    def answered(http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code >= 300:
            return
        if service == "ce":
            meter("ce", model.name, COST_EXPLORER_REQUEST_USD)
        elif model.name == "GetMetricData":
            meter("cloudwatch", model.name, context.get("costbot_metrics", 0) * METRIC_DATA_USD)

    if service == "ce":
        client.meta.events.register("after-call.cost-explorer.*", answered)
    elif service == "cloudwatch":
        client.meta.events.register("provide-client-params.cloudwatch.GetMetricData", requested)
        client.meta.events.register("after-call.cloudwatch.GetMetricData", answered)
