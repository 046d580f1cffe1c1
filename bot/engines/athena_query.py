"""One statement in Athena: started, waited for, its rows paged; stopped when nobody waits for it any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from bot.aws import reading
from bot.errors import CostbotError
from bot.exports.glue_table import Address

#: AWS: "Amazon Athena pricing", us-east-1, read in November 2026; a few regions charge more. Bytes count in whole
#: megabytes, failed statements are free, stopped ones are not.
USD_PER_TERABYTE = 5.0
TERABYTE, MEGABYTE = 2**40, 2**20
LEAST_BYTES = 10 * MEGABYTE
#: Athena ends a query after this long by itself, unless its quota was raised.
TIMEOUT_SECONDS = 30 * 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PAUSES_GROW = 0.25, 5.0, 1.5
ROWS_A_PAGE = 1000

Row = tuple[str | None, ...]


def price(scanned_bytes: int) -> float:
    """Dollars for a statement that scanned so many bytes."""
    megabytes = -(-scanned_bytes // MEGABYTE)
    return USD_PER_TERABYTE * max(LEAST_BYTES, megabytes * MEGABYTE) / TERABYTE


@dataclass
class Statement:
    """A statement on its way.

    Args:
        client: boto3's `athena`.
        output: S3 address of results; None where the workgroup has one.
        what: what it reads, for sentences.
        paid: called once with bytes and dollars when they are known.
    """

    client: Any
    at: Address
    output: str | None
    what: str
    paid: Callable[[int, float], None]
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
        self._id = self._started(text)
        try:
            ended = self._ended()
        except BaseException:
            self._stop()
            raise
        state = str(ended["Status"]["State"])
        if state != "FAILED":
            self._count(ended)
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

    def _stop(self) -> None:
        """Stop it, and count what it had scanned by then; whatever led here is told instead of what goes wrong now."""
        try:
            self.client.stop_query_execution(QueryExecutionId=self._id)
            self._count(self.client.get_query_execution(QueryExecutionId=self._id)["QueryExecution"])
        except Exception:  # noqa: BLE001
            return

    def _count(self, ended: dict[str, Any]) -> None:
        self.scanned_bytes = int(ended.get("Statistics", {}).get("DataScannedInBytes", 0))
        if self.scanned_bytes or ended["Status"]["State"] == "SUCCEEDED":
            self.usd = price(self.scanned_bytes)
            self.paid(self.scanned_bytes, self.usd)

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
