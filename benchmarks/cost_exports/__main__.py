"""`python -m benchmarks.cost_exports --rows 10_000_000 --out DIR --seed 1`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cost_exports import facts, write


def _whole(text: str) -> int:
    return int(text.replace("_", ""))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.cost_exports", description="Write a FOCUS 1.2-like export.")
    parser.add_argument("--rows", type=_whole, default=10_000_000, help="line items in all (default: 10_000_000)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the 13 files")
    parser.add_argument("--seed", type=_whole, default=1)
    parser.add_argument(
        "--resources", type=_whole, default=40_000, help="resources in the whole time (default: 40_000)"
    )
    parser.add_argument("--threads", type=_whole, default=2)
    chosen = parser.parse_args(arguments)
    begun = time.perf_counter()
    files = write(chosen.out, chosen.rows, seed=chosen.seed, resources=chosen.resources, threads=chosen.threads)
    size = sum(file.stat().st_size for file in files)
    print(
        f"{len(files)} files, {chosen.rows:,} rows, {size / 1e6:,.0f} MB, {size / chosen.rows:.1f} bytes a row, "
        f"{time.perf_counter() - begun:.0f} s"
    )
    print(facts(files))


if __name__ == "__main__":
    main()
