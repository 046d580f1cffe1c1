"""The table `sagemaker_endpoints`: every real-time endpoint of SageMaker, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.offered_regions import is_offered
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = (
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:ListEndpoints",
    "sagemaker:ListTags",
)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "status": "str",
    "config": "str",  # the endpoint configuration it was made of
    "variants": "str",  # names of its variants, by spaces
    "instance_type": "str",  # ml.m5.xlarge; empty where it is serverless or has several
    "instances": "float64",  # that run now; 0 where it is serverless
    "is_async": "bool",
    "problem": "str",  # why it could not be looked at
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The endpoints of an account in a region, each with what it runs on; one that is refused keeps its `problem`.

    Raises:
        SourceUnavailable: SageMaker did not list them.
    """
    if not is_offered("api.sagemaker", region):
        return []
    client = aws.client("sagemaker", account_id=account_id, region=region)
    with reading("sagemaker:ListEndpoints", account_id, region):
        pages = client.get_paginator("list_endpoints").paginate(PaginationConfig={"PageSize": 100})
        endpoints: list[dict[str, Any]] = [endpoint for page in pages for endpoint in page["Endpoints"]]
    return [endpoint | _looked_at(client, endpoint, account_id, region) for endpoint in endpoints]


def _looked_at(client: Any, endpoint: Mapping[str, Any], account_id: str, region: str) -> dict[str, Any]:
    name = endpoint["EndpointName"]
    try:
        with reading("sagemaker:DescribeEndpoint", account_id, region):
            about = client.describe_endpoint(EndpointName=name)
        with reading("sagemaker:DescribeEndpointConfig", account_id, region):
            config = client.describe_endpoint_config(EndpointConfigName=about["EndpointConfigName"])
        with reading("sagemaker:ListTags", account_id, region):
            tags = client.list_tags(ResourceArn=endpoint["EndpointArn"]).get("Tags", [])
    except SourceUnavailable as error:
        return {"problem": str(error)}
    return {"about": about, "config": config, "tags": tags}


def parse(endpoints: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The endpoints as a table with `COLUMNS`."""
    return typed([_row(endpoint, here) for endpoint in endpoints], COLUMNS)


def _row(endpoint: Mapping[str, Any], here: Here) -> dict[str, object]:
    about, name = endpoint.get("about", {}), endpoint["EndpointName"]
    variants = about.get("ProductionVariants", ())
    planned = endpoint.get("config", {}).get("ProductionVariants", ())
    types = {variant["InstanceType"] for variant in planned if variant.get("InstanceType")}
    return {
        **here.head(name, tags_of(endpoint.get("tags")), endpoint.get("CreationTime"), name=name),
        "status": endpoint.get("EndpointStatus", ""),
        "config": about.get("EndpointConfigName", ""),
        "variants": " ".join(variant["VariantName"] for variant in variants),
        "instance_type": next(iter(types)) if len(types) == 1 and len(planned) == len(variants) else "",
        "instances": sum(variant.get("CurrentInstanceCount", 0) for variant in variants) if about else None,
        "is_async": bool(about.get("AsyncInferenceConfig")),
        "problem": endpoint.get("problem", ""),
    }
