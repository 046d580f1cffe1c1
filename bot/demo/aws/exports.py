"""AWS Data Exports of the organisation's bill: the ledger as FOCUS 1.2, FOCUS 1.0 and CUR 2.0 in Parquet.

Layout and names are AWS's: `<prefix>/<export>/data/BILLING_PERIOD=YYYY-MM/<export>-00001.snappy.parquet` and
`<prefix>/<export>/metadata/BILLING_PERIOD=YYYY-MM/<export>-Manifest.json`; a newer delivery overwrites the files of its
month. Charges that the ledger knows by the hour are hourly rows, all others stand for a day. What the columns say, and
how a row leads to Cost Explorer's dimensions: `export_focus`, `export_cur`, `export_products`. Source: AWS,
"Understanding export delivery".
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.demo.aws.export_charges import Charges
from bot.demo.aws.export_kinds import KINDS
from bot.demo.aws.export_writer import Writer
from bot.demo.aws.ledger import Statement

#: A month is so large that AWS would cut it; readers must look for all of its files.
FILES_A_MONTH = 2


def partition(month: date) -> str:
    """Name of the folder of a month."""
    return f"BILLING_PERIOD={month:%Y-%m}"


def data_keys(kind: str, month: date) -> list[str]:
    """Where a month's files lie below the prefix."""
    names = (f"{kind}-{number:05}.snappy.parquet" for number in range(1, FILES_A_MONTH + 1))
    return [f"{kind}/data/{partition(month)}/{name}" for name in names]


def manifest_key(kind: str, month: date) -> str:
    """Where a month's manifest lies below the prefix."""
    return f"{kind}/metadata/{partition(month)}/{kind}-Manifest.json"


def export_files(statement: Statement, folder: Path, kind: str) -> list[Path]:
    """Writes all months of one export below `folder`, in AWS's layout.

    Args:
        kind: a name of `KINDS`.
    Returns:
        the files, by month.
    """
    charges = Charges(statement)
    writer = Writer(charges, KINDS[kind])
    written: list[Path] = []
    for month in charges.months():
        files = [folder / key for key in data_keys(kind, month)]
        files[0].parent.mkdir(parents=True, exist_ok=True)
        writer.write(month, files)
        written += files
    return written
