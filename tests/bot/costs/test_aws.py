"""AWS's refusals as sentences, roles per account, and the price of each call."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from bot.aws import AccountList, AccountRef, Aws, RegionList, reading
from bot.charges import Booking, Charge, Unit
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
        (refused("AccessDeniedException"), "refuses ce:GetCostAndUsage in account 1234 (eu-west-1) to costbot's own "
         "credentials.", "Add it to the policy of its user or role; `costbot iam read` prints"),
        (refused("UnauthorizedOperation", 403), "AWS refuses ce:GetCostAndUsage in account 1234", "`costbot iam read`"),
        (refused("AccessDeniedException", message="... with an explicit deny in a service control policy"),
         "AWS refuses ce:GetCostAndUsage", "denies it explicitly"),
        (refused("AccessDeniedException", message="User not enabled for cost explorer access"), "is not switched on",
         "Enable it"),
        (refused("ExpiredTokenException"), "have expired", "Sign in again"),
        (refused("UnrecognizedClientException"), "does not accept the credentials", "Renew them"),
        (refused("ThrottlingException"), "throttles ce:GetCostAndUsage in account 1234", "tries again"),
        (refused("LimitExceededException"), "throttles", "tries again"),
        (refused("500", 500, "<html>Not Implemented</html>"), "This source is unavailable", "the other sources go on"),
        (refused("InternalFailure", 500), "failed to answer", "tries again"),
        (refused("AccessDenied", 403, operation="AssumeRole"), "AWS refuses sts:AssumeRole in account 1234", "policy"),
        (refused("Throttling", operation="AssumeRole"), "throttles sts:AssumeRole in account 1234", "tries again"),
        (refused("ValidationException", message="Start date is wrong"), "Start date is wrong", "setting"),
        (ResponseParserError("invalid XML"), "This source is unavailable", "the other sources go on"),
        (NoCredentialsError(), "There are no AWS credentials", "costbot doctor"),
        (EndpointConnectionError(endpoint_url="https://x"), "cannot be reached", "AWS_ENDPOINT_URL"),
        (ConnectTimeoutError(endpoint_url="https://x"), "cannot be reached", "tries again"),
        (ReadTimeoutError(endpoint_url="https://x"), "AWS did not answer ce:GetCostAndUsage in account 1234 "
         "(eu-west-1) in time.", "tries again"),
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


class Book:
    """A meter that writes down what it is told, and may refuse."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.bill: list[Charge] = []

    def book(self, charge: Charge) -> Booking:
        if self.refuses:
            raise SourceUnavailable("No money is left.", "Raise the cap.")
        self.bill.append(charge)
        return Booking("2026-11-24", charge)

    def take_back(self, booking: Booking) -> None:
        self.bill.remove(booking.charge)


REQUEST = Charge("ce", "GetCostAndUsage", Unit.REQUEST, 1, 0.01)
PAGE = Charge("ce", "GetCostAndUsage", Unit.PAGE, 1, 0.01)


def metrics_of(count: int) -> dict[str, Any]:
    metric = {"Metric": {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}, "Period": 300, "Stat": "p95"}
    queries = [{"Id": f"m{i}", "MetricStat": metric} for i in range(count)]
    return {
        "MetricDataQueries": [*queries, {"Id": "e1", "Expression": "m1*2"}],
        "StartTime": datetime(2026, 11, 1, tzinfo=UTC),
        "EndTime": datetime(2026, 11, 2, tzinfo=UTC),
    }


def test_a_failed_call_costs_nothing(env: None) -> None:
    book = Book()
    client = Aws(Settings(), book).client("ce")
    answering(client, lambda _: (400, '{"__type": "LimitExceededException", "message": "slow down"}'))
    with pytest.raises(ClientError):
        client.get_cost_and_usage(**ASKED)
    assert book.bill == []


@pytest.mark.parametrize("error", [EndpointConnectionError, ConnectTimeoutError])
def test_a_call_that_never_left_costs_nothing(env: None, error: type[Exception]) -> None:
    book = Book()
    client = Aws(Settings(), book).client("ce")

    def unreachable(request: Any, **_: Any) -> None:
        raise error(endpoint_url=request.url)

    client.meta.events.register("before-send.*.*", unreachable)
    with pytest.raises(error):
        client.get_cost_and_usage(**ASKED)
    assert book.bill == []


@pytest.mark.parametrize("error", [ReadTimeoutError, ConnectionClosedError])
def test_a_call_that_aws_took_and_did_not_answer_may_be_billed_and_is_not_repeated(
    env: None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "4")
    book = Book()
    client = Aws(Settings(), book).client("ce")
    tries = []

    def silent(request: Any, **_: Any) -> None:
        tries.append(request)
        raise error(endpoint_url=request.url)

    client.meta.events.register("before-send.*.*", silent)
    with pytest.raises(error):
        client.get_cost_and_usage(**ASKED)
    assert len(tries) == 1
    assert book.bill == [REQUEST]
    assert client.meta.config.connect_timeout + client.meta.config.read_timeout <= 75


def test_wrong_parameters_are_never_booked(env: None) -> None:
    book = Book()
    with pytest.raises(ParamValidationError):
        Aws(Settings(), book).client("ce").get_cost_and_usage(Nonsense=1)
    assert book.bill == []


def test_each_page_of_cost_explorer_costs_a_cent_and_further_ones_are_counted_apart(env: None) -> None:
    book = Book()
    client = Aws(Settings(), book).client("ce")
    answering(client, lambda _: (200, '{"ResultsByTime": []}'))
    client.get_cost_and_usage(**ASKED)
    client.get_cost_and_usage(**ASKED, NextPageToken="2")
    assert book.bill == [REQUEST, PAGE]


def test_every_operation_of_cost_explorer_is_booked(env: None) -> None:
    book = Book()
    client = Aws(Settings(), book).client("ce")
    answering(client, lambda _: (200, "{}"))
    client.get_dimension_values(TimePeriod=ASKED["TimePeriod"], Dimension="SERVICE")
    assert [charge.operation for charge in book.bill] == ["GetDimensionValues"]


def test_metric_data_costs_by_metric_and_listing_is_free(env: None) -> None:
    book = Book()
    client = Aws(Settings(), book).client("cloudwatch", region="us-east-1")
    sent = answering(client, lambda _: (200, "{}"))
    with suppress(ResponseParserError):  # this test does not speak CloudWatch's wire format
        client.list_metrics()
    with suppress(ResponseParserError):
        client.get_metric_data(**metrics_of(250))
    assert len(sent) == 2
    assert book.bill == [Charge("cloudwatch", "GetMetricData", Unit.METRIC, 250, pytest.approx(0.0025))]


@pytest.mark.parametrize("service", ["ce", "cloudwatch"])
def test_a_call_that_the_meter_refuses_is_not_made(env: None, service: str) -> None:
    client = Aws(Settings(), Book(refuses=True)).client(service)
    sent = answering(client, lambda _: (200, "{}"))
    calls = {"ce": ("get_cost_and_usage", ASKED), "cloudwatch": ("get_metric_data", metrics_of(1))}
    name, asked = calls[service]
    call = partial(getattr(client, name), **asked)
    with pytest.raises(SourceUnavailable, match="No money is left"), reading(f"{service}:Whatever"):
        call()
    assert sent == []


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

    def _identity(self) -> str:
        return "arn:aws-us-gov:sts::123456789012:assumed-role/costbot/i-0abc"


def test_the_caller_s_own_account_needs_no_role(env: None) -> None:
    aws = Known(Settings())
    assert aws.client("ec2", account_id="123456789012") is aws.client("ec2")


def test_silence_is_waited_for_twice_and_throttling_is_retried(env: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "4")
    monkeypatch.setattr("time.sleep", lambda _: None)
    client = Aws(Settings()).client("ec2")
    config = client.meta.config
    tries = []

    def silent(request: Any, **_: Any) -> None:
        tries.append(request)
        raise ReadTimeoutError(endpoint_url=request.url)

    client.meta.events.register("before-send.*.*", silent)
    with pytest.raises(ReadTimeoutError):
        client.describe_instances()
    assert len(tries) == 2
    assert len(tries) * (config.connect_timeout + config.read_timeout) <= 75

    explorer = Aws(Settings()).client("ce")
    sent = answering(explorer, lambda _: (400, '{"__type": "ThrottlingException", "message": "slow down"}'))
    with pytest.raises(ClientError):
        explorer.get_cost_and_usage(**ASKED)
    assert len(sent) == 4


def test_the_settings_name_the_accounts(env: None) -> None:
    aws = Known(Settings(accounts="111122223333"))  # type: ignore[arg-type]
    organization = aws.client("organizations")
    answering(organization, lambda _: (400, '{"__type": "AccessDeniedException", "message": "no"}'))
    assert [(a.id, a.name) for a in aws.accounts()] == [("111122223333", "111122223333")]


def test_named_accounts_miss_nothing_when_the_organisation_is_not_listed(env: None) -> None:
    aws = Known(Settings(accounts="111122223333"))  # type: ignore[arg-type]
    answering(aws.client("organizations"), lambda _: (500, "<html>"))
    assert aws.account_list() == AccountList((AccountRef("111122223333", "111122223333"),))


def test_without_an_organisation_only_the_caller_is_looked_at_and_that_is_no_problem(env: None) -> None:
    aws = Known(Settings())
    answering(
        aws.client("organizations"),
        lambda _: (400, '{"__type": "AWSOrganizationsNotInUseException", "message": "no"}'),
    )
    assert aws.account_list() == AccountList((AccountRef("123456789012", "123456789012"),))


@pytest.mark.parametrize(
    ("answer", "cause", "remedy"),
    [
        (
            (400, '{"__type": "AccessDeniedException", "message": "no"}'),
            "Accounts of the organisation could not be listed: AWS refuses organizations:ListAccounts to costbot's own "
            "credentials. Of them only 123456789012, costbot's own, is looked at.",
            "Add organizations:ListAccounts to the policy of its user or role, or set COSTBOT_ACCOUNTS.",
        ),
        (
            (400, '{"__type": "TooManyRequestsException", "message": "slow"}'),
            "AWS throttles organizations:ListAccounts even after retries. Of them only 123456789012",
            "costbot asks again at the next run",
        ),
        (
            (500, "<!doctype html><title>500</title>"),
            "organizations does not answer organizations:ListAccounts. Of them only 123456789012",
            "costbot asks again at the next run",
        ),
    ],
)
def test_an_organisation_that_does_not_tell_its_accounts_is_a_problem_and_is_asked_again(
    env: None, answer: tuple[int, str], cause: str, remedy: str
) -> None:
    aws = Known(Settings())
    answers = [answer, (200, '{"Accounts": [{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"}]}')]
    answering(aws.client("organizations"), lambda _: answers.pop(0))

    listed = aws.account_list()

    assert [account.id for account in listed.accounts] == ["123456789012"]
    assert listed.problem is not None
    assert cause in listed.problem.cause
    assert remedy in listed.problem.remedy
    assert aws.account_list() == AccountList((AccountRef("111122223333", "prod"),))


def listing(*accounts: tuple[str, str, str]) -> str:
    return json.dumps({"Accounts": [{"Id": id_, "Name": name, "State": state} for id_, name, state in accounts]})


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"])
def test_accounts_that_nobody_can_look_into_are_left_out_by_name(env: None, state: str) -> None:
    aws = Known(Settings())
    body = listing(("111122223333", "prod", "ACTIVE"), ("222233334444", "old", state))
    answering(aws.client("organizations"), lambda _: (200, body))
    assert aws.account_list() == AccountList(
        (AccountRef("111122223333", "prod"),), None, (AccountRef("222233334444", "old"),)
    )


def test_an_older_answer_that_calls_it_status_is_understood(env: None) -> None:
    aws = Known(Settings())
    body = listing(("111122223333", "prod", "SUSPENDED")).replace("State", "Status")
    answering(aws.client("organizations"), lambda _: (200, body))
    assert aws.account_list() == AccountList((), None, (AccountRef("111122223333", "prod"),))


def test_a_named_account_that_is_closed_is_not_entered(env: None) -> None:
    aws = Known(Settings(accounts="111122223333,222233334444"))  # type: ignore[arg-type]
    body = listing(("111122223333", "prod", "ACTIVE"), ("222233334444", "old", "CLOSED"), ("9", "other", "ACTIVE"))
    answering(aws.client("organizations"), lambda _: (200, body))
    assert aws.account_list() == AccountList(
        (AccountRef("111122223333", "prod"),), None, (AccountRef("222233334444", "old"),)
    )


def test_every_page_of_a_large_organisation_is_read(env: None) -> None:
    aws = Known(Settings())
    every = [(f"{number:012}", f"account-{number}", "ACTIVE") for number in range(205)]

    def page(request: Any) -> tuple[int, str]:
        start = int(json.loads(request.body).get("NextToken", 0))
        answer = json.loads(listing(*every[start : start + 20]))
        return 200, json.dumps(answer | ({"NextToken": str(start + 20)} if start + 20 < len(every) else {}))

    sent = answering(aws.client("organizations"), page)
    assert [(ref.id, ref.name) for ref in aws.accounts()] == [(id_, name) for id_, name, _ in every]
    assert len(sent) == 11
    aws.accounts()
    assert len(sent) == 11


def test_accounts_are_listed_again_after_an_hour(env: None, monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Known(Settings())
    answers = [listing(("111122223333", "prod", "ACTIVE")), listing(("222233334444", "new", "ACTIVE"))]
    answering(aws.client("organizations"), lambda _: (200, answers.pop(0)))
    assert [ref.name for ref in aws.accounts()] == ["prod"]
    monkeypatch.setattr("bot.aws.LISTED_FOR_SECONDS", -1.0)
    assert [ref.name for ref in aws.accounts()] == ["new"]


UNAUTHORIZED = "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>"
REGIONS = (
    "<DescribeRegionsResponse><regionInfo>"
    "<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
    "<item><regionName>ap-east-1</regionName><optInStatus>not-opted-in</optInStatus></item>"
    "<item><regionName>eu-south-1</regionName><optInStatus>opted-in</optInStatus></item>"
    "</regionInfo></DescribeRegionsResponse>"
)


def test_regions_that_are_not_enabled_are_left_out(env: None) -> None:
    aws = Known(Settings())
    aws._partition = lambda: "aws"  # type: ignore[method-assign]
    sent = answering(aws.client("ec2", region="us-east-1"), lambda _: (200, REGIONS))
    found = aws.region_list("123456789012")
    assert found == RegionList(enabled=("eu-south-1", "us-east-1"), left_out=("ap-east-1",))
    assert aws.regions("123456789012") == found.enabled
    assert len(sent) == 1
    assert "AllRegions=true" in str(sent[0].body)


def test_of_the_regions_of_the_settings_those_that_are_not_enabled_and_those_that_are_none_are_told(env: None) -> None:
    aws = Known(Settings(regions="us-east-1,ap-east-1,eu-west-9"))  # type: ignore[arg-type]
    answering(aws.client("ec2"), lambda _: (200, REGIONS))
    assert aws.region_list("123456789012") == RegionList(("us-east-1",), ("ap-east-1",), ("eu-west-9",))


def test_regions_of_the_settings_are_believed_where_aws_does_not_tell(env: None) -> None:
    aws = Known(Settings(regions="us-east-1,ap-east-1"))  # type: ignore[arg-type]
    answering(aws.client("ec2"), lambda _: (403, UNAUTHORIZED))
    assert aws.regions("123456789012") == ("us-east-1", "ap-east-1")


def test_without_a_word_of_aws_no_region_is_guessed(env: None) -> None:
    aws = Known(Settings())
    answering(aws.client("ec2"), lambda _: (403, UNAUTHORIZED))
    with pytest.raises(SourceUnavailable, match="refuses ec2:DescribeRegions in account 123456789012"):
        aws.regions("123456789012")
