"""Functions and their days, for the tests of checks on Lambda."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from tests.analysis.checks.check_factories import points, table, together


def function(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"resource_id": "f-1", "architecture": "x86_64", "runtime": "python3.12", "package": "Zip"}
    return values | {"memory_mib": 1024.0, "timeout_s": 60.0, "layers": 0.0, "changed_days": 90.0} | changed


def ran(runs: list[float], mean_ms: float = 500.0, errors: list[float] | None = None) -> DataFrame:
    """Days of runs of `mean_ms` each; a day without a run has no duration."""
    durations = points("Duration", [mean_ms] * len(runs), resource_id="f-1", statistic="Average")
    failed = points("Errors", errors or [0.0] * len(runs), resource_id="f-1")
    happened = [number > 0 for number in runs]
    return together(points("Invocations", runs, resource_id="f-1"), durations[happened], failed[happened])


def tables(metrics: DataFrame, **changed: Any) -> dict[str, DataFrame]:
    return {"lambda_functions": table("lambda_functions", function(**changed)), "lambda_metrics": metrics}
