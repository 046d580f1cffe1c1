"""The service `bcm-data-exports`: which exports there are and where they are delivered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.export_bucket import BUCKET, PREFIX, export_arn
from bot.demo.aws.export_kinds import KINDS, Kind
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.organisation import MAIN_REGION, PAYER
from bot.demo.aws.shapes import checked

_DESCRIPTIONS = {
    "focus": "Costs of the organisation, FOCUS 1.2",
    "focus-1-0": "Costs of the organisation, FOCUS 1.0",
    "cur": "Costs of the organisation with resources, CUR 2.0",
}

Operation = Callable[[Mapping[str, Any], str], dict[str, Any]]


class DataExports:
    """Answers ListExports and GetExport; only the paying account has exports."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._operations: dict[str, Operation] = {"ListExports": self._list, "GetExport": self._get}

    def answer(self, operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """The answer to one call.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        return checked("bcm-data-exports", operation, self._operations[operation](params, account_id))

    def _list(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """All of them, by pages of `MaxResults`; the token is the number of those seen."""
        kinds = list(KINDS.values()) if account_id == PAYER.id else []
        offset, size = _page(params)
        shown = [
            {"ExportArn": export_arn(kind.name), "ExportName": kind.name, "ExportStatus": self._status()}
            for kind in kinds[offset : offset + size]
        ]
        more = {"NextToken": str(offset + size)} if offset + size < len(kinds) else {}
        return {"Exports": shown, **more}

    def _get(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        arn = str(params.get("ExportArn", ""))
        kind = next((kind for kind in KINDS.values() if export_arn(kind.name) == arn), None)
        if kind is None or account_id != PAYER.id:
            raise AwsError("ResourceNotFoundException", f"Export {arn} not found.")
        return {"Export": _export(kind), "ExportStatus": self._status()}

    def _status(self) -> dict[str, Any]:
        created = datetime.combine(self._ledger.first_day, time(), UTC) + timedelta(hours=9)
        refreshed = self._now().replace(minute=0, second=0, microsecond=0)
        return {
            "StatusCode": "HEALTHY",
            "CreatedAt": created.timestamp(),
            "LastUpdatedAt": created.timestamp(),
            "LastRefreshedAt": refreshed.timestamp(),
        }


def _export(kind: Kind) -> dict[str, Any]:
    columns = ", ".join(kind.columns)
    configuration = {"TableConfigurations": {kind.table: dict(kind.configuration)}} if kind.configuration else {}
    return {
        "ExportArn": export_arn(kind.name),
        "Name": kind.name,
        "Description": _DESCRIPTIONS[kind.name],
        "DataQuery": {"QueryStatement": f"SELECT {columns} FROM {kind.table}", **configuration},  # noqa: S608
        "DestinationConfigurations": {
            "S3Destination": {
                "S3Bucket": BUCKET,
                "S3Prefix": PREFIX,
                "S3Region": MAIN_REGION,
                "S3OutputConfigurations": {
                    "Format": "PARQUET",
                    "Compression": "PARQUET",
                    "OutputType": "CUSTOM",
                    "Overwrite": "OVERWRITE_REPORT",
                },
            }
        },
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }


def _page(params: Mapping[str, Any]) -> tuple[int, int]:
    token = str(params.get("NextToken", "0"))
    if not token.isdigit():
        raise invalid(f"NextToken {json.dumps(token)} is invalid.")
    return int(token), int(params.get("MaxResults", 100))
