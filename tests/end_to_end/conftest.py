"""One running demo for all tests of this folder, started as `make demo` starts it."""

import json

import pytest

from bot.demo.launcher import started
from bot.demo.slack.client import Person
from tests.chromium import PATIENCE_MS, chromium

COSTS = "C0COSTS"
#: The demo's first scan takes half a minute of processor time, and many times that where others want it too.
PATIENCE_SECONDS = 900


def pytest_collection_modifyitems(items):
    for item in items:
        if "end_to_end" in item.path.parts:
            item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))


@pytest.fixture(scope="package")
def demo():
    with started(now="2026-11-20") as made:
        yield made


@pytest.fixture
def ana(demo):
    return Person(demo.url, "U0ANA")


@pytest.fixture
def ben(demo):
    return Person(demo.url, "U0BEN")


@pytest.fixture
def guest(demo):
    return Person(demo.url, "U0GUEST")


@pytest.fixture
def journal(demo):
    """Reads what the bot has sent so far: (method, body, answer)."""

    def read():
        lines = demo.journal.read_text("utf-8").splitlines()
        return [(call["method"], call["body"], call["answer"]) for call in map(json.loads, lines)]

    return read


@pytest.fixture(scope="package")
def browser():
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser, demo):
    """The demo's page as ana in #cloud-costs; a JavaScript error or a request that leaves this machine fails."""
    wrong = []
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE_MS)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: wrong.append(request.url) if "127.0.0.1" not in request.url else None)
    opened.goto(f"{demo.url}/?user=U0ANA&channel=C0COSTS")
    yield opened
    opened.close()
    assert [w for w in wrong if not w.startswith(("data:", "blob:"))] == []
