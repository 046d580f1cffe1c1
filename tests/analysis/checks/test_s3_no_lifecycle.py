"""`s3.no_lifecycle`: a notice for large buckets where nobody decided what may go."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.bucket_factories import OTHERS, bucket, card, holding, put_rules, rules, verdict
from tests.analysis.checks.check_factories import no_points

CHECK = "s3.no_lifecycle"


@pytest.mark.parametrize(
    ("changed", "sizes", "found"),
    [
        ({"lifecycle": rules(OTHERS)}, holding(9000, 1024), "fine"),
        ({}, holding(99, 1024), "fine"),
        ({}, holding(100, 1024), "notice"),
        ({}, no_points(), "insufficient"),
        ({"lifecycle": ""}, holding(9000, 1024), "insufficient"),
        ({"tags_read": False}, holding(9000, 1024), "insufficient"),
    ],
)
def test_a_hundred_gigabytes_without_a_rule_are_worth_a_word(
    changed: dict[str, Any], sizes: DataFrame, found: str
) -> None:
    assert verdict(CHECK, bucket(**({"lifecycle": "[]"} | changed)), sizes)["verdict"] == found


def test_it_saves_nothing_by_itself_and_deletes_no_current_object() -> None:
    made = card(CHECK, bucket(lifecycle="[]"), holding(9000, 1024))

    assert made.is_notice
    assert [rule["ID"] for rule in put_rules(made.command)] == ["costbot-abort-unfinished-uploads"]
    assert "delete-bucket-lifecycle --bucket b-1" in made.undo


@pytest.mark.parametrize("versioning", ["Enabled", "Suspended"])
def test_old_versions_get_a_rule_where_there_are_any(versioning: str) -> None:
    made = card(CHECK, bucket(lifecycle="[]", versioning=versioning), holding(9000, 1024))

    assert [rule["ID"] for rule in put_rules(made.command)][1] == "costbot-expire-noncurrent-versions"
