"""How good analysis is on bills with known truth: every module here that has a `report`, in order of name."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks.analysis


def main() -> None:
    for module in sorted(pkgutil.iter_modules(benchmarks.analysis.__path__), key=lambda found: found.name):
        if module.name.startswith("__"):
            continue
        report = getattr(importlib.import_module(f"benchmarks.analysis.{module.name}"), "report", None)
        if report is not None:
            report()


if __name__ == "__main__":
    main()
