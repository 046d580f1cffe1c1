"""`/cost allocation` as a message: the news first, sums that add up, nothing that pings, nothing made up."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from analysis.models import Series
from bot.blocks.allocation_rows import Row, rows_chart
from bot.commands import Reply
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import NotEnoughData, UsageError
from bot.terminal import render
from tests.bot.allocation.allocation_bills import (
    DATA,
    EC2,
    S3,
    SANDBOX,
    Facts,
    Line,
    account_facts,
    ask,
    cuts,
    export,
    table,
    totals,
)
from tests.bot.costs.cost_factories import EC2_OTHER, blocks, row, store, texts

GOLDEN = Path(__file__).parents[2] / "golden"
SEP = {"day": date(2026, 9, 5)}
BILL = (
    Line(6000.0, "search"),
    Line(3000.0, "payments"),
    Line(2000.0, account=DATA, service=S3, usage="TimedStorage-ByteHrs"),
    Line(900.0, account=SANDBOX, service=EC2_OTHER, usage="NatGateway-Hours"),
    Line(1300.0, service="Tax", category="Tax"),
    Line(-110.0, category="Credit"),
    Line(5000.0, "search", **SEP),
    Line(4000.0, "growth", **SEP),
    Line(1000.0, account=DATA, service=S3, usage="TimedStorage-ByteHrs", **SEP),
)
#: The stored days reach to the end of September and October.
ENDS = (Line(0.0, day=date(2026, 9, 1)), Line(0.0, day=date(2026, 10, 31)))


def headline(reply: Reply) -> str:
    return str(reply.blocks[0]["text"]["text"])


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    store(CostFiles(tmp_path), export((*BILL, *ENDS)), "focus")
    return tmp_path


@pytest.fixture
def explored(tmp_path: Path) -> Path:
    store(CostFiles(tmp_path), cuts((*BILL, *ENDS)))
    return tmp_path


def test_nothing_stored_is_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(tmp_path)


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ("--by squad", "--by “squad” is not possible.", "Use one of team, env, owner, category."),
        ("env", "Allocation takes options only, not “env”.", "Type /cost allocation --by env"),
        ("Teams", "Allocation takes options only", "Type /cost allocation --by team"),
        ("<!channel>", "Allocation takes options only, not “&lt;!channel&gt;”.", "--by team --month last"),
        ("--weeks 3", "--weeks is not known here.", "It takes --by, --month, --days, --all."),
        ("--month", "--month needs a value.", "Write it as --month VALUE."),
    ],
)
def test_what_cannot_be_read_gets_a_way_that_works(exported: Path, words: str, cause: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(exported, words)
    assert caught.value.cause.startswith(cause)
    assert remedy in caught.value.remedy


def test_the_message_is_what_it_was(exported: Path) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    reply = ask(exported, facts=account_facts(data={"team": "data"}))
    assert reply.blocks == json.loads((GOLDEN / "allocation.json").read_text("utf-8"))


def test_the_first_line_is_the_total_and_how_much_of_it_has_an_owner(exported: Path) -> None:
    reply = ask(exported, facts=account_facts(data={"team": "data"}))
    assert headline(reply) == "*October: $13,090.00, 92 % allocated to 3 teams; 7.6 % without a team ($990).*"
    assert reply.text.startswith("October: $13,090.00, 92 % allocated to 3 teams")
    assert reply.text.endswith("Data until Oct 31.")


def test_the_table_adds_up_and_tells_owners_that_are_gone_or_new(exported: Path) -> None:
    found = table(ask(exported, facts=account_facts(data={"team": "data"})))
    assert {owner: (cells["Total"], cells["Change"]) for owner, cells in found.items()} == {
        "search": ("$6,600.00", "+$1,600"),
        "payments": ("$3,300.00", "new"),
        "data": ("$2,200.00", "+$1,200"),
        "growth": ("$0.00", "−$4,000"),
        "unallocated": ("$990.00", "new"),
        "Total": ("$13,090.00", "+$3,090"),
    }
    assert found["data"]["Untagged"] == "$2,000.00"
    assert found["search"]["Untagged"] == "–"


def cents(text: str) -> int:
    return round(float(re.sub("[^0-9.-]", "", text.replace("−", "-"))) * 100)


@pytest.mark.parametrize("by", ["team", "env", "owner", "category"])
@pytest.mark.parametrize("period", ["", "--month 2026-09", "--days 40"])
def test_every_grouping_of_either_source_shows_the_bill(tmp_path: Path, by: str, period: str) -> None:
    store(CostFiles(tmp_path / "a"), export((*BILL, *ENDS)), "focus")
    store(CostFiles(tmp_path / "b"), cuts((*BILL, *ENDS)))
    facts = account_facts(data={"team": "data"}, sandbox={"env": "dev"})
    shown = [table(ask(tmp_path / source, f"--by {by} {period}", facts)) for source in ("a", "b")]
    expected = 1000000 if "09" in period else 1309000
    for cells in shown:
        whole = cells.pop("Total")
        for column in {"Direct", "Shared", "Total"} & whole.keys():
            assert sum(cents(line[column]) for line in cells.values()) == cents(whole[column])
        assert cents(whole["Total"]) == expected


def test_the_running_month_says_so_and_what_is_still_open(tmp_path: Path) -> None:
    open_day = Line(5.0, "search", day=date(2026, 11, 23))
    rows = export((*BILL, *ENDS, Line(80.0, "search", day=date(2026, 11, 22))))
    rows += [one | {"estimated": True} for one in export([open_day])]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "--month this")
    assert headline(reply) == "*November so far: $80.00, all of it allocated to 1 team.*"
    assert reply.text.endswith("Data until Nov 22; Nov 23 still incomplete.")
    assert "against Oct 1–22 ($13,090.00)" in texts(reply)


def test_a_month_stored_in_part_says_from_when(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), export([Line(5.0, "x", day=date(2026, 10, 12)), *ENDS[1:]]), "focus")
    reply = ask(tmp_path)
    assert headline(reply).startswith("*Oct 12–31: $5.00")
    assert "Data from Oct 12, the first stored day, until Oct 31." in texts(reply)


def test_another_year_is_named(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), export([Line(5.0, "x", day=date(2025, 12, 31))]), "focus")
    assert headline(ask(tmp_path, "--month 2025-12")).startswith("*Dec 31, 2025: $5.00")
    store(CostFiles(tmp_path), export([Line(5.0, "x", day=date(2025, 12, day)) for day in (1, 31)]), "focus")
    assert headline(ask(tmp_path, "--month 2025-12")).startswith("*December 2025: $10.00")


def test_nobody_owns_anything(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), export([Line(5.0), *ENDS]), "focus")
    assert headline(ask(tmp_path)) == "*October: $5.00, none of it allocated to a team.*"
    assert "`owner`" not in texts(ask(tmp_path, "--by owner"))


def test_credits_that_outweigh_the_bill_make_no_percentages(tmp_path: Path) -> None:
    lines = (Line(5.0, "search"), Line(-20.0, category="Credit"), Line(3.0), *ENDS)
    store(CostFiles(tmp_path), export(lines), "focus")
    reply = ask(tmp_path)
    assert headline(reply) == "*October: −$12.00, −$7.50 allocated to 1 team; −$4.50 without a team.*"
    assert table(reply)["search"]["Share"] == "–"


def test_categories_have_one_column_and_tax_a_line_of_its_own(explored: Path) -> None:
    reply = ask(explored, "--by category")
    assert headline(reply) == "*October: $13,090.00, mostly compute (69 %), then storage (15 %).*"
    assert list(table(reply)["compute"]) == ["Category", "Total", "Share", "Change"]
    assert list(totals(reply).items())[-2:] == [("tax, fees and credits", "$1,190.00"), ("Total", "$13,090.00")]
    assert "Tag these first" not in texts(reply)


def test_what_to_tag_first_names_service_account_and_money(exported: Path) -> None:
    assert "*Tag these first:* S3 in data-platform $2,000 · EC2 - Other in sandbox $900" in texts(ask(exported))


def test_estimates_are_marked_in_the_table_and_added_up(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), cuts((Line(60.0, "search"), Line(30.0, account=DATA), *ENDS)))
    reply = ask(tmp_path, facts=account_facts(data={"team": "data"}))
    assert totals(reply) == {"search": "$60.00", "data": "≈ $10.00", "unallocated": "≈ $20.00", "Total": "$90.00"}
    assert "≈ marks estimates, $30.00 in all: Cost Explorer tells the tag, the account" in texts(reply)


def test_the_cost_shown_is_named(exported: Path) -> None:
    assert "All charges, in USD: effective cost (amortised, after discounts)." in texts(ask(exported))
    assert "billed cost (as invoiced)" in texts(ask(exported, cost_view="billed"))
    assert "credits −$110, tax $1,300; split in proportion to direct cost." in texts(ask(exported))


def test_a_broken_mapping_file_is_told_and_the_answer_stays(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_text('[accounts."777788889999"]\nteam = "data"\n')
    assert "data" in totals(ask(exported, allocation_file=path))
    path.write_text('[accounts."777788889999"]\nteem = "data"  # <!channel>\n')
    reply = ask(exported, allocation_file=path)
    problem = 'owners.toml: “teem” in accounts."777788889999" means nothing. Did you mean team?'
    assert f"{problem} Until then the mapping file does not count." in texts(reply)
    assert totals(reply).keys() == {"search", "payments", "growth", "unallocated", "Total"}


def test_account_tags_that_could_not_be_read_are_told(exported: Path) -> None:
    assert "Tags of accounts have not been read yet" in texts(ask(exported, facts=Facts()))
    refused = account_facts("No organizations:ListTagsForResource in account 1.", data={"team": "data"})
    reply = ask(exported, facts=refused)
    assert "Tags of accounts may be missing or old. No organizations:ListTagsForResource" in texts(reply)
    assert "data" in totals(reply)
    assert "Tags of accounts" not in texts(ask(exported, "--by category", facts=Facts()))


def test_merged_spellings_strangers_and_even_splits_are_told(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_text(
        '[[shared]]\nname = "nat"\nmatch = { usage = "NatGateway" }\nsplit = "fixed"\nshares = { ghost = 100 }\n'
        '[[shared]]\nname = "s3"\nmatch = { service = "s3" }\nsplit = "proportional"\namong = ["nobody", "else"]\n'
    )
    lines = (
        Line(5.0, "search"),
        Line(3.0, "Search"),
        Line(2.0, usage="NatGateway-Hours", service=EC2_OTHER),
        Line(4.0, service=S3),
    )
    store(CostFiles(tmp_path), export((*lines, *ENDS)), "focus")
    found = texts(ask(tmp_path, allocation_file=path))
    assert "Spellings that differ in case only count as one: “search” (2 spellings)." in found
    assert "nat is shared with ghost, without a cost of their own" in found
    assert "Shared: nat $2.00 (by fixed shares), s3 $4.00 (evenly, as nobody has a direct cost)." in found


def test_the_buttons_are_commands_one_could_type(exported: Path) -> None:
    elements = blocks(ask(exported, "--by env --all"), "actions")[0]["elements"]
    assert [(e["text"]["text"], e["value"]) for e in elements] == [
        ("Teams", "/cost allocation --by team --month 2026-10 --all"),
        ("Environments", "/cost allocation --by env --month 2026-10 --all"),
        ("Owners", "/cost allocation --by owner --month 2026-10 --all"),
        ("Categories", "/cost allocation --by category --month 2026-10 --all"),
        ("September 2026", "/cost allocation --by env --month 2026-09 --all"),
        ("October 2026", "/cost allocation --by env --month 2026-10 --all"),
        ("Share", "/cost allocation --by env --month 2026-10 --all"),
    ]
    for element in elements:
        assert ask(exported, element["value"].removeprefix("/cost allocation ")).blocks


HOSTILE = "<!channel> & <@U0ANA> *x* `y`\u202e\n"


@pytest.mark.parametrize("by", ["team", "env", "owner", "category"])
def test_names_that_would_ping_are_harmless(tmp_path: Path, by: str) -> None:
    path = tmp_path / "owners.toml"
    path.write_text(
        f"default = '<!here>'\n[[shared]]\nname = '<!everyone>'\nmatch = {{ service = 's3' }}\nsplit = 'fixed'\n"
        f"shares = {{ '<@U0BEN>' = 100 }}\nby = '{by if by != 'category' else 'team'}'\n"
    )
    lines = [
        Line(5.0, HOSTILE, account=HOSTILE, service=HOSTILE, usage=HOSTILE, tags={"env": HOSTILE, "owner": HOSTILE}),
        Line(7.0, HOSTILE.upper(), account=HOSTILE, service=HOSTILE, tags={"env": "", "owner": ""}),
        Line(9.0, service=S3, tags={"env": "", "owner": ""}),
    ]
    store(CostFiles(tmp_path), export((*lines, *ENDS)), "focus")
    refused = account_facts("<!channel> said no.")
    for words in (f"--by {by}", f"--by {by} --days 40 --all"):
        reply = ask(tmp_path, words, refused, allocation_file=path)
        parsed = [reply.text, *(b["text"]["text"] for b in blocks(reply, "section"))]
        parsed += [e["text"] for b in blocks(reply, "context") for e in b["elements"]]
        assert not re.search(r"<[!@]", " ".join(parsed))
        assert "\u202e" not in str(reply.blocks) + reply.text
        assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


@pytest.mark.parametrize("words", ["", "--all", "--by env", "--by owner --all", "--by category"])
def test_a_thousand_teams_with_long_names_keep_slack_s_limits_and_the_sum(tmp_path: Path, words: str) -> None:
    lines = [
        Line(1 + at / 7, f"{at} {'team of the department for things ' * 4}", tags={"env": f"e{at % 300}"})
        for at in range(1000)
    ]
    lines += [Line(50.0, service=f"Service {'x' * 200} {at}") for at in range(9)]
    store(CostFiles(tmp_path), export((*lines, *ENDS)), "focus")
    reply = ask(tmp_path, words)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    cells = table(reply)
    whole = cells.pop("Total")
    assert sum(cents(line["Total"]) for line in cells.values()) == cents(whole["Total"])
    assert len(reply.text) < 3000
    if words == "":
        assert "988 other teams" in cells
    if words == "--all":
        assert "910 other teams" in cells


def test_one_owner_too_many_is_named_rather_than_folded(tmp_path: Path) -> None:
    lines = [Line(1.0 + at, f"team-{at}") for at in range(13)]
    store(CostFiles(tmp_path), export((*lines, *ENDS)), "focus")
    assert "team-0" in totals(ask(tmp_path))


def test_bars_of_names_that_start_alike_keep_apart() -> None:
    rows = [Row(f"a-very-long-team-name-{at}", 100, 0, 0, 0, 50) for at in range(3)]
    picture = rows_chart(rows, "Cost", "Now", "Before", "USD")
    assert picture is not None
    assert picture.labels == ("a-very-long-team-na…", "a-very-long-team-… 2", "a-very-long-team-… 3")
    assert picture.series[1] == Series("Before", (0.5, 0.5, 0.5))


def test_it_reads_in_a_terminal(explored: Path) -> None:
    shown = render(ask(explored))
    assert "October: $13,090.00" in shown
    assert "[Categories] /cost allocation --by category --month 2026-10" in shown
    assert "<" not in shown


def test_a_tag_that_is_missing_for_a_month_is_told_not_zero(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(date(2026, 10, day), 5.0, service_name=EC2) for day in (1, 31)])
    reply = ask(tmp_path)
    assert headline(reply) == "*October: $10.00, none of it allocated to a team.*"
    assert "Costs by the tag team are not stored from Cost Explorer for all of these days" in texts(reply)
