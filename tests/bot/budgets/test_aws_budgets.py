"""AWS's budgets: what is followed exactly, what is named with its reason, and what a refusal leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from analysis.budgets import Cadence, Origin, Part
from bot.aws.errors import DENIED
from bot.budgets import budget_states
from bot.budgets.aws_mapping import followed
from bot.budgets.from_aws import known_aws_budgets, read_aws_budgets
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.answers import AwsError
from bot.demo.aws.budgets import Budgets
from bot.demo.aws.organisation import PAYER
from bot.errors import UsageError
from bot.jobs import budget_alerts
from tests.bot.budgets.budget_factories import ask, made
from tests.bot.costs.cost_factories import texts
from tests.bot.decisions_factories import NOW, clock_of, slack_of
from tests.bot.forecast.forecast_factories import bill
from tests.demo.aws.ledger_factories import ledger

EC2 = "Amazon Elastic Compute Cloud - Compute"
EC2_OTHER = "EC2 - Other"
S3 = "Amazon Simple Storage Service"
TODAY = NOW.date()


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> CostFiles:
    folder = tmp_path_factory.mktemp("costs")
    bill(60).store(CostFiles(folder))
    return CostFiles(folder)


def described(**changed: Any) -> dict[str, Any]:
    """A monthly cost budget of everything, as DescribeBudgets tells it."""
    return {
        "BudgetName": "total",
        "BudgetType": "COST",
        "BudgetLimit": {"Amount": "5000.0", "Unit": "USD"},
        "TimeUnit": "MONTHLY",
        "TimePeriod": {"Start": datetime(2026, 1, 1, tzinfo=UTC), "End": datetime(2087, 6, 15, tzinfo=UTC)},
    } | changed


def dimension(key: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": list(values), **more}}


TEAM = {"Tags": {"Key": "team", "Values": ["data"]}}


@pytest.mark.parametrize(
    ("told", "scope"),
    [
        ({}, ()),
        ({"CostFilters": {}}, ()),
        ({"CostFilters": {"Service": [S3]}}, (Part("service", ("s3",)),)),
        ({"CostFilters": {"Service": [EC2, EC2_OTHER]}}, (Part("service", ("ec2",)),)),
        ({"CostFilters": {"Service": [EC2]}}, (Part("service_name", (EC2,)),)),
        ({"CostFilters": {"TagKeyValue": ["user:team$data", "user:team$"]}}, (Part("tag:team", ("data", "")),)),
        ({"CostFilters": {"Region": ["eu-west-1"]}}, (Part("region", ("eu-west-1",)),)),
        (
            {"CostFilters": {"LinkedAccount": ["1", "2"], "Service": [S3]}},
            (Part("account", ("1", "2")), Part("service", ("s3",))),
        ),
        (
            {"FilterExpression": TEAM, "CostFilters": {"TagKeyValue": ["user:team$data"]}},
            (Part("tag:team", ("data",)),),
        ),
        (
            {"FilterExpression": {"And": [TEAM, dimension("SERVICE", S3, MatchOptions=["EQUALS"])]}},
            (Part("tag:team", ("data",)), Part("service", ("s3",))),
        ),
    ],
)
def test_what_can_be_followed_exactly_is(costs: CostFiles, told: dict[str, Any], scope: tuple[Part, ...]) -> None:
    found = followed([described(**told)], costs, TODAY)

    (one,) = found.budgets
    assert one.scope == scope
    assert (one.label, one.amount, one.currency, one.origin) == ("total", 5000.0, "USD", Origin.AWS)
    assert found.unmapped == ()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"TimeUnit": "DAILY"}, "it begins anew each day"),
        ({"TimeUnit": "CUSTOM"}, "its period is none of the calendar"),
        ({"CostFilters": {"UsageType": ["BoxUsage"]}}, "it filters by UsageType"),
        ({"CostFilters": {"CostCategory": ["team$data"]}}, "it filters by CostCategory"),
        ({"CostFilters": {"TagKeyValue": ["user:team$data", "user:env$prod"]}}, "it filters by several tags"),
        ({"CostFilters": {"TagKeyValue": ["aws:createdBy$x"]}}, "it filters by several tags"),
        ({"CostFilters": {"Region": ["NoRegion"]}}, "it filters by what is of no region"),
        ({"FilterExpression": {"Not": TEAM}}, "its filter uses Not"),
        ({"FilterExpression": {"Or": [TEAM, TEAM]}}, "its filter uses Or"),
        ({"FilterExpression": {"And": [TEAM, TEAM]}}, "it names one dimension twice"),
        ({"FilterExpression": {"CostCategories": {"Key": "x", "Values": ["y"]}}}, "its filter uses CostCategories"),
        ({"FilterExpression": dimension("RECORD_TYPE", "Usage")}, "it filters by RECORD_TYPE"),
        (
            {"FilterExpression": {"Tags": TEAM["Tags"] | {"MatchOptions": ["ABSENT"]}}},
            "its filter matches by ABSENT",
        ),
        ({"BudgetLimit": None}, "it has no amount"),
        ({"BudgetLimit": {"Amount": "0.0", "Unit": "USD"}}, "its amount is not above 0"),
        ({"TimePeriod": {"End": datetime(2026, 11, 1, tzinfo=UTC)}}, "it has ended"),
        ({"TimePeriod": {"Start": datetime(2027, 1, 1, tzinfo=UTC)}}, "it has not begun"),
        ({"BillingViewArn": "arn:aws:billing::1:billingview/custom-1"}, "it looks at a billing view of its own"),
    ],
)
def test_what_cannot_is_named_with_its_reason(costs: CostFiles, told: dict[str, Any], why: str) -> None:
    found = followed([described(**told)], costs, TODAY)

    assert found.budgets == ()
    assert [(one.name, one.why) for one in found.unmapped] == [("total", why)]


def test_the_parts_of_ec2_are_not_guessed_where_the_bill_has_one(tmp_path: Path) -> None:
    found = followed([described(CostFilters={"Service": [EC2]})], CostFiles(tmp_path), TODAY)

    assert [one.why for one in found.unmapped] == ["the stored bill does not tell the parts of EC2 apart"]


def test_the_planned_amount_of_today_counts_and_others_are_counted(costs: CostFiles) -> None:
    limits = {
        str(int(datetime(2026, month, 1, tzinfo=UTC).timestamp())): {"Amount": str(month * 100), "Unit": "USD"}
        for month in (10, 11, 12)
    }
    planned = described(PlannedBudgetLimits=limits, BudgetLimit=None)
    found = followed([planned, described(BudgetType="USAGE"), described(BudgetType="RI_COVERAGE")], costs, TODAY)

    assert [(one.amount, one.since) for one in found.budgets] == [(1100.0, date(2026, 11, 1))]
    assert found.others == 2


def test_what_aws_counts_beside_usage_is_said(costs: CostFiles) -> None:
    types = {"IncludeTax": True, "IncludeSupport": False, "IncludeCredit": True, "IncludeRefund": False,
             "IncludeUpfront": False, "UseBlended": True}  # fmt: skip

    (one,) = followed([described(CostTypes=types)], costs, TODAY).budgets

    assert one.remark == "AWS also counts tax and credits there; at blended rates"


class StandIn:
    """The stand-in's budgets in the place of AWS; refuses where it is told to."""

    def __init__(self) -> None:
        self.budgets = Budgets(ledger(), lambda: NOW)
        self.refusal: ClientError | None = None
        self.asked: list[dict[str, Any]] = []

    def caller_account(self) -> str:
        return PAYER.id

    def client(self, service: str) -> StandIn:
        assert service == "budgets"
        return self

    def describe_budgets(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.refusal:
            raise self.refusal
        try:
            page = self.budgets.answer("DescribeBudgets", asked | {"MaxResults": 2}, PAYER.id)
        except AwsError as error:
            raise AssertionError(error) from error
        return {**page, "Budgets": [self._parsed(one) for one in page["Budgets"]]}

    def _parsed(self, one: dict[str, Any]) -> dict[str, Any]:
        period = {name: datetime.fromtimestamp(at, UTC) for name, at in one["TimePeriod"].items()}
        return {**one, "TimePeriod": period}


@pytest.fixture
def bot(tmp_path: Path, costs: CostFiles) -> Context:
    return replace(made(tmp_path, costs.months.folder.parent), aws=StandIn())  # type: ignore[arg-type]


def test_every_page_is_read_and_what_was_read_is_listed(bot: Context) -> None:
    found = read_aws_budgets(bot)

    assert [one.label for one in found.budgets] == [
        "Everything, each month", "Data platform, each quarter", "Databases, each year"
    ]  # fmt: skip
    assert [one.cadence for one in found.budgets] == [Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR]
    assert [(one.name, one.why) for one in found.unmapped] == [
        ("Training hours on GPUs", "it filters by USAGE_TYPE_GROUP")
    ]
    assert found.others == 1
    assert len(bot.aws.asked) == 3  # type: ignore[attr-defined]
    said = texts(ask(bot))
    assert (
        "from AWS Budgets, of all costs; AWS also counts tax, support, credits, refunds and upfront fees there" in said
    )
    assert "not followed: Training hours on GPUs (it filters by USAGE_TYPE_GROUP)." in said
    assert "AWS Budgets has 1 budget of usage or commitments beside these" in said


def test_it_is_asked_once_a_day(bot: Context) -> None:
    for hours in (0, 6, 6, 9):
        clock_of(bot).pass_time(hours=hours)
        budget_alerts.run.run(bot, NOW)

    assert len(bot.aws.asked) == 6  # type: ignore[attr-defined]


def test_a_refusal_is_one_sentence_and_what_was_read_before_stays(bot: Context) -> None:
    read_aws_budgets(bot)
    refusal = {"Error": {"Code": sorted(DENIED)[0], "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    bot.aws.refusal = ClientError(refusal, "DescribeBudgets")  # type: ignore[attr-defined, arg-type]
    clock_of(bot).pass_time(hours=21)
    found = read_aws_budgets(bot)

    assert len(found.budgets) == 3
    assert found.problem.startswith("AWS refuses budgets:ViewBudget in account 123456789012 to costbot's own")
    assert found.problem in texts(ask(bot)).replace("&amp;", "&")
    assert [one.ok for one in bot.store.source_health() if one.source == "aws_budgets"] == [False]

    bot.aws.refusal = None  # type: ignore[attr-defined]
    assert read_aws_budgets(bot).problem == ""


def test_what_was_never_read_is_not_said_to_have_been(bot: Context) -> None:
    refusal = {"Error": {"Code": sorted(DENIED)[0], "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    bot.aws.refusal = ClientError(refusal, "DescribeBudgets")  # type: ignore[attr-defined, arg-type]
    assert read_aws_budgets(bot).read_at is None
    assert "AWS Budgets read" not in texts(ask(bot))


def test_nothing_of_aws_is_changed_or_removed(bot: Context) -> None:
    read_aws_budgets(bot)
    budget_id = known_aws_budgets(bot).budgets[0].id

    for words in (f"remove {budget_id}", f"undo {budget_id}"):
        with pytest.raises(UsageError, match="is kept by AWS Budgets; costbot only reads it"):
            ask(bot, words)
    card = ask(bot, f"show {budget_id.lower()}")
    assert "Remove…" not in texts(card)
    assert "Change…" not in texts(card)
    assert "Everything, each month" in card.text
    assert ask(bot, "show 'everything, each month'").text == card.text


def test_its_budgets_have_the_same_states_and_tell_nobody_who_did_not_ask(bot: Context) -> None:
    budget_alerts.run.run(bot, NOW)

    states = {state.budget.label: state for state in budget_states(bot)}
    whole = states["Everything, each month"]
    assert whole.spent == pytest.approx(5131, rel=0.01)
    assert whole.start == date(2026, 11, 1)
    assert states["Databases, each year"].spent is None
    assert slack_of(bot).of("post") == []
