"""The AWS stand-in over HTTP, asked by boto3 as a bot would."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError

import bot.demo.aws
from bot.clock import Clock
from bot.demo.aws import moto_service
from bot.demo.aws.calls import Call
from bot.demo.aws.faults import Failure, failed
from bot.demo.aws.organisation import ACCOUNTS, PAYER, PROD
from bot.demo.aws.server import AwsStandIn
from tests.demo.aws.billing_factories import billing_stand_in
from tests.demo.aws.ledger_factories import NOW

PERIOD = {"Start": "2026-11-01", "End": "2026-11-21"}
DAILY = {"TimePeriod": PERIOD, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=30)

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in() as running:
        yield running


@pytest.fixture
def client(stand_in: AwsStandIn) -> Iterator[Client]:
    def made(service: str, **more: Any) -> Any:
        settings = {
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "region_name": "us-east-1",
            "config": ONCE,
            "endpoint_url": stand_in.url,
        }
        return boto3.client(service, **{**settings, **more})

    yield made
    stand_in.faults.clear()
    stand_in.calls.clear()


def control(stand_in: AwsStandIn, method: str, what: str, body: Any = None, **headers: str) -> Any:
    request = urllib.request.Request(
        f"{stand_in.url}/costbot-demo/{what}",
        method=method,
        headers=headers,
        data=None if body is None else json.dumps(body).encode(),
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def refused(stand_in: AwsStandIn, method: str, what: str, body: Any = None, **headers: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as caught:
        control(stand_in, method, what, body, **headers)
    with caught.value as error:
        return error.code


def member(client: Client, account_id: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account_id}:role/costbot-read"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="costbot")["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def test_a_web_page_cannot_call_the_stand_in(stand_in: AwsStandIn) -> None:
    fault = {"service": "ce", "error": "throttle"}

    assert refused(stand_in, "POST", "faults", fault, Origin="http://evil.example") == 403
    assert refused(stand_in, "GET", "calls", Host="evil.example") == 403
    assert control(stand_in, "GET", "faults") == {"faults": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"service": "ce"},
        {"service": "ce", "error": "explode"},
        [1],
        {"service": "ce", "error": "throttle", "often": 3},
    ],
)
def test_a_fault_that_cannot_be_read_is_refused(stand_in: AwsStandIn, body: Any) -> None:
    assert refused(stand_in, "POST", "faults", body) == 400
    assert control(stand_in, "GET", "faults") == {"faults": []}


def test_an_unknown_control_is_not_found(stand_in: AwsStandIn) -> None:
    assert refused(stand_in, "GET", "everything") == 404


def test_what_moto_lacks_is_a_server_error_without_a_traceback(
    client: Client,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for call in (
        lambda: client("pricing").describe_services(),
        lambda: client("savingsplans").describe_savings_plan_rates(savingsPlanId="0"),
        lambda: client("ce").get_anomalies(DateInterval={"StartDate": "2026-11-01"}),
    ):
        with pytest.raises(ClientError, match="500"):
            call()
    with pytest.raises(ResponseParserError):
        client("ec2").describe_reserved_instances_listings()

    assert "Traceback" not in capfd.readouterr().err


def test_cost_explorer_refuses_in_aws_words(client: Client) -> None:
    groups = [{"Type": "DIMENSION", "Key": key} for key in ("SERVICE", "REGION", "AZ")]

    with pytest.raises(ClientError, match="Only two values for GroupBy are allowed"):
        client("ce").get_cost_and_usage(**DAILY, GroupBy=groups)


def test_cost_explorer_answers_the_payer_with_the_whole_organisation(client: Client) -> None:
    rows = client("ce").get_cost_and_usage(**DAILY)["ResultsByTime"]

    assert len(rows) == 20
    assert 2000 < float(rows[10]["Total"]["UnblendedCost"]["Amount"]) < 4000


def test_cost_explorer_answers_a_member_with_itself(client: Client) -> None:
    asked = client("ce", **member(client, PROD.id)).get_dimension_values(TimePeriod=PERIOD, Dimension="LINKED_ACCOUNT")

    assert [item["Value"] for item in asked["DimensionValues"]] == [PROD.id]


def test_the_payer_has_budgets(client: Client) -> None:
    found = client("budgets").describe_budgets(AccountId="123456789012", ShowFilterExpression=True)["Budgets"]
    assert [one["TimeUnit"] for one in found] == ["MONTHLY", "QUARTERLY", "ANNUALLY", "MONTHLY", "MONTHLY"]
    assert found[0]["TimePeriod"]["Start"] == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_organisation_has_the_demos_accounts(client: Client) -> None:
    organizations = client("organizations")
    listed = organizations.list_accounts()["Accounts"]

    assert {(one["Id"], one["Name"], one["Status"]) for one in listed} == {
        (one.id, one.name, "ACTIVE") for one in ACCOUNTS
    }
    assert organizations.describe_organization()["Organization"]["MasterAccountId"] == PAYER.id
    assert organizations.describe_account(AccountId=PROD.id)["Account"]["Email"] == PROD.email
    assert {one["Id"]: one["JoinedTimestamp"].year for one in listed}[PROD.id] == 2022


def test_a_member_account_may_not_list_the_others(client: Client) -> None:
    organizations = client("organizations", **member(client, PROD.id))

    with pytest.raises(ClientError, match="AccessDeniedException"):
        organizations.list_accounts()
    assert organizations.describe_organization()["Organization"]["MasterAccountId"] == PAYER.id


def test_assumed_roles_live_in_their_own_account(client: Client) -> None:
    assert client("sts").get_caller_identity()["Account"] == PAYER.id
    assert client("sts", **member(client, PROD.id)).get_caller_identity()["Account"] == PROD.id


CODES = {
    "ce": ("LimitExceededException", "ExpiredTokenException", "AccessDeniedException"),
    "organizations": ("ThrottlingException", "ExpiredTokenException", "AccessDeniedException"),
    "cloudwatch": ("ThrottlingException", "ExpiredTokenException", "AccessDeniedException"),
    "ec2": ("RequestLimitExceeded", "RequestExpired", "UnauthorizedOperation"),
    "rds": ("Throttling", "ExpiredToken", "AccessDenied"),
    "elbv2": ("Throttling", "ExpiredToken", "AccessDenied"),
    "s3": ("SlowDown", "ExpiredToken", "AccessDenied"),
    "lambda": ("TooManyRequestsException", "ExpiredTokenException", "AccessDeniedException"),
}
CALLS: dict[str, Callable[[Any], Any]] = {
    "ce": lambda ce: ce.get_tags(TimePeriod=PERIOD),
    "organizations": lambda organizations: organizations.list_accounts(),
    "cloudwatch": lambda cloudwatch: cloudwatch.list_metrics(),
    "ec2": lambda ec2: ec2.describe_volumes(),
    "rds": lambda rds: rds.describe_db_instances(),
    "elbv2": lambda elbv2: elbv2.describe_load_balancers(),
    "s3": lambda s3: s3.list_buckets(),
    "lambda": lambda lambda_: lambda_.list_functions(),
}


@pytest.mark.parametrize("service", CODES)
def test_any_service_fails_the_way_aws_fails_it(stand_in: AwsStandIn, client: Client, service: str) -> None:
    for error, code in zip(("throttle", "expired", "access_denied"), CODES[service], strict=True):
        control(stand_in, "POST", "faults", {"service": service, "error": error, "times": 1})
        with pytest.raises(ClientError) as caught:
            CALLS[service](client(service))
        assert caught.value.response["Error"]["Code"] == code
    control(stand_in, "POST", "faults", {"service": service, "error": "http500", "times": 1})
    with pytest.raises((ClientError, ResponseParserError)):
        CALLS[service](client(service))

    assert control(stand_in, "GET", "faults") == {"faults": []}


def test_a_denied_call_names_the_action_that_is_missing(stand_in: AwsStandIn, client: Client) -> None:
    control(stand_in, "POST", "faults", {"service": "cloudwatch", "error": "access_denied"})

    with pytest.raises(ClientError, match="not authorized to perform: cloudwatch:ListMetrics"):
        client("cloudwatch").list_metrics()


def test_a_fault_hits_only_the_account_operation_and_region_it_names(stand_in: AwsStandIn, client: Client) -> None:
    keys = member(client, PROD.id)
    control(
        stand_in,
        "POST",
        "faults",
        {
            "service": "ec2",
            "operation": "DescribeVolumes",
            "account_id": PROD.id,
            "region": "eu-west-1",
            "error": "access_denied",
        },
    )

    client("ec2", region_name="eu-west-1").describe_volumes()
    client("ec2", **keys).describe_volumes()
    client("ec2", **keys, region_name="eu-west-1").describe_snapshots(OwnerIds=["self"])
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        client("ec2", **keys, region_name="eu-west-1").describe_volumes()


def test_a_fault_of_an_account_refuses_the_role_there_and_no_other_role(stand_in: AwsStandIn, client: Client) -> None:
    fault = {"service": "sts", "operation": "AssumeRole", "account_id": PROD.id, "error": "access_denied"}
    control(stand_in, "POST", "faults", fault)

    for account in ACCOUNTS:
        if account.id not in (PROD.id, PAYER.id):
            member(client, account.id)
    with pytest.raises(ClientError, match=f"sts:AssumeRole on resource: arn:aws:iam::{PROD.id}:role/"):
        member(client, PROD.id)


def test_a_fault_happens_as_often_as_it_says_and_botocore_gets_over_it(stand_in: AwsStandIn, client: Client) -> None:
    control(stand_in, "POST", "faults", {"service": "ce", "error": "throttle", "times": 1})
    patient = Config(retries={"total_max_attempts": 2, "mode": "standard"})

    assert client("ce", config=patient).get_tags(TimePeriod=PERIOD)["Tags"] == ["env", "team"]
    assert [one["count"] for one in control(stand_in, "GET", "calls")["calls"]] == [2]


def test_a_fault_lasts_until_it_is_cleared(stand_in: AwsStandIn, client: Client) -> None:
    control(stand_in, "POST", "faults", {"service": "*", "error": "expired"})
    for _ in range(3):
        with pytest.raises(ClientError, match="ExpiredToken"):
            client("sts").get_caller_identity()
    control(stand_in, "DELETE", "faults")

    assert client("sts").get_caller_identity()["Account"] == PAYER.id


def test_a_call_can_hang_until_the_client_gives_up(stand_in: AwsStandIn, client: Client) -> None:
    control(stand_in, "POST", "faults", {"service": "ce", "error": "timeout", "times": 1})
    impatient = Config(retries={"total_max_attempts": 1}, read_timeout=0.3)

    with pytest.raises(ReadTimeoutError):
        client("ce", config=impatient).get_tags(TimePeriod=PERIOD)


def test_cbor_errors_are_a_map_of_two_texts() -> None:
    answer = failed(Call("monitoring", "us-east-1", "GetMetricData", PAYER.id, "cbor", b""), Failure.THROTTLE)

    error_type = b"\x79\x00\x06__type\x79\x00\x13ThrottlingException"
    assert answer.body == b"\xa2" + error_type + b"\x79\x00\x07message\x79\x00\x0dRate exceeded"


def test_calls_are_counted_by_service_operation_account_and_region(stand_in: AwsStandIn, client: Client) -> None:
    keys = member(client, PROD.id)
    control(stand_in, "DELETE", "calls")
    client("ce").get_tags(TimePeriod=PERIOD)
    client("ce").get_tags(TimePeriod=PERIOD)
    client("ec2", **keys, region_name="eu-west-1").describe_volumes()
    client("lambda").list_functions()
    client("cloudwatch").list_metrics()
    s3 = client("s3")
    s3.create_bucket(Bucket="notes")
    s3.put_object(Bucket="notes", Key="a/b c", Body=b"x")
    s3.get_bucket_versioning(Bucket="notes")

    counted = {
        (one["service"], one["operation"], one["account_id"], one["region"]): one["count"]
        for one in control(stand_in, "GET", "calls")["calls"]
    }
    home = (PAYER.id, "us-east-1")
    assert counted == {
        ("ce", "GetTags", *home): 2,
        ("ec2", "DescribeVolumes", PROD.id, "eu-west-1"): 1,
        ("lambda", "ListFunctions", *home): 1,
        ("monitoring", "ListMetrics", *home): 1,
        ("s3", "CreateBucket", *home): 1,
        ("s3", "PutObject", *home): 1,
        ("s3", "GetBucketVersioning", *home): 1,
    }


def test_a_file_sent_to_s3_arrives_whole(client: Client) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="exports")
    s3.put_object(Bucket="exports", Key="focus.parquet", Body=bytes(range(256)) * 4000, Metadata={"a_b": "c"})

    assert s3.get_object(Bucket="exports", Key="focus.parquet")["Body"].read() == bytes(range(256)) * 4000


def test_ready_says_what_is_up(stand_in: AwsStandIn, client: Client) -> None:
    client("sts").get_caller_identity()

    assert control(stand_in, "GET", "ready")["moto"] is True


def test_cost_explorer_answers_while_the_inventory_is_still_being_made(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Event()
    monkeypatch.setattr(moto_service, "load", lambda clock: _empty_moto)
    monkeypatch.setattr(moto_service, "fill", lambda clock, seed: made.wait(20) and None)
    slow = AwsStandIn(clock=Clock.starting_at(NOW))
    url = slow.start()

    assert client("ce", endpoint_url=url).get_tags(TimePeriod=PERIOD)["Tags"] == ["env", "team"]
    assert slow.ready() == {"moto": True, "inventory": False}
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client("ec2", endpoint_url=url).describe_volumes)
        assert wait([asked], timeout=0.3).not_done == {asked}
        made.set()
        assert asked.result(20)["Volumes"] == []
    slow.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_inventory_that_could_not_be_made_is_an_error_and_never_an_empty_account(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moto_service, "load", lambda clock: _empty_moto)
    monkeypatch.setattr(moto_service, "fill", lambda clock, seed: 1 / 0)
    broken = AwsStandIn(clock=Clock.starting_at(NOW))
    url = broken.start()

    assert broken.wait_until_seeded(20) is False
    with pytest.raises(ResponseParserError):
        client("ec2", endpoint_url=url).describe_volumes()
    broken.stop()


def _empty_moto(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>"]


def test_many_threads_get_the_same_answer(client: Client) -> None:
    ce = client("ce")

    def asked(_: int) -> str:
        groups = [{"Type": "TAG", "Key": "team"}]
        return json.dumps(ce.get_cost_and_usage(**DAILY, GroupBy=groups)["ResultsByTime"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(asked, range(24)))) == 1


_START = """
import time
started = time.perf_counter()
from datetime import UTC, datetime
from bot.clock import Clock
from bot.demo.aws import moto_service
from bot.demo.aws.server import AwsStandIn
running = AwsStandIn(clock=Clock.starting_at(datetime(2026, 11, 20, 10, tzinfo=UTC)), inventory=False)
url = running.start()
import json, sys, urllib.request
body = json.dumps({"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-21"}, "Granularity": "DAILY",
                   "Metrics": ["UnblendedCost"]}).encode()
headers = {"X-Amz-Target": "AWSInsightsIndexService.GetCostAndUsage", "Content-Type": "application/x-amz-json-1.1",
           "Authorization": "AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/ce/aws4_request, Signature=x"}
urllib.request.urlopen(urllib.request.Request(url, body, headers)).read()
answered = time.perf_counter()
running.wait_until_seeded()
stopping = time.perf_counter()
running.stop()
print(json.dumps([answered - started, time.perf_counter() - stopping]))
"""


def test_it_answers_within_seconds_of_its_start_and_stops_at_once() -> None:
    output = subprocess.run(
        [sys.executable, "-c", _START],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(bot.demo.aws.__file__).parents[3])},
    ).stdout
    answered, stopped = json.loads(output.splitlines()[-1])

    # 0.6 s on an idle machine; the limit leaves room for a busy one.
    assert answered < 10
    assert stopped < 0.5


def test_stopping_lets_a_hanging_call_go() -> None:
    running = AwsStandIn(clock=Clock.starting_at(datetime(2026, 11, 20, 10, tzinfo=UTC)), inventory=False)
    assert running.faults.strike(Call("ce", "", "GetTags", PAYER.id, "json", b"")) is None
    before = time.perf_counter()
    running.stop()

    assert time.perf_counter() - before < 0.5
