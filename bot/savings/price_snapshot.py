"""Writes the shipped snapshot of EC2 prices from an installed apache-libcloud: `python -m bot.savings.price_snapshot`.

apache-libcloud is a development tool only; its table is repaired (`analysis.prices.repair`) before it is shipped.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.prices.ec2_list import SNAPSHOT_FILE
from analysis.prices.repair import repaired
from bot.errors import CostbotError

PACKAGE = "libcloud"


def libcloud_prices() -> dict[str, Any]:
    """The prices that the installed apache-libcloud carries.

    Raises:
        CostbotError: it is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CostbotError("apache-libcloud is not installed.", "Install requirements-dev.txt, which names it.")
    text = (Path(found.origin).parent / "data" / "pricing.json").read_text(encoding="utf-8")
    prices: dict[str, Any] = json.loads(text)
    return prices


def snapshot_bytes() -> bytes:
    """The snapshot's file: the same bytes for the same package."""
    prices = libcloud_prices()
    day: date = datetime.fromtimestamp(prices["updated"], UTC).date()
    head = (
        f"# {day}: AWS public list prices, from apache-libcloud {version('apache-libcloud')} (Apache-2.0), repaired\n"
    )
    rows = repaired(prices["compute"]["ec2_linux"]).to_csv(index=False, float_format="%.8g", lineterminator="\n")
    return gzip.compress((head + rows).encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    SNAPSHOT_FILE.write_bytes(snapshot_bytes())
