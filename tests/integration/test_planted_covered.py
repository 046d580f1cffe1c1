"""Savings on what a commitment covers, in the demo organisation: what becomes of it, and what is left, to the cent."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from analysis.checks import checks
from analysis.models import Recommendation
from bot.clock import Clock
from bot.commands import Request, commands
from bot.context import Context
from bot.demo.aws.planted_covered import AFTER, AfterCommitments
from bot.demo.aws.server import AwsStandIn
from bot.exports.local import LocalPlace
from bot.savings.open_savings import open_savings
from bot.workflows.ingest import ingest
from bot.workflows.scan_savings import ScanResult, scan
from tests.demo.aws.export_factories import NOVEMBER, written
from tests.integration.test_planted_savings import NOW, bot

pytestmark = pytest.mark.timeout(300)

#: What finds them, and what asks AWS for what is owned.
KEPT = ("ec2.idle_instance", "rds.idle_instance", "commitments.plan_ending", "commitments.reservation_ending")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Context, ScanResult]]:
    folder = tmp_path_factory.mktemp("bot")
    aws = AwsStandIn(clock=Clock.starting_at(NOW))
    aws.start()
    assert aws.wait_until_seeded(60)
    with pytest.MonkeyPatch.context() as patch:
        off = ",".join(id_ for id_ in checks() if id_ not in KEPT)
        context = bot(aws, folder / "data", patch, settings={"checks_off": off})
        written(folder / "export", "focus", (NOVEMBER,))
        ingest(context, "focus", LocalPlace([folder / "export"]))
        yield context, scan(context)
    aws.stop()


def saving(result: ScanResult, name: str) -> tuple[str, Recommendation]:
    values = [(one.id, one.value) for one in result.findings if isinstance(one.value, Recommendation)]
    [found] = [(id_, value) for id_, value in values if value.resource_name == name]
    return found


@pytest.mark.parametrize("planted", AFTER, ids=lambda planted: planted.name)
def test_what_is_left_after_its_commitment_is_shown_to_the_cent(
    scanned: tuple[Context, ScanResult], planted: AfterCommitments
) -> None:
    _, value = saving(scanned[1], planted.name)

    assert (value.is_notice, value.commitments) == (planted.is_notice, planted.says)
    assert value.before_commitments == pytest.approx(planted.before, abs=0.005)
    assert value.monthly_savings == pytest.approx(planted.left, abs=0.005)


@pytest.mark.parametrize("planted", AFTER, ids=lambda planted: planted.name)
def test_its_card_says_why(scanned: tuple[Context, ScanResult], planted: AfterCommitments) -> None:
    context, result = scanned
    id_, _ = saving(result, planted.name)

    reply = commands()["saving"].answer(Request("saving", (id_,), "U0BEN", "C0COSTS"), context)

    header, about = (json.dumps(block, ensure_ascii=False) for block in reply.blocks[:2])
    assert planted.says in about
    assert ("Save" in header) is not planted.is_notice
    if not planted.is_notice:
        assert f"Save ${planted.left:,.2f}/month" in header


def test_no_commitment_is_told_of_what_runs_on_demand(scanned: tuple[Context, ScanResult]) -> None:
    _, value = saving(scanned[1], "ben-playground")

    assert (value.before_commitments, value.commitments, value.is_notice) == (None, "", False)
    assert value.monthly_savings == pytest.approx(15.184, abs=0.005)


def test_the_total_counts_what_is_left_and_no_notice(scanned: tuple[Context, ScanResult]) -> None:
    counted = {
        one.value.resource_name: one.value.monthly_savings
        for one in open_savings(scanned[1].findings).counted
        if isinstance(one.value, Recommendation)
    }

    assert "eu-reindexer" not in counted
    assert counted["orders-archive"] + counted["quote-cache"] == pytest.approx(162.64, abs=0.005)


def test_a_database_on_demand_saves_its_storage_once(scanned: tuple[Context, ScanResult]) -> None:
    """By the bill, which has a line for its hours and one for its storage."""
    _, value = saving(scanned[1], "crm-import")

    assert value.monthly_savings == pytest.approx(110.78, abs=0.005)
    assert "730 h × $0.136 an hour, and $11.50 a month for 100 GiB" in value.how_computed
