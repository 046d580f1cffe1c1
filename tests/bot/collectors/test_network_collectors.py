"""The tables of NAT gateways, addresses and load balancers: parsed from answers that AWS could give, paged, narrow."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pandas import DataFrame

from analysis.daily_metrics import METRICS
from bot.aws import AccountRef
from bot.collectors import (
    address_events,
    balancer_targets,
    cloudtrail_events,
    daily_metrics,
    elastic_ips,
    load_balancer_metrics,
    load_balancers,
    nat_gateways,
    nat_metrics,
    nat_routes,
)
from bot.collectors.metrics import Points, Query
from bot.collectors.scopes import Window
from bot.demo.aws.shapes import checked
from bot.inventory import Here
from bot.tables import typed

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = Here(AccountRef("111122223333", "prod"), "us-east-1", "team", NOW)
WINDOW = Window(NOW - timedelta(days=14), NOW)
TAGS = [{"Key": "Name", "Value": "egress"}, {"Key": "team", "Value": "platform"}]
ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:"
BALANCER, GROUP = f"{ARN}loadbalancer/app/shop/50dc", f"{ARN}targetgroup/shop/73e2"


class Answers:
    """An `Aws` whose every client gives these pages, and remembers what it was asked."""

    def __init__(self, **pages: Any) -> None:
        self.pages, self.asked = pages, []

    def client(self, service: str, **place: Any) -> Answers:
        return self

    def get_paginator(self, operation: str) -> Any:
        def paginate(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            return self.pages[operation]

        return type("Pages", (), {"paginate": staticmethod(paginate)})

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            answer = self.pages[operation]
            if isinstance(answer, Exception):
                raise answer
            return answer.pop(0) if isinstance(answer, list) else answer

        return call

    def names(self) -> list[str]:
        return [operation for operation, _ in self.asked]


def gateway(**changed: Any) -> dict[str, Any]:
    values = {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-a", "State": "available", "Tags": TAGS}
    return values | {"CreateTime": NOW - timedelta(days=30)} | changed


def gateways(*rows: dict[str, Any]) -> DataFrame:
    found = list(rows or [gateway()])
    return nat_gateways.parse(checked("ec2", "DescribeNatGateways", {"NatGateways": found})["NatGateways"], HERE)


def test_reads_every_page_of_the_gateways_that_are_there() -> None:
    pages = [{"NatGateways": [gateway()]}, {"NatGateways": [gateway(NatGatewayId="nat-2", State="deleting")]}]
    aws = Answers(describe_nat_gateways=pages)

    found = nat_gateways.fetch(aws, "111122223333", "us-east-1")  # type: ignore[arg-type]

    assert [one["NatGatewayId"] for one in found] == ["nat-1", "nat-2"]
    assert aws.asked[0][1] == {"Filter": [{"Name": "state", "Values": ["available"]}]}
    assert list(gateways(*found)["resource_id"]) == ["nat-1"]


def test_a_gateway_is_public_and_zonal_unless_ec2_says_otherwise() -> None:
    plain = gateways().iloc[0]
    other = gateways(gateway(ConnectivityType="private", AvailabilityMode="regional")).iloc[0]

    assert (plain["connectivity"], plain["availability"], plain["age_days"]) == ("public", "zonal", 30.0)
    assert (plain["name"], plain["owner"]) == ("egress", "platform")
    assert (other["connectivity"], other["availability"]) == ("private", "regional")


SUBNETS = [
    {"SubnetId": f"subnet-{letter}", "VpcId": "vpc-1", "AvailabilityZone": f"us-east-1{letter}"} for letter in "abc"
]


def route_table(name: str, *associations: dict[str, Any], to: str = "nat-1") -> dict[str, Any]:
    routes = [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": to}]
    return {"RouteTableId": name, "VpcId": "vpc-1", "Routes": routes, "Associations": list(associations)}


def routes(*tables: dict[str, Any]) -> list[tuple[str, ...]]:
    answer = checked("ec2", "DescribeRouteTables", {"RouteTables": list(tables)})
    checked("ec2", "DescribeSubnets", {"Subnets": SUBNETS})
    found = nat_routes.parse(gateways(), answer["RouteTables"], SUBNETS, HERE)
    return list(found[["zone", "route_table_id", "subnet_id", "subnet_zone"]].itertuples(index=False, name=None))


def test_a_gateway_without_routes_has_one_row_that_says_so() -> None:
    assert routes(route_table("rtb-1", to="nat-other")) == [("us-east-1a", "", "", "")]


def test_subnets_without_a_table_of_their_own_use_the_main_one() -> None:
    found = routes(route_table("rtb-main", {"Main": True}), route_table("rtb-b", {"SubnetId": "subnet-b"}, to="igw"))

    assert found == [
        ("us-east-1a", "rtb-main", "subnet-a", "us-east-1a"),
        ("us-east-1a", "rtb-main", "subnet-c", "us-east-1c"),
    ]


def test_a_route_table_that_no_subnet_uses_still_leads_to_the_gateway() -> None:
    assert routes(route_table("rtb-1")) == [("us-east-1a", "rtb-1", "", "")]


def test_routes_are_asked_for_the_networks_with_gateways_only() -> None:
    aws = Answers(describe_route_tables=[{"RouteTables": []}], describe_subnets=[{"Subnets": []}])

    nat_routes.collect(aws, HERE, gateways(gateway(), gateway(NatGatewayId="nat-2")), WINDOW)  # type: ignore[arg-type]

    assert [asked for _, asked in aws.asked] == [{"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}] * 2


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """The queries that were made; each is answered with its number."""
    asked: list[Query] = []

    def fetch(aws: Any, account: str, region: str, queries: list[Query], start: datetime, end: datetime) -> Any:
        asked.extend(queries)
        return [Points(query, (WINDOW.start,), (float(n),)) for n, query in enumerate(queries, 1)]

    monkeypatch.setattr(daily_metrics.metrics, "fetch", fetch)
    return asked


def test_four_sums_a_gateway(measured: list[Query]) -> None:
    found = nat_metrics.collect(Answers(), HERE, gateways(), WINDOW)  # type: ignore[arg-type]

    assert {(query.namespace, query.dimensions, query.statistic) for query in measured} == {
        ("AWS/NATGateway", (("NatGatewayId", "nat-1"),), "Sum")
    }
    assert len(found) == 4
    assert list(found.columns) == list(METRICS)


def addresses(*rows: dict[str, Any]) -> DataFrame:
    return elastic_ips.parse(rows or [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.7"}], HERE)


def event(name: str, hours_ago: float, record: dict[str, Any] | None = None, *resources: str) -> dict[str, Any]:
    made = {
        "EventName": name,
        "EventTime": NOW - timedelta(hours=hours_ago),
        "Resources": [{"ResourceType": "AWS::EC2::EIP", "ResourceName": one} for one in resources],
        "CloudTrailEvent": json.dumps(record or {}),
    }
    checked("cloudtrail", "LookupEvents", {"Events": [made]})
    return made


def told(**events: list[dict[str, Any]]) -> tuple[Any, ...]:
    given = {"AllocateAddress": [], "DisassociateAddress": []} | events
    (row,) = address_events.parse(addresses(), given, HERE).to_dict("records")
    hours = None if row["days_ago"] != row["days_ago"] else round(row["days_ago"] * 24, 1)
    return row["event"], hours, row["looked_days"]


def test_an_allocation_is_told_by_its_id_or_its_address() -> None:
    answer = {"responseElements": {"allocationId": "eipalloc-1", "publicIp": "203.0.113.7"}}

    assert told(AllocateAddress=[event("AllocateAddress", 5, {}, "eipalloc-1")]) == ("AllocateAddress", 5.0, 7.0)
    assert told(AllocateAddress=[event("AllocateAddress", 5, answer)]) == ("AllocateAddress", 5.0, 7.0)


def test_another_address_and_a_refused_call_say_nothing() -> None:
    refused = event("AllocateAddress", 2, {"errorCode": "Client.AddressLimitExceeded"}, "eipalloc-1")

    assert told(AllocateAddress=[event("AllocateAddress", 5, {}, "eipalloc-10"), refused]) == ("", None, 7.0)


def freed(association: str = "eipassoc-1") -> dict[str, Any]:
    return event("DisassociateAddress", 3, {"requestParameters": {"associationId": association}})


def taken(association: str, allocation: str) -> dict[str, Any]:
    record = {"requestParameters": {"allocationId": allocation}, "responseElements": {"associationId": association}}
    return event("AssociateAddress", 30, record)


def test_whose_association_ended_is_told_where_it_was_made() -> None:
    own, foreign = taken("eipassoc-1", "eipalloc-1"), taken("eipassoc-1", "eipalloc-2")

    assert told(DisassociateAddress=[freed()], AssociateAddress=[own])[:2] == ("DisassociateAddress", 3.0)
    assert told(DisassociateAddress=[freed()], AssociateAddress=[foreign])[:2] == ("", None)


def test_an_association_that_nobody_knows_may_have_been_this_one() -> None:
    found = told(DisassociateAddress=[freed("eipassoc-old")], AssociateAddress=[taken("eipassoc-1", "eipalloc-2")])

    assert found[:2] == ("DisassociateAddress", 3.0)


def test_more_events_than_are_read_shorten_the_days_looked_at() -> None:
    many = [event("AllocateAddress", 0.1 * n, {}, "eipalloc-9") for n in range(1, 101)]

    assert told(AllocateAddress=many)[2] == pytest.approx(10 / 24)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.0)


def test_cloudtrail_is_asked_twice_where_an_address_is_idle_and_not_at_all_where_none_is(at_once: None) -> None:
    aws = Answers(lookup_events={"Events": []})
    used = {"AllocationId": "eipalloc-2", "PublicIp": "203.0.113.8", "AssociationId": "eipassoc-2"}

    assert address_events.collect(aws, HERE, addresses(used), WINDOW).empty  # type: ignore[arg-type]
    assert aws.asked == []
    found = address_events.collect(aws, HERE, addresses(), WINDOW)  # type: ignore[arg-type]
    assert (aws.names(), list(found["looked_days"])) == (["lookup_events"] * 2, [7.0])


def test_it_is_asked_who_took_what_where_an_event_does_not_say(at_once: None) -> None:
    aws = Answers(
        lookup_events=[{"Events": []}, {"Events": [freed()]}, {"Events": [taken("eipassoc-1", "eipalloc-2")]}]
    )

    found = address_events.collect(aws, HERE, addresses(), WINDOW)  # type: ignore[arg-type]

    assert len(aws.asked) == 3
    assert list(found["event"]) == [""]


def test_a_refusal_or_the_setting_leaves_the_age_open(at_once: None) -> None:
    denied = Answers(lookup_events=ClientError({"Error": {"Code": "AccessDeniedException"}}, "LookupEvents"))
    unasked = Answers()
    off = Here(HERE.account, HERE.region, "team", NOW, cloudtrail=False)

    assert list(address_events.collect(denied, HERE, addresses(), WINDOW)["looked_days"]) == [0.0]  # type: ignore[arg-type]
    assert list(address_events.collect(unasked, off, addresses(), WINDOW)["looked_days"]) == [0.0]  # type: ignore[arg-type]
    assert unasked.asked == []


def balancer(**changed: Any) -> dict[str, Any]:
    values = {
        "LoadBalancerArn": BALANCER,
        "LoadBalancerName": "shop",
        "Type": "application",
        "State": {"Code": "active"},
    }
    zones = [{"ZoneName": "us-east-1a"}, {"ZoneName": "us-east-1b"}]
    return values | {"CreatedTime": NOW - timedelta(days=90), "AvailabilityZones": zones} | changed


GROUPS = [
    {"TargetGroupArn": GROUP, "LoadBalancerArns": [BALANCER]},
    {"TargetGroupArn": "other", "LoadBalancerArns": []},
]


def balancers(*rows: dict[str, Any]) -> DataFrame:
    answer = checked("elbv2", "DescribeLoadBalancers", {"LoadBalancers": list(rows or [balancer()])})
    return load_balancers.parse(load_balancers.Answer(answer["LoadBalancers"], GROUPS, {BALANCER: TAGS}), HERE)


def test_a_balancer_has_the_groups_that_it_sends_to() -> None:
    found = balancers().iloc[0]

    assert found[["name", "owner", "kind", "zones", "target_groups"]].tolist() == [
        "shop", "platform", "application", 2.0, GROUP,
    ]  # fmt: skip
    assert balancers(balancer(State={"Code": "provisioning"})).empty


def test_tags_are_asked_for_twenty_at_a_time_and_nothing_where_there_is_no_balancer() -> None:
    arns = [f"{BALANCER}{n}" for n in range(41)]
    aws = Answers(
        describe_load_balancers=[{"LoadBalancers": [balancer(LoadBalancerArn=arn)]} for arn in arns],
        describe_target_groups=[{"TargetGroups": GROUPS}],
        describe_tags={"TagDescriptions": [{"ResourceArn": arns[0], "Tags": TAGS}]},
    )

    answer = load_balancers.fetch(aws, "111122223333", "us-east-1")  # type: ignore[arg-type]

    assert [len(asked["ResourceArns"]) for name, asked in aws.asked if name == "describe_tags"] == [20, 20, 1]
    assert (len(answer.balancers), answer.tags) == (41, {arns[0]: TAGS})
    nothing = Answers(describe_load_balancers=[{"LoadBalancers": []}])
    assert load_balancers.fetch(nothing, "111122223333", "us-east-1").balancers == []  # type: ignore[arg-type]


def test_the_highest_number_of_targets_is_that_of_the_biggest_group(measured: list[Query]) -> None:
    row = balancers().assign(target_groups=f"{GROUP} {GROUP}b")

    found = load_balancer_metrics.collect(Answers(), HERE, row, WINDOW)  # type: ignore[arg-type]

    assert len(measured) == 4 + 2 * 2
    in_group = (("TargetGroup", "targetgroup/shop/73e2"), ("LoadBalancer", "app/shop/50dc"))
    assert in_group in {query.dimensions for query in measured}
    healthy = found[found["metric"].eq("HealthyHostCount")]
    assert list(healthy["value"]) == [7.0]


def test_a_gateway_load_balancer_has_no_metrics_to_ask_for(measured: list[Query]) -> None:
    assert load_balancer_metrics.collect(Answers(), HERE, balancers(balancer(Type="gateway")), WINDOW).empty  # type: ignore[arg-type]
    assert measured == []


def test_targets_are_asked_for_in_the_second_round_only() -> None:
    health = checked(
        "elbv2",
        "DescribeTargetHealth",
        {"TargetHealthDescriptions": [{"Target": {"Id": "i-1"}}, {"Target": {"Id": "i-2"}}]},
    )
    aws = Answers(describe_target_health=health)

    assert balancer_targets.collect(aws, HERE, balancers(), WINDOW).empty  # type: ignore[arg-type]
    assert aws.asked == []
    found = balancer_targets.collect(aws, HERE, balancers(), WINDOW, "targets")  # type: ignore[arg-type]
    assert aws.asked == [("describe_target_health", {"TargetGroupArn": GROUP})]
    assert found.equals(
        typed(
            [{"account_id": "111122223333", "region": "us-east-1", "resource_id": BALANCER, "targets": 2}],
            balancer_targets.COLUMNS,
        )
    )
