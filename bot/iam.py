"""The read-only IAM policy, made of what each collector says it calls: nothing more, and nothing that writes."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from bot.engines import athena
from bot.errors import CostbotError
from bot.exports import glue_table, s3
from bot.savings.table_sources import FOLDERS
from bot.settings import Settings

#: What costbot calls besides its collectors: who it is, which accounts and which regions there are.
BASE_ACTIONS = (
    "ec2:DescribeRegions",
    "organizations:ListAccounts",
    "sts:GetCallerIdentity",
)
#: What a check reads as `prices` is made of the bill, which is there without a call, and of AWS's price list.
_COLLECTORS = {"prices": "price_list"}


@cache
def declared_actions() -> dict[str, tuple[str, ...]]:
    """IAM actions by collector, as each module of a table declares them in `ACTIONS`."""
    found: dict[str, tuple[str, ...]] = {}
    for module in [one for folder in FOLDERS for one in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}.")]:
        actions = getattr(importlib.import_module(module.name), "ACTIONS", ())
        found[module.name.rpartition(".")[2]] = tuple(actions)
    return found


def actions_of(tables: Iterable[str]) -> frozenset[str]:
    """IAM actions that collecting these tables takes.

    Raises:
        KeyError: a table has no collector of its name.
    """
    declared = declared_actions()
    return frozenset(action for table in tables for action in declared[_COLLECTORS.get(table, table)])


def read_policy(
    read_role: str | None = None, *, buckets: Sequence[str] = (), athena_results: str | None = None
) -> dict[str, Any]:
    """The least that costbot needs to read; every action is of access level Read or List.

    With `athena_results` it also may ask Athena, which writes what it found as the one who asked: into that bucket.

    Args:
        read_role: name of the role in member accounts; by default that of the settings' default.
        buckets: where billing exports are, each with a prefix or without: `billing/exports`.
        athena_results: where the results of Athena go, written alike.
    Raises:
        CostbotError: a name is none of a bucket.
    """
    role = read_role or str(Settings.model_fields["read_role"].default)
    actions = sorted({*BASE_ACTIONS, *(action for actions in declared_actions().values() for action in actions)})
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "CostbotReads", "Effect": "Allow", "Action": actions, "Resource": "*"},
            {
                "Sid": "CostbotEntersItsReadRole",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": f"arn:aws:iam::*:role/{role}",
            },
            *(_of_bucket("CostbotReadsBillingExports", buckets, s3.ACTIONS) if buckets else ()),
            *(_of_athena(athena_results) if athena_results else ()),
        ],
    }


def _of_athena(results: str) -> list[dict[str, Any]]:
    return [
        {
            "Sid": "CostbotAsksAthena",
            "Effect": "Allow",
            "Action": sorted(athena.ACTIONS),
            "Resource": "arn:aws:athena:*:*:workgroup/*",
        },
        {
            "Sid": "CostbotReadsTheCatalogue",
            "Effect": "Allow",
            "Action": sorted(action for action in glue_table.ACTIONS if action.startswith("glue:")),
            "Resource": [f"arn:aws:glue:*:*:{what}" for what in ("catalog", "database/*", "table/*")],
        },
        *_of_bucket("CostbotKeepsAthenaResults", [results], athena.RESULT_ACTIONS),
    ]


def _of_bucket(sid: str, places: Sequence[str], actions: Sequence[str]) -> list[dict[str, Any]]:
    """Two statements: what is asked of the buckets, and what of their objects."""
    named = [_bucket_and_prefix(place) for place in places]
    of_objects = [action for action in actions if "Object" in action or action.endswith(("MultipartUpload", "Parts"))]
    objects = [f"arn:aws:s3:::{bucket}/{prefix}*" for bucket, prefix in named]
    return [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Action": sorted(set(actions) - set(of_objects)),
            "Resource": sorted({f"arn:aws:s3:::{bucket}" for bucket, _ in named}),
        },
        {"Sid": f"{sid}Objects", "Effect": "Allow", "Action": sorted(of_objects), "Resource": sorted(set(objects))},
    ]


def _bucket_and_prefix(place: str) -> tuple[str, str]:
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket) or "*" in prefix or "?" in prefix:
        raise CostbotError(f"{place} is no bucket.", "Write its name, with a prefix or without: billing/exports.")
    return bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
