"""`/cost rightsize`: one instance explained from the last scan, and a clear word where there is nothing to explain."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame

from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.savings.last_scan import LAST_SCAN
from bot.savings.scan_tables import note_spots
from bot.tables import write_table
from bot.workflows.keep_rightsizing import FILE, RIGHTSIZING, keep_rightsizing
from bot.workflows.think_savings import Question
from tests.analysis.checks.check_factories import UNTIL
from tests.analysis.checks.machine_factories import machine, tables
from tests.analysis.rightsizing_factories import load
from tests.bot.decisions_factories import context as a_context

PLACE = ("111122223333", "us-east-1")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a scan of four instances."""
    rows = [
        machine(resource_id="i-0big", name="<api>"),
        machine(resource_id="i-0full", name="cache", instance_type="r5.2xlarge"),
        machine(resource_id="i-0blind", name="twin"),
        machine(resource_id="i-0member", name="twin", asg_name="web"),
    ]
    loads: dict[str, dict[str, Any]] = {
        "i-0big": {}, "i-0full": {"cpu": 6, "memory": 78}, "i-0blind": {"memory": None}, "i-0member": {"cpu": None},
    }  # fmt: skip
    metrics = [load(instance_id=id_, **told) for id_, told in loads.items()]
    return written(tmp_path_factory.mktemp("kept"), rows, metrics)


def written(folder: Path, rows: list[dict[str, Any]], metrics: list[DataFrame]) -> Path:
    made = tables(*rows, metrics=metrics[0].iloc[:0])
    for name, table in made.items():
        for n, part in enumerate(metrics if name == "ec2_metrics" else [table]):
            write_table(folder / f"{name}{f'-{n}' if n else ''}.parquet", part)
    note_spots(folder, {name: [PLACE] for name in made})
    keep_rightsizing(Question(folder, (RIGHTSIZING,), {}, 5.0, UNTIL), folder)
    return folder


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path)


@pytest.fixture
def scanned(context: Context, kept: Path) -> Context:
    (context.settings.data_dir / FILE).write_bytes((kept / FILE).read_bytes())
    at = (context.clock.now() - timedelta(hours=1)).isoformat()
    context.store.remember(LAST_SCAN, json.dumps({"at": at}), context.clock.now())
    return context


def ask(context: Context, *words: str) -> Reply:
    return commands()["rightsize"].answer(Request("rightsize", words, user_id="U0ANA", channel_id="C0COSTS"), context)


def test_before_the_first_scan_it_says_so(context: Context) -> None:
    with pytest.raises(NotEnoughData, match="has not looked at the sizes of instances yet"):
        ask(context, "i-0big")


def test_it_takes_one_word(scanned: Context) -> None:
    with pytest.raises(UsageError, match="Which instance"):
        ask(scanned)


def test_an_instance_that_was_not_looked_at_is_told_with_the_number_of_those_that_were(scanned: Context) -> None:
    with pytest.raises(UsageError, match="“i-0gone” is none of the 4 EC2 instances"):
        ask(scanned, "i-0gone")


def test_a_name_that_several_have_asks_for_an_id(scanned: Context) -> None:
    with pytest.raises(UsageError, match="i-0blind, i-0member"):
        ask(scanned, "twin")


def test_one_too_large_shows_its_need_the_candidates_and_what_the_cheaper_ones_lack(scanned: Context) -> None:
    reply = ask(scanned, "i-0big")

    # 10 % of 8 vCPU and 20 % of 32 GiB: m5.large at 8 GiB holds 6.4 with a fifth free.
    assert reply.text == "<api> (m5.2xlarge) is larger than its load: m5.large saves $210 a month"
    shown = json.dumps(reply.blocks, ensure_ascii=False)
    assert "&lt;api&gt;" in shown
    assert "needs 0.8 vCPU of 8 vCPU (10 %)" in shown
    assert "needs 6.4 GiB of 32 GiB (20 %)" in shown
    [table] = [block for block in reply.blocks if block["type"] == "table"]
    rows = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in table["rows"]}
    assert rows["m5.large"] == ["2", "8", "0.75", "81.2", "$70.08", "nothing"]
    assert rows["c5.large"][-1] == "memory"


def test_the_chart_holds_demand_against_both_capacities(scanned: Context) -> None:
    [block] = [block for block in ask(scanned, "i-0big").blocks if block["type"] == "data_visualization"]

    last = {line["name"]: line["data"][-1]["value"] for line in block["chart"]["series"]}
    assert last == {
        "CPU in use": 10.0, "Memory in use": 20.0, "m5.2xlarge": 100.0, "CPU m5.large": 25.0, "Memory m5.large": 25.0,
    }  # fmt: skip


def test_one_that_is_full_says_what_stands_in_the_way(scanned: Context) -> None:
    reply = ask(scanned, "cache")

    assert reply.text == "cache (r5.2xlarge) stays as it is"
    assert "Right size: memory would have less than 20 % free" in json.dumps(reply.blocks)
    assert any(block["type"] == "table" for block in reply.blocks)


def test_what_was_not_measured_is_unknown_and_never_zero(scanned: Context) -> None:
    reply = ask(scanned, "i-0blind")

    shown = json.dumps(reply.blocks)
    assert reply.text == "twin (m5.2xlarge) cannot be judged yet"
    assert "needs not measured of 32 GiB" in shown
    assert "install the CloudWatch agent" in shown


def test_a_member_of_a_group_is_explained_by_its_group(scanned: Context) -> None:
    reply = ask(scanned, "i-0member")

    assert reply.text == "twin (m5.2xlarge) is not resized by itself"
    assert "change the type in its launch template" in json.dumps(reply.blocks)


def test_the_file_is_small_and_replaced_whole(kept: Path) -> None:
    assert (kept / FILE).stat().st_size < 20_000
    assert not list(kept.glob("*.tmp"))


def test_a_place_without_instances_keeps_nothing_and_fails_nothing(tmp_path: Path) -> None:
    made = tables(machine())
    empty = {name: table.iloc[:0] for name, table in made.items() if name != "instance_types"}
    for name, table in empty.items():
        write_table(tmp_path / f"{name}.parquet", table)
    note_spots(tmp_path, {name: [PLACE] for name in empty})

    keep_rightsizing(Question(tmp_path, (RIGHTSIZING,), {}, 5.0, UNTIL), tmp_path)
    keep_rightsizing(Question(tmp_path / "nowhere", (RIGHTSIZING,), {}, 5.0, UNTIL), tmp_path)

    assert (tmp_path / FILE).exists()
