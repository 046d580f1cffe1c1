"""`/cost export csv`: every charge once, to the cent, and nothing that the source did not tell."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.costs import Cut
from bot.commands import Reply, Request
from bot.commands.export import export
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError, NotEnoughData, UsageError
from bot.settings import CostView
from bot.workflows import export_costs
from tests.bot.costs.cost_factories import EC2, S3, context, days, full, row, store, texts

GOLDEN = Path(__file__).parents[2] / "golden"
LAST = date(2026, 11, 22)  # the last complete day at NOW
FIRST = LAST - timedelta(days=39)


def ask(data_dir: Path, words: str = "csv", **settings: Any) -> Reply:
    """What `/cost export <words>` answers."""
    return export.answer(Request("export", tuple(words.split()), "U0BEN", "C0COSTS"), context(data_dir, **settings))


def lines(reply: Reply) -> list[dict[str, str]]:
    assert reply.file is not None
    return list(csv.DictReader(io.StringIO(reply.file.content.decode("utf-8"), newline="")))


def header(reply: Reply) -> str:
    assert reply.file is not None
    return reply.file.content.decode("utf-8").split("\r\n")[0]


def total(reply: Reply) -> float:
    return math.fsum(float(line["cost (USD)"]) for line in lines(reply) if line["cost (USD)"])


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """42 days of a billing export, the last two still filling; two accounts, a tax, a credit."""
    rows: list[dict[str, Any]] = []
    for day in days(FIRST, 42):
        unfinished = {"estimated": day > LAST}
        rows += [
            full(day, 10.1, service_name=EC2, tags={"team": "search"}, sub_account_name="prod") | unfinished,
            full(day, 0.2, sub_account_id="444455556666", region_id="eu-west-1") | unfinished,
        ]
    rows.append(full(date(2026, 11, 1), 77.0, charge_category="Tax", service_name="Tax"))
    rows.append(full(date(2026, 11, 2), -20.0, charge_category="Credit", service_name=EC2, tags={"team": ""}))
    store(CostFiles(tmp_path), rows, "focus")
    return tmp_path


@pytest.fixture
def explored(tmp_path: Path) -> Path:
    """42 days of Cost Explorer's cuts of two charges a day, and a tax."""
    rows: list[dict[str, Any]] = []
    for day in days(FIRST, 42):
        for cost, service, account in ((10.1, EC2, "111122223333"), (0.2, S3, "444455556666")):
            known = {"service_name": service}
            rows += [
                row(day, cost, **known),
                row(day, cost, **known, cut=Cut.ACCOUNT.value, sub_account_id=account, sub_account_name="prod"),
                row(day, cost, **known, cut=Cut.REGION.value, region_id="us-east-1"),
                row(day, cost, **known, cut=Cut.TAG.value, tag_key="team", tag_value=""),
            ]
    rows.append(row(date(2026, 11, 1), 77.0, charge_category="Tax", service_name="Tax"))
    store(CostFiles(tmp_path), rows)
    return tmp_path


def test_nothing_stored_is_a_next_step_not_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(tmp_path)


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ("xlsx", "Costs are exported as CSV, not as “xlsx”.", "Type /cost export csv"),
        ("csv acounts", "/cost export csv does not know “acounts”.", "Did you mean /cost export csv accounts?"),
        ("csv <!channel>", "/cost export csv does not know “&lt;!channel&gt;”.", "Example: /cost export csv accounts"),
        ("csv resources", "Single resources are not exported by day.", "/cost top resources"),
        ("csv --days 0", "--days “0” is not possible.", "1 to 400"),
        ("csv --days ten", "--days “ten” is not possible.", "1 to 400"),
        ("csv --month 2026-13", "--month “2026-13” is not possible.", "--month 2026-11"),
        ("csv --month next", "--month “next” is not possible.", "--month 2026-11"),
        ("csv --month 0000-01", "--month “0000-01” is not possible.", "--month 2026-11"),
        ("csv --month 2020-01", "No costs of January 2020 are stored", "--month 2026-11"),
        ("csv --month 2026-11 --days 3", "--days and --month cannot go together.", "/cost export csv --days 7"),
        ("csv accounts --by region", "“accounts” and --by cannot go together.", "--by service,account"),
        ("csv --tag team --by region", "--tag and --by cannot go together.", "--by service,account"),
        ("csv --by colour", "--by “colour” is not possible.", "service, account, region"),
        ("csv --by tag:colour", "No costs are stored by the tag “colour”.", "Stored are team."),
    ],
)
def test_words_that_cannot_be_exported_get_a_way_that_works(
    exported: Path, words: str, cause: str, remedy: str
) -> None:
    with pytest.raises(CostbotError) as caught:
        ask(exported, words)
    assert isinstance(caught.value, UsageError | NotEnoughData)
    assert caught.value.cause.startswith(cause)
    assert remedy in caught.value.remedy


def test_the_note_is_what_it_was(exported: Path) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    assert ask(exported).blocks == json.loads((GOLDEN / "export_note.json").read_text())


def test_the_file_is_what_it_was(exported: Path) -> None:
    reply = ask(exported, "csv --days 1")
    assert reply.file is not None
    assert reply.file.name == "costs_2026-11-22_2026-11-22.csv"
    assert reply.file.content.decode("utf-8") == (
        "date (UTC),provider,account id,account name,service,region,tag team,charge category,"
        "cost (USD),currency,cost view,estimated\r\n"
        "2026-11-22,AWS,111122223333,prod,Amazon Elastic Compute Cloud - Compute,us-east-1,search,Usage,"
        "10.1,USD,effective,no\r\n"
        "2026-11-22,AWS,444455556666,,Amazon Simple Storage Service,eu-west-1,(untagged),Usage,"
        "0.2,USD,effective,no\r\n"
    )


def test_the_first_line_is_the_sum_of_the_file(exported: Path) -> None:
    reply = ask(exported)
    assert reply.text.startswith(
        "$366.00 in 62 rows of daily costs, the 30 days Oct 24 – Nov 22, by service, account, region and tag team."
    )
    assert total(reply) == pytest.approx(30 * 10.3 + 77 - 20, abs=1e-9)
    assert "Of it usage $309.00, credits −$20.00, tax $77.00." in texts(reply)


@pytest.mark.parametrize("words", ["", "services", "accounts", "regions", "usage", "tags", "providers", "--by region"])
@pytest.mark.parametrize("view", list(CostView))
def test_every_form_has_the_same_sum(exported: Path, words: str, view: CostView) -> None:
    assert total(ask(exported, f"csv {words} --month 2026-11", cost_view=view)) == pytest.approx(24 * 10.3 + 57)


@pytest.mark.parametrize("words", ["", "services", "accounts", "regions", "tags --tag team", "providers"])
def test_cost_explorer_s_cuts_have_the_same_sum_too(explored: Path, words: str) -> None:
    assert total(ask(explored, f"csv {words} --month 2026-11")) == pytest.approx(24 * 10.3 + 77)


def test_what_cost_explorer_does_not_tell_is_said_not_faked(explored: Path) -> None:
    reply = ask(explored, "csv accounts --month 2026-11")
    tax = next(line for line in lines(reply) if line["charge category"] == "Tax")
    assert (tax["account id"], tax["account name"], tax["service"]) == ("(not given)", "(not given)", "Tax")
    assert "tax, credits and fees by service only: those rows have “(not given)” as account id." in texts(reply)


def test_cost_explorer_s_file_has_no_column_that_it_cannot_fill(explored: Path) -> None:
    reply = ask(explored)
    assert header(reply) == "date (UTC),provider,service,charge category,cost (USD),currency,cost view,estimated"
    assert "type `/cost export csv accounts`, `regions`" in texts(reply)


def test_more_than_two_dimensions_of_cost_explorer_are_refused(explored: Path) -> None:
    with pytest.raises(NotEnoughData, match=r"does not give costs by .* together"):
        ask(explored, "csv --by service,account,region")


def test_two_sources_side_by_side_keep_what_each_tells(explored: Path) -> None:
    azure = {"provider": "Microsoft", "service_name": "Virtual Machines", "sub_account_id": "sub-1"}
    store(CostFiles(explored), [full(day, 5.0, **azure) for day in days(FIRST, 42)], "focus")
    reply = ask(explored, "csv --days 1")
    assert [(line["provider"], line["account id"], line["region"]) for line in lines(reply)] == [
        ("AWS", "(not given)", "(not given)"),
        ("AWS", "(not given)", "(not given)"),
        ("Microsoft", "sub-1", "us-east-1"),
    ]
    assert total(reply) == pytest.approx(15.3)
    assert "Rows from Cost Explorer have “(not given)” as account id, region and tag team" in texts(reply)


def test_days_that_are_still_filling_say_so(exported: Path) -> None:
    reply = ask(exported, "csv --month 2026-11")
    assert {line["date (UTC)"] for line in lines(reply) if line["estimated"] == "yes"} == {"2026-11-23", "2026-11-24"}
    assert "Data until Nov 24; Nov 23–24 are estimated, not all in yet" in texts(reply)
    assert {line["estimated"] for line in lines(ask(exported))} == {"no"}


def test_a_provider_without_effective_cost_is_shown_as_billed(tmp_path: Path) -> None:
    rows = [full(day, 5.5, effective_cost=None) for day in days(LAST - timedelta(days=6), 7)]
    rows += [full(day, 7.0, provider="Microsoft") for day in days(LAST - timedelta(days=6), 7)]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path)
    assert {(line["provider"], line["cost view"]) for line in lines(reply)} == {
        ("AWS", "billed"),
        ("Microsoft", "effective"),
    }
    assert "billed cost for AWS, whose export has no usable effective cost" in texts(reply)


def test_tags_that_are_formulas_or_pings_are_text(tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://evil","<!channel>")'
    rows = [
        full(day, 1.0, tags={"team": hostile}, service_name="@SUM(A1)", region_id="-1+1", sub_account_name="\t=1")
        for day in days(LAST - timedelta(days=6), 7)
    ]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "csv --days 1")
    [line] = lines(reply)
    assert (line["tag team"], line["service"], line["region"]) == ("'" + hostile, "'@SUM(A1)", "'-1+1")
    assert line["account name"].startswith("'")
    assert line["cost (USD)"] == "1.0"
    assert "<!channel" not in reply.text


def test_too_many_rows_are_refused_with_a_way_that_works(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_costs, "MAX_ROWS", 20)
    with pytest.raises(NotEnoughData) as caught:
        ask(exported)
    assert caught.value.cause == "That is more than 20 rows: 30 until 2026-11-06."
    assert "--days 7" in caught.value.remedy
    assert len(lines(ask(exported, "csv --days 7"))) == 14


def test_a_tag_key_of_ones_own_names_its_column(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [full(day, 1.0, tags={"-Σ": "x"}) for day in days(LAST - timedelta(days=6), 7)], "focus")
    assert "tag -Σ" in header(ask(tmp_path, "csv tags"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e9).map(lambda cost: round(cost, 10)),
            st.sampled_from(["Usage", "Tax", "Credit", "Purchase"]),
            st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and "\x00" not in text),
            st.integers(0, 20),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_the_cells_add_up_to_what_is_stored(tmp_path: Path, charges: list[tuple[float, str, str, int]]) -> None:
    folder = tmp_path / str(abs(hash(tuple(charges))))
    rows = [
        full(
            LAST - timedelta(days=back), cost, charge_category=category, service_name=name, usage_type=name,
            tags={"team": name},
        )
        for cost, category, name, back in charges
    ]  # fmt: skip
    store(CostFiles(folder), [*rows, full(LAST, 1.0)], "focus")
    reply = ask(folder)
    stored = float(sum(Fraction(cost) for cost, *_ in charges) + 1)
    assert total(reply) == pytest.approx(stored, abs=0.004, rel=1e-14)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
