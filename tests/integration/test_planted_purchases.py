"""What to buy in the demo organisation, from its export by the hour: its falling load blocks, the rest is bought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from pandas import DataFrame

from analysis.checks import checks
from analysis.commitments.purchase import propose
from bot.clock import Clock
from bot.collectors.purchase_recommendations import COLUMNS
from bot.commitments import think_purchase
from bot.commitments.tables import commitment_offers, commitment_parts, commitment_proposals, commitment_shares
from bot.demo.aws.planted_purchases import LOADS, STEADY
from bot.demo.aws.server import AwsStandIn
from bot.exports.local import LocalPlace
from bot.tables import typed
from bot.workflows.ingest import ingest
from tests.demo.aws.export_factories import written
from tests.integration.test_planted_savings import NOW, bot

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, DataFrame]]:
    """What the checks read; scenarios are few, as no figure of them is a literal here."""
    folder = tmp_path_factory.mktemp("bot")
    aws = AwsStandIn(clock=Clock.starting_at(NOW))
    aws.start()
    assert aws.wait_until_seeded(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(think_purchase, "propose", partial(propose, count=20))
        context = bot(aws, folder / "data", patch)
        written(folder / "export", "focus", tuple(date(2026, month, 1) for month in (8, 9, 10, 11)))
        ingest(context, "focus", LocalPlace([folder / "export"]))
        modules = (commitment_proposals, commitment_shares, commitment_offers, commitment_parts)
        yield {module.__name__.rpartition(".")[2]: module.read(context) for module in modules}
    aws.stop()


def test_the_falling_load_blocks_to_the_cent_and_the_steady_ones_do_not(tables: dict[str, DataFrame]) -> None:
    rows = checks()["commitments.stale_look_back"](tables["commitment_parts"]).rows.set_index("name")

    for load in LOADS:
        row = rows.loc[load.name]
        assert row["verdict"] == load.verdict
        for name in ("recent", "before", "aws_hourly", "promised", "at_recent"):
            assert row[name] == pytest.approx(getattr(load, name), abs=0.005), name
    assert set(rows.loc[list(STEADY), "verdict"]) == {"fine"}
    assert set(rows.index[rows["verdict"].eq("conflict")]) == {load.name for load in LOADS}


def test_one_purchase_is_proposed_and_none_for_the_falling_load(tables: dict[str, DataFrame]) -> None:
    names = ("commitment_proposals", "commitment_shares", "commitment_offers")
    rows = checks()["commitments.purchase"](*(tables[name] for name in names), typed([], COLUMNS)).rows
    bought = tables["commitment_shares"]

    assert rows["verdict"].value_counts().to_dict() == {"fine": 5, "saves": 1}
    assert rows.loc[rows["verdict"].eq("saves"), "resource_id"].tolist() == ["purchase"]
    own = bought[bought["family"].eq("c5") & bought["place"].eq("eu-west-1")]
    assert own.empty
    assert {"Compute", "Reserved"} <= set(bought["kind"])
