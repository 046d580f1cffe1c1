"""`/cost top`: the news first, shares that add up, nothing made up, nothing that pings a channel."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from bot.commands import Reply, Request
from bot.commands.top import top
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import NotEnoughData, UsageError
from bot.settings import CostView
from bot.top_resources import resource_name
from tests.bot.costs.cost_factories import EC2, S3, blocks, context, days, full, row, store, texts
from tests.bot.costs.focus_files import COLUMNS, line, take_in, write

GOLDEN = Path(__file__).parents[2] / "golden"
LAST = date(2026, 11, 22)  # the last complete day at NOW
AZURE = {"provider": "Microsoft", "service_name": "Virtual Machines", "sub_account_id": "/subscriptions/0000-1111"}


def ask(data_dir: Path, words: str = "", costs: CostFiles | None = None, **settings: Any) -> Reply:
    """What `/cost top <words>` answers."""
    asked = context(data_dir, **settings)
    asked.costs = costs or asked.costs
    return top.answer(Request("top", tuple(words.split()), "U0BEN", "C0COSTS"), asked)


def cells(reply: Reply) -> list[list[str]]:
    return [[cell["text"] for cell in line] for line in blocks(reply, "table")[0]["rows"]]


def bars(reply: Reply) -> dict[str, float]:
    return {
        point["label"]: point["value"] for point in blocks(reply, "data_visualization")[0]["chart"]["series"][0]["data"]
    }


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """60 days of a billing export: EC2 60, then 90 a day; S3 30; Azure 10; a tax, a credit; two days still filling."""
    first = LAST - timedelta(days=59)
    rows: list[dict[str, Any]] = []
    for i, day in enumerate(days(first, 62)):
        unfinished = {"estimated": day > LAST}
        rows += [
            full(day, 60.0 if i < 30 else 90.0, service_name=EC2, tags={"team": "search"}, sub_account_name="prod")
            | unfinished,
            full(day, 30.0, service_name=S3, sub_account_id="444455556666", region_id="eu-west-1") | unfinished,
            full(day, 10.0, **AZURE, usage_type="D2s v5") | unfinished,
        ]
    rows.append(full(date(2026, 11, 1), 77.0, charge_category="Tax", service_name="Tax"))
    rows.append(full(date(2026, 11, 2), -20.0, charge_category="Credit"))
    store(CostFiles(tmp_path), rows, "focus")
    return tmp_path


def test_nothing_stored_is_a_next_step_not_an_error(tmp_path: Path) -> None:
    for words in ("", "accounts", "tags", "resources"):
        with pytest.raises(NotEnoughData, match="costbot refresh"):
            ask(tmp_path, words)


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ("resorces", "/cost top does not know “resorces”.", "Did you mean /cost top resources?"),
        ("acounts", "/cost top does not know “acounts”.", "Did you mean /cost top accounts?"),
        ("ec2", "“ec2” is a service; /cost top takes all of them.", "Type /cost trend ec2"),
        ("nonsense", "/cost top does not know “nonsense”.", "Example: /cost top accounts --days 7"),
        ("<!channel>", "/cost top does not know “&lt;!channel&gt;”.", "It takes services, accounts"),
        ("tags --tag colour", "No costs are stored by the tag “colour”.", "Stored are team."),
        ("accounts --tag team", "--tag takes the values of a tag, not “accounts”.", "/cost top tags --tag team"),
        ("--limit 0", "--limit “0” is not possible.", "Use a number from 1 to 50."),
        ("--limit 51", "--limit “51” is not possible.", "Use a number from 1 to 50."),
        ("--limit many", "--limit “many” is not possible.", "Use a number from 1 to 50."),
        ("--days 12", "--days “12” is not possible.", "Use one of 7, 14, 30, 90."),
        ("--by account", "--by is not known here.", "--"),
    ],
)
def test_words_that_cannot_be_ranked_get_a_way_that_works(export: Path, words: str, cause: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(export, words)
    assert caught.value.cause == cause
    assert remedy in caught.value.remedy


def test_the_answer_is_what_it_was(export: Path) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    assert ask(export).blocks == json.loads((GOLDEN / "top.json").read_text())


def test_the_first_line_is_the_news_with_its_number(export: Path) -> None:
    reply = ask(export)
    assert reply.blocks[0]["text"]["text"] == (
        "*EC2 is 69 % of $3,900 in the 30 days Oct 24 – Nov 22; up 50 % (+$30.00/day) against the 30 days before.*"
    )
    assert reply.text.startswith("EC2 is 69 % of $3,900")
    assert "All services: $130 a day, +$30.00/day (+30 %) against the 30 days before, like weekdays compared." in (
        reply.text
    )


def test_says_how_far_the_data_reaches_and_which_cost_it_is(export: Path) -> None:
    shown = texts(ask(export))
    assert "Data until Nov 22; Nov 23–24 still incomplete" in shown
    assert "Usage only, in USD: effective cost (amortised, after discounts)." in shown
    assert "Not in these figures, same days: credits −$20.00, tax $77.00." in shown
    assert "billed cost (as invoiced)" in texts(ask(export, cost_view=CostView.BILLED))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("services", "EC2"),
        ("service", "EC2"),
        ("accounts", "prod (111122223333)"),
        ("regions", "us-east-1"),
        ("usage", "storage"),
        ("providers", "AWS"),
        ("clouds", "AWS"),
        ("tags", "search"),
        ("tags --tag TEAM", "search"),
        ("--tag team", "search"),
        ("tag:team", "search"),
        ("team", "search"),
    ],
)
def test_every_ranking_answers_and_adds_up(export: Path, words: str, first: str) -> None:
    table = cells(ask(export, words))
    assert table[1][0] == first
    assert table[-1] == ["All", "$3,900", "100 %", "+$30.00", "+30 %"]


def test_untagged_costs_are_a_line_of_their_own(export: Path) -> None:
    assert cells(ask(export, "tags"))[2][:3] == ["(untagged)", "$1,200", "31 %"]


def test_untagged_costs_can_be_the_news(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [full(day, 5.0) for day in days(LAST - timedelta(days=13), 14)], "focus")
    assert ask(tmp_path, "tags --days 7").text.startswith("What has no tag team is all of $35.00 in the 7 days")


def test_what_the_limit_leaves_out_is_one_line_and_a_command(export: Path) -> None:
    reply = ask(export, "--limit 1")
    assert cells(reply)[2] == ["2 others", "$1,200", "31 %", "$0.00", "0 %"]
    assert "More of the 3: `/cost top services --days 30 --limit 3`" in texts(reply)
    assert len(cells(ask(export, "--limit 3"))) == 5


def test_the_bars_say_what_the_table_says(export: Path) -> None:
    assert bars(ask(export)) == {"EC2": 2700.0, "S3": 900.0, "Virtual Machines": 300.0}
    assert bars(ask(export, "accounts")) == {"prod": 2700.0, "444455556666": 900.0, "…000-1111": 300.0}


def test_the_buttons_are_commands_one_could_type(export: Path) -> None:
    elements = blocks(ask(export, "tags --days 7 --limit 2"), "actions")[0]["elements"]
    assert [(e["text"]["text"], e["value"]) for e in elements] == [
        ("7 days", "/cost top tags --tag team --days 7 --limit 2"),
        ("30 days", "/cost top tags --tag team --days 30 --limit 2"),
        ("90 days", "/cost top tags --tag team --days 90 --limit 2"),
        ("CSV", "/cost export csv tags --tag team --days 7"),
        ("Share", "/cost top tags --tag team --days 7 --limit 2"),
    ]
    for element in elements:
        if element["value"].startswith("/cost top "):
            assert ask(export, element["value"].removeprefix("/cost top ")).text.startswith("search is ")


def test_cost_explorer_answers_by_the_cuts_it_has(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(day, 5.0) for day in days(LAST - timedelta(days=13), 14)])
    assert ask(tmp_path, "--days 7").text.startswith("S3 is all of $35.00 in the 7 days Nov 16–22; steady")
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(tmp_path, "accounts")


def test_one_day_has_nothing_to_compare_with(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(LAST, 5.0)])
    reply = ask(tmp_path)
    assert reply.text.startswith(
        "S3 is all of $5.00 in the 1 day Nov 22. All services: $5.00 a day; only 1 day is stored, "
        "so there is nothing before to compare with."
    )
    assert cells(reply)[0] == ["Service", "1 day", "Share"]


def test_costs_of_nothing_are_said_without_a_chart(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(day, 0.0) for day in days(LAST - timedelta(days=13), 14)])
    reply = ask(tmp_path, "--days 7")
    assert reply.text.startswith("No usage cost by service in the 7 days Nov 16–22. Data until Nov 22.")
    assert [block["type"] for block in reply.blocks] == ["section", "context", "actions"]


def test_a_total_below_zero_has_no_shares(tmp_path: Path) -> None:
    rows = [full(day, 2.0) for day in days(LAST - timedelta(days=13), 14)]
    rows += [full(day, -5.0, service_name=EC2) for day in days(LAST - timedelta(days=13), 14)]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "--days 7")
    assert reply.text.startswith("S3 is the largest service: $14.00, of −$21.00 in all in the 7 days Nov 16–22; steady")
    assert cells(reply)[1:] == [
        ["S3", "$14.00", "n/a", "$0.00", "0 %"],
        ["EC2", "−$35.00", "n/a", "$0.00", "n/a"],
        ["All", "−$21.00", "n/a", "$0.00", "n/a"],
    ]
    assert bars(reply) == {"S3": 14.0, "EC2": -35.0}


def test_a_largest_service_above_the_total_is_no_share_above_all(tmp_path: Path) -> None:
    rows = [full(day, 5.0) for day in days(LAST - timedelta(days=13), 14)]
    rows += [full(day, -2.0, service_name=EC2) for day in days(LAST - timedelta(days=13), 14)]
    store(CostFiles(tmp_path), rows, "focus")
    assert ask(tmp_path, "--days 7").text.startswith("S3 is the largest service: $35.00, of $21.00 in all")


def test_a_new_service_is_called_new(tmp_path: Path) -> None:
    rows = [full(day, 1.0) for day in days(LAST - timedelta(days=13), 14)]
    rows += [full(day, 9.0, service_name="Amazon Bedrock") for day in days(LAST - timedelta(days=2), 3)]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "--days 7")
    assert reply.text.startswith(
        "Bedrock is 79 % of $34.00 in the 7 days Nov 16–22; new, nothing in the 7 days before."
    )
    assert cells(reply)[1] == ["Bedrock", "$27.00", "79 %", "+$3.86", "new"]


def test_names_that_would_ping_the_channel_are_harmless(tmp_path: Path) -> None:
    hostile = "<!channel> & <@U0ANA>\u202e"
    rows = [
        full(
            day,
            10.0,
            usage_type=hostile,
            tags={"team": hostile},
            sub_account_name=hostile,
            service_name=hostile,
            region_id=hostile,
            provider=hostile,
        )
        for day in days(LAST - timedelta(days=13), 14)
    ]
    store(CostFiles(tmp_path), rows, "focus")
    for words in ("services", "accounts", "regions", "usage", "providers", "tags"):
        reply = ask(tmp_path, f"{words} --days 7")
        shown = [reply.text, *(block["text"]["text"] for block in blocks(reply, "section"))]
        shown += [element["text"] for block in blocks(reply, "context") for element in block["elements"]]
        assert not any("<!channel" in text or "<@" in text for text in shown), words
        assert "\u202e" not in json.dumps(reply.blocks, ensure_ascii=False) + reply.text


def test_names_that_begin_alike_keep_bars_of_their_own(tmp_path: Path) -> None:
    rows = [
        full(day, float(n), service_name=f"A service with a long name, number {n}")
        for day in days(LAST - timedelta(days=13), 14)
        for n in range(1, 6)
    ]
    store(CostFiles(tmp_path), rows, "focus")
    shown = bars(ask(tmp_path, "--days 7"))
    assert list(shown.values()) == [35.0, 28.0, 21.0, 14.0, 7.0]
    assert all(len(label) <= 20 for label in shown)


class WithResources(CostFiles):
    """Stored costs with an export's resources: `frame` has the columns date, resource_id, … cost."""

    def __init__(self, data_dir: Path, frame: DataFrame) -> None:
        super().__init__(data_dir)
        self.frame = frame

    def resources(self, *, start: date, end: date, view: CostView, where: Any = None) -> DataFrame:
        inside = (self.frame["date"] >= pd.Timestamp(start)) & (self.frame["date"] < pd.Timestamp(end))
        keys = ["resource_id", "service_name", "account", "region"]
        return self.frame[inside].groupby(keys, dropna=False)["cost"].sum().reset_index()


def resource(day: date, cost: float, resource_id: str | None, **changed: Any) -> dict[str, Any]:
    known = {"service_name": EC2, "account": "111122223333", "region": "us-east-1"}
    return {"date": pd.Timestamp(day), "resource_id": resource_id, "cost": cost} | known | changed


MACHINE = "arn:aws:ec2:us-east-1:111122223333:instance/i-0abc"
BUCKET = "arn:aws:s3:::logs"


@pytest.fixture
def with_resources(export: Path) -> WithResources:
    first = LAST - timedelta(days=59)
    rows: list[dict[str, Any]] = []
    for i, day in enumerate(days(first, 62)):
        rows += [
            resource(day, 60.0 if i < 30 else 88.0, MACHINE),
            resource(day, 2.0, MACHINE, service_name="AmazonCloudWatch"),
            resource(day, 20.0, BUCKET, service_name=S3, account="444455556666", region="global"),
        ]
    return WithResources(export, DataFrame(rows))


def test_resources_are_ranked_with_their_place(with_resources: WithResources, export: Path) -> None:
    reply = ask(export, "resources", with_resources)
    assert reply.text.startswith(
        "i-0abc is 69 % of $3,900 in the 30 days Oct 24 – Nov 22; up 41 % (+$26.00/day) against the 28 days before."
    )
    assert cells(reply) == [
        ["Resource", "Service", "Where", "30 days", "Share", "Change/day", "%"],
        ["i-0abc", "EC2", "prod (111122223333), us-east-1", "$2,700", "69 %", "+$26.00", "+41 %"],
        ["logs", "S3", "444455556666", "$600", "15 %", "$0.00", "0 %"],
        ["what names no resource", "–", "–", "$600", "15 %", "+$1.86", "+10 %"],
        ["All", "–", "–", "$3,900", "100 %", "+$27.86", "+27 %"],
    ]


def test_resources_say_what_they_compare_and_what_they_leave_out(with_resources: WithResources, export: Path) -> None:
    shown = texts(ask(export, "resources", with_resources))
    assert "Changes compare whole weeks: Oct 26 – Nov 22 with Sep 28 – Oct 25." in shown
    assert "$600 of these costs name no resource." in shown


def test_resources_need_an_export_and_say_so(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(day, 5.0) for day in days(LAST - timedelta(days=13), 14)])
    with pytest.raises(NotEnoughData) as caught:
        ask(tmp_path, "resources")
    assert caught.value.cause == "Cost Explorer does not tell what single resources cost."
    assert caught.value.remedy == "A billing export does: read one with `costbot ingest focus PATH`."


def exported_resources(tmp_path: Path, first: date, count: int) -> Path:
    """A machine of 4 dollars a day and a charge of 1 without a resource, read from a file."""
    lines = [
        line(
            cost,
            ChargePeriodStart=f"{day} 00:00:00",
            BillingPeriodStart=f"{day:%Y-%m}-01 00:00:00",
            ResourceId=resource_id,
        )
        for day in days(first, count)
        for cost, resource_id in (("4", MACHINE), ("1", ""))
    ]
    path = write(tmp_path / "export.csv", *lines, columns=(*COLUMNS, "ResourceId"))
    take_in(context(tmp_path / "data", detail_months=3), [path])
    return tmp_path / "data"


def test_resources_come_from_an_export_s_file(tmp_path: Path) -> None:
    data = exported_resources(tmp_path, LAST - timedelta(days=13), 14)
    reply = ask(data, "resources --days 7")
    assert reply.text.startswith("i-0abc is 80 % of $35.00 in the 7 days Nov 16–22; steady against the 7 days before.")
    assert cells(reply)[1:3] == [
        ["i-0abc", "EC2", "prod (111122223333), us-east-1", "$28.00", "80 %", "$0.00", "0 %"],
        ["what names no resource", "–", "–", "$7.00", "20 %", "$0.00", "0 %"],
    ]


def test_a_provider_without_an_export_hides_no_resources_of_the_others(tmp_path: Path) -> None:
    data = exported_resources(tmp_path, LAST - timedelta(days=13), 14)
    store(CostFiles(data), [row(day, 5.0, provider="Other") for day in days(LAST - timedelta(days=13), 14)])
    assert cells(ask(data, "resources --days 7"))[2][:4] == ["what names no resource", "–", "–", "$42.00"]


def test_days_before_without_resources_are_not_compared(export: Path) -> None:
    class Newest(WithResources):
        def resources(self, *, start: date, end: date, view: CostView, where: Any = None) -> DataFrame:
            if start < LAST - timedelta(days=31):
                raise NotEnoughData("Costs by resource are stored from November on.")
            return super().resources(start=start, end=end, view=view, where=where)

    rows = [resource(day, 100.0, MACHINE) for day in days(LAST - timedelta(days=59), 60)]
    reply = ask(export, "resources", Newest(export, DataFrame(rows)))
    assert reply.text.startswith("i-0abc is 77 % of $3,900 in the 30 days Oct 24 – Nov 22. All resources: $130 a day. ")
    assert "Resources are not kept for the days before; COSTBOT_DETAIL_MONTHS sets" in texts(reply)
    assert len(cells(reply)[0]) == 5


def test_a_resource_without_an_id_is_no_resource(export: Path) -> None:
    rows = [resource(day, 5.0, name) for day in days(LAST - timedelta(days=13), 14) for name in (None, "", "vol-1")]
    reply = ask(export, "resources --days 7", WithResources(export, DataFrame(rows)))
    assert cells(reply)[1][0] == "vol-1"
    assert cells(reply)[2][0] == "what names no resource"


@pytest.mark.parametrize(
    ("resource_id", "name"),
    [
        (MACHINE, "i-0abc"),
        (BUCKET, "logs"),
        ("i-0abc", "i-0abc"),
        ("vol-1/data", "vol-1/data"),
        ("/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm-1", "vm-1"),
        ("arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/app:*", "/aws/lambda/app"),
        ("arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc", "app/web/50dc"),
        ("arn:aws:rds:us-east-1:111122223333:db:orders", "orders"),
        ("arn:", "arn:"),
        ("/", "/"),
    ],
)
def test_a_resource_is_called_by_the_end_of_its_id(resource_id: str, name: str) -> None:
    assert resource_name(resource_id) == name


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=120),
    st.sampled_from(["7", "30"]),
    st.lists(st.text(min_size=1, max_size=300).filter(lambda text: text.strip() and "\x00" not in text), min_size=1),
    st.sampled_from(["services", "accounts", "tags", "usage"]),
)
def test_any_costs_and_names_fit_slack(
    tmp_path: Path, costs: list[float], length: str, names: list[str], words: str
) -> None:
    folder = tmp_path / str(abs(hash((tuple(costs), length, tuple(names), words))))
    rows = [
        full(
            LAST - timedelta(days=i % 20),
            cost,
            usage_type=names[i % len(names)],
            tags={"team": names[i % len(names)]},
            service_name=names[i % len(names)],
            sub_account_id=names[i % len(names)],
        )
        for i, cost in enumerate(costs)
    ]
    store(CostFiles(folder), rows, "focus")
    reply = ask(folder, f"{words} --days {length} --limit 50")
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    assert not re.search(r"\bnan\b|\binf\b", reply.text)
    assert sum(len(cell) for line in (cells(reply) if blocks(reply, "table") else []) for cell in line) <= 10_000
