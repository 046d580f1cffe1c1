"""`s3.no_lifecycle`: a notice for large buckets where nobody decided what may go."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.bucket_factories import OTHERS, bucket, card, holding, listed, put_rules, rules, verdict
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


def test_sizes_and_ages_are_told_where_they_are_known() -> None:
    made = card(CHECK, bucket(lifecycle="[]"), holding(9000, 1024), listed((1024, 2**20, 400), (70, 100, 10)))

    assert (
        "Of Standard, 1,024 GB are older than a year, and 70 objects are of 128 KiB or less. Sizes and ages are "
        "those of all 1,094 objects, which were listed." in made.how_computed
    )
    assert [(fact.metric, fact.value) for fact in made.evidence][1] == ("Of it in Standard for a year or longer", 1024)


@pytest.mark.parametrize(("lifecycle", "needs"), [("[]", "key_sample"), (rules(OTHERS), "")])
def test_sizes_are_asked_for_where_a_rule_is_missing(lifecycle: str, needs: str) -> None:
    assert verdict(CHECK, bucket(lifecycle=lifecycle), holding(9000, 1024))["needs"] == needs
