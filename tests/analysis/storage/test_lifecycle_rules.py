"""Lifecycle rules: the call replaces them all, so every command holds those that were there."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pandas as pd
import pytest

from analysis.storage.lifecycle_rules import (
    abort_rule,
    aborts_uploads,
    expires_versions,
    move_rule,
    moves_objects,
    rule_commands,
    versions_rule,
    with_rules,
)
from bot.demo.aws.shapes import operation_model
from tests.analysis.checks.bucket_factories import OTHERS, bucket, rules
from tests.analysis.checks.check_factories import table


def commands(**changed: Any) -> tuple[list[str], list[str]]:
    found = rule_commands(table("s3_buckets", bucket(**changed)), lambda row: [abort_rule(7)]).iloc[0]
    return shlex.split(found["put_rules"]), shlex.split(found["put_back"])


def test_rules_of_others_are_kept_whole_and_an_own_one_is_replaced() -> None:
    once = with_rules(rules(OTHERS), [abort_rule(7)])
    again = with_rules(json.dumps(json.loads(once)["Rules"]), [abort_rule(3)])

    assert json.loads(once)["Rules"][0] == OTHERS
    assert [rule["ID"] for rule in json.loads(again)["Rules"]] == ["expire", "costbot-abort-unfinished-uploads"]
    assert json.loads(again)["Rules"][1]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}


def test_a_rule_without_an_id_is_kept_and_an_old_prefix_put_where_s3_takes_it() -> None:
    old = {"Status": "Enabled", "Prefix": "tmp/", "Expiration": {"Days": 9}}

    assert json.loads(with_rules(rules(old), [abort_rule(7)]))["Rules"][0] == {
        "Status": "Enabled",
        "Filter": {"Prefix": "tmp/"},
        "Expiration": {"Days": 9},
    }


def test_the_command_is_one_that_a_shell_reads_back() -> None:
    put, back = commands()

    assert put[:5] == ["aws", "s3api", "put-bucket-lifecycle-configuration", "--bucket", "b-1"]
    assert json.loads(put[6])["Rules"][0] == OTHERS
    assert json.loads(back[6]) == {"Rules": [OTHERS]}


def test_without_rules_before_the_way_back_deletes_them() -> None:
    assert commands(lifecycle="[]")[1] == ["aws", "s3api", "delete-bucket-lifecycle", "--bucket", "b-1"]


def test_the_buckets_own_minimum_size_is_kept() -> None:
    put, back = commands(lifecycle_minimum="varies_by_storage_class")

    wanted = ["--transition-default-minimum-object-size", "varies_by_storage_class"]
    assert put[-2:] == wanted
    assert back[-2:] == wanted


def test_quotes_in_a_prefix_stay_data() -> None:
    hostile = OTHERS | {"Filter": {"Prefix": "it's $(rm -rf) /"}}

    put, _ = commands(lifecycle=rules(hostile))

    assert json.loads(put[6])["Rules"][0]["Filter"] == {"Prefix": "it's $(rm -rf) /"}


@pytest.mark.parametrize("rule", [abort_rule(7), move_rule("STANDARD_IA", 30), versions_rule(30, 3)])
def test_every_rule_is_one_that_s3_knows(rule: dict[str, Any]) -> None:
    shape = operation_model("s3", "PutBucketLifecycleConfiguration").input_shape
    members = shape.members["LifecycleConfiguration"].members["Rules"].member.members

    assert set(rule) <= set(members)
    assert set(rule["Filter"]) <= set(members["Filter"].members)


@pytest.mark.parametrize(
    ("changed", "whole"),
    [
        ({}, True),
        ({"Filter": {}}, True),
        ({"Filter": {"Prefix": "a/"}}, False),
        ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, False),
        ({"Filter": {"And": {"Prefix": "a/", "Tags": []}}}, False),
        ({"Filter": {"ObjectSizeLessThan": 5}}, False),
        ({"Filter": {"ObjectSizeGreaterThan": 131072}}, True),
        ({"Prefix": "a/", "Filter": {}}, False),
        ({"Status": "Disabled"}, False),
    ],
)
def test_a_rule_counts_where_it_holds_for_the_whole_bucket(changed: dict[str, Any], whole: bool) -> None:
    for rule, holds in (
        (abort_rule(7), aborts_uploads),
        (versions_rule(30, 3), expires_versions),
        (move_rule("GLACIER", 90), moves_objects),
    ):
        assert holds(pd.Series([rules({**rule, **changed}), "[]", ""])).tolist() == [whole, False, False]
