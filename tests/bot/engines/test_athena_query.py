"""One statement in Athena: every way it can end, what it costs, and that nothing is left running."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engines.athena_query import LEAST_BYTES, MEGABYTE, Statement, charge
from bot.errors import CostbotError, SourceUnavailable
from bot.exports.glue_table import address
from tests.bot.engines.fake_athena import FakeAthena, FakeBooks, refused

AT = address("athena://primary/billing/costs")


class Hours:
    """A clock that the pauses move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def statement(athena: Any, books: FakeBooks | None = None, output: str | None = None, **how: Any) -> Statement:
    hours = how.pop("hours", Hours())
    return Statement(
        athena,
        AT,
        output,
        "billing.costs, 2026-11",
        books or FakeBooks(),
        pause=hours.pause,
        clock=lambda: hours.now,
        **how,
    )


def refusal(athena: FakeAthena, books: FakeBooks | None = None, **how: Any) -> str:
    with pytest.raises(CostbotError) as caught:
        statement(athena, books, **how).run("SELECT 1")
    return str(caught.value)


@pytest.mark.parametrize(
    ("scanned", "billed"),
    [(0, LEAST_BYTES), (1, LEAST_BYTES), (LEAST_BYTES, LEAST_BYTES), (LEAST_BYTES + 1, LEAST_BYTES + MEGABYTE)],
)
def test_ten_megabytes_are_the_least_and_a_begun_one_counts(scanned: int, billed: int) -> None:
    assert charge(scanned).units == billed


def test_a_terabyte_is_five_dollars() -> None:
    assert charge(2**40).usd == 5.0
    assert charge(0).usd == pytest.approx(5 / 104857.6)


def test_a_statement_is_started_waited_for_and_paged_without_its_header() -> None:
    athena = FakeAthena(rows=[(f"2026-11-{day:02}", None) for day in range(1, 6)], page_size=2)
    asked = statement(athena, output="s3://results/here")
    asked.run("SELECT 1")
    pages = list(asked.pages())

    assert [rows for _, rows in pages] == [
        [("2026-11-01", None)],
        [("2026-11-02", None), ("2026-11-03", None)],
        [("2026-11-04", None), ("2026-11-05", None)],
    ]
    assert {names for names, _ in pages} == {("date", "billed_cost")}
    assert athena.calls[0] == (
        "start_query_execution",
        {
            "QueryString": "SELECT 1",
            "QueryExecutionContext": {"Database": "billing"},
            "WorkGroup": "primary",
            "ResultConfiguration": {"OutputLocation": "s3://results/here"},
        },
    )


def test_an_answer_without_rows_is_one_empty_page() -> None:
    asked = statement(FakeAthena())
    asked.run("SELECT 1")

    assert list(asked.pages()) == [(("date", "billed_cost"), [])]


def test_pauses_grow_to_five_seconds() -> None:
    hours = Hours()
    statement(FakeAthena(states=["QUEUED"] * 5 + ["RUNNING"] * 10 + ["SUCCEEDED"]), hours=hours).run("SELECT 1")

    assert hours.pauses == sorted(hours.pauses)
    assert (hours.pauses[0], hours.pauses[-1]) == (0.25, 5.0)


def test_what_was_scanned_takes_the_place_of_what_was_booked() -> None:
    books = FakeBooks()
    asked = statement(FakeAthena(scanned=25_000_000), books, most_bytes=40_000_000)
    asked.run("SELECT 1")

    assert books.lines == [("book", 39 * MEGABYTE), ("settle", 24 * MEGABYTE)]
    assert asked.scanned_bytes == 25_000_000
    assert asked.usd == pytest.approx(5 * 24 / 2**20)


def test_what_may_not_be_spent_is_not_started() -> None:
    athena = FakeAthena()

    assert "cap" in refusal(athena, FakeBooks(refusal=SourceUnavailable("The cap is reached.")))
    assert athena.calls == []


def test_a_statement_that_takes_too_long_is_stopped_and_what_it_scanned_counted() -> None:
    athena, books = FakeAthena(states=["RUNNING"]), FakeBooks()
    said = refusal(athena, books, timeout_seconds=60.0)

    assert said.startswith("Athena has not answered for billing.costs, 2026-11 after 1 minutes (query q-1, running)")
    assert athena.names()[-2:] == ["stop_query_execution", "get_query_execution"]
    assert books.lines[-1] == ("settle", 24 * MEGABYTE)


def test_an_interrupt_stops_the_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    athena, books = FakeAthena(states=["RUNNING"], scanned=0), FakeBooks()

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Statement(athena, AT, None, "x", books, pause=interrupted).run("SELECT 1")
    assert "stop_query_execution" in athena.names()
    assert books.lines == [("book", LEAST_BYTES), ("take back", LEAST_BYTES)]


def test_a_statement_that_cannot_be_stopped_stays_booked_and_the_first_error_is_told() -> None:
    fails = {"stop_query_execution": refused("AccessDeniedException", "no", "StopQueryExecution")}
    athena, books = FakeAthena(states=["RUNNING"], fails=fails), FakeBooks()

    assert "has not answered" in refusal(athena, books, timeout_seconds=1.0)
    assert books.lines == [("book", LEAST_BYTES)]


def test_a_failed_statement_costs_nothing() -> None:
    books = FakeBooks()
    refusal(FakeAthena(states=["FAILED"], reason="SYNTAX_ERROR: line 1:1"), books)

    assert books.lines == [("book", LEAST_BYTES), ("take back", LEAST_BYTES)]


@pytest.mark.parametrize(
    ("state", "reason", "remedy"),
    [
        ("FAILED", "Query exhausted resources at this scale factor", "s3:// prefix"),
        ("FAILED", "Access denied when writing to location: s3://results/q.csv", "costbot iam read"),
        ("FAILED", "TABLE_NOT_FOUND: line 1:9: Table 'awsdatacatalog.billing.costs' does not exist", "crawler"),
        ("FAILED", "HIVE_BAD_DATA: Field billedcost's type BINARY in parquet file is incompatible", "crawler"),
        ("FAILED", "INVALID_CAST_ARGUMENT: Cannot cast 'oops' to DOUBLE", "s3:// prefix"),
        ("FAILED", "Rate exceeded (throttling)", "again in some minutes"),
        ("CANCELLED", "Query cancelled! : Bytes scanned limit was exceeded", "workgroup's limit"),
        ("CANCELLED", "Query cancelled by user", "run this again"),
        ("FAILED", "GENERIC_INTERNAL_ERROR: null", "Query q-1 of workgroup primary"),
    ],
)
def test_the_reason_of_a_failure_is_told_with_a_next_step(state: str, reason: str, remedy: str) -> None:
    said = refusal(FakeAthena(states=["QUEUED", state], reason=reason))

    assert f"the query for billing.costs, 2026-11: {reason}." in said
    assert remedy in said
    assert said.count("\n") == 0


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (
            "No output location provided. An output location is required",
            "Workgroup primary has no place for the results",
        ),
        ("Unable to verify/create output bucket results", "Athena cannot write its results"),
        ("WorkGroup primary is not found.", "Athena does not know workgroup primary"),
        ("line 1:1: mismatched input", "Athena refuses the query for billing.costs, 2026-11: line 1:1"),
    ],
)
def test_a_refused_start_is_told_and_costs_nothing(message: str, cause: str) -> None:
    fails = {"start_query_execution": refused("InvalidRequestException", message, "StartQueryExecution")}
    books = FakeBooks()
    said = refusal(FakeAthena(fails=fails), books)

    assert said.startswith(cause)
    assert books.lines == [("book", LEAST_BYTES), ("take back", LEAST_BYTES)]


@pytest.mark.parametrize(
    ("operation", "code", "cause"),
    [
        ("start_query_execution", "TooManyRequestsException", "AWS throttles athena:StartQueryExecution"),
        ("start_query_execution", "AccessDeniedException", "AWS refuses athena:StartQueryExecution"),
        ("get_query_execution", "AccessDeniedException", "AWS refuses athena:GetQueryExecution"),
    ],
)
def test_throttling_and_missing_permissions_name_the_action(operation: str, code: str, cause: str) -> None:
    athena = FakeAthena(fails={operation: refused(code, "no", "X")})

    assert refusal(athena).startswith(cause)
    assert ("stop_query_execution" in athena.names()) == (operation == "get_query_execution")


def test_results_that_may_not_be_read_name_the_action() -> None:
    asked = statement(FakeAthena(fails={"get_query_results": refused("AccessDeniedException", "no", "X")}))
    asked.run("SELECT 1")

    with pytest.raises(SourceUnavailable, match="AWS refuses athena:GetQueryResults"):
        next(asked.pages())
