"""GetCostAndUsage adds up, whichever way it is cut."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.aws.organisation import ACCOUNTS, PROD
from bot.demo.aws.shapes import WrongShape, checked
from tests.demo.aws.ledger_factories import (
    TODAY,
    ask,
    by_group,
    daily,
    dimension,
    explorer,
    request,
    statement,
    tag,
    totals,
)

KEYS = [
    dimension("SERVICE"),
    dimension("LINKED_ACCOUNT"),
    dimension("REGION"),
    dimension("USAGE_TYPE"),
    dimension("RECORD_TYPE"),
    dimension("OPERATION"),
    dimension("PURCHASE_TYPE"),
    dimension("INSTANCE_TYPE"),
    tag("team"),
    tag("env"),
    tag("never-activated"),
]
METRICS = ["UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "BlendedCost"]


def service(*names: str) -> dict[str, object]:
    return {"Dimensions": {"Key": "SERVICE", "Values": list(names)}}


def account(*ids: str) -> dict[str, object]:
    return {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": list(ids)}}


def team(*names: str) -> dict[str, object]:
    return {"Tags": {"Key": "team", "Values": list(names)}}


def total(expression: object = None) -> float:
    more = {} if expression is None else {"Filter": expression}
    return sum(totals(ask(request(Granularity="MONTHLY", **more))).values())


@pytest.mark.parametrize(
    "groups",
    [*[[key] for key in KEYS], *[list(pair) for pair in combinations(KEYS, 2)]],
    ids=lambda groups: "+".join(group["Key"] for group in groups),
)
def test_every_grouping_adds_up_to_the_whole(groups: list[dict[str, str]]) -> None:
    whole = ask(request("2026-10-28", "2026-11-03", Metrics=METRICS))
    cut = ask(request("2026-10-28", "2026-11-03", Metrics=METRICS, GroupBy=groups))

    for metric in METRICS:
        assert totals(cut, metric) == pytest.approx(totals(whole, metric), abs=1e-6)


def test_a_grouped_answer_has_no_total_and_no_groups_that_cost_nothing() -> None:
    rows = ask(request(GroupBy=[dimension("SERVICE")]))

    assert all(row["Total"] == {} for row in rows)
    assert ["Amazon Bedrock"] not in [group["Keys"] for group in rows[0]["Groups"]]
    assert ["Amazon Bedrock"] in [group["Keys"] for group in rows[-2]["Groups"]]


def test_reserved_usage_is_shown_although_it_costs_nothing_unblended() -> None:
    costs = by_group(ask(request("2026-11-10", "2026-11-11", GroupBy=[dimension("RECORD_TYPE")])))

    assert costs["DiscountedUsage",] == 0.0
    assert costs["SavingsPlanNegation",] == pytest.approx(-costs["SavingsPlanCoveredUsage",])


def test_tag_keys_are_written_with_their_value_and_untagged_without() -> None:
    keys = {key for (key,) in by_group(ask(request(GroupBy=[tag("team")])))}

    assert {"team$", "team$payments", "team$search", "team$data", "team$platform", "team$growth"} <= keys
    assert all(key.startswith("team$") for key in keys)


def test_a_tag_that_was_never_activated_is_untagged_everywhere() -> None:
    assert list(by_group(ask(request(GroupBy=[tag("owner")])))) == [("owner$",)]


def test_accounts_come_with_their_names() -> None:
    answer = explorer().answer("GetCostAndUsage", request(GroupBy=[dimension("LINKED_ACCOUNT")]), ACCOUNTS[0].id)

    names = {item["Value"]: item["Attributes"]["description"] for item in answer["DimensionValueAttributes"]}
    assert names == {one.id: one.name for one in ACCOUNTS}
    assert answer["GroupDefinitions"] == [dimension("LINKED_ACCOUNT")]


def test_amounts_are_plain_decimals_with_ten_digits_at_most() -> None:
    rows = ask(request(GroupBy=[dimension("USAGE_TYPE")]))
    amounts = [group["Metrics"]["UnblendedCost"]["Amount"] for row in rows for group in row["Groups"]]

    assert all("e" not in amount and len(amount.partition(".")[2]) <= 10 for amount in amounts)
    assert "-0" not in amounts


def test_quantities_have_a_unit_only_where_it_is_one() -> None:
    rows = ask(request(Metrics=["UsageQuantity"], GroupBy=[dimension("USAGE_TYPE")]))
    units = {group["Keys"][0]: group["Metrics"]["UsageQuantity"]["Unit"] for group in rows[0]["Groups"]}

    assert units["BoxUsage:m5.2xlarge"] == "Hrs"
    assert ask(request(Metrics=["UsageQuantity"]))[0]["Total"]["UsageQuantity"]["Unit"] == "N/A"


def test_months_are_the_sum_of_their_days() -> None:
    days = totals(ask(request("2026-09-01", "2026-11-21")))
    months = totals(ask(request("2026-09-01", "2026-11-21", Granularity="MONTHLY")))

    october = sum(cost for day, cost in days.items() if day.startswith("2026-10"))
    assert months["2026-10-01"] == pytest.approx(october, abs=1e-6)
    assert sum(months.values()) == pytest.approx(sum(days.values()), abs=1e-6)


def test_hours_are_the_parts_of_their_day_service_by_service() -> None:
    groups = [dimension("SERVICE"), dimension("LINKED_ACCOUNT")]
    hours = ask(request("2026-11-17T00:00:00Z", "2026-11-19T00:00:00Z", Granularity="HOURLY", GroupBy=groups))
    days = ask(request("2026-11-17", "2026-11-19", GroupBy=groups))

    assert len(hours) == 48
    assert hours[30]["TimePeriod"] == {"Start": "2026-11-18T06:00:00Z", "End": "2026-11-18T07:00:00Z"}
    assert by_group(hours) == pytest.approx(by_group(days), abs=1e-6)


def test_only_open_days_are_estimated() -> None:
    rows = ask(request("2026-11-16", "2026-11-22"))
    months = ask(request("2026-10-01", "2026-11-21", Granularity="MONTHLY"))

    assert [row["Estimated"] for row in rows] == [False, False, False, True, True, True]
    assert [row["Estimated"] for row in months] == [False, True]


def test_days_to_come_are_there_and_empty() -> None:
    row = ask(request("2026-11-20", "2026-11-26", GroupBy=[dimension("SERVICE")]))[-1]

    assert row["TimePeriod"]["Start"] == "2026-11-25"
    assert row["Groups"] == []


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_pages_put_together_are_the_one_long_page(size: int) -> None:
    params = request("2026-11-15", "2026-11-23", GroupBy=[dimension("SERVICE"), tag("team")])
    whole, paged = ask(params), ask(params, groups_a_page=size)

    flat = [
        [
            (row["TimePeriod"]["Start"], *group["Keys"], group["Metrics"]["UnblendedCost"]["Amount"])
            for row in rows
            for group in row["Groups"]
        ]
        for rows in (whole, paged)
    ]
    assert flat[0] == flat[1]
    assert {row["TimePeriod"]["Start"] for row in whole} == {row["TimePeriod"]["Start"] for row in paged}
    assert [row["TimePeriod"]["Start"] for row in paged if not row["Groups"]] == ["2026-11-21", "2026-11-22"]


def test_a_page_holds_no_more_groups_than_its_size() -> None:
    params = request(GroupBy=[dimension("SERVICE"), tag("team")])
    answer = explorer(groups_a_page=250).answer("GetCostAndUsage", params, ACCOUNTS[0].id)

    assert sum(len(row["Groups"]) for row in answer["ResultsByTime"]) == 250
    assert "NextPageToken" in answer


def test_not_is_the_rest_and_and_is_the_overlap() -> None:
    compute, prod = service("Amazon Elastic Compute Cloud - Compute", "EC2 - Other"), account(PROD.id)

    assert total(compute) + total({"Not": compute}) == pytest.approx(total(), abs=1e-6)
    assert total({"Or": [compute, prod]}) == pytest.approx(
        total(compute) + total(prod) - total({"And": [compute, prod]}), abs=1e-6
    )


def test_untagged_can_be_asked_for_in_two_ways() -> None:
    absent = {"Tags": {"Key": "team", "MatchOptions": ["ABSENT"]}}

    assert total(absent) == pytest.approx(total(team("")), abs=1e-6)
    assert total(absent) + total({"Not": absent}) == pytest.approx(total(), abs=1e-6)


_leaves = st.sampled_from(
    [
        service("Amazon Simple Storage Service"),
        account(PROD.id),
        team("search", ""),
        {"Dimensions": {"Key": "REGION", "Values": ["eu-west-1"]}},
        {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage", "Credit"]}},
        {"Dimensions": {"Key": "USAGE_TYPE", "Values": ["NatGateway-Bytes"]}},
        {"Dimensions": {"Key": "SCOPE", "Values": ["Region"]}},
    ]
)
_expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: {"Not": one}),
        st.lists(inner, min_size=2, max_size=3).map(lambda many: {"And": many}),
        st.lists(inner, min_size=2, max_size=3).map(lambda many: {"Or": many}),
    ),
    max_leaves=5,
)


@settings(max_examples=25, deadline=None)
@given(_expressions)
def test_any_expression_and_its_opposite_are_everything(expression: dict[str, object]) -> None:
    assert total(expression) + total({"Not": expression}) == pytest.approx(total(), abs=1e-5)


def test_record_types_can_be_kept_apart() -> None:
    kept_out = {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Tax", "Credit", "Refund", "Support"]}}}
    first_day = request("2026-11-01", "2026-11-02", Metrics=["NetAmortizedCost"])
    kept = totals(ask({**first_day, "Filter": kept_out}), "NetAmortizedCost")["2026-11-01"]

    assert kept < 3500 < totals(ask(first_day), "NetAmortizedCost")["2026-11-01"]


def test_a_member_account_sees_only_itself() -> None:
    rows = ask(request(GroupBy=[dimension("LINKED_ACCOUNT")]), account_id=PROD.id)

    assert {key for (key,) in by_group(rows)} == {PROD.id}
    assert sum(totals(rows).values()) == pytest.approx(total(account(PROD.id)), abs=1e-6)
    assert not by_group(ask(request(GroupBy=[tag("team")], Filter=account(ACCOUNTS[2].id)), account_id=PROD.id))


def test_the_answer_is_the_ledger() -> None:
    found = statement()
    shown = totals(ask(request("2026-11-01", TODAY)))

    assert shown["2026-11-09"] == pytest.approx(daily(found)[found.column(TODAY.replace(day=9))], abs=1e-8)


def test_whole_answers_have_the_shape_aws_declares() -> None:
    grouped = request(GroupBy=[dimension("SERVICE"), tag("team")], Metrics=[*METRICS, "UsageQuantity"])
    for params in (request(), grouped):
        checked("ce", "GetCostAndUsage", explorer().answer("GetCostAndUsage", params, ACCOUNTS[0].id))


def test_an_answer_aws_could_not_give_is_noticed() -> None:
    with pytest.raises(WrongShape, match="ResultsByTime"):
        checked("ce", "GetCostAndUsage", {"ResultsByTime": [{"TimePeriod": {"Start": 1, "End": "x"}}]})
    with pytest.raises(WrongShape, match="Typo"):
        checked("ce", "GetCostAndUsage", {"Typo": []})
