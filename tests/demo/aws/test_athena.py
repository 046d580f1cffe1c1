"""Athena over HTTP, asked by boto3: states, pages, refusals, results in S3; and its tables in Glue."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.demo.aws import athena as athena_service
from bot.demo.aws.athena_engine import Running
from bot.demo.aws.export_catalogue import TABLES
from bot.demo.aws.organisation import PROD
from bot.demo.aws.server import AwsStandIn
from bot.demo.aws.shapes import checked
from tests.demo.aws.billing_factories import BUCKET, billing_stand_in, client, ended, move, pages, queried, rows
from tests.demo.aws.ledger_factories import ask, by_group, dimension, request

NOVEMBER_BILL = "SELECT line_item_product_code, sum(line_item_unblended_cost) FROM cur WHERE billing_period = '2026-11'"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in() as running:
        yield running


@pytest.fixture
def athena(stand_in: AwsStandIn) -> Any:
    return client(stand_in, "athena")


def refusal(athena: Any, **params: Any) -> tuple[str, str]:
    """Message and AthenaErrorCode of an InvalidRequestException."""
    with pytest.raises(ClientError) as caught:
        athena.start_query_execution(**{"QueryString": "SELECT 1", **params})
    error = caught.value.response
    assert error["Error"]["Code"] == "InvalidRequestException"
    return error["Error"]["Message"], error["AthenaErrorCode"]


def test_without_a_place_for_results_nothing_starts(athena: Any) -> None:
    message = "No output location provided. An output location is required"

    assert refusal(athena)[0].startswith(message)
    assert refusal(athena, WorkGroup="primary")[0].startswith(message)


def test_an_unknown_workgroup_is_refused(athena: Any) -> None:
    assert refusal(athena, WorkGroup="nope") == ("WorkGroup nope is not found.", "WORKGROUP_NOT_FOUND")
    with pytest.raises(ClientError, match="WorkGroup nope is not found"):
        athena.get_work_group(WorkGroup="nope")


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("s3://no-such-bucket/x/", "Unable to verify/create output bucket no-such-bucket"),
        ("/tmp/results", "outputLocation is not a valid S3 path. Provided /tmp/results"),
    ],
)
def test_a_wrong_output_location_is_refused(location: str, message: str, athena: Any) -> None:
    assert refusal(athena, ResultConfiguration={"OutputLocation": location})[0] == message


@pytest.mark.parametrize("statement", ["DROP TABLE focus", "SELEC 1", "SELECT 1; SELECT 2", "COPY focus TO 'x'"])
def test_what_is_not_one_query_is_refused(statement: str, athena: Any) -> None:
    assert refusal(athena, QueryString=statement, WorkGroup="billing")[1] == "MALFORMED_QUERY"


def test_a_wrong_column_fails_as_athena_words_it(athena: Any) -> None:
    execution = queried(athena, "SELECT nope FROM cur")

    assert execution["Status"]["State"] == "FAILED"
    assert execution["Status"]["StateChangeReason"] == (
        "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved "
        "or requester is not authorized to access requested resources"
    )
    assert execution["Status"]["AthenaError"]["ErrorCategory"] == 2
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])


def test_an_unknown_execution_is_not_found(athena: Any) -> None:
    for ask_for in (athena.get_query_execution, athena.get_query_results, athena.stop_query_execution):
        with pytest.raises(ClientError, match="QueryExecution nope was not found"):
            ask_for(QueryExecutionId="nope")


def test_another_account_and_another_region_have_none_of_this(stand_in: AwsStandIn, athena: Any) -> None:
    execution = queried(athena, "SELECT 1")
    elsewhere = client(stand_in, "athena", region="eu-west-1")

    with pytest.raises(ClientError):
        elsewhere.get_query_execution(QueryExecutionId=execution["QueryExecutionId"])
    keys = client(stand_in, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{PROD.id}:role/costbot-read", RoleSessionName="costbot"
    )["Credentials"]
    member = client(
        stand_in,
        "athena",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    with pytest.raises(ClientError):
        member.get_query_execution(QueryExecutionId=execution["QueryExecutionId"])


def test_a_query_over_the_cur_answers_as_cost_explorer_does(athena: Any) -> None:
    execution = queried(athena, NOVEMBER_BILL + " AND line_item_line_item_type <> 'Tax' GROUP BY 1")
    header, *found = rows(athena, execution)
    explored = by_group(ask(request("2026-11-01", "2026-11-21", GroupBy=[dimension("SERVICE")])))

    assert execution["Status"]["State"] == "SUCCEEDED"
    assert header == ["line_item_product_code", "_col1"]
    costs = {str(code): float(str(cost)) for code, cost in found}
    assert costs["AmazonS3"] == pytest.approx(explored["Amazon Simple Storage Service",], abs=1e-6)
    assert costs["AmazonEC2"] == pytest.approx(
        explored["Amazon Elastic Compute Cloud - Compute",] + explored["EC2 - Other",], abs=1e-6
    )
    assert execution["Statistics"]["DataScannedInBytes"] > 0
    assert execution["Statistics"]["EngineExecutionTimeInMillis"] >= 0


def test_an_answer_fits_awss_model_of_it(athena: Any) -> None:
    execution = queried(
        athena,
        "SELECT tags, billedcost, chargeperiodstart, NULL AS nothing FROM focus "
        "WHERE billing_period = '2026-11' LIMIT 3",
    )
    page = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    types = [column["Type"] for column in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]

    checked("athena", "GetQueryExecution", {"QueryExecution": execution})
    checked("athena", "GetQueryResults", {key: value for key, value in page.items() if key != "ResponseMetadata"})
    assert types[:3] == ["map", "double", "timestamp"]
    assert page["ResultSet"]["Rows"][1]["Data"][3] == {}


def test_results_come_in_pages_and_the_header_once(athena: Any) -> None:
    execution = queried(athena, "SELECT n FROM unnest(sequence(1, 2500)) AS t(n)")
    sizes = [len(page["ResultSet"]["Rows"]) for page in pages(athena, execution)]
    found = rows(athena, execution, MaxResults=7)

    assert sizes == [1000, 1000, 501]
    assert found[0] == ["n"]
    assert [int(str(value)) for (value,) in found[1:]] == list(range(1, 2501))


@pytest.mark.parametrize(("count", "sizes"), [(999, [1000]), (1000, [1000, 1]), (0, [1])])
def test_the_last_page_has_no_token(count: int, sizes: list[int], athena: Any) -> None:
    execution = queried(athena, f"SELECT n FROM unnest(sequence(1, 2000)) AS t(n) WHERE n <= {count}")

    assert [len(page["ResultSet"]["Rows"]) for page in pages(athena, execution)] == sizes


def test_more_than_a_thousand_rows_a_page_and_made_up_tokens_are_refused(athena: Any) -> None:
    execution = queried(athena, "SELECT 1")
    asked = {"QueryExecutionId": execution["QueryExecutionId"]}

    for params in ({"MaxResults": 1001}, {"NextToken": "x"}):
        with pytest.raises((ClientError, ValueError)):
            athena.get_query_results(**asked, **params)


def test_the_results_lie_in_s3_as_csv(stand_in: AwsStandIn, athena: Any) -> None:
    client(stand_in, "s3").create_bucket(Bucket="results")
    execution = queried(
        athena,
        "SELECT 'a \"quoted\" word' AS word, 1 AS one, cast(NULL AS varchar) AS nothing",
        WorkGroup="primary",
        ResultConfiguration={"OutputLocation": "s3://results/athena/"},
    )
    location = execution["ResultConfiguration"]["OutputLocation"]
    body = (
        client(stand_in, "s3").get_object(Bucket="results", Key=location.removeprefix("s3://results/"))["Body"].read()
    )

    assert location == f"s3://results/athena/{execution['QueryExecutionId']}.csv"
    assert body == b'"word","one","nothing"\n"a ""quoted"" word","1",\n'
    assert list(csv.reader(io.StringIO(body.decode())))[1] == ['a "quoted" word', "1", ""]


def test_the_workgroups_place_comes_before_the_callers(athena: Any) -> None:
    execution = queried(athena, "SELECT 1", ResultConfiguration={"OutputLocation": "s3://elsewhere/"})

    assert execution["ResultConfiguration"]["OutputLocation"].startswith(f"s3://{BUCKET}/athena/")
    workgroup = athena.get_work_group(WorkGroup="billing")["WorkGroup"]
    assert workgroup["Configuration"]["ResultConfiguration"]["OutputLocation"] == f"s3://{BUCKET}/athena/"


def test_the_same_token_starts_one_query(athena: Any) -> None:
    token = "t" * 32
    asked = {"WorkGroup": "billing", "ClientRequestToken": token}
    first = athena.start_query_execution(QueryString="SELECT 1", **asked)["QueryExecutionId"]

    assert athena.start_query_execution(QueryString="SELECT 1", **asked)["QueryExecutionId"] == first
    assert refusal(athena, QueryString="SELECT 2", **asked)[1] == "IDEMPOTENT_PARAMETER_MISMATCH"


def test_parameters_fill_the_question_marks(athena: Any) -> None:
    execution = queried(athena, "SELECT ? AS a, ? AS b", ExecutionParameters=["'x'", "2"])

    assert rows(athena, execution)[1] == ["x", "2"]
    assert execution["ExecutionParameters"] == ["'x'", "2"]


def test_a_query_is_queued_runs_and_can_be_stopped(athena: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started, release = Event(), Event()
    result = Running.result

    def held(self: Running) -> Any:
        started.set()
        release.wait(30)
        return result(self)

    monkeypatch.setattr(Running, "result", held)
    ids = [
        athena.start_query_execution(QueryString=f"SELECT {n}", WorkGroup="billing")["QueryExecutionId"]
        for n in range(athena_service._QUERIES_AT_ONCE + 1)
    ]
    started.wait(30)

    def state(execution_id: str) -> str:
        execution = athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
        return str(execution["Status"]["State"])

    assert state(ids[-1]) == "QUEUED"
    with pytest.raises(ClientError, match="Query has not yet finished"):
        athena.get_query_results(QueryExecutionId=ids[-1])
    for execution_id in (ids[0], ids[-1]):
        athena.stop_query_execution(QueryExecutionId=execution_id)
    release.set()

    assert [ended(athena, execution_id)["Status"]["State"] for execution_id in ids] == [
        "CANCELLED",
        *["SUCCEEDED"] * (len(ids) - 2),
        "CANCELLED",
    ]
    cancelled = ended(athena, ids[0])
    assert cancelled["Status"]["StateChangeReason"] == "Query cancelled by user"


def test_stopping_what_has_ended_changes_nothing(athena: Any) -> None:
    execution = queried(athena, "SELECT 1")
    athena.stop_query_execution(QueryExecutionId=execution["QueryExecutionId"])

    assert ended(athena, execution["QueryExecutionId"])["Status"]["State"] == "SUCCEEDED"


def test_glue_knows_the_columns_and_the_partition_key(stand_in: AwsStandIn) -> None:
    table = client(stand_in, "glue").get_table(DatabaseName="billing", Name="cur")["Table"]
    columns = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}

    assert list(columns) == list(TABLES["cur"].columns)
    assert (columns["resource_tags"], columns["line_item_usage_start_date"]) == ("map<string,string>", "timestamp")
    assert table["PartitionKeys"] == [{"Name": "billing_period", "Type": "string"}]
    assert table["StorageDescriptor"]["Location"] == f"s3://{BUCKET}/exports/cur/data/"


def test_glue_gets_a_partition_for_a_new_month(stand_in: AwsStandIn) -> None:
    glue = client(stand_in, "glue")

    def months() -> list[str]:
        partitions = glue.get_partitions(DatabaseName="billing", TableName="focus")["Partitions"]
        return sorted(partition["Values"][0] for partition in partitions)

    assert months()[-1] == "2026-11"
    now = stand_in.clock.now()
    move(stand_in, datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert months()[-1] == "2026-12"
    move(stand_in, now)


def test_glue_lists_the_tables_and_refuses_others(stand_in: AwsStandIn) -> None:
    glue = client(stand_in, "glue")

    assert [table["Name"] for table in glue.get_tables(DatabaseName="billing")["TableList"]] == list(TABLES)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_table(DatabaseName="billing", Name="nope")
