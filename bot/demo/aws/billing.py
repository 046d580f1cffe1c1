"""The exports of the bill and the services around them: S3, Glue, Athena and Data Exports.

What they need (pandas, DuckDB, sqlglot) is imported when somebody first asks for them: the demo starts without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.demo.aws import enrolment
from bot.demo.aws.calls import Call
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.organisation import MAIN_REGION, PAYER

if TYPE_CHECKING:
    from bot.demo.aws.athena import Athena
    from bot.demo.aws.data_exports import DataExports
    from bot.demo.aws.export_bucket import ExportBucket
    from bot.demo.aws.export_catalogue import Catalogue
    from bot.demo.aws.export_store import ExportStore

_DATA_EXPORTS = frozenset({"ListExports", "GetExport"})
_ATHENA = frozenset(
    {"StartQueryExecution", "GetQueryExecution", "GetQueryResults", "StopQueryExecution", "GetWorkGroup"}
)

Emulation = Callable[[str, Mapping[str, Any], str], dict[str, Any]]


class Billing:
    """The exports, made on demand.

    Args:
        ledger: what they say.
        now: tells the time of the stand-in's clock.
        months: how many of them, the newest; None for all.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], months: int | None = None) -> None:
        self._ledger = ledger
        self._now = now
        self._months = months

    @cached_property
    def store(self) -> ExportStore:
        """The exports' files."""
        from bot.demo.aws.export_store import ExportStore

        return ExportStore(self._ledger, self._now, self._months)

    def emulation(self, call: Call) -> Emulation | None:
        """What answers a call (operation, parameters, account → answer); None where moto does. Moto must be loaded."""
        if (call.service, call.operation) in enrolment.OPERATIONS:
            return enrolment.answer
        if call.service == "bcm-data-exports" and call.operation in _DATA_EXPORTS:
            return self._data_exports.answer
        # Everywhere else Athena has no tables, and moto's is as empty.
        if (call.service, call.account_id, call.region) == (
            "athena",
            PAYER.id,
            MAIN_REGION,
        ) and call.operation in _ATHENA:
            self._bucket.create()
            return self._athena.answer
        return None

    def prepare(self, call: Call, environ: dict[str, Any]) -> None:
        """Puts into moto what a call is about to look at."""
        if call.service == "s3":
            self._bucket.prepare(environ)
        if call.service == "glue":
            self._catalogue.prepare()

    def close(self) -> None:
        """Stops queries and removes the files, where there are any."""
        if "_athena" in self.__dict__:
            self._athena.close()
        if "store" in self.__dict__:
            self.store.remove()

    @cached_property
    def _bucket(self) -> ExportBucket:
        from bot.demo.aws.export_bucket import ExportBucket

        return ExportBucket(self.store)

    @cached_property
    def _catalogue(self) -> Catalogue:
        from bot.demo.aws.export_catalogue import Catalogue

        return Catalogue(self.store)

    @cached_property
    def _data_exports(self) -> DataExports:
        from bot.demo.aws.data_exports import DataExports

        return DataExports(self._ledger, self._now)

    @cached_property
    def _athena(self) -> Athena:
        from bot.demo.aws.athena import Athena

        return Athena(self.store, self._now)
