"""`/cost forecast known`: what is refused, what is kept, who may, and what a forecast makes of it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.blocks.elements import Block
from bot.blocks.forecast_known import KnownReport, known_reply, mark, unmoved_name
from bot.blocks.forecast_report import fan, forecast_reply
from bot.commands import Reply, Request
from bot.commands.forecast import forecast
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import NotEnoughData, UsageError
from bot.forecasts.forecast_costs import Unmoved
from bot.forecasts.known_facts import Known
from bot.store import AlreadyStated, NotAllowed
from bot.words.flags import split
from tests.bot.anomalies.anomaly_factories import LAST, Bill
from tests.bot.costs.cost_factories import blocks, texts
from tests.bot.decisions_factories import NOW, clock_of, recommendation
from tests.bot.decisions_factories import context as made_context
from tests.bot.forecast.forecast_factories import bill, change, report

GOLDEN = Path(__file__).parents[2] / "golden" / "forecast.json"
ADDED = "known add ec2 -$40/day from 2026-12-04 because savings plan"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty days of costs, stored once: no test here may change them."""
    folder = tmp_path_factory.mktemp("costs")
    bill(60).store(CostFiles(folder))
    return folder


@pytest.fixture
def context(tmp_path: Path, stored: Path) -> Context:
    return made_context(tmp_path, settings={"data_dir": stored}, costs=CostFiles(stored))


def ask(context: Context, words: str = "", user: str = "U0ANA") -> Reply:
    return forecast.answer(Request("forecast", split(words), user, "C0COSTS"), context)


def labels(reply: Reply) -> list[str]:
    (block,) = blocks(reply, "data_visualization")
    return list(block["chart"]["axis_config"]["categories"])


def series(reply: Reply) -> dict[str, list[float]]:
    (block,) = blocks(reply, "data_visualization")
    return {line["name"]: [point["value"] for point in line["data"]] for line in block["chart"]["series"]}


def approved(context: Context, **changed: object) -> str:
    """An approved saving of $280.32 a month, which is $9.216 a day."""
    finding = context.store.record(recommendation(**({"owner": "platform"} | changed)), NOW)
    context.store.decide(finding.id, "approve", actor="U0ANA", now=NOW)
    return finding.id


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ec2", "There is no amount in “ec2”. Write /cost forecast known add ec2 -$40/day from 2026-12-04"),
        ("", "There is no amount in nothing."),
        ("-$40/day from 2026-12-04", "Of what does “-$40/day” change the cost?"),
        ("ec2 $40/day from 2026-12-04", "does not say which way. Write -$40/day for less, or +$40/day for more."),
        ("ec2 -$40 from 2026-12-04", "does not say per what. Write -$40/day, or -$40/month."),
        ("ec2 -€40/day from 2026-12-04", "is in EUR; the stored costs are in USD. Write it in USD, as -$40/day."),
        ("ec2 -40 SEK a day from 2026-12-04", "“-40 SEK a day” is in SEK; the stored costs are in USD."),
        ("ec2 -$0.00/day from 2026-12-04", "changes nothing."),
        ("ec2 -$4000/day from 2026-12-04", "EC2 costs $218 a day lately: “-$4000/day” is more than there is."),
        ("ec2 +$4,000,000/day from 2026-12-04", "is more than 100 times what everything costs a day ($"),
        ("ec2 -$40/day", "From which day on?"),
        ("ec2 -$40/day from", "from needs a day."),
        ("ec2 -$40/day from dec", "from “dec” is no day. Write it as from 2026-12-04."),
        ("ec2 -$40/day from 2026-11-19", "2026-11-19 has passed: what a bill has since then, a forecast sees."),
        ("ec2 -$40/day from 2028-01-01", "2028-01-01 is more than a year away."),
        ("ec2 -$40/day from 2026-12-04 until 2026-12-01", "until 2026-12-01 is before from 2026-12-04."),
        ("ec2 -$40/day from 2026-12-04 from 2026-12-05", "from is given twice."),
        ("ec2 -$40/day since 2026-12-04", "“since” is not understood after the amount."),
        ("ec2 -$40/day from 2026-12-04 because", "because needs a reason."),
        ("nothing-like-it -$40/day from 2026-12-04", "No service, account or team is called “nothing-like-it”."),
        ("<!channel> -$40/day from 2026-12-04", "“&lt;!channel&gt;”"),
    ],
)
def test_what_cannot_be_true_is_refused_with_the_next_step(context: Context, words: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(context, f"known add {words}")
    assert said in str(caught.value)
    assert context.store.known_changes(removed=True) == []


@pytest.mark.parametrize("words", ["known remove", "known remove K-1 K-2", "known remove K-9", "known remove A-7K2M"])
def test_what_is_not_there_is_not_taken_back(context: Context, words: str) -> None:
    ask(context, ADDED)
    with pytest.raises(UsageError):
        ask(context, words)
    assert [one.id for one in context.store.known_changes()] == ["K-1"]


def test_words_that_are_no_verb_name_those_that_are(context: Context) -> None:
    with pytest.raises(UsageError, match=r"does not know “change K-1”.*known remove K-1"):
        ask(context, "known change K-1")


def test_nothing_stored_is_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(made_context(tmp_path), ADDED)


def test_who_is_no_approver_adds_and_removes_nothing(context: Context) -> None:
    ask(context, ADDED)
    for words in ("known add s3 +$4/day from 2026-12-04", "known remove K-1"):
        with pytest.raises(NotAllowed, match="that takes an approver"):
            ask(context, words, user="U0BEN")
    assert [one.id for one in context.store.known_changes()] == ["K-1"]


@pytest.mark.parametrize(
    "words", [ADDED, "known add ec2 −$40 a day --from=2026-12-04", "known add ec2 -1216.67 USD/month from 2026-12-04"]
)
def test_the_same_twice_is_refused_however_it_is_typed(context: Context, words: str) -> None:
    ask(context, ADDED)
    with pytest.raises(AlreadyStated, match=r"K-1 says the same already, since 2026-11-20\. Nothing was added\."):
        ask(context, words)


def test_what_was_taken_back_may_be_told_again(context: Context) -> None:
    ask(context, ADDED)
    reply = ask(context, "known remove `k-1`")
    assert reply.in_channel
    assert reply.text == ("K-1 counts no more: −$40.00/day of EC2 from Dec 4, by <@U0ANA>, taken back by <@U0ANA>.")
    with pytest.raises(UsageError, match="K-1 was already taken back on 2026-11-20"):
        ask(context, "known remove K-1")
    assert "K-2" in ask(context, ADDED).text
    assert [(one.id, one.removed_by) for one in context.store.known_changes(removed=True)] == [
        ("K-1", "U0ANA"),
        ("K-2", None),
    ]


def test_the_channel_sees_what_was_added(context: Context) -> None:
    reply = ask(context, "known add nat +$100/month from 2026-12-04 until 2026-12-10 because <!channel> & load test")
    assert reply.in_channel
    assert reply.text == (
        "Known change K-1, by <@U0ANA>: +$3.29/day of NAT gateways, Dec 4–10: &lt;!channel&gt; &amp; load test. "
        "Forecasts count it from now on."
    )


def test_a_forecast_moves_by_its_dollars_and_says_so(context: Context) -> None:
    before = series(ask(context))["Cost, then forecast"]
    ask(context, ADDED)
    reply = ask(context)
    assert "Dec 4: −$40.00/day known change of EC2, by <@U0ANA> (K-1): savings plan" in texts(reply)
    assert "Dec 4: −$40.00/day known change of EC2, by <@U0ANA> (K-1): savings plan." in reply.text
    assert "Without the known change these 30 days would cost about $" in reply.text
    assert "(−$640 by it)" in reply.text
    assert "Beside them it knows of no planned change" in texts(reply)
    now = series(reply)
    place = labels(reply).index("Dec 5 · K-1")
    moved = [round(a - b, 2) for a, b in zip(now["Cost, then forecast"], before, strict=True)]
    assert moved == [0.0] * place + [-40.0] * (len(moved) - place)
    assert now["Without K-1 (Dec 4)"] == before


def test_a_month_that_a_change_falls_into_is_told_without_it_too(context: Context) -> None:
    ask(context, "known add s3 +$10/day from 2026-11-25 until 2026-11-27")
    text = ask(context, "s3").text
    assert "Without the known change November would end at about $" in text
    assert "(+$30.00 by it)" in text


def test_parts_count_what_is_theirs_and_the_rest_is_said(context: Context) -> None:
    plain = [row[2]["text"] for row in blocks(ask(context), "table")[0]["rows"][1:]]
    ask(context, "known add ec2 -$100/day from 2026-11-21")
    ask(context, "known add staging +$5/day from 2026-11-21")
    reply = ask(context)
    moved = [row[2]["text"] for row in blocks(reply, "table")[0]["rows"][1:]]
    assert [
        float(a[1:].replace(",", "")) - float(b[1:].replace(",", "")) for a, b in zip(moved, plain, strict=True)
    ] == [
        pytest.approx(-1000, abs=1),
        0,
    ]
    assert "None of them counts K-2." in texts(reply)


def test_what_may_fall_elsewhere_is_not_counted_and_named(context: Context) -> None:
    ask(context, "known add staging +$5/day from 2026-12-04")
    reply = ask(context, "s3")
    assert "Not counted, as it is not known how much of it falls in here: K-1 (+$5.00/day of staging" in reply.text
    assert "Without the known change" not in reply.text
    assert len(series(reply)) == 5
    assert "K-1" not in ask(context, "444455556666 --days 7").text, "it begins after these days"


def test_a_change_of_another_service_is_not_mentioned(context: Context) -> None:
    ask(context, ADDED)
    assert "K-1" not in str(ask(context, "s3").blocks)


def test_an_approved_saving_that_nobody_carried_out_is_said_and_not_counted(context: Context) -> None:
    before = series(ask(context, "ec2"))
    finding_id = approved(context)
    for words in ("ec2", "platform"):
        reply = ask(context, words)
        assert f"Approved, not yet carried out: −$9.22/day not counted ({finding_id})." in reply.text
        assert words != "ec2" or series(reply) == before
    assert finding_id not in ask(context, "s3").text


def test_a_saving_counts_from_the_day_it_was_seen_carried_out(context: Context) -> None:
    finding_id = approved(context)
    clock_of(context).pass_time(days=3)
    context.store.resolve(finding_id, clock_of(context).now(), "It is m5.2xlarge now.")
    reply = ask(context)
    assert "not yet carried out" not in reply.text
    assert (
        f"Nov 23: −$9.22/day, search-api-1 m5.4xlarge → m5.2xlarge is carried out ({finding_id}, approved by <@U0ANA>)"
    ) in texts(reply)
    assert "(−$249 by it)" in reply.text, "27 of the 30 days"


@pytest.mark.parametrize("why", ["It is m5.large now.", "The instance is gone.", "Its load has risen."])
def test_what_was_not_done_as_approved_only_the_bill_tells(context: Context, why: str) -> None:
    finding_id = approved(context)
    context.store.resolve(finding_id, NOW, why)
    assert finding_id not in ask(context).text


def test_what_was_resolved_without_an_approval_counts_nothing(context: Context) -> None:
    finding = context.store.record(recommendation(), NOW)
    context.store.resolve(finding.id, NOW, "It is m5.2xlarge now.")
    assert finding.id not in ask(context).text


def test_a_saving_that_is_undone_is_no_longer_known(context: Context) -> None:
    finding_id = approved(context)
    context.store.resolve(finding_id, NOW, "It is m5.2xlarge now.")
    context.store.record(recommendation(owner="platform"), NOW + timedelta(days=1))
    assert finding_id not in ask(context).text


def test_a_saving_in_another_currency_is_added_to_nothing(context: Context) -> None:
    finding_id = approved(context, currency="EUR")
    reply = ask(context)
    assert f"Not counted, as it is in another currency than the bill: {finding_id}." in reply.text
    assert finding_id in ask(context, "known").text


def test_three_weeks_after_it_began_the_bill_tells_a_change_by_itself(tmp_path: Path) -> None:
    context = made_context(tmp_path)
    bill_until(context, LAST)
    ask(context, "known add s3 +$1/day from 2026-11-20")
    assert "Without the known change" in ask(context).text
    clock_of(context).pass_time(days=22)
    bill_until(context, LAST + timedelta(days=22))
    reply = ask(context)
    assert "K-1" not in reply.text
    assert "In the bill by now, and no longer counted: Nov 20: +$1.00/day" in ask(context, "known").text


def bill_until(context: Context, last: date) -> None:
    Bill(last=last, length=60).line("Amazon Simple Storage Service", "TimedStorage-ByteHrs", 50).store(context.costs)


def test_an_empty_list_says_how_to_fill_it(context: Context) -> None:
    reply = ask(context, "known", user="U0BEN")
    assert reply.text == "No change is known: forecasts go on from what costs did so far."
    assert "`/cost forecast known add ec2 -$40/day from 2026-12-04 because savings plan`" in texts(reply)
    assert not reply.in_channel


def test_the_list_has_each_change_with_who_and_since_when(context: Context) -> None:
    ask(context, ADDED)
    finding_id = approved(context)
    reply = ask(context, "known list")
    assert reply.text.startswith("1 known change, still to begin. To begin: Dec 4: −$40.00/day known change of EC2")
    shown = texts(reply)
    assert "(K-1): savings plan – added <!date^" in shown
    assert f"• −$9.22/day, search-api-1 m5.4xlarge → m5.2xlarge ({finding_id}), approved by <@U0ANA> Nov 20" in shown
    assert ask(context, "known").blocks == reply.blocks


def test_the_longest_list_keeps_slacks_limits() -> None:
    stated = [(replace(change(id=f"K-{n}", label="<&>" * 40, why="<&>" * 60)), NOW) for n in range(60)]
    waiting = [change(id=f"S-{n}", label="<&>" * 40, is_saving=True) for n in range(60)]
    made = KnownReport(stated, waiting, waiting, (), LAST, "USD", "/cost forecast known add …")
    reply = known_reply(made)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    (told, waits, _) = (block["text"]["text"] for block in reply.blocks[1:4])
    assert told.splitlines()[-1] == f"and {60 - told.count('•')} more"
    assert waits.count("•") > 3


def test_many_changes_on_one_day_are_counted_on_the_chart() -> None:
    assert mark("Dec 14", ["K-1", "K-2"]) == "Dec 14 · K-1, K-2"
    assert mark("Dec 14", ["K-101", "K-102"]) == "Dec 14 · 2 known"


@pytest.mark.parametrize(
    ("ids", "begun", "name"),
    [
        (("K-1",), False, "Without K-1 (Dec 14)"),
        (("K-12",), False, "Without K-12"),
        (("K-1",), True, "Without K-1"),
        (("K-1", "K-2"), False, "Without K-1, K-2"),
        (("K-1", "K-2", "S-7Q2M"), False, "Without changes"),
    ],
)
def test_the_line_without_changes_names_them_where_slack_has_room(ids: tuple[str, ...], begun: bool, name: str) -> None:
    changes = [change(id=one) for one in ids]
    assert unmoved_name(changes, date(2026, 12, 20) if begun else date(2026, 11, 20)) == name


def test_a_change_before_the_forecast_has_no_mark() -> None:
    picture = fan(report(known=Known(counted=(change(first_day=date(2026, 11, 10)),))))
    assert picture is not None
    assert not [label for label in picture.labels if "K-1" in label]


def test_the_message_is_as_it_was() -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    shown = golden()
    if os.environ.get("COSTBOT_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert shown == json.loads(GOLDEN.read_text("utf-8"))


def golden() -> list[Block]:
    """Everything that is known, in one answer."""
    waiting = change(id="S-7Q2M", per_day=-9.216, label="search-api-1 m5.4xlarge → m5.2xlarge", is_saving=True)
    done = replace(waiting, id="S-0K9V", first_day=date(2026, 11, 12), label="<db> m5.xlarge → m5.large", by="U0BEN")
    known = Known(
        counted=(change(), change(id="K-2", per_day=12.0, last_day=date(2026, 12, 16), why=None), done),
        unclear=(change(id="K-3", label="prod", scope={"account": ("111122223333",)}),),
        waiting=(waiting,),
        apart_from_parts=(done,),
        foreign=(replace(waiting, id="S-EEEE"),),
    )
    made = report(known=known)
    figures = replace(made.figures, unmoved=Unmoved(3450.0, 3900.0, (130.0,) * 30))
    reply = forecast_reply(replace(made, figures=figures))
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    return reply.blocks
