"""Endpoints, clusters and desktops: all pages, one call where there are none, none where the service is not offered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.collectors import redshift_clusters, sagemaker_endpoints, sagemaker_notebooks, workspaces
from tests.bot.collectors.fake_aws import ACCOUNT, HERE, NOW, FakeAws, refused

CREATED = NOW - timedelta(days=50)


def listed(name: str) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/{name}"
    times = {"CreationTime": CREATED, "LastModifiedTime": CREATED}
    return {"EndpointName": name, "EndpointArn": arn, "EndpointStatus": "InService"} | times


def described(name: str, **variant: Any) -> dict[str, Any]:
    known = {"EndpointConfigName": f"{name}-1", "ProductionVariants": [{"VariantName": "all"} | variant]}
    return listed(name) | known


def configured(**variant: Any) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint-config/a-1"
    known = {"EndpointConfigName": "a-1", "EndpointConfigArn": arn, "CreationTime": CREATED}
    return known | {"ProductionVariants": [{"VariantName": "all", "ModelName": "m"} | variant]}


def test_reads_what_each_endpoint_runs_on() -> None:
    aws: Any = FakeAws(
        {
            "sagemaker:ListEndpoints": [
                {"Endpoints": [listed("a"), listed("b")], "NextToken": "1"},
                {"Endpoints": [listed("c")]},
            ],
            "sagemaker:DescribeEndpoint": [
                described("a", CurrentInstanceCount=2),
                described("b", CurrentServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5}),
                refused(),
            ],
            "sagemaker:DescribeEndpointConfig": [configured(InstanceType="ml.m5.xlarge"), configured()],
            "sagemaker:ListTags": [{"Tags": [{"Key": "team", "Value": "data"}]}, {"Tags": []}],
        }
    )

    found = sagemaker_endpoints.parse(sagemaker_endpoints.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("name")

    told = found.loc["a", ["owner", "instance_type", "instances", "config", "variants"]].tolist()
    assert told == ["data", "ml.m5.xlarge", 2.0, "a-1", "all"]
    assert found.loc["b", ["instance_type", "instances"]].tolist() == ["", 0.0]
    assert "sagemaker:DescribeEndpoint" in found.loc["c", "problem"]


def test_reads_clusters() -> None:
    cluster = {
        "ClusterIdentifier": "reports",
        "NodeType": "ra3.xlplus",
        "NumberOfNodes": 2,
        "ClusterStatus": "available",
        "ClusterCreateTime": CREATED,
        "MultiAZ": "Disabled",
    }
    aws: Any = FakeAws({"redshift:DescribeClusters": [{"Clusters": [], "Marker": "1"}, {"Clusters": [cluster]}]})

    (row,) = redshift_clusters.parse(redshift_clusters.fetch(aws, ACCOUNT, "us-east-1"), HERE).to_dict("records")

    assert (row["resource_id"], row["node_type"], row["nodes"], row["multi_az"]) == ("reports", "ra3.xlplus", 2, False)
    assert row["age_days"] == 50.0


def test_reads_desktops_and_leaves_out_what_is_ended() -> None:
    mode = {"RunningMode": "AUTO_STOP", "ComputeTypeName": "STANDARD"}
    one = {"WorkspaceId": "ws-1", "UserName": "ana", "State": "AVAILABLE", "WorkspaceProperties": mode}
    gone = {"WorkspaceId": "ws-2", "UserName": "ben", "State": "TERMINATED"}
    aws: Any = FakeAws({"workspaces:DescribeWorkspaces": {"Workspaces": [one, gone]}})

    (row,) = workspaces.parse(workspaces.fetch(aws, ACCOUNT, "us-east-1"), HERE).to_dict("records")

    assert (row["name"], row["running_mode"], row["compute_type"]) == ("ana", "AUTO_STOP", "STANDARD")


@pytest.mark.parametrize(("region", "calls"), [("eu-north-1", 0), ("us-east-1", 1), ("xx-future-1", 1)])
def test_does_not_ask_where_the_service_is_not_offered(region: str, calls: int) -> None:
    aws: Any = FakeAws({"workspaces:DescribeWorkspaces": {"Workspaces": []}})

    assert workspaces.fetch(aws, ACCOUNT, region) == []
    assert len(aws.asked) == calls


def test_reads_notebooks_and_the_tags_of_those_that_run() -> None:
    def notebook(name: str, status: str) -> dict[str, Any]:
        arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:notebook-instance/{name}"
        known = {"NotebookInstanceName": name, "NotebookInstanceArn": arn, "NotebookInstanceStatus": status}
        return known | {"InstanceType": "ml.t3.medium", "CreationTime": CREATED, "LastModifiedTime": CREATED}

    aws: Any = FakeAws(
        {
            "sagemaker:ListNotebookInstances": [
                {"NotebookInstances": [notebook("a", "InService")], "NextToken": "1"},
                {"NotebookInstances": [notebook("b", "Stopped")]},
            ],
            "sagemaker:ListTags": {"Tags": [{"Key": "team", "Value": "data"}]},
        }
    )

    found = sagemaker_notebooks.parse(sagemaker_notebooks.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("name")

    assert found.loc["a", ["owner", "status", "unchanged_days"]].tolist() == ["data", "InService", 50.0]
    assert found.loc["b", ["owner", "status"]].tolist() == ["", "Stopped"]
