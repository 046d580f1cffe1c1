"""The results of a query: pages of GetQueryResults, and the CSV file Athena leaves in S3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.demo.aws.answers import AwsError
from bot.demo.aws.athena_engine import Result, Row
from bot.demo.aws.athena_values import column_info

ROWS_A_PAGE = 1000


def results_page(result: Result, params: Mapping[str, Any]) -> dict[str, Any]:
    """One page; the first row of all is the header and counts as a row.

    Raises:
        AwsError: a size or token AWS would refuse.
    """
    size = int(params.get("MaxResults", ROWS_A_PAGE))
    if not 1 <= size <= ROWS_A_PAGE:
        raise AwsError("InvalidRequestException", f"MaxResults is more than maximum allowed length {ROWS_A_PAGE}.")
    offset = _offset(params.get("NextToken"))
    header: Row = tuple(name for name, _ in result.columns)
    rows = [header, *result.rows[: size - 1]] if offset == 0 else result.rows[offset - 1 : offset - 1 + size]
    page: dict[str, Any] = {
        "UpdateCount": 0,
        "ResultSet": {
            "Rows": [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows],
            "ResultSetMetadata": {"ColumnInfo": [column_info(name, type_) for name, type_ in result.columns]},
        },
    }
    if offset + size < len(result.rows) + 1:
        page["NextToken"] = f"row-{offset + size}"
    return page


def with_first_rows(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with two rows of its page: all are made alike, and to check a thousand takes longer than the query."""
    if "ResultSet" not in answer:
        return answer
    return answer | {"ResultSet": answer["ResultSet"] | {"Rows": answer["ResultSet"]["Rows"][:2]}}


def csv_of(result: Result) -> bytes:
    """All rows as Athena writes them: every value in quotes, NULL without."""
    lines = [tuple(name for name, _ in result.columns), *result.rows]
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines).encode()


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    number = token.removeprefix("row-")
    if not number.isdigit() or number == token:
        raise AwsError("InvalidRequestException", f"Invalid NextToken: {token}")
    return int(number)


def _quoted(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'
