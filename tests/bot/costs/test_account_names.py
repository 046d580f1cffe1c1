"""Names of accounts: the bill's own, else those of the organisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cost_files import CostFiles, account_names
from bot.errors import CostbotError
from tests.bot.costs.cost_factories import ask, days, full, store, texts


def test_an_account_whose_bill_has_no_names_is_called_as_the_organisation_calls_it(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [full(day, 10.0, sub_account_id="111122223333") for day in days(date(2026, 9, 1), 84)], "focus")
    assert "111122223333" in texts(ask(tmp_path, "--by account"))
    costs.note_account_names({"111122223333": "prod <!channel>"})
    shown = texts(ask(tmp_path, "--by account"))
    assert "prod <!channel> (111122223333)" in shown, "table cells are raw text"


def test_the_bill_s_own_name_wins(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [full(date(2026, 11, 1), 1.0, sub_account_name="as billed")], "focus")
    costs.note_account_names({"111122223333": "as listed", "2": "other"})
    assert costs.account_names() == {"111122223333": "as billed", "2": "other"}


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    account_names.note(tmp_path, {"1": "prod"})
    before = (tmp_path / account_names.FILE).stat().st_mtime_ns
    account_names.note(tmp_path, {"1": "prod"})
    account_names.note(tmp_path, {})
    assert (tmp_path / account_names.FILE).stat().st_mtime_ns == before
    account_names.note(tmp_path, {"1": "production", "2": "staging"})
    assert account_names.read(tmp_path) == {"1": "production", "2": "staging"}
    assert [path.name for path in tmp_path.iterdir()] == [account_names.FILE]


@pytest.mark.parametrize("text", ["", "[]", "{broken", '"x"'])
def test_a_damaged_file_is_no_names(tmp_path: Path, text: str) -> None:
    (tmp_path / account_names.FILE).write_text(text)
    assert account_names.read(tmp_path) == {}


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "costs").write_text("in the way")
    with pytest.raises(CostbotError, match=r"Names of accounts cannot be written to .*costs"):
        account_names.note(tmp_path / "costs", {"1": "prod"})
