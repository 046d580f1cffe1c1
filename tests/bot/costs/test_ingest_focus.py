"""Taking exports in: nothing counts twice, nothing is half stored, the same files change nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import CostbotError
from bot.settings import CostView
from tests.bot.costs.cost_factories import context, row, store
from tests.bot.costs.focus_files import EVERY_KIND, line, take_in, write


def files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def billed(bot: Any, **where: str) -> float:
    frame = bot.costs.daily(
        start=date(2020, 1, 1), end=date(2030, 1, 1), usage_only=False, view=CostView.BILLED, where=where
    )
    return round(float(frame["cost"].sum()), 9)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    path = write(tmp_path / "export.csv", *EVERY_KIND)
    assert take_in(bot, [path]).changed == (date(2026, 10, 1),)
    before = files(tmp_path / "data")
    assert take_in(bot, [path]).changed == ()
    assert files(tmp_path / "data") == before


def test_a_file_named_twice_or_copied_counts_once(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    path = write(tmp_path / "export.csv", line("1.25"))
    copy = tmp_path / "copy of export.csv"
    shutil.copy(path, copy)
    take_in(bot, [path, path, copy, tmp_path])
    assert billed(bot) == 1.25


def test_a_restated_month_replaces_the_old_one(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "first.csv", line("1.25"), line("5"))])
    take_in(bot, [write(tmp_path / "second.csv", line("1.30"))])
    assert billed(bot) == 1.3


def test_other_providers_payers_and_months_stay(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    azure = line("2.5", ProviderName="Microsoft", ServiceName="Virtual Machines")
    november = line("8.5", BillingPeriodStart="2026-11-01 00:00:00", ChargePeriodStart="2026-11-02 00:00:00")
    take_in(bot, [write(tmp_path / "a.csv", line("1.25"), line("4.5", BillingAccountId="other"), azure, november)])
    take_in(bot, [write(tmp_path / "b.csv", line("1.50"))])
    assert billed(bot) == 1.5 + 4.5 + 2.5 + 8.5


def test_files_of_one_month_go_in_together(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    folder = tmp_path / "month"
    folder.mkdir()
    write(folder / "part-1.csv", line("1.25"))
    write(folder / "part-2.csv", line("2.25"))
    take_in(bot, [folder])
    assert billed(bot) == 3.5


def test_one_bad_file_stores_nothing_of_the_run(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    good = write(tmp_path / "good.csv", line("1.25"))
    bad = write(tmp_path / "bad.csv", line("oops"))
    with pytest.raises(CostbotError, match="BilledCost"):
        take_in(bot, [good, bad])
    assert not bot.costs.months.files()
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_two_files_of_two_currencies_name_both(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", line("1"))
    two = write(tmp_path / "two.csv", line("1", BillingCurrency="EUR"))
    with pytest.raises(CostbotError, match=r"one\.csv and two\.csv: column BillingCurrency says USD and EUR"):
        take_in(context(tmp_path / "data"), [one, two])


def test_another_currency_than_the_stored_one_is_refused_before_anything_is_stored(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    store(bot.costs, [row(date(2026, 11, 1), 1.0)])
    before = files(tmp_path / "data")
    with pytest.raises(CostbotError, match="EUR and USD cannot be added up"):
        take_in(bot, [write(tmp_path / "one.csv", line("1", BillingCurrency="EUR"))])
    assert files(tmp_path / "data") == before


@pytest.mark.parametrize(
    ("name", "cause"), [("gone.csv", "does not exist"), ("notes.txt", "neither CSV nor Parquet"), ("empty", "holds no")]
)
def test_a_path_that_is_no_export_is_a_sentence(tmp_path: Path, name: str, cause: str) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CostbotError, match=cause):
        take_in(context(tmp_path / "data"), [tmp_path / name])


def test_a_smaller_file_for_a_stored_month_is_warned_about(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "a.csv", line("1"), line("1", ChargePeriodStart="2026-10-20 00:00:00"))])
    warnings = take_in(bot, [write(tmp_path / "b.csv", line("2"))]).warnings
    assert any("2026-10-05 to 2026-10-05 replaced 2026-10-05 to 2026-10-20" in warning for warning in warnings)


def test_a_rounded_effective_cost_is_told_and_repeated_by_the_window(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    result = take_in(bot, [write(tmp_path / "a.csv", line("1.4", EffectiveCost="1"))])
    assert "EffectiveCost is rounded to whole units of money" in " ".join(result.sentences)
    assert bot.costs.window().billed_only


def test_a_tag_that_no_row_carries_is_told(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", tag_keys=("team", "owner"))
    warnings = take_in(bot, [write(tmp_path / "a.csv", line("1.4"))]).warnings
    assert warnings == ["No row carries the tag owner. COSTBOT_TAG_KEYS names the tags that are kept."]


def test_a_tag_that_was_renamed_is_told_with_the_names_there_are(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", tag_keys=("team",))
    tags = ['{"user:Team": "a", "aws:createdBy": "b"}', '{"user:Team": "a", "app\\u001b": "c"}']
    found = take_in(bot, [write(tmp_path / "a.csv", *(line("1.4", Tags=one) for one in tags))])
    assert found.warnings == [
        "No row carries the tag team; rows carry Team, app?. COSTBOT_TAG_KEYS names the tags that are kept."
    ]


def test_rows_without_any_tag_carry_none(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", tag_keys=("team",))
    warnings = take_in(bot, [write(tmp_path / "a.csv", line("1.4", Tags=""))]).warnings
    assert warnings == ["No row carries the tag team. COSTBOT_TAG_KEYS names the tags that are kept."]


def test_progress_ends_at_one(tmp_path: Path) -> None:
    seen: list[float] = []
    path = write(tmp_path / "a.csv", line("1"))
    take_in(context(tmp_path / "data"), [path], progress=lambda step: seen.append(step.done_bytes / step.total_bytes))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
