"""Tests that share what their module made stay in one worker: made in each of three, it would be waited for thrice."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and not item.get_closest_marker("xdist_group") and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares(item: pytest.Function) -> bool:
    """Whether a fixture of the test is made once a module."""
    made = item._fixtureinfo.name2fixturedefs
    return any(one.scope == "module" for name in item.fixturenames for one in made.get(name, ()))
