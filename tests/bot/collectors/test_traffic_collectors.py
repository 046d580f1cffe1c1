"""The tables of endpoints, public interfaces and Lambda functions, and what the bill tells of a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.collectors import (
    daily_metrics,
    endpoint_metrics,
    interface_targets,
    internet_egress,
    lambda_functions,
    lambda_insights,
    lambda_metrics,
    lambda_provisioned,
    metrics,
    network_interfaces,
    usage_totals,
    vpc_endpoints,
)
from bot.collectors.metrics import Points, Query
from bot.collectors.scopes import Window
from bot.cost_files import CostFiles
from bot.demo.aws.shapes import checked
from tests.bot.collectors.test_network_collectors import HERE, NOW, TAGS, Answers

WINDOW = Window(datetime(2026, 11, 6, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Query, datetime]]:
    """The queries that were made, and since when; each is answered with one point of 0.3."""
    asked: list[tuple[Query, datetime]] = []

    def fetch(aws: Any, account: str, region: str, queries: list[Query], start: datetime, end: datetime) -> Any:
        asked.extend((query, start) for query in queries)
        return [Points(query, (WINDOW.start,), (0.3,)) for query in queries]

    monkeypatch.setattr(metrics, "fetch", fetch)
    monkeypatch.setattr(daily_metrics.metrics, "fetch", fetch)
    return asked


def endpoints(**changed: Any) -> DataFrame:
    made = {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "State": "available"}
    made |= {"ServiceName": "com.amazonaws.us-east-1.logs", "SubnetIds": ["subnet-a", "subnet-b"], "Tags": TAGS}
    answer = checked("ec2", "DescribeVpcEndpoints", {"VpcEndpoints": [made | changed]})
    return vpc_endpoints.parse(answer["VpcEndpoints"], HERE)


def test_an_endpoint_is_billed_in_each_of_its_subnets() -> None:
    found = endpoints().iloc[0]

    assert (found["zones"], found["subnet_ids"], found["name"]) == (2.0, "subnet-a subnet-b", "egress")
    assert endpoints(State="deleting").empty
    gateway = endpoints(VpcEndpointType="Gateway", SubnetIds=[], RouteTableIds=["rtb-1", "rtb-2"]).iloc[0]
    assert (gateway["kind"], gateway["route_table_ids"], gateway["zones"]) == ("Gateway", "rtb-1 rtb-2", 0.0)


def test_every_page_of_endpoints_is_read() -> None:
    aws = Answers(describe_vpc_endpoints=[{"VpcEndpoints": [1]}, {"VpcEndpoints": [2]}])

    assert vpc_endpoints.fetch(aws, "111122223333", "us-east-1") == [1, 2]  # type: ignore[arg-type]


def test_only_interface_endpoints_are_measured_and_thirty_days_back(measured: list[tuple[Query, datetime]]) -> None:
    rows = pd.concat([endpoints(), endpoints(VpcEndpointId="vpce-2", VpcEndpointType="Gateway")])

    endpoint_metrics.collect(Answers(), HERE, rows, WINDOW)  # type: ignore[arg-type]

    ((query, start),) = measured
    assert dict(query.dimensions) == {
        "Endpoint Type": "Interface",
        "Service Name": "com.amazonaws.us-east-1.logs",
        "VPC Endpoint Id": "vpce-1",
        "VPC Id": "vpc-1",
    }
    assert start == WINDOW.end - timedelta(days=30)


def interfaces(**changed: Any) -> DataFrame:
    made = {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.9"}
    made |= {"Association": {"PublicIp": "203.0.113.9"}, "Attachment": {"InstanceId": "i-1", "AttachTime": NOW}}
    answer = checked("ec2", "DescribeNetworkInterfaces", {"NetworkInterfaces": [made | changed]})
    return network_interfaces.parse(answer["NetworkInterfaces"], HERE)


def test_what_is_private_or_of_no_instance_is_left_out() -> None:
    assert interfaces(Association={}).empty
    assert interfaces(Attachment={"InstanceOwnerId": "amazon-elb"}).empty
    assert interfaces().iloc[0][["instance_id", "public_ip", "allocation_id"]].tolist() == ["i-1", "203.0.113.9", ""]


def balancing(target: str, vpc_id: str = "vpc-1", kind: str = "instance") -> Answers:
    arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc"
    group = {"TargetGroupArn": "tg", "VpcId": vpc_id, "TargetType": kind, "LoadBalancerArns": [arn]}
    unused = {"TargetGroupArn": "tg-2", "VpcId": vpc_id, "TargetType": "instance", "LoadBalancerArns": []}
    health = {"TargetHealthDescriptions": [{"Target": {"Id": target}}]}
    return Answers(
        describe_target_groups=[checked("elbv2", "DescribeTargetGroups", {"TargetGroups": [group, unused]})],
        describe_target_health=checked("elbv2", "DescribeTargetHealth", health),
    )


@pytest.mark.parametrize(
    ("target", "vpc_id", "kind", "expected"),
    [
        ("i-1", "vpc-1", "instance", "shop"),
        ("10.0.0.9", "vpc-1", "ip", "shop"),
        ("10.0.0.9", "vpc-2", "ip", ""),
        ("i-2", "vpc-1", "instance", ""),
    ],
)
def test_a_target_is_an_instance_or_an_address_of_the_same_network(
    target: str, vpc_id: str, kind: str, expected: str
) -> None:
    aws = balancing(target, vpc_id, kind)

    found = interface_targets.collect(aws, HERE, interfaces(), WINDOW, "balancers")  # type: ignore[arg-type]

    assert list(found["balancers"]) == [expected]
    assert aws.names() == ["describe_target_groups", "describe_target_health"]


def test_balancers_are_asked_in_the_second_round_only() -> None:
    aws = Answers()

    assert interface_targets.collect(aws, HERE, interfaces(), WINDOW).empty  # type: ignore[arg-type]
    assert aws.asked == []


ARN = "arn:aws:lambda:us-east-1:111122223333:function:resize"


def functions(**changed: Any) -> DataFrame:
    made = {"FunctionName": "resize", "FunctionArn": ARN, "Runtime": "python3.12", "MemorySize": 512, "Timeout": 30}
    made |= {"LastModified": "2026-11-10T10:00:00.000+0000", "Architectures": ["arm64"], "CodeSize": 1000}
    answer = checked("lambda", "ListFunctions", {"Functions": [made | changed]})
    return lambda_functions.parse(lambda_functions.Answer(answer["Functions"], {ARN: TAGS}), HERE)


def test_a_function_is_called_by_its_name_and_tagged_by_its_arn() -> None:
    found = functions(Layers=[{"Arn": "layer"}]).iloc[0]

    assert found[["resource_id", "name", "owner", "architecture", "package"]].tolist() == [
        "resize", "resize", "platform", "arm64", "Zip",
    ]  # fmt: skip
    assert (found["changed_days"], found["layers"], found["memory_mib"]) == (10.0, 1.0, 512.0)


def test_an_image_has_no_runtime_and_old_functions_run_on_x86() -> None:
    made = {"FunctionName": "f", "FunctionArn": ARN, "PackageType": "Image"}

    found = lambda_functions.parse(lambda_functions.Answer([made], {}), HERE).iloc[0]

    assert (found["runtime"], found["package"], found["architecture"]) == ("", "Image", "x86_64")
    assert pd.isna(found["changed_days"])


def test_tags_are_asked_for_where_there_are_functions() -> None:
    page = {"Functions": [{"FunctionName": "f", "FunctionArn": ARN}]}
    tags = checked(
        "resourcegroupstaggingapi", "GetResources", {"ResourceTagMappingList": [{"ResourceARN": ARN, "Tags": TAGS}]}
    )
    some, none = Answers(list_functions=[page, page], get_resources=[tags]), Answers(list_functions=[{"Functions": []}])

    answer = lambda_functions.fetch(some, "111122223333", "us-east-1")  # type: ignore[arg-type]
    lambda_functions.fetch(none, "111122223333", "us-east-1")  # type: ignore[arg-type]

    assert (len(list(answer.functions)), answer.tags) == (2, {ARN: TAGS})
    assert some.asked[1][1] == {"ResourceTypeFilters": ["lambda:function"]}
    assert none.names() == ["list_functions"]


def test_a_day_without_a_run_has_none(measured: list[tuple[Query, datetime]]) -> None:
    found = lambda_metrics.collect(Answers(), HERE, functions(), WINDOW)  # type: ignore[arg-type]

    runs = found[found["metric"].eq("Invocations")].sort_values("time")
    assert list(runs["value"]) == [0.3] + [0.0] * 13
    assert {query.metric for query, _ in measured} == {"Invocations", "Errors", "Duration"}
    assert len(found) == 16


def test_only_functions_with_the_layer_are_asked_about(
    measured: list[tuple[Query, datetime]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_version = (("function_name", "resize"), ("version", "3"))
    listed = [(("function_name", "other"),), with_version]
    monkeypatch.setattr(metrics, "list_metrics", lambda *_: listed)
    rows = functions()

    assert lambda_insights.collect(Answers(), HERE, rows, WINDOW).empty  # type: ignore[arg-type]
    assert measured == []
    listed.append((("function_name", "resize"),))
    assert len(lambda_insights.collect(Answers(), HERE, rows, WINDOW)) == 3  # type: ignore[arg-type]


def test_warm_instances_are_asked_for_in_the_second_round_by_alias(measured: list[tuple[Query, datetime]]) -> None:
    kept = {"FunctionArn": f"{ARN}:live", "RequestedProvisionedConcurrentExecutions": 10}
    page = checked("lambda", "ListProvisionedConcurrencyConfigs", {"ProvisionedConcurrencyConfigs": [kept]})
    aws = Answers(list_provisioned_concurrency_configs=[page])

    assert lambda_provisioned.collect(aws, HERE, functions(), WINDOW).empty  # type: ignore[arg-type]
    assert aws.asked == []
    found = lambda_provisioned.collect(aws, HERE, functions(), WINDOW, "provisioned").iloc[0]  # type: ignore[arg-type]
    assert found[["qualifier", "provisioned", "used_p95_percent", "used_days"]].tolist() == ["live", 10.0, 30.0, 1.0]
    assert measured[0][0].dimensions == (("FunctionName", "resize"), ("Resource", "resize:live"))


def test_a_function_without_warm_instances_has_a_row_that_says_so() -> None:
    found = lambda_provisioned.parse({"resize": []}, [], HERE).iloc[0]

    assert (found["provisioned"], found["qualifier"]) == (0.0, "")


def billed(usage_type: str, quantity: float, cut: Cut = Cut.ACCOUNT_USAGE_TYPE, days: int = 10, **changed: Any) -> Any:
    row = {"cut": cut.value, "provider": "AWS", "charge_category": ChargeCategory.USAGE.value, "currency": "USD"}
    row |= {"sub_account_id": "111122223333", "usage_type": usage_type, "quantity": quantity, "billed_cost": 1.0}
    row |= {"effective_cost": 1.0, "unit": "GB", "estimated": False}
    return [row | {"date": date(2026, 11, day)} | changed for day in range(1, days + 1)]


def totals(folder: Path, **sources: list[dict[str, Any]]) -> DataFrame:
    files = CostFiles(folder)
    for source, rows in sources.items():
        files.replace_month(source, date(2026, 11, 1), DataFrame(rows))
    context: Any = SimpleNamespace(costs=files, clock=SimpleNamespace(today=lambda: date(2026, 11, 20)))
    return usage_totals.read(context).set_index(["region", "usage_type"])


def test_a_month_is_what_a_day_of_the_bill_says(tmp_path: Path) -> None:
    rows = billed("NatGateway-Bytes", 10.0) + billed("EUW1-NatGateway-Bytes", 3.0, days=5)

    found = totals(tmp_path, cost_explorer=rows)

    assert found.loc[("us-east-1", "NatGateway-Bytes"), "quantity"] == pytest.approx(10 * 730 / 24)
    assert found.loc[("eu-west-1", "NatGateway-Bytes"), "quantity"] == pytest.approx(3 * 5 / 10 * 730 / 24)


def test_the_same_usage_is_counted_once_and_other_cuts_not_at_all(tmp_path: Path) -> None:
    explorer = billed("NatGateway-Bytes", 10.0) + billed("NatGateway-Bytes", 10.0, Cut.USAGE_TYPE, sub_account_id=None)
    export = billed("NatGateway-Bytes", 11.0, Cut.FULL)

    found = totals(tmp_path, cost_explorer=explorer, focus=export)

    assert list(found["quantity"]) == [pytest.approx(11 * 730 / 24)]


def test_the_newest_days_are_not_all_in_and_no_bill_tells_nothing(tmp_path: Path) -> None:
    assert totals(tmp_path).empty
    found = totals(tmp_path, cost_explorer=billed("NatGateway-Bytes", 10.0, days=19, estimated=True))
    rows = billed("NatGateway-Bytes", 10.0, days=17) + [
        one | {"quantity": 0.1} for one in billed("NatGateway-Bytes", 10.0, days=19)[17:]
    ]
    assert found.equals(totals(tmp_path, cost_explorer=rows))


def test_traffic_to_the_internet_is_a_row_a_region() -> None:
    bill = DataFrame(
        {
            "account_id": ["111122223333"] * 3,
            "usage_type": ["DataTransfer-Out-Bytes", "USE1-DataTransfer-Out-Bytes", "US-DataTransfer-Out-Bytes"],
            "quantity": [1.0, 2.0, 50.0],
            "cost": [0.09, 0.18, 4.0],
        }
    )

    (row,) = internet_egress.parse(usage_totals.parse(bill), {"111122223333": "prod"}).to_dict("records")

    assert (row["account_name"], row["region"]) == ("prod", "us-east-1")
    assert (row["gb"], row["cost"]) == (pytest.approx(3 * 730 / 24), pytest.approx(0.27 * 730 / 24))
