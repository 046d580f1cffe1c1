"""The tags of accounts, from AWS Organizations: whose an account is where its resources do not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from bot.aws import Aws, reading

ACTIONS = ("organizations:ListTagsForResource",)

#: An account that is not of this organisation has no tags there; nor has any where there is no organisation.
_NO_TAGS = frozenset({"TargetNotFoundException", "AWSOrganizationsNotInUseException"})


def fetch(aws: Aws, account_id: str) -> list[dict[str, Any]]:
    """The tags of one account, as AWS Organizations lists them.

    Raises:
        SourceUnavailable: AWS Organizations gave no answer.
    """
    with reading(ACTIONS[0]):
        try:
            pages = aws.client("organizations").get_paginator("list_tags_for_resource").paginate(ResourceId=account_id)
            return [tag for page in pages for tag in page["Tags"]]
        except ClientError as error:
            if error.response["Error"]["Code"] in _NO_TAGS:
                return []
            raise


def parse(tags: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Tags by key."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags}
