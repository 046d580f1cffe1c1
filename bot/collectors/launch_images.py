"""The table `launch_images`: the image each launch template and launch configuration starts instances from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import Here
from bot.tables import typed

ACTIONS = (
    "ec2:DescribeLaunchTemplateVersions",
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeLaunchConfigurations",
)
SCOPE = Scope.PLACE
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # the launch template's id, or the launch configuration's name
    "image_id": "str",  # empty where it names none
}
_MOVING = ("$Latest", "$Default")


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The newest and the default version of every launch template, the versions that groups hold on to, and every
    launch configuration.

    Raises:
        SourceUnavailable: EC2 or Auto Scaling gave no answer.
    """
    found: list[dict[str, Any]] = []
    ec2 = aws.client("ec2", account_id=account_id, region=region)
    scaling = aws.client("autoscaling", account_id=account_id, region=region)
    with reading("ec2:DescribeLaunchTemplateVersions", account_id, region):
        pages = ec2.get_paginator("describe_launch_template_versions").paginate(Versions=list(_MOVING))
        found += [version for page in pages for version in page["LaunchTemplateVersions"]]
    with reading("autoscaling:DescribeAutoScalingGroups", account_id, region):
        pages = scaling.get_paginator("describe_auto_scaling_groups").paginate(PaginationConfig={"PageSize": 100})
        groups = [group for page in pages for group in page["AutoScalingGroups"]]
    seen = {(version["LaunchTemplateId"], str(version["VersionNumber"])) for version in found}
    pinned: dict[str, set[str]] = {}
    for template in (template for group in groups for template in _templates(group)):
        id_, version = template.get("LaunchTemplateId"), template.get("Version") or "$Default"
        if id_ and version not in _MOVING and (id_, version) not in seen:
            pinned.setdefault(id_, set()).add(version)
    with reading("ec2:DescribeLaunchTemplateVersions", account_id, region):
        for id_, versions in sorted(pinned.items()):
            answer = ec2.describe_launch_template_versions(LaunchTemplateId=id_, Versions=sorted(versions))
            found += answer["LaunchTemplateVersions"]
    with reading("autoscaling:DescribeLaunchConfigurations", account_id, region):
        pages = scaling.get_paginator("describe_launch_configurations").paginate(PaginationConfig={"PageSize": 100})
        found += [configuration for page in pages for configuration in page["LaunchConfigurations"]]
    return found


def parse(launches: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The templates' versions and configurations as a table with `COLUMNS`."""
    return typed(
        [
            {
                "account_id": here.account.id,
                "region": here.region,
                "resource_id": launch.get("LaunchTemplateId") or launch.get("LaunchConfigurationName"),
                "image_id": launch.get("LaunchTemplateData", launch).get("ImageId") or "",
            }
            for launch in launches
        ],
        COLUMNS,
    )


def _templates(group: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every launch template of a group: its own, that of its policy for several types, and those of its types."""
    policy = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    of_types = [
        one["LaunchTemplateSpecification"]
        for one in policy.get("Overrides", ())
        if "LaunchTemplateSpecification" in one
    ]
    return [one for one in (group.get("LaunchTemplate"), policy.get("LaunchTemplateSpecification"), *of_types) if one]
