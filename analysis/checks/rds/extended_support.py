"""`rds.extended_support`: a database whose version AWS supports at a surcharge by the vCPU and hour, or soon will."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.checks.rds.idle_instance import STOPPED
from analysis.databases.classes import specification
from analysis.databases.extended_support import support
from analysis.databases.prices import RDS, first_known, is_multi
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="R07",
    groups=(Group.DATABASE,),
    resource="RDS instance",
    action=Action.UPGRADE,
    effort=Effort.HIGH,
    risk=Risk.MEDIUM,
    reason="{engine} {engine_version}: {phase}",
    source="AWS, Amazon RDS Extended Support: release calendars and charges",
    words=Words(
        current="{engine} {engine_version}",
        proposed="{engine} {upgrade_to}",
        how="{vcpus:g} vCPU{standby} × ${vcpu_usd:g} a vCPU-hour × 730 h is the surcharge, on top of the instance.",
        ignores="The rise to the third year's price{third_year_on}, the work of testing the application, and the "
        "second set of instances while both run.",
        risk="A new major version may change query plans, reserved words and extensions: test it on the green copy "
        "before switching over. Endpoints stay; the switch takes about a minute.",
        effect="A green copy of the new version follows the old one until somebody switches over to it.",
        command=(
            "target=$(aws rds describe-db-engine-versions --engine {engine} --engine-version {engine_version} --query "
            "\"DBEngineVersions[0].ValidUpgradeTarget[?starts_with(EngineVersion, '{upgrade_to:raw}')].EngineVersion | "
            '[-1]" --output text --region {region})',
            "aws rds create-blue-green-deployment --blue-green-deployment-name {resource_id}-upgrade "
            '--source {upgraded_arn} --target-engine-version "$target"',
        ),
        undo=(
            "deployment=$(aws rds describe-blue-green-deployments "
            "--filters Name=blue-green-deployment-name,Values={resource_id}-upgrade "
            "--query 'BlueGreenDeployments[0].BlueGreenDeploymentIdentifier' --output text --region {region})",
            'aws rds delete-blue-green-deployment --blue-green-deployment-identifier "$deployment" --delete-target',
        ),
    ),
    evidence=(
        Fact("vCPUs", "vcpus", "vCPU{standby}", "AWS, hardware of DB instance classes"),
        Fact("Surcharge", "charge", "USD a month", "AWS, RDS Extended Support charges"),
    ),
)
def extended_support(rds_instances: DataFrame, prices: PriceBook, *, notice_days: float = 180) -> Verdicts:
    """RDS or Aurora version in extended support, or soon to be.

    From the end of a major version's standard support on, AWS charges by the vCPU and hour, for a standby too, and more
    in the third year. It is charged until the version is upgraded. Dates are those of the shipped calendar: a version
    that is not in it is not judged.
    """
    dates = support(rds_instances)
    vcpu = specification(rds_instances["instance_class"])["vcpu"]
    instances = is_multi(rds_instances).map({True: 2.0, False: 1.0})
    price = _surcharge(rds_instances, dates, prices)
    charge = vcpu * instances * price["usd"] * HOURS_A_MONTH

    version = rds_instances["engine"] + " " + rds_instances["engine_version"]
    begins, days_left = dates["year_1"].dt.strftime("%Y-%m-%d"), dates["days_left"]
    days = days_left.abs().fillna(0).astype("int64").astype("str")
    soon = "extended support begins on " + begins + ", in " + days + " days"
    since = "in extended support since " + begins
    serverless = rds_instances["instance_class"].eq("db.serverless")
    charged = dates["enrolled"] & days_left.le(0)
    nobody = ~dates["covered"] & rds_instances["engine"].ne("")
    return verdicts(
        rds_instances,
        saves=charge.where(charged),
        fine=[
            (nobody, "AWS has no extended support for " + rds_instances["engine"] + "."),
            (days_left.gt(notice_days), "In standard support until " + begins + "."),
            (
                days_left.le(notice_days) & ~dates["enrolled"],
                "Not enrolled in extended support: AWS upgrades it by itself and charges nothing.",
            ),
        ],
        insufficient=[
            (dates["year_1"].isna(), "When " + version + " leaves standard support: costbot's calendar has no date."),
            (dates["over"], "What AWS charges for " + version + ", whose extended support is over."),
            (rds_instances["status"].isin(STOPPED), "Its hours: it is stopped, and starts again within 7 days."),
            (serverless, "How many capacity units it uses: serverless is charged by them, not by the vCPU."),
            (vcpu.isna(), "The vCPUs of " + rds_instances["instance_class"] + ": costbot does not know that class."),
            unpriced(rds_instances, charge, pd.Series("of extended support", index=rds_instances.index)),
        ],
        notice=(days_left.gt(0), version + ": " + soon + "."),
        details=DataFrame(
            {
                "phase": since.where(days_left.le(0), soon),
                "upgrade_to": dates["upgrade_to"],
                "upgraded_arn": rds_instances["arn"].mask(
                    rds_instances["cluster_arn"].ne(""), rds_instances["cluster_arn"]
                ),
                "vcpus": vcpu * instances,
                "standby": instances.gt(1).map({True: " with the standby", False: ""}),
                "vcpu_usd": price["usd"],
                "charge": charge,
                "third_year_on": (" on " + dates["year_3"].dt.strftime("%Y-%m-%d")).fillna(" (there is none)"),
                "monthly_cost": charge,
                "price_source": price["price_source"],
                "price_date": price["price_date"],
            }
        ),
    )


def _surcharge(rds_instances: DataFrame, dates: DataFrame, prices: PriceBook) -> DataFrame:
    """Dollars a vCPU-hour: as the bill shows it, else the list's, of the years the database is in."""
    third = dates["third_year"]
    years: Series[str] = third.map({True: "ExtendedSupport:Yr3:", False: "ExtendedSupport:Yr1-Yr2:"})
    items: Series[str] = third.map(
        {
            True: "rds.extended_support_year_3.vcpu_hour",
            False: "rds.extended_support_year_1.vcpu_hour",
        }
    )
    return first_known(prices.billed(rds_instances, RDS, years + dates["bill_name"]), prices.unit(rds_instances, items))
