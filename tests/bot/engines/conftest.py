"""One Spark for all tests of a run: starting it takes ten seconds."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engines.spark import Spark

IS_REQUIRED = os.environ.get("REQUIRE_SPARK") == "1"
#: What a short run on two processors wants: one compiler, one collector, no idle tasks.
OPTIONS = {
    "spark.master": "local[2]",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """Spark on this machine; without Java and PySpark the test is skipped loudly, and fails where they are required."""
    lacking = [name for name, there in (("Java", _has_java()), ("PySpark", _has_pyspark())) if not there]
    if lacking:
        reason = (
            f"No {' and no '.join(lacking)} on this machine: the engine spark is NOT tested. "
            "Install it with: apt-get install openjdk-17-jre-headless, and make spark"
        )
        pytest.fail(reason) if IS_REQUIRED else pytest.skip(reason)
    log: Path = tmp_path_factory.mktemp("spark") / "spark.log"
    engine = Spark(log, OPTIONS)
    yield engine
    engine.close()


def _has_java() -> bool:
    return shutil.which("java") is not None or "JAVA_HOME" in os.environ


def _has_pyspark() -> bool:
    return importlib.util.find_spec("pyspark") is not None
