"""`ec2.stopped_instance`: an instance that has stood still for weeks and is paid for by the gigabyte."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.verdicts import Verdicts, verdicts

_OWNER = ["account_id", "region", "instance_id"]


@check(
    catalogue="E10",
    groups=(Group.IDLE, Group.STORAGE),
    resource="EC2 instance",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{instance_type} stopped for {stopped_days:.0f} days still pays for {volume_count:.0f} volumes of "
    "{size_gib:g} GiB{addresses}",
    source="AWS Trusted Advisor, Amazon EC2 Instances Stopped",
    words=Words(
        current="stopped {stopped_days:.0f} days",
        proposed="terminated",
        how="What its volumes have provisioned (${volumes_usd:.2f}) and its Elastic IPs (${addresses_usd:.2f}).",
        ignores="The image that the command takes first: at most {image_usd:.2f} dollars a month for its snapshots.",
        risk="Once it is terminated its volumes are gone; whoever wants it back launches the image.",
        effect="An image of all its volumes is made, then the instance and its volumes are deleted.",
        command=(
            "image=$(aws ec2 create-image --instance-id {resource_id} --name {image_name} "
            "--query ImageId --output text --region {region})",
            'aws ec2 wait image-available --image-ids "$image"',
            "aws ec2 modify-instance-attribute --instance-id {resource_id} --block-device-mappings {mappings}",
            "aws ec2 terminate-instances --instance-ids {resource_id}",
        ),
        undo=(
            "image=$(aws ec2 describe-images --owners self --filters Name=name,Values={image_name} "
            "--query 'Images[0].ImageId' --output text --region {region})",
            'aws ec2 run-instances --image-id "$image" --instance-type {instance_type} --placement '
            "AvailabilityZone={az}",
        ),
    ),
    evidence=(
        Fact("Stopped for", "stopped_days", "days", "EC2 DescribeInstances, StateTransitionReason"),
        Fact("Volumes", "size_gib", "GiB", "EC2 DescribeVolumes"),
    ),
)
def stopped_instance(
    ec2_instances: DataFrame,
    ebs_volumes: DataFrame,
    elastic_ips: DataFrame,
    prices: PriceBook,
    *,
    min_stopped_days: float = 30.0,
) -> Verdicts:
    """EC2 instance that is stopped and forgotten.

    A stopped instance pays nothing an hour, but its volumes and Elastic IPs bill as before. The saving contains theirs,
    so that a saving on one of those volumes is not counted beside it.
    """
    volumes = _by_instance(ec2_instances, ebs_volumes, prices.ebs_month(ebs_volumes))
    address_usd = prices.unit(elastic_ips, "vpc.idle_ipv4.hour")["usd"] * HOURS_A_MONTH
    addresses = _by_instance(ec2_instances, elastic_ips, address_usd)
    cost = volumes["usd"] + addresses["usd"]
    image = prices.unit(ec2_instances, "ebs.snapshot.gib_month")
    stopped, days = ec2_instances["state"].eq("stopped"), ec2_instances["stopped_days"]
    group = ec2_instances["asg_name"].fillna("")
    return verdicts(
        ec2_instances,
        saves=cost,
        fine=[
            (~stopped, "It is " + ec2_instances["state"].replace("", "in an unknown state") + "."),
            (days.lt(min_stopped_days), f"Stopped less than {min_stopped_days:.0f} days ago."),
            (cost.eq(0), "Nothing is left of it that costs."),
        ],
        conflict=(group.ne(""), "In Auto Scaling group " + group + ", which keeps it as a warm reserve."),
        insufficient=[
            (
                days.isna(),
                "Since when it is stopped: its StateTransitionReason tells no date; CloudTrail StopInstances.",
            ),
            (
                cost.isna(),
                "The price of its volumes or addresses in "
                + ec2_instances["region"]
                + ": neither on your own bill nor "
                "in AWS's price list as costbot has it; allow pricing:GetProducts, or wait for the next bill.",
            ),
        ],
        details=DataFrame(
            {
                "monthly_cost": cost,
                "volumes_usd": volumes["usd"],
                "addresses_usd": addresses["usd"],
                "volume_count": volumes["count"],
                "size_gib": volumes["size_gib"],
                "addresses": addresses["count"].map(lambda n: f" and {n:.0f} Elastic IPs" if n else ""),
                "covers": volumes["ids"] + addresses["ids"],
                "image_usd": image["usd"] * volumes["size_gib"],
                "image_name": "before-termination-" + ec2_instances["resource_id"],
                "mappings": ec2_instances["devices"].map(_deleted_with_it),
                "price_source": image["price_source"],
                "price_date": image["price_date"],
            }
        ),
    )


def _by_instance(instances: DataFrame, things: DataFrame, usd: Series[float]) -> DataFrame:
    """What belongs to each instance: dollars a month of all (missing where one's is), how many, GiB, and their ids."""
    sizes = things["size_gib"] if "size_gib" in things else pd.Series(0.0, index=things.index)
    of = things.assign(usd=usd, size_gib=sizes, unknown=usd.isna()).groupby(_OWNER)
    summed = of.agg(usd=("usd", "sum"), size_gib=("size_gib", "sum"), count=("usd", "size"), unknown=("unknown", "any"))
    ids: Series[Any] = of["resource_id"].agg(list)
    keys = pd.MultiIndex.from_frame(instances[KEY])
    found = summed.reindex(keys).set_axis(instances.index)
    lists = ids.reindex(keys).set_axis(instances.index)
    return DataFrame(
        {
            "usd": found["usd"].fillna(0.0).mask(found["unknown"].eq(True)),
            "size_gib": found["size_gib"].fillna(0.0),
            "count": found["count"].fillna(0.0),
            "ids": [one if isinstance(one, list) else [] for one in lists],
        },
        index=instances.index,
    )


def _deleted_with_it(devices: str) -> str:
    """The argument that makes all volumes go with their instance."""
    return json.dumps([{"DeviceName": name, "Ebs": {"DeleteOnTermination": True}} for name in devices.split()])
