"""`/cost meter`: what costbot's own calls cost, never less than they did, never nothing where it is little."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.meter_report import small_money
from bot.charges import METRIC_DATA, Charge, Unit
from bot.commands import Reply, Request
from bot.commands.meter import meter, month_end, usual_day
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import UsageError
from tests.bot.costs.cost_factories import context, days, full, store, texts
from tests.bot.costs.fake_explorer import FakeExplorer

GOLDEN = Path(__file__).parents[2] / "golden" / "meter.json"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def bot(tmp_path: Path, **settings: Any) -> Any:
    return context(tmp_path, explorer=FakeExplorer([]), now=NOW, **settings)


def spend(made: Any, at: datetime, unit: Unit, count: int = 1, units: float = 1) -> None:
    service, operation = ("cloudwatch", "GetMetricData") if unit is Unit.METRIC else ("ce", "GetCostAndUsage")
    usd = METRIC_DATA.of(units) if unit is Unit.METRIC else 0.01
    for _ in range(count):
        made.store.book(Charge(service, operation, unit, units, usd), at, requests_a_day=None, cap_usd=None)


def asked(made: Any, *words: str) -> Reply:
    return meter.answer(Request("meter", words, "U0BEN", "C0COSTS"), made)


@pytest.fixture
def used(tmp_path: Path) -> Any:
    """Two weeks of use that began in October with the history."""
    made = bot(tmp_path)
    spend(made, datetime(2026, 10, 30, 10, tzinfo=UTC), Unit.REQUEST, 12)
    spend(made, datetime(2026, 10, 30, 10, tzinfo=UTC), Unit.PAGE, 38)
    for day in range(1, 24):
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        spend(made, at, Unit.REQUEST, 7)
        spend(made, at, Unit.METRIC, 2, 400)
    spend(made, NOW, Unit.REQUEST, 3)
    return made


def test_nothing_spent_is_said_and_nothing_is_reckoned(tmp_path: Path) -> None:
    reply = asked(bot(tmp_path))
    assert reply.text.startswith("costbot has made no billed AWS call in November.")
    assert "by its end" not in reply.text
    assert not [block for block in reply.blocks if block["type"] == "table"]


def test_an_extra_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"/cost meter does not know “yesterday”"):
        asked(bot(tmp_path), "yesterday")


def test_the_first_day_reckons_no_month(tmp_path: Path) -> None:
    made = bot(tmp_path)
    spend(made, NOW, Unit.REQUEST, 7)
    assert asked(made).text.startswith("costbot's own AWS calls cost $0.07 so far in November.")


def test_the_news_is_the_month_so_far_and_its_end(used: Any) -> None:
    # 23 days of $0.078, then today and six more.
    assert asked(used).text == (
        "costbot's own AWS calls cost $1.82 so far in November, about $2.34 by its end. Today 3 of 12 Cost Explorer "
        "requests are used; new ones come on Nov 25 at 00:00 UTC. Of the cap of $20.00 a month $18.18 is left "
        "(`COSTBOT_MONTHLY_API_CAP`)."
    )


def test_each_operation_has_its_line_and_further_pages_one_of_their_own(used: Any) -> None:
    [table] = [block for block in asked(used).blocks if block["type"] == "table"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Source", "Call", "Calls", "Billed", "November", "October"],
        ["Cost Explorer", "GetCostAndUsage", "164", "164 requests", "$1.64", "$0.12"],
        ["CloudWatch", "GetMetricData", "46", "18,400 metrics", "$0.18", "$0.00"],
        ["Cost Explorer", "GetCostAndUsage", "0", "0 further pages", "$0.00", "$0.38"],
    ]


def test_the_message_is_as_it_was(used: Any) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    blocks = asked(used).blocks
    if os.environ.get("COSTBOT_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(blocks, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert blocks == json.loads(GOLDEN.read_text("utf-8"))


def test_it_keeps_slacks_limits(used: Any) -> None:
    reply = asked(used)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


def test_above_the_cap_the_news_is_that_nothing_more_is_paid(used: Any) -> None:
    used.settings.monthly_api_cap = 1.82
    assert asked(used).text.startswith(
        "costbot has spent $1.82 in November, all it may: until Dec 1 it makes no billed AWS call."
    )


def test_a_month_that_will_pass_its_cap_says_so(used: Any) -> None:
    used.settings.monthly_api_cap = 2.0
    assert "about $2.34 by its end would be more than its cap of $2.00." in asked(used).text


def test_without_a_cap_the_setting_is_named(used: Any) -> None:
    used.settings.monthly_api_cap = 0.0
    assert "There is no cap: `COSTBOT_MONTHLY_API_CAP` sets one." in asked(used).text


def test_with_an_export_cost_explorer_is_not_asked(used: Any, tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [full(day, 1.0) for day in days(date(2026, 11, 1), 23)], source="focus")
    assert "An export answers for AWS; Cost Explorer is not asked." in texts(asked(used))


def test_bytes_scanned_are_told_in_gigabytes(used: Any) -> None:
    charge = Charge("athena", "StartQueryExecution", Unit.BYTE, 12.5e9, 0.0625)
    used.store.book(charge, NOW, requests_a_day=None, cap_usd=None)
    assert "12.50 GB scanned" in texts(asked(used))


@pytest.mark.parametrize(
    ("usd", "shown"), [(0.0, "$0.00"), (0.0004, "under $0.01"), (0.006, "$0.01"), (12.3, "$12.30")]
)
def test_a_little_is_never_shown_as_nothing(usd: float, shown: str) -> None:
    assert small_money(usd) == shown


def test_a_usual_day_is_the_middle_one_so_that_the_first_day_does_not_count_for_all() -> None:
    first = date(2026, 11, 20)
    by_day = {first: 0.5, first + timedelta(days=1): 0.07, first + timedelta(days=2): 0.07, date(2026, 11, 24): 0.03}
    assert usual_day(by_day, date(2026, 11, 24)) == 0.07, "a day without calls counts as one that cost nothing"
    assert usual_day({}, date(2026, 11, 24)) is None
    assert usual_day({date(2026, 11, 24): 0.5}, date(2026, 11, 24)) is None


@given(
    by_day=st.dictionaries(st.dates(date(2026, 10, 1), date(2026, 11, 24)), st.floats(0, 5), max_size=40),
    today=st.dates(date(2026, 11, 1), date(2026, 11, 24)),
)
def test_the_month_never_ends_below_what_is_spent(by_day: dict[date, float], today: date) -> None:
    known = {day: usd for day, usd in by_day.items() if day <= today}
    usual = usual_day(known, today)
    spent = sum(usd for day, usd in known.items() if (day.year, day.month) == (today.year, today.month))
    if usual is not None:
        assert month_end(known, usual, today) >= spent - 1e-9
