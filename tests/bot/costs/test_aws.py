"""AWS's refusals as sentences, roles per account, and the price of each call."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError

from bot.aws import Aws, reading
from bot.errors import SourceUnavailable
from bot.settings import Settings

Answer = Callable[[Any], tuple[int, str]]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "COSTBOT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDTEST",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)


def refused(code: str, status: int = 400, message: str = "no", operation: str = "GetCostAndUsage") -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation
    )


def said(error: Exception, action: str = "ce:GetCostAndUsage", **where: str) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as caught, reading(action, **where):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        (refused("AccessDeniedException"), "No ce:GetCostAndUsage in account 1234 (eu-west-1).", "Add it to role"),
        (refused("UnauthorizedOperation", 403), "No ce:GetCostAndUsage in account 1234", "Add it to role costbot-read"),
        (refused("ExpiredTokenException"), "have expired", "Sign in again"),
        (refused("UnrecognizedClientException"), "does not accept the credentials", "Renew them"),
        (refused("ThrottlingException"), "throttles ce:GetCostAndUsage in account 1234", "tries again"),
        (refused("LimitExceededException"), "throttles", "tries again"),
        (refused("500", 500, "<html>Not Implemented</html>"), "This source is unavailable", "the other sources go on"),
        (refused("InternalFailure", 500), "failed to answer", "tries again"),
        (refused("AccessDenied", 403, operation="AssumeRole"), "may not enter its read role in account 1234", "trust"),
        (refused("ValidationException", message="Start date is wrong"), "Start date is wrong", "setting"),
        (ResponseParserError("invalid XML"), "This source is unavailable", "the other sources go on"),
        (NoCredentialsError(), "There are no AWS credentials", "costbot doctor"),
        (EndpointConnectionError(endpoint_url="https://x"), "cannot be reached", "AWS_ENDPOINT_URL"),
        (ConnectTimeoutError(endpoint_url="https://x"), "cannot be reached", "tries again"),
    ],
)  # fmt: skip
def test_every_refusal_has_a_cause_and_a_next_step(error: Exception, cause: str, remedy: str) -> None:
    sentence = said(error, account_id="1234", region="eu-west-1")
    assert cause in sentence.cause
    assert remedy in sentence.remedy
    assert "<html" not in str(sentence)


def test_a_mistake_of_ours_is_not_called_unavailable() -> None:
    with pytest.raises(KeyError), reading("ce:GetCostAndUsage"):
        raise KeyError("Groups")


def answering(client: Any, answer: Answer) -> list[Any]:
    """Let a client answer without a network; returns the requests it would have sent."""
    sent: list[Any] = []

    def send(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        status, body = answer(request)
        response = AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.1"}, io.BytesIO())
        response._content = body.encode()
        return response

    client.meta.events.register("before-send.*.*", send)
    return sent


ASKED = {
    "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-02"},
    "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"],
}


def test_a_failed_call_costs_nothing(env: None) -> None:
    bill: list[tuple[str, str, float]] = []
    client = Aws(Settings(), lambda *call: bill.append(call)).client("ce")
    answering(client, lambda _: (400, '{"__type": "LimitExceededException", "message": "slow down"}'))
    with pytest.raises(ClientError):
        client.get_cost_and_usage(**ASKED)
    assert bill == []


def test_each_page_of_cost_explorer_costs_a_cent(env: None) -> None:
    bill: list[tuple[str, str, float]] = []
    client = Aws(Settings(), lambda *call: bill.append(call)).client("ce")
    answering(client, lambda _: (200, '{"ResultsByTime": []}'))
    client.get_cost_and_usage(**ASKED)
    client.get_cost_and_usage(**ASKED, NextPageToken="2")
    assert bill == [("ce", "GetCostAndUsage", 0.01), ("ce", "GetCostAndUsage", 0.01)]


def test_metric_data_costs_by_metric_and_listing_is_free(env: None) -> None:
    bill: list[tuple[str, str, float]] = []
    client = Aws(Settings(), lambda *call: bill.append(call)).client("cloudwatch", region="us-east-1")
    metric = {"Metric": {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}, "Period": 300, "Stat": "p95"}
    queries = [{"Id": f"m{i}", "MetricStat": metric} for i in range(250)] + [{"Id": "e1", "Expression": "m1*2"}]
    answering(client, lambda _: (200, "{}"))
    try:
        client.get_metric_data(MetricDataQueries=queries, StartTime=0, EndTime=300)
    except ResponseParserError:
        pytest.skip("CloudWatch's wire format is not the one this test speaks")
    assert [(service, operation, round(usd, 6)) for service, operation, usd in bill] == [
        ("cloudwatch", "GetMetricData", 0.0025)
    ]


def test_global_services_are_asked_in_their_one_region(env: None) -> None:
    aws = Aws(Settings())
    for service in ("pricing", "cost-optimization-hub"):
        assert aws.client(service, region="ap-south-1").meta.region_name == "us-east-1"
    assert aws.client("ce", region="eu-west-1").meta.endpoint_url == "https://ce.us-east-1.amazonaws.com"
    assert aws.client("ec2", region="ap-south-1").meta.region_name == "ap-south-1"
    assert aws.client("ec2").meta.region_name == "eu-west-1"


def test_clients_are_made_once(env: None) -> None:
    aws = Aws(Settings())
    assert aws.client("ec2", region="eu-west-1") is aws.client("ec2")


class Known(Aws):
    """An `Aws` that knows who it is without asking."""

    def _identity(self) -> tuple[str, str]:
        return "123456789012", "aws-us-gov"


def test_the_caller_s_own_account_needs_no_role(env: None) -> None:
    aws = Known(Settings())
    assert aws.client("ec2", account_id="123456789012") is aws.client("ec2")


def test_a_member_account_is_entered_by_its_role_and_external_id(env: None) -> None:
    aws = Known(Settings(external_id="shared-secret"))  # type: ignore[arg-type]
    client = aws.client("ec2", account_id="111122223333")
    assert client is not aws.client("ec2")
    fetcher = client._request_signer._credentials._refresh_using.__self__
    assert fetcher._assume_kwargs == {
        "RoleArn": "arn:aws-us-gov:iam::111122223333:role/costbot-read",
        "RoleSessionName": "costbot",
        "ExternalId": "shared-secret",
    }


def test_the_settings_name_the_accounts_and_regions(env: None) -> None:
    aws = Known(Settings(accounts="111122223333", regions="eu-west-1,us-east-1"))  # type: ignore[arg-type]
    organization = aws.client("organizations")
    answering(organization, lambda _: (400, '{"__type": "AccessDeniedException", "message": "no"}'))
    assert [(a.id, a.name) for a in aws.accounts()] == [("111122223333", "111122223333")]
    assert aws.regions("111122223333") == ("eu-west-1", "us-east-1")


def test_without_an_organisation_only_the_caller_is_looked_at(env: None) -> None:
    aws = Known(Settings())
    answering(
        aws.client("organizations"),
        lambda _: (400, '{"__type": "AWSOrganizationsNotInUseException", "message": "no"}'),
    )
    assert [a.id for a in aws.accounts()] == ["123456789012"]


def test_suspended_accounts_are_left_out(env: None) -> None:
    aws = Known(Settings())
    answering(
        aws.client("organizations"),
        lambda _: (
            200,
            '{"Accounts": [{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"},'
            ' {"Id": "222233334444", "Name": "old", "Status": "SUSPENDED"}]}',
        ),
    )
    assert [(a.id, a.name) for a in aws.accounts()] == [("111122223333", "prod")]
