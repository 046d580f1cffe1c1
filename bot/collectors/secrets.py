"""The table `secrets`: every secret of Secrets Manager, one account and region at a time; never what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("secretsmanager:ListSecrets",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` is the ARN
    "unread_days": "float64",  # since the day it was last read here; missing: never read
    "unchanged_days": "float64",  # since it was last changed; missing: not told
    "owning_service": "str",  # the service of AWS that keeps it; empty: one's own
    "is_replica": "bool",  # of a secret whose home is another region
    "rotates": "bool",
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All secrets of an account in a region, as Secrets Manager lists them; those being deleted are not listed.

    Raises:
        SourceUnavailable: Secrets Manager gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("secretsmanager", account_id=account_id, region=region)
        pages = client.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 100})
        return [secret for page in pages for secret in page["SecretList"]]


def parse(secrets: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The secrets as a table with `COLUMNS`; those that are being deleted cost nothing and are left out."""
    return typed([_row(secret, here) for secret in secrets if not secret.get("DeletedDate")], COLUMNS)


def _row(secret: Mapping[str, Any], here: Here) -> dict[str, object]:
    return {
        **here.head(secret["ARN"], tags_of(secret.get("Tags")), secret.get("CreatedDate"), name=secret["Name"]),
        "unread_days": here.days_since(secret.get("LastAccessedDate")),
        "unchanged_days": here.days_since(secret.get("LastChangedDate")),
        "owning_service": secret.get("OwningService") or "",
        "is_replica": secret.get("PrimaryRegion") not in (None, "", here.region),
        "rotates": bool(secret.get("RotationEnabled")),
    }
