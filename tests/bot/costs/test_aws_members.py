"""Member accounts: each call is signed as the role of its account, however many share a client and whenever it ends."""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from botocore.awsrequest import AWSResponse

from bot.aws import Aws, reading
from bot.errors import SourceUnavailable
from bot.settings import Settings

OWN = "123456789012"
PROD, STAGING = "111122223333", "444455556666"
IDENTITY = f"arn:aws-us-gov:sts::{OWN}:assumed-role/costbot/i-0abc"
EXPIRED = "<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>"
DENIED = "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>"


@pytest.fixture(autouse=True)
def env(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "COSTBOT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDOWN",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "3",
    }.items():
        monkeypatch.setenv(name, value)


class World(Aws):
    """AWS without a network: it lets roles be entered, and answers EC2 page by page."""

    def __init__(self, *, lasts: timedelta = timedelta(hours=1), pages: int = 1, **settings: Any) -> None:
        super().__init__(Settings(**settings))
        self.lasts, self.pages = lasts, pages
        self.entered: list[dict[str, str]] = []
        self.signed: list[tuple[str, str]] = []  # key id, page
        self.refuse_entry = False
        self.refusals: list[str] = []
        self._guard = threading.Lock()
        self._answer(self._sts(), self._enter)
        self._answer(self._client("ec2", "eu-west-1", of_members=True), self._describe)
        self._answer(self._client("ec2", "eu-west-1", of_members=False), self._describe)

    def _identity(self) -> str:
        return IDENTITY

    @staticmethod
    def _answer(client: Any, answer: Any) -> None:
        def send(request: Any, **_: Any) -> AWSResponse:
            status, body = answer(request)
            response = AWSResponse(request.url, status, {"content-type": "text/xml"}, io.BytesIO())
            response._content = body.encode()
            return response

        client.meta.events.register("before-send.*.*", send)

    def _enter(self, request: Any) -> tuple[int, str]:
        asked = {name: values[0] for name, values in parse_qs(request.body).items()}
        with self._guard:
            if self.refuse_entry:
                return 403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
            self.entered.append(asked)
            number = len(self.entered)
        account = asked["RoleArn"].split(":")[4]
        until = (datetime.now(UTC) + self.lasts).strftime("%Y-%m-%dT%H:%M:%SZ")
        return 200, (
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            f"<AccessKeyId>{account}N{number}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            f"<SessionToken>t</SessionToken><Expiration>{until}</Expiration>"
            f"</Credentials><AssumedRoleUser><AssumedRoleId>x:y</AssumedRoleId><Arn>{asked['RoleArn']}</Arn>"
            "</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
        )

    def _describe(self, request: Any) -> tuple[int, str]:
        key = re.search(rb"Credential=(\w+)/", _bytes(request.headers["Authorization"]))
        page = parse_qs(_text(request.body)).get("NextToken", ["1"])[0]
        with self._guard:
            self.signed.append((key.group(1).decode() if key else "", page))
            if self.refusals:
                return 400, self.refusals.pop(0)
        following = f"<nextToken>{int(page) + 1}</nextToken>" if int(page) < self.pages else ""
        return 200, f"<DescribeInstancesResponse><reservationSet/>{following}</DescribeInstancesResponse>"


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def pages_of(aws: World, account_id: str) -> Any:
    return iter(aws.client("ec2", account_id=account_id).get_paginator("describe_instances").paginate())


def test_the_caller_s_own_account_is_asked_without_a_role() -> None:
    aws = World()
    aws.client("ec2", account_id=OWN).describe_instances()
    assert (aws.signed, aws.entered) == ([("AKIDOWN", "1")], [])


def test_a_member_account_is_entered_by_its_role_and_external_id_for_the_hour_a_chained_role_may_last() -> None:
    aws = World(external_id="shared-secret")
    aws.client("ec2", account_id=PROD).describe_instances()
    assert [{k: v for k, v in asked.items() if k not in ("Action", "Version")} for asked in aws.entered] == [
        {
            "RoleArn": f"arn:aws-us-gov:iam::{PROD}:role/costbot-read",
            "RoleSessionName": "costbot",
            "ExternalId": "shared-secret",
        }
    ]
    assert aws.signed == [(f"{PROD}N1", "1")]


def test_pages_of_two_accounts_that_are_read_in_turns_are_signed_each_as_its_own() -> None:
    aws = World(pages=3)
    prod, staging = pages_of(aws, PROD), pages_of(aws, STAGING)
    for _ in range(3):
        next(prod)
        next(staging)
    aws.client("ec2").describe_instances()
    assert aws.signed == [
        *[(key, str(page)) for page in (1, 2, 3) for key in (f"{PROD}N1", f"{STAGING}N2")],
        ("AKIDOWN", "1"),
    ]


def test_credentials_that_end_between_two_pages_are_renewed() -> None:
    aws = World(pages=3, lasts=timedelta(minutes=5))  # botocore renews ten minutes before the end at the latest
    assert len(list(pages_of(aws, PROD))) == 3
    assert aws.signed == [(f"{PROD}N1", "1"), (f"{PROD}N2", "2"), (f"{PROD}N3", "3")]


def test_credentials_that_last_are_used_again() -> None:
    aws = World(pages=3)
    for _ in range(4):
        list(pages_of(aws, PROD))
    assert len(aws.entered) == 1


def test_a_session_that_aws_calls_expired_is_renewed_and_its_page_asked_again() -> None:
    aws = World(pages=2)
    pages = pages_of(aws, PROD)
    next(pages)
    aws.refusals = [EXPIRED]
    next(pages)
    assert aws.signed == [(f"{PROD}N1", "1"), (f"{PROD}N1", "2"), (f"{PROD}N2", "2")]


def test_a_session_that_stays_expired_is_a_sentence_with_the_account() -> None:
    aws = World()
    aws.refusals = [EXPIRED] * 9
    with pytest.raises(SourceUnavailable) as caught, reading("ec2:DescribeInstances", PROD):
        aws.client("ec2", account_id=PROD).describe_instances()
    assert str(caught.value) == (
        f"AWS calls the session of role costbot-read in account {PROD} expired, though it was renewed. "
        "Check this machine's clock, and whether somebody revokes the role's sessions."
    )
    assert len(aws.entered) == 2


@pytest.mark.parametrize(("external_id", "asked"), [(None, False), ("shared-secret", True)])
def test_a_role_that_may_not_be_assumed_is_told_with_what_its_trust_policy_needs(
    external_id: str | None, asked: bool
) -> None:
    aws = World(external_id=external_id, read_role="finops-read")
    aws.refuse_entry = True
    with pytest.raises(SourceUnavailable) as caught, reading("ec2:DescribeInstances", PROD):
        aws.client("ec2", account_id=PROD).describe_instances()

    assert caught.value.cause == f"costbot may not assume role finops-read in account {PROD}."
    assert f"must name costbot's identity {IDENTITY}" in caught.value.remedy
    assert ("COSTBOT_EXTERNAL_ID" in caught.value.remedy) is asked
    assert "shared-secret" not in str(caught.value)
    assert aws.signed == []


def test_a_refused_role_is_named_with_its_account_and_own_credentials_are_not() -> None:
    aws = World(read_role="finops-read")
    aws.refusals = [DENIED]
    with pytest.raises(SourceUnavailable) as caught, reading("ec2:DescribeInstances", PROD, "eu-west-1"):
        aws.client("ec2", account_id=PROD).describe_instances()
    assert str(caught.value) == (
        f"AWS refuses ec2:DescribeInstances in account {PROD} (eu-west-1) to role finops-read. "
        f"Add it to the policy of that role in account {PROD}; `costbot iam read` prints all that is needed."
    )
    aws.refusals = [DENIED]
    with pytest.raises(SourceUnavailable, match="to costbot's own credentials"), reading("ec2:DescribeInstances"):
        aws.client("ec2").describe_instances()


def test_two_hundred_accounts_share_one_client_and_each_is_entered_once() -> None:
    aws = World(pages=2)
    accounts = [f"{number:012}" for number in range(200)]

    def read(account_id: str) -> None:
        for _ in range(2):
            list(pages_of(aws, account_id))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, accounts))
    assert Counter(asked["RoleArn"].split(":")[4] for asked in aws.entered) == dict.fromkeys(accounts, 1)
    assert Counter(key.partition("N")[0] for key, _ in aws.signed) == dict.fromkeys(accounts, 4)
    assert len({id(aws.client("ec2", account_id=account)._client) for account in accounts}) == 1
    assert len(aws._clients) == 3, "EC2 for members, EC2 for itself, and STS"
