"""The table `kms_keys`: every key of one's own in KMS, and when it was last used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("kms:DescribeKey", "kms:GetKeyLastUsage", "kms:ListAliases", "kms:ListKeys", "kms:ListResourceTags")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "state": "str",  # Enabled, Disabled, PendingDeletion, …; empty: not known
    "alias": "str",
    "is_replica": "bool",
    "unused_days": "float64",  # since it was last used; missing: no use is on record, or not known
    "tracked_days": "float64",  # since KMS began to record its use; missing: not known
    "problem": "str",  # why it is not known
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The keys of an account in a region: of AWS's own nothing, of one's own what each is and when it was used.

    AWS's keys are told apart by their alias, so that they cost no call. A key whose policy does not let costbot look is
    a row with its `problem`.

    Raises:
        SourceUnavailable: KMS did not list them.
    """
    client = aws.client("kms", account_id=account_id, region=region)
    with reading("kms:ListKeys", account_id, region):
        pages = client.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1000})
        ids = [key["KeyId"] for page in pages for key in page["Keys"]]
    if not ids:
        return []
    with reading("kms:ListAliases", account_id, region):
        pages = client.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 100})
        aliases = {
            alias["TargetKeyId"]: alias["AliasName"]
            for page in pages
            for alias in page["Aliases"]
            if "TargetKeyId" in alias
        }
    own = [key_id for key_id in ids if not aliases.get(key_id, "").startswith("alias/aws/")]
    found = [_looked_at(client, key_id, account_id, region) | {"alias": aliases.get(key_id, "")} for key_id in own]
    return [key for key in found if key["about"].get("KeyManager", "CUSTOMER") == "CUSTOMER"]


def _looked_at(client: Any, key_id: str, account_id: str, region: str) -> dict[str, Any]:
    found: dict[str, Any] = {"about": {"KeyId": key_id}}
    try:
        with reading("kms:DescribeKey", account_id, region):
            found["about"] = client.describe_key(KeyId=key_id)["KeyMetadata"]
        if found["about"].get("KeyManager") != "CUSTOMER" or found["about"].get("KeyState") == "PendingDeletion":
            return found
        with reading("kms:ListResourceTags", account_id, region):
            found["tags"] = client.list_resource_tags(KeyId=key_id).get("Tags", [])
        with reading("kms:GetKeyLastUsage", account_id, region):
            found["use"] = client.get_key_last_usage(KeyId=key_id)
    except SourceUnavailable as error:
        found["problem"] = str(error)
    return found


def parse(keys: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The keys as a table with `COLUMNS`."""
    return typed([_row(key, here) for key in keys], COLUMNS)


def _row(key: Mapping[str, Any], here: Here) -> dict[str, object]:
    about, use = key["about"], key.get("use", {})
    tags = {str(tag["TagKey"]): str(tag["TagValue"]) for tag in key.get("tags", ())}
    kind = about.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType")
    alias = str(key["alias"]).removeprefix("alias/")
    return {
        **here.head(about["KeyId"], tags, about.get("CreationDate"), name=alias or about["KeyId"]),
        "state": about.get("KeyState", ""),
        "alias": alias,
        "is_replica": kind == "REPLICA",
        "unused_days": here.days_since(use.get("KeyLastUsage", {}).get("Timestamp")),
        "tracked_days": here.days_since(use.get("TrackingStartDate")),
        "problem": key.get("problem", ""),
    }
