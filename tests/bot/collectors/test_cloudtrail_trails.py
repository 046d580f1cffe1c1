"""The table `cloudtrail_trails`: a single trail costs one call, and one that is refused does not hide the others."""

from __future__ import annotations

from typing import Any

import pytest

from bot.collectors import cloudtrail_trails
from tests.bot.collectors.fake_aws import ACCOUNT, HERE, FakeAws, refused

ORG = {
    "Name": "org",
    "TrailARN": "arn:aws:cloudtrail:us-east-1:123456789012:trail/org",
    "HomeRegion": "us-east-1",
    "IsMultiRegionTrail": True,
    "IsOrganizationTrail": True,
    "S3BucketName": "example-org-trail",
}
OWN = {
    "Name": "app",
    "TrailARN": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/app",
    "HomeRegion": "us-east-1",
    "S3BucketName": "example-app-trail",
}
PLAIN = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
DATA = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]}
ADVANCED = {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]}
INSIGHT = {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]}


def read(aws: Any) -> Any:
    return cloudtrail_trails.parse(cloudtrail_trails.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("name")


def test_the_only_trail_is_asked_no_more() -> None:
    aws = FakeAws({"cloudtrail:DescribeTrails": {"trailList": [dict(OWN)]}})

    found = read(aws)

    assert aws.calls == [("cloudtrail:DescribeTrails", {"includeShadowTrails": True})]
    assert not found["is_asked"].any()


@pytest.mark.parametrize(("selectors", "records"), [(PLAIN, True), (DATA, False), (ADVANCED, True), (INSIGHT, False)])
def test_tells_who_records_management_events(selectors: dict[str, Any], records: bool) -> None:
    aws = FakeAws(
        {
            "cloudtrail:DescribeTrails": {"trailList": [dict(ORG), dict(OWN)]},
            "cloudtrail:GetTrailStatus": [{"IsLogging": True}, {"IsLogging": True}],
            "cloudtrail:GetEventSelectors": [PLAIN, selectors],
        }
    )

    found = read(aws)

    assert found["records_management"].tolist() == [True, records]
    assert found.loc["org", ["of_organization", "multi_region", "bucket"]].tolist() == [True, True, "example-org-trail"]


def test_a_trail_that_is_refused_is_a_problem_of_its_own() -> None:
    aws = FakeAws(
        {
            "cloudtrail:DescribeTrails": {"trailList": [dict(ORG), dict(OWN)]},
            "cloudtrail:GetTrailStatus": [refused(), {"IsLogging": False}],
            "cloudtrail:GetEventSelectors": PLAIN,
        }
    )

    found = read(aws)

    assert found["is_asked"].tolist() == [False, True]
    assert "cloudtrail:GetTrailStatus" in found.loc["org", "problem"]
    assert not found.loc["app", "is_logging"]
