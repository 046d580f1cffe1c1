"""Tags of resources whose own service lists them without: of a whole region in a few calls."""

from __future__ import annotations

from collections.abc import Sequence

from bot.aws import Aws, reading
from bot.inventory import tags_of

ACTIONS = ("tag:GetResources",)


def tags_by_arn(aws: Aws, account_id: str, region: str, resource_types: Sequence[str]) -> dict[str, dict[str, str]]:
    """The tags of all resources of these types (`elasticache:cluster`) that have any, by their ARN.

    Raises:
        SourceUnavailable: the tagging API gave no answer. It is not taken for "no tags": a tag may say to leave a
            resource alone.
    """
    with reading("tag:GetResources", account_id, region):
        client = aws.client("resourcegroupstaggingapi", account_id=account_id, region=region)
        pages = client.get_paginator("get_resources").paginate(
            ResourceTypeFilters=list(resource_types), ResourcesPerPage=100
        )
        return {
            mapping["ResourceARN"]: tags_of(mapping.get("Tags"))
            for page in pages
            for mapping in page["ResourceTagMappingList"]
        }
