"""DuckDB as costbot uses it: in memory, never loading anything from the network, never more memory than it may."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

P = ParamSpec("P")
R = TypeVar("R")

#: How often a question is asked before a file that cannot be read is an error.
MOST_TRIES = 5
#: What heavy work may hold in memory; what needs more goes to the disk.
MEMORY_LIMIT = "256MB"
MOST_THREADS = 8
#: How rollups are written: the fastest level of zstd is half the time of the usual one, for a tenth more bytes. Groups
#: of half the usual rows keep all processors busy to the end.
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 61440"
_ALWAYS = {"autoinstall_known_extensions": "false", "enable_external_file_cache": "false"}  # files change their content


@cache
def _questions() -> duckdb.DuckDBPyConnection:
    """The process's database for questions: one thread, so that the same rows always become the same bytes."""
    folder = str(Path(tempfile.gettempdir()) / f"costbot-{os.getpid()}")
    return duckdb.connect(config={"threads": 1, "temp_directory": folder, **_ALWAYS})


def asked_again(question: Callable[P, R]) -> Callable[P, R]:
    """The question, asked again where a month was replaced while it was read.

    A month's files are replaced one by one, so that a reader may find one gone that was there when it looked.
    """

    @functools.wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(MOST_TRIES - 1):
            try:
                return question(*args, **kwargs)
            except duckdb.IOException:
                continue
        return question(*args, **kwargs)

    return ask


@contextlib.contextmanager
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of one's own on the shared database for questions: safe beside other threads."""
    with contextlib.closing(_questions().cursor()) as own:
        yield own


def heavy(folder: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database for billing exports of any size: all processors, little memory.

    Args:
        folder: where it may spill to.
        threads: processors it may use; all of them where it is None.
    """
    connection = duckdb.connect(
        config={
            "threads": threads or min(os.cpu_count() or 1, MOST_THREADS),
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder),
            "preserve_insertion_order": "false",
            **_ALWAYS,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    # DuckDB takes a process without a main file for a person at a prompt, and would draw on its standard output.
    connection.execute("SET enable_progress_bar = false")
    return connection
