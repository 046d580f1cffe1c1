"""Lifecycle rules of a bucket as ready commands: the call replaces all rules, so those that exist are kept in it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.storage.classes import MIN_BYTES

Rule = Mapping[str, Any]


def abort_rule(days: int) -> Rule:
    """Uploads that are not finished after so many days are aborted."""
    return {
        "ID": "costbot-abort-unfinished-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days},
    }


def move_rule(storage_class: str, days: int) -> Rule:
    """Objects above 128 KiB are moved so many days after they were written."""
    return {
        "ID": f"costbot-move-to-{storage_class.lower().replace('_', '-')}",
        "Status": "Enabled",
        "Filter": {"ObjectSizeGreaterThan": MIN_BYTES},
        "Transitions": [{"Days": days, "StorageClass": storage_class}],
    }


def versions_rule(days: int, kept: int) -> Rule:
    """Versions that were replaced so many days ago are deleted, except the newest few."""
    return {
        "ID": "costbot-expire-noncurrent-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": days, "NewerNoncurrentVersions": kept},
    }


def with_rules(lifecycle: str, added: list[Rule]) -> str:
    """The configuration that holds all rules of `lifecycle` (JSON) and the added ones, as JSON."""
    ids = {rule["ID"] for rule in added}
    kept = [_filtered(rule) for rule in json.loads(lifecycle or "[]") if rule.get("ID") not in ids]
    return _text([*kept, *added])


def _filtered(rule: Rule) -> Rule:
    """A rule in today's form: S3 takes none of the old one, with its prefix outside a filter, beside others."""
    if "Prefix" not in rule:
        return rule
    return {name: value for name, value in rule.items() if name != "Prefix"} | {"Filter": {"Prefix": rule["Prefix"]}}


def rule_commands(buckets: DataFrame, added: Callable[[Any], list[Rule]]) -> DataFrame:
    """The command that adds rules to each bucket (needs resource_id, lifecycle, lifecycle_minimum), and the way back.

    Args:
        added: the rules for a row of `buckets`.
    Returns:
        Same index: `put_rules`, `put_back`; both are whole lines for a shell.
    """
    rows: list[Any] = list(buckets.itertuples(index=False))
    put = [_put(row, with_rules(row.lifecycle, added(row))) for row in rows]
    back = [_put(row, _text(json.loads(row.lifecycle))) if rules_of(row.lifecycle) else _delete(row) for row in rows]
    return DataFrame({"put_rules": put, "put_back": back}, index=buckets.index, dtype="str")


def rules_of(lifecycle: str) -> list[Rule]:
    """The rules, also those that are switched off."""
    return list(json.loads(lifecycle or "[]"))


def aborts_uploads(lifecycle: Series[str]) -> Series[bool]:
    """Whether a rule aborts unfinished uploads of the whole bucket."""
    return _any(lifecycle, lambda rule: "AbortIncompleteMultipartUpload" in rule and _of_whole_bucket(rule))


def expires_versions(lifecycle: Series[str]) -> Series[bool]:
    """Whether a rule deletes noncurrent versions of the whole bucket."""
    return _any(lifecycle, lambda rule: "NoncurrentVersionExpiration" in rule and _of_whole_bucket(rule))


def moves_objects(lifecycle: Series[str]) -> Series[bool]:
    """Whether a rule moves objects of the whole bucket to another class."""
    return _any(lifecycle, lambda rule: bool(rule.get("Transitions")) and _of_whole_bucket(rule))


def _any(lifecycle: Series[str], holds: Callable[[Rule], bool]) -> Series[bool]:
    found = [any(rule.get("Status") == "Enabled" and holds(rule) for rule in rules_of(text)) for text in lifecycle]
    return pd.Series(found, index=lifecycle.index, dtype="bool")


def _of_whole_bucket(rule: Rule) -> bool:
    """Whether no prefix, tag or upper size narrows it; a lower size does not matter to what is worth moving."""
    narrowed = {**rule.get("Filter", {}), **rule.get("Filter", {}).get("And", {})}
    free = {"And", "ObjectSizeGreaterThan"} | ({"Prefix"} if not narrowed.get("Prefix") else set())
    return not (set(narrowed) - free) and not rule.get("Prefix")


def _put(row: Any, configuration: str) -> str:
    minimum = (
        f" --transition-default-minimum-object-size {shlex.quote(row.lifecycle_minimum)}"
        if row.lifecycle_minimum
        else ""
    )
    return (
        f"aws s3api put-bucket-lifecycle-configuration --bucket {shlex.quote(row.resource_id)} "
        f"--lifecycle-configuration {shlex.quote(configuration)}{minimum}"
    )


def _delete(row: Any) -> str:
    return f"aws s3api delete-bucket-lifecycle --bucket {shlex.quote(row.resource_id)}"


def _text(rules: list[Rule]) -> str:
    return json.dumps({"Rules": rules}, separators=(",", ":"))
