"""What holds for all tests: who shares a worker, where stores come from, and how garbage is collected.

Tests that share what their module made stay in one worker: made in each of them, it would be waited for again.
Eight thousand tests and what they import are not garbage: looked through again and again, they take a quarter of the
time.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

gc.disable()
# Tests run side by side already: arithmetic on all processors at once would only wait for itself.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def _nothing_waits_for_the_disk() -> Iterator[None]:
    from tests.new_store import open_copy  # it imports what tests of the analysis alone do without

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.store.connection.open_database", open_copy)
        # Nor does any test last beyond a power cut: waiting for the disk would be most of its time.
        patched.setattr("os.fsync", lambda descriptor: None)
        yield


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # frames are freed without it; what is left in circles is small
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and not item.get_closest_marker("xdist_group") and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares(item: pytest.Function) -> bool:
    """Whether a fixture of the test is made once a module."""
    made = item._fixtureinfo.name2fixturedefs
    return any(one.scope == "module" for name in item.fixturenames for one in made.get(name, ()))
