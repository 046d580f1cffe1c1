"""`s3.incomplete_uploads`: parts that no listing shows, and the rule that ends them beside those that exist."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.storage.lifecycle_rules import abort_rule
from tests.analysis.checks.bucket_factories import GB, OTHERS, bucket, card, put_rules, rules, verdict

CHECK = "s3.incomplete_uploads"
GIVEN_UP: dict[str, Any] = {"unfinished": 8.0, "unfinished_bytes": 800.0 * GB}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "No upload was given up."),
        (GIVEN_UP | {"lifecycle": rules(dict(abort_rule(30)))}, "A lifecycle rule aborts uploads"),
        (GIVEN_UP | {"unfinished_bytes": 0.0}, "Uploads were given up before they had sent anything."),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = verdict(CHECK, bucket(**changed))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


@pytest.mark.parametrize(
    ("lacking", "why"),
    [
        ({"tags_read": False}, "Its tags:"),
        ({"region": ""}, "Its region:"),
        ({"lifecycle": ""}, "Its lifecycle rules: the call that sets one replaces them all"),
        ({"unfinished": None, "unfinished_bytes": None, "unread": "AWS refuses s3:X."}, "Its unfinished uploads: AWS"),
        ({"region": "eu-west-3"}, "The price of S3 Standard in eu-west-3"),
        ({"unfinished_bytes": 0.0, "unfinished_more": True}, "Its unfinished uploads: there are more"),
    ],
)
def test_what_is_not_known_is_no_saving(lacking: dict[str, Any], why: str) -> None:
    found = verdict(CHECK, bucket(**(GIVEN_UP | lacking)))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith(why)


def test_what_aws_refused_stands_in_the_reason() -> None:
    refused = "AWS refuses s3:GetLifecycleConfiguration in account 1."

    assert verdict(CHECK, bucket(**GIVEN_UP, lifecycle="", unread=refused))["why"].endswith(refused)


def test_the_parts_are_billed_as_standard() -> None:
    assert verdict(CHECK, bucket(**GIVEN_UP))["monthly_savings"] == pytest.approx(18.4)


def test_the_rule_is_added_to_those_that_exist_and_taken_back() -> None:
    made = card(CHECK, bucket(**GIVEN_UP))

    assert put_rules(made.command) == [OTHERS, dict(abort_rule(7))]
    assert put_rules(made.undo) == [OTHERS]
    assert made.command.endswith("--region us-east-1")
    assert (made.current, made.proposed) == ("800 GB", "aborted")
    assert made.reason == "800.0 GB in 8 uploads that were given up more than a week ago"


def test_more_than_was_listed_is_at_least_that() -> None:
    assert card(CHECK, bucket(**GIVEN_UP, unfinished_more=True)).reason.startswith("at least 800.0 GB")
