"""The digest as a message."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.daily_summary import DailySummary, MonthEnd, Mover
from analysis.models import Chart, Series
from analysis.movers import Change
from bot.blocks.digest import Digest, MissingSource, OpenDecisions, digest_blocks, digest_text, verdict
from bot.settings import CostView
from bot.store import Finding
from tests.bot.completeness.completeness_factories import nothing, part
from tests.bot.decisions_factories import NOW, anomaly

GOLDEN = Path(__file__).parents[2] / "golden"
FINDING = Finding(
    "A-3K8P", "anomaly", "open", anomaly(account_name="<!channel>"), 1, False, NOW, NOW, None, None, None, None, None
)
DAYS = tuple(date(2026, 11, 18) - timedelta(days=back) for back in range(13, -1, -1))


def digest(**changed: Any) -> Digest:
    """A Wednesday 12 % above the usual one."""
    chart = Chart(
        "Cost a day, last 14 days",
        tuple(f"{day:%b} {day.day}" for day in DAYS),
        (
            Series("Cost", tuple(4000.0 + 10 * n for n in range(14))),
            Series("Two weeks before", (3900.0,) * 14),
        ),
    )
    summary = DailySummary(
        day=date(2026, 11, 18),
        cost=4210.4,
        usual=3759.3,
        main_cause="EC2",
        month_first=date(2026, 11, 1),
        month_to_date=71230.0,
        month_end=MonthEnd(121000.0, 117000.0, 126000.0),
        last_month=118400.0,
        week=Change(3900.0, 4120.0),
        movers=(
            Mover("EC2", 1200.0, 1384.0, 184.0, 0.1533),
            Mover("Bedrock", 0.0, 61.2, 61.2, None),
            Mover("S3", 310.0, 284.8, -25.2, -0.0813),
        ),
        chart=chart,
    )
    values: dict[str, Any] = {
        "summary": dataclasses.replace(summary, **changed.pop("summary", {})),
        "today": date(2026, 11, 20),
        "currency": "USD",
        "view": CostView.EFFECTIVE,
        "fetched_at": NOW - timedelta(hours=2),
        "note": None,
        "stale_reason": None,
        "decisions": OpenDecisions(2, 412.5, 5, 1280.0, 1, 280.3, (FINDING,)),
        "missing": (),
        "partial": (part(19, 0.91), part(20, 0.12)),
    }
    return Digest(**(values | changed))


def worst() -> Digest:
    """Everything at once that makes a digest longer."""
    failing = tuple(
        MissingSource(f"metrics of <!channel> ({n:012d}), us-east-1", "No cloudwatch:GetMetricData.", NOW)
        for n in range(6)
    )
    stale = "The last complete day is 6 days ago."
    restated = ("Nov 3–5 restated by −$41.20 (<!channel>).", "Nov 9 restated by +$8.00 (AWS).")
    return digest(missing=failing, stale_reason=stale, late_since=NOW, note="A <b> note.", restated=restated)


def test_the_digest_is_what_it_was() -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    assert digest_blocks(digest()) == json.loads((GOLDEN / "digest.json").read_text())


def test_the_worst_day_is_what_it_was_and_has_at_most_twelve_blocks() -> None:
    blocks = digest_blocks(worst())
    assert len(blocks) <= 12
    assert blocks == json.loads((GOLDEN / "digest_worst.json").read_text())


def test_foreign_text_pings_nobody() -> None:
    assert "<!channel>" not in json.dumps(digest_blocks(worst()))


def test_the_first_line_is_the_news_with_the_number() -> None:
    assert verdict(digest()) == "Wednesday, Nov 18: $4,210, +12 % (+$451) against a usual Wednesday, mostly EC2"
    assert verdict(digest(summary={"cost": 3800.0})) == "Wednesday, Nov 18: $3,800, a usual Wednesday"
    assert verdict(digest(summary={"usual": None})) == "Wednesday, Nov 18: $4,210"


def test_the_text_reads_as_sentences() -> None:
    assert digest_text(digest()) == (
        "Wednesday, Nov 18: $4,210, +12 % (+$451) against a usual Wednesday, mostly EC2. "
        "November so far $71,230, forecast $121,000. "
        "2 anomalies (+$412/day) and 5 savings ($1,280/month) wait for a decision."
    )


def test_one_anomaly_waits_and_nothing_waits() -> None:
    one = digest(decisions=OpenDecisions(1, 12.0, 0, 0.0, 0, 0.0))
    assert "1 anomaly (+$12.00/day) waits for a decision." in digest_text(one)
    none = digest(decisions=OpenDecisions(0, 0.0, 0, 0.0, 0, 0.0))
    assert digest_text(none).endswith("Nothing waits for a decision.")
    assert "decide" not in json.dumps(digest_blocks(none))


def test_what_is_not_known_is_said_and_never_zero() -> None:
    unknown = {"month_end": None, "usual": None, "last_month": None, "movers": (), "week": Change(None, 1.0)}
    young = digest(summary=unknown)
    text = json.dumps(digest_blocks(young))
    assert "not enough history yet" in text
    assert "$0" not in text


def test_a_chart_of_one_day_is_left_out() -> None:
    lonely = digest(summary={"chart": Chart("Cost", ("Nov 18",), (Series("Cost", (4.0,)),))})
    assert "data_visualization" not in {block["type"] for block in digest_blocks(lonely)}


def test_only_the_day_before_today_is_called_yesterday() -> None:
    assert "*Last complete day, Nov 18*" in json.dumps(digest_blocks(digest()))
    assert "*Yesterday, Nov 18*" in json.dumps(digest_blocks(digest(today=date(2026, 11, 19))))


def test_old_costs_are_called_old_with_their_year() -> None:
    old = digest(today=date(2029, 1, 12))
    text = json.dumps(digest_blocks(old), ensure_ascii=False)
    assert "*Last complete day, Nov 18, 2026*" in text
    assert "complete costs end there, 786 days ago" in text
    assert "still filling" not in text
    assert verdict(old).startswith("Wednesday, Nov 18, 2026: $4,210")


def test_what_is_left_out_stands_beside_the_last_whole_day_and_why_below() -> None:
    blocks = digest_blocks(digest())
    assert blocks[1]["fields"][0]["text"] == (
        "*Last complete day, Nov 18*\n$4,210\nusual $3,759\n"
        "Nov 19 is about 91 % in, Nov 20 is about 12 % in; both are left out"
    )
    assert [element["text"] for element in blocks[-1]["elements"]][1] == (
        "Data until Nov 18; Nov 19 is about 91 % in, Nov 20 is about 12 % in; both are left out (learnt from 34 days)."
    )


def test_a_late_provider_is_named() -> None:
    late = digest(partial=(nothing(19), nothing(20), part(20, 0.12)), several=True)
    assert "Nov 19–20 are left out, nothing of Microsoft is there yet" in json.dumps(
        digest_blocks(late), ensure_ascii=False
    )


def test_restated_days_have_their_own_paragraph() -> None:
    told = digest_blocks(digest(restated=("Nov 3–5 restated by −$41.20 (AWS).",)))
    assert told[5]["text"]["text"] == "*Restated since the last digest*\n• Nov 3–5 restated by −$41.20 (AWS)."
    assert "Restated" not in json.dumps(digest_blocks(digest()))


def test_a_month_that_is_complete_has_no_forecast() -> None:
    done = digest(today=date(2026, 12, 2), summary={"day": date(2026, 11, 30)})
    text = json.dumps(digest_blocks(done))
    assert "*November in full*" in text
    assert "none: November is complete" in text
    assert "forecast" not in digest_text(done)


def test_the_small_print_says_which_provider_shows_billed_cost() -> None:
    text = json.dumps(digest_blocks(digest(billed_only=("AWS", "<!here>"))))
    assert "effective cost; billed cost for AWS and &lt;!here&gt;, whose export has no usable effective cost" in text
