"""Where work runs: a few reader threads for answers, and one niced worker process for arithmetic.

A listener hands over and returns, so Slack's acknowledgement never waits for either. The worker process gets paths
and small values, never frames; when it dies (out of memory, killed) the next job gets a new one.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import CostbotError
from bot.logs.correlation import carried, correlation_id, run_as
from bot.logs.setup import LogChoice, configure, current

T = TypeVar("T")
log = logging.getLogger("costbot.work")

READER_THREADS = 8
NICENESS = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """Answers that wait for a reader thread, and computations that were handed over and have not ended."""

    answers: int
    computations: int


class Work:
    """Runs functions away from the listeners."""

    def __init__(self, readers: int = READER_THREADS, *, niceness: int = NICENESS) -> None:
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._niceness = niceness
        self._lock = threading.Lock()
        self._worker: ProcessPoolExecutor | None = None
        self._alone: set[ProcessPoolExecutor] = set()
        self._closed = False
        self._counting = threading.Lock()
        self._computing = 0

    def submit(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Run `function` in a reader thread: store, cost files, Slack calls. What it logs has one id."""
        return self._readers.submit(carried(function), *args)

    def compute(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Run `function` in the worker process: anything that computes for more than some milliseconds.

        Args:
            function: importable at top level. args: small and picklable.
        """
        with self._lock:
            try:
                answer = self._process().submit(run_as, correlation_id(), function, *args)
            except BrokenProcessPool:
                log.warning("the worker process died; starting another")
                self._worker = None
                answer = self._process().submit(run_as, correlation_id(), function, *args)
        with self._counting:
            self._computing += 1
        answer.add_done_callback(self._ended)
        return answer

    def _ended(self, _: Future[Any]) -> None:
        with self._counting:
            self._computing -= 1

    def computed(self, function: Callable[..., T], *args: Any) -> T:
        """Like `compute`, and wait. For workflows, which own a thread; never for listeners.

        Raises:
            CostbotError: the worker process died twice over this work.
        """
        for _ in range(2):
            try:
                return self.compute(function, *args).result()
            except BrokenProcessPool:
                log.warning("the worker process died while computing %s", function.__name__)
        raise CostbotError(
            "The worker process died twice over the same computation.",
            "It may need more memory; see costbot's log.",
        )

    def computed_alone(self, function: Callable[..., T], *args: Any) -> T:
        """Like `computed`, in a process of its own that ends with it: for what takes so long that questions, which
        the worker process answers one after the other, would wait behind it.

        Raises:
            CostbotError: the process died.
        """
        with self._lock:
            alone = self._new_process()
            self._alone.add(alone)
            # Begun before anybody may close: what is just being started could not be ended.
            answer = alone.submit(run_as, correlation_id(), function, *args)
        try:
            return answer.result()
        except BrokenProcessPool as error:
            raise CostbotError(
                f"The process that computed {function.__name__} died.", "It may need more memory; see costbot's log."
            ) from error
        finally:
            with self._lock:
                self._alone.discard(alone)
            alone.shutdown(wait=True, cancel_futures=True)

    def waiting(self) -> Waiting | None:
        """How much was handed over and has not begun; None where this process serves nobody."""
        return Waiting(self._readers._work_queue.qsize(), self._computing)

    def warm(self) -> None:
        """Start the worker process now, so that the first computation does not pay for its imports."""
        self.compute(_import_heavy_libraries)

    def close(self, wait_seconds: float = 1.0) -> None:
        """Stop taking work; end the worker process at once and give the threads a moment."""
        self._closed = True
        with self._lock:
            running = [*self._alone, *([self._worker] if self._worker is not None else [])]
            self._worker = None
            for executor in running:
                for process in list((executor._processes or {}).values()):
                    process.terminate()
                # Its semaphores are given back when it is collected; else the system is told of a leak at exit.
                executor.shutdown(wait=True, cancel_futures=True)
            if running:
                del executor
                running.clear()
                gc.collect()
        self._readers.shutdown(wait=False, cancel_futures=True)
        for thread in list(self._readers._threads):
            thread.join(wait_seconds / max(len(self._readers._threads), 1))

    def _process(self) -> ProcessPoolExecutor:
        if self._worker is None:
            self._worker = self._new_process()
        return self._worker

    def _new_process(self) -> ProcessPoolExecutor:
        if self._closed:
            raise CostbotError("costbot is stopping.", "Ask again in a moment.")
        spawn = multiprocessing.get_context("spawn")
        given = (self._niceness, current())
        return ProcessPoolExecutor(1, mp_context=spawn, initializer=_become_worker, initargs=given)


class WorkHere(Work):
    """Computes where it is asked to: for a command in a terminal, which has no acknowledgement to protect and whose
    person waits. A process of its own would import for two seconds, and yield to everybody else."""

    def waiting(self) -> Waiting | None:
        """Nobody is served here."""
        return None

    def compute(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Run `function` in a reader thread."""
        return self.submit(function, *args)

    def computed(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function` at once."""
        return function(*args)

    def computed_alone(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function` at once."""
        return function(*args)


def _become_worker(niceness: int, logs: LogChoice) -> None:
    configure(logs)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends this process itself
    os.nice(niceness)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """A parent that was killed ends nobody; without this its worker would stay for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _import_heavy_libraries() -> None:
    import duckdb  # noqa: F401
    import pandas  # noqa: F401
