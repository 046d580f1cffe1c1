"""The table `sagemaker_notebooks`: every notebook instance of SageMaker, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.offered_regions import is_offered
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("sagemaker:ListNotebookInstances", "sagemaker:ListTags")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "status": "str",  # InService while it runs
    "instance_type": "str",  # ml.t3.medium
    "unchanged_days": "float64",  # since it was last started, stopped or changed
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The notebook instances of an account in a region, those that run with their tags.

    Raises:
        SourceUnavailable: SageMaker gave no answer.
    """
    if not is_offered("api.sagemaker", region):
        return []
    client = aws.client("sagemaker", account_id=account_id, region=region)
    with reading(ACTIONS[0], account_id, region):
        pages = client.get_paginator("list_notebook_instances").paginate(PaginationConfig={"PageSize": 100})
        found: list[dict[str, Any]] = [one for page in pages for one in page["NotebookInstances"]]
    with reading(ACTIONS[1], account_id, region):
        return [
            one | {"tags": client.list_tags(ResourceArn=one["NotebookInstanceArn"]).get("Tags", [])}
            if one.get("NotebookInstanceStatus") == "InService"
            else one
            for one in found
        ]


def parse(notebooks: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The notebook instances as a table with `COLUMNS`."""
    return typed([_row(one, here) for one in notebooks], COLUMNS)


def _row(one: Mapping[str, Any], here: Here) -> dict[str, object]:
    name = one["NotebookInstanceName"]
    return {
        **here.head(name, tags_of(one.get("tags")), one.get("CreationTime"), name=name),
        "status": one.get("NotebookInstanceStatus", ""),
        "instance_type": one.get("InstanceType", ""),
        "unchanged_days": here.days_since(one.get("LastModifiedTime")),
    }
