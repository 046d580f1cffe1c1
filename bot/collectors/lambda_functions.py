"""The table `lambda_functions`: every Lambda function, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("lambda:ListFunctions", "tag:GetResources")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # the age is never told
    "architecture": "str",  # x86_64 or arm64
    "runtime": "str",  # as python3.12; empty for an image
    "package": "str",  # Zip or Image
    "memory_mib": "float64",
    "timeout_s": "float64",
    "layers": "float64",
    "code_bytes": "float64",
    "changed_days": "float64",  # since its code or configuration last changed
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS told of a place: functions, and tags by ARN."""

    functions: Iterable[Mapping[str, Any]]
    tags: Mapping[str, Iterable[Mapping[str, Any]]]


def fetch(aws: Aws, account_id: str, region: str) -> Answer:
    """All functions of an account in a region; tags a hundred at a time, where there are any functions.

    Raises:
        SourceUnavailable: Lambda, or the tagging API, gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("lambda", account_id=account_id, region=region)
        functions = [one for page in client.get_paginator("list_functions").paginate() for one in page["Functions"]]
    if not functions:
        return Answer([], {})
    with reading(ACTIONS[1], account_id, region):
        client = aws.client("resourcegroupstaggingapi", account_id=account_id, region=region)
        pages = client.get_paginator("get_resources").paginate(ResourceTypeFilters=["lambda:function"])
        tags = {one["ResourceARN"]: one["Tags"] for page in pages for one in page["ResourceTagMappingList"]}
    return Answer(functions, tags)


def parse(answer: Answer, here: Here) -> DataFrame:
    """The functions as a table with `COLUMNS`."""
    return typed([_row(function, answer, here) for function in answer.functions], COLUMNS)


def _row(function: Mapping[str, Any], answer: Answer, here: Here) -> dict[str, object]:
    name = function["FunctionName"]
    tags = {key: value for key, value in tags_of(answer.tags.get(function["FunctionArn"])).items() if key != "Name"}
    return {
        **here.head(name, tags, name=name),
        "architecture": (function.get("Architectures") or ["x86_64"])[0],
        "runtime": function.get("Runtime") or "",
        "package": function.get("PackageType") or "Zip",
        "memory_mib": function.get("MemorySize"),
        "timeout_s": function.get("Timeout"),
        "layers": len(function.get("Layers") or ()),
        "code_bytes": function.get("CodeSize"),
        "changed_days": here.days_since(_moment(function.get("LastModified"))),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
