"""`costbot …` as a process of its own, forked from one that has the imports behind it.

A fresh interpreter imports for two seconds before it does what a test is about; `python -m bot` itself is run by tests
of how it starts.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from bot.__main__ import main

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(
    [
        "tests.forked",
        "bot.app",
        "bot.workflows.ingest",
        "bot.workflows.refresh_exports",
        "sqlglot.dialects.duckdb",
        "sqlglot.dialects.trino",
    ]
)


class Started:
    """A command that runs."""

    def __init__(
        self, words: Sequence[str], process: ForkServerProcess, said: tempfile.TemporaryDirectory[str]
    ) -> None:
        self._words, self._process, self._said = words, process, said

    def ended(self, timeout: float = 100.0) -> CompletedProcess[str]:
        """Wait for its end; a process that was killed has the signal's number below zero as its exit code.

        Raises:
            TimeoutExpired: it did not end, and was killed.
        """
        try:
            self._process.join(timeout)
            if self._process.exitcode is None:
                raise TimeoutExpired(list(self._words), timeout)
            out, err = ((Path(self._said.name) / name).read_text("utf-8") for name in ("out", "err"))
            return CompletedProcess(list(self._words), self._process.exitcode, out, err)
        finally:
            # A test that is over its time leaves here too, and its command must not go on beside the others.
            self._process.kill()
            self._process.join()
            self._process.close()
            self._said.cleanup()


def start(
    *words: str,
    environment: Mapping[str, str],
    directory: Path | None = None,
    before: Sequence[Callable[[], object]] = (),
) -> Started:
    """Start `costbot <words>` with this environment and no other.

    Args:
        directory: to run in; this process's own where it is None.
        before: called in the new process before the command is; picklable.
    """
    said = tempfile.TemporaryDirectory(prefix="costbot-forked-")
    arguments = (words, dict(environment), directory or Path.cwd(), Path(said.name), tuple(before))
    process = _FORKSERVER.Process(target=_run, args=arguments)
    process.start()
    return Started(words, process, said)


def costbot(*words: str, environment: Mapping[str, str], timeout: float = 100.0) -> CompletedProcess[str]:
    """Run `costbot <words>` to its end."""
    return start(*words, environment=environment).ended(timeout)


def kill_before(module: str, name: str, count: int) -> None:
    """Have this process killed, with SIGKILL, right before the n-th call of a function."""
    owner = importlib.import_module(module)
    *path, name = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    original, called = getattr(owner, name), 0

    def dying(*args: object, **kwargs: object) -> object:
        nonlocal called
        called += 1
        if called == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(owner, name, dying)


def _run(
    words: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    said: Path,
    before: Sequence[Callable[[], object]],
) -> None:
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    for name, number in (("out", 1), ("err", 2)):
        with (said / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    for step in before:
        step()
    sys.argv = ["costbot", *words]
    main()
