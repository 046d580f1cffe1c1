"""One statement in Athena: started, waited for, its rows paged; stopped when nobody waits for it any more."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import reading
from bot.charges import ATHENA, Booking, Charge, Unit
from bot.errors import CostbotError
from bot.exports.glue_table import Address

log = logging.getLogger("costbot")

#: What a statement is billed at least. Source: AWS, "Amazon Athena pricing": bytes count in whole megabytes, failed
#: statements are free, stopped ones are not.
MEGABYTE = 2**20
LEAST_BYTES = 10 * MEGABYTE
#: Athena ends a query after this long by itself, unless its quota was raised.
TIMEOUT_SECONDS = 30 * 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PAUSES_GROW = 0.25, 5.0, 1.5
ROWS_A_PAGE = 1000

Row = tuple[str | None, ...]


def charge(scanned_bytes: int) -> Charge:
    """What AWS bills for a statement that scanned so many bytes."""
    billed = max(LEAST_BYTES, -(-scanned_bytes // MEGABYTE) * MEGABYTE)
    return Charge(ATHENA.service, "StartQueryExecution", Unit.BYTE, billed, ATHENA.of(billed))


class Books(Protocol):
    """Says before a statement whether it may be started, and keeps what it cost: `bot.spending.Spending`."""

    def book(self, charge: Charge) -> Booking:
        """Count a statement that is about to be started.

        Raises:
            SourceUnavailable: it is not to be.
        """

    def take_back(self, booking: Booking) -> None:
        """It cost nothing."""

    def settle(self, booking: Booking, charge: Charge) -> None:
        """It cost something else."""


@dataclass
class Statement:
    """A statement on its way.

    Args:
        client: boto3's `athena`.
        output: S3 address of results; None where the workgroup has one.
        what: what it reads, for sentences.
        most_bytes: what it can scan at most.
    """

    client: Any
    at: Address
    output: str | None
    what: str
    books: Books
    most_bytes: int = 0
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    timeout_seconds: float = TIMEOUT_SECONDS
    scanned_bytes: int = 0
    usd: float = 0.0
    _id: str = ""

    def run(self, text: str) -> None:
        """Start it and wait for its end.

        Raises:
            CostbotError: it cannot be started, failed, was stopped, or takes too long.
        """
        booking = self.books.book(charge(self.most_bytes))
        try:
            self._id = self._started(text)
        except BaseException:
            self.books.take_back(booking)
            raise
        try:
            ended = self._ended()
        except BaseException:
            self._stop(booking)
            raise
        self._count(ended, booking)
        state = str(ended["Status"]["State"])
        if state != "SUCCEEDED":
            raise self._sentence(state, str(ended["Status"].get("StateChangeReason", "no reason given")))

    def pages(self) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
        """Its rows, by page: names of the columns, and the rows; at least one page.

        Raises:
            CostbotError: AWS does not give them.
        """
        token: dict[str, str] = {}
        is_first = True
        while is_first or token:
            with reading("athena:GetQueryResults", region=self.at.region):
                page = self.client.get_query_results(QueryExecutionId=self._id, MaxResults=ROWS_A_PAGE, **token)
            names = tuple(str(one["Name"]) for one in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"])
            rows = [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in page["ResultSet"]["Rows"]]
            yield names, rows[1:] if is_first else rows  # the first row of all is the header
            is_first, token = False, {"NextToken": page["NextToken"]} if page.get("NextToken") else {}

    def _started(self, text: str) -> str:
        place = {"ResultConfiguration": {"OutputLocation": self.output}} if self.output else {}
        with reading("athena:StartQueryExecution", region=self.at.region):
            try:
                answer = self.client.start_query_execution(
                    QueryString=text,
                    QueryExecutionContext={"Database": self.at.database},
                    WorkGroup=self.at.workgroup,
                    **place,
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "InvalidRequestException":
                    raise
                raise self._refused(error.response["Error"].get("Message", "")) from error
        return str(answer["QueryExecutionId"])

    def _ended(self) -> dict[str, Any]:
        """The execution when it has ended."""
        until = self.clock() + self.timeout_seconds
        pause = FIRST_PAUSE_SECONDS
        while True:
            with reading("athena:GetQueryExecution", region=self.at.region):
                found: dict[str, Any] = self.client.get_query_execution(QueryExecutionId=self._id)["QueryExecution"]
            if found["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return found
            if self.clock() >= until:
                raise CostbotError(
                    f"Athena has not answered for {self.what} after {self.timeout_seconds / 60:.0f} minutes "
                    f"(query {self._id}, {found['Status']['State'].lower()}); it was stopped.",
                    "Run this again when the workgroup is less busy, or read less with --since.",
                )
            self.pause(pause)
            pause = min(pause * PAUSES_GROW, LONGEST_PAUSE_SECONDS)

    def _stop(self, booking: Booking) -> None:
        """Stop it, and count what it had scanned by then; where AWS does not tell, all that was booked stays.

        What led here is raised, and not what goes wrong now.
        """
        try:
            self.client.stop_query_execution(QueryExecutionId=self._id)
            found = self.client.get_query_execution(QueryExecutionId=self._id)["QueryExecution"]
        except (ClientError, BotoCoreError) as error:
            log.warning("query %s in Athena could not be stopped: %s", self._id, error)
            return
        self._count(found, booking)

    def _count(self, found: dict[str, Any], booking: Booking) -> None:
        state = found["Status"]["State"]
        self.scanned_bytes = int(found.get("Statistics", {}).get("DataScannedInBytes", 0))
        if state == "FAILED" or (state != "SUCCEEDED" and not self.scanned_bytes):
            self.books.take_back(booking)
            return
        billed = charge(self.scanned_bytes)
        self.usd = billed.usd
        self.books.settle(booking, billed)

    def _refused(self, message: str) -> CostbotError:
        if "output location" in message.lower():
            return CostbotError(
                f"Workgroup {self.at.workgroup} has no place for the results of queries.",
                "Set COSTBOT_ATHENA_OUTPUT to s3://bucket/prefix, or give the workgroup one.",
            )
        if "output bucket" in message.lower():
            return CostbotError(
                f"Athena cannot write its results: {message}",
                "Correct COSTBOT_ATHENA_OUTPUT, and let costbot's role write there; "
                "`costbot iam read --athena-results BUCKET` prints what it needs.",
            )
        if "workgroup" in message.lower():
            return CostbotError(
                f"Athena does not know workgroup {self.at.workgroup}{_in(self.at.region)}: {message}",
                "Name one that there is: athena://workgroup/database/table, with ?region=… in another region.",
            )
        return CostbotError(
            f"Athena refuses the query for {self.what}: {message[:300]}", "Ingest the export's s3:// prefix instead."
        )

    def _sentence(self, state: str, reason: str) -> CostbotError:
        reason = " ".join(reason.split())[:300]
        said = reason.lower()
        what = "stopped" if state == "CANCELLED" else "gave up on"
        cause = f"Athena {what} the query for {self.what}: {reason.rstrip('.')}."
        for signs, remedy in _REMEDIES:
            if any(sign in said for sign in signs):
                return CostbotError(cause, remedy)
        return CostbotError(
            cause, f"Nothing was stored. Query {self._id} of workgroup {self.at.workgroup} shows more in the console."
        )


def _in(region: str | None) -> str:
    return f" in {region}" if region else ""


#: Signs in Athena's reason, in small letters → what to do.
_REMEDIES = (
    (("bytes scanned limit",), "Raise the workgroup's limit, name another workgroup, or read less with --since."),
    (("exhausted resources", "resource limit"), "Ingest the export's s3:// prefix instead: it needs no Athena."),
    (
        ("access denied", "not authorized", "insufficient permission", "accessdenied"),
        "Let costbot's role read the table and write results; `costbot iam read --bucket BUCKET --athena-results "
        "BUCKET` prints what it needs (with Lake Formation, grant SELECT as well).",
    ),
    (("table_not_found", "column_not_found", "schema_mismatch"), "Run the table's crawler, then run this again."),
    (("hive_bad_data", "hive_cursor_error", "invalid_cast", "hive_cannot_open"),
     "The table's types do not fit its files: run its crawler, or ingest the export's s3:// prefix."),
    (("throttl", "rate exceeded", "slow down"), "Run this again in some minutes; nothing was stored."),
    (("cancelled by user",), "Somebody stopped it; run this again."),
)  # fmt: skip
