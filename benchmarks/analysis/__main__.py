"""How good costbot's analysis is beside others': on bills with known truth, or on your own."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import benchmarks.analysis
from benchmarks.analysis import own_bill
from benchmarks.analysis.bill_files import BadBill, read_bill

EXAMPLES = """\
Without --csv: every table on generated bills (some minutes).

With --csv: a daily billing file of yours. Nothing leaves this machine.
  python -m benchmarks.analysis --csv costs.csv                     Cost Explorer's download, by day
  python -m benchmarks.analysis --csv focus.csv.gz                  a FOCUS export
  python -m benchmarks.analysis --csv bill.csv --date Day --key Team --cost "Net cost"
  python -m benchmarks.analysis --csv costs.csv --days 30 --copies 10 > table.txt

Read are: a row per day and service (or account, team, anything) with its cost; a day per row and a column per service;
FOCUS by ChargePeriodStart, ServiceName and EffectiveCost (BilledCost where that is empty).
"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.analysis",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="a daily billing file")
    parser.add_argument("--date", default="", metavar="COLUMN", help="its column of days; found by name if not given")
    parser.add_argument("--key", default="", metavar="COLUMN", help="its column of services, accounts or teams")
    parser.add_argument("--cost", default="", metavar="COLUMN", help="its column of costs")
    parser.add_argument("--days", type=int, default=own_bill.DAYS, help="last days to replay (%(default)s)")
    parser.add_argument("--copies", type=int, default=own_bill.COPIES, help="copies with incidents (%(default)s)")
    parser.add_argument("--seed", type=int, default=own_bill.SEED, help="of the first copy's incidents (%(default)s)")
    given = parser.parse_args(arguments)
    if given.days < 1 or given.copies < 1:
        parser.error("--days and --copies must be at least 1")
    if given.csv is None:
        if given.date or given.key or given.cost:
            parser.error("--date, --key and --cost name columns of a file: give it with --csv")
        every_report()
        return
    try:
        bill = read_bill(given.csv, date=given.date, key=given.key, cost=given.cost)
        own_bill.compare(bill, days=given.days, copies=given.copies, seed=given.seed)
    except BadBill as problem:
        sys.exit(str(problem))


def every_report() -> None:
    """Every module here that has a `report`, in order of name."""
    for module in sorted(pkgutil.iter_modules(benchmarks.analysis.__path__), key=lambda found: found.name):
        if module.name.startswith("__"):
            continue
        report = getattr(importlib.import_module(f"benchmarks.analysis.{module.name}"), "report", None)
        if report is not None:
            report()


if __name__ == "__main__":
    main()
