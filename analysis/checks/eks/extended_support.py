"""`eks.extended_support`: a cluster whose Kubernetes version is old enough to cost six times as much."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.scaling.eks_versions import following
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="A08",
    groups=(Group.SCALING, Group.GOVERNANCE),
    resource="EKS cluster",
    action=Action.UPGRADE,
    effort=Effort.HIGH,
    risk=Risk.MEDIUM,
    reason="Kubernetes {version}: standard support {ends_word} on {standard_ends}",
    source="Amazon EKS User Guide, Kubernetes version lifecycle",
    words=Words(
        current="Kubernetes {version}",
        proposed="a version in standard support",
        how="730 h × (${extended_usd:g} − ${standard_usd:g}) an hour of a cluster: ${extra_usd:.0f} a month from "
        "{standard_ends} on ({dates_from}).",
        ignores="The work of the upgrade, and what runs beside the control plane: nodes, volumes, load balancers.",
        risk="Kubernetes removes interfaces between versions, and add-ons and nodes have to follow: read the "
        "upgrade insights (aws eks list-insights) first. When extended support ends ({extended_ends}), EKS upgrades "
        "the control plane by itself.",
        effect="The control plane moves to Kubernetes {next_version}; EKS goes one minor version at a time, so repeat "
        "it until the version is in standard support, and let nodes and add-ons follow.",
        command=("aws eks update-cluster-version --name {resource_id} --kubernetes-version {next_version}",),
    ),
    evidence=(
        Fact("Standard support left", "days_to_standard_end", "days", "{dates_from}"),
        Fact("Extended support left", "days_to_extended_end", "days", "{dates_from}"),
    ),
)
def extended_support(eks_clusters: DataFrame, prices: PriceBook, *, notice_days: float = 90) -> Verdicts:
    """EKS cluster in extended support, or about to enter it.

    After fourteen months of standard support a version costs $0.60 instead of $0.10 an hour, unless the cluster's
    upgrade policy lets EKS upgrade it at that day. The last ninety days before are a notice.
    """
    clusters = eks_clusters
    extended = prices.unit(clusters, "eks.extended_support.hour")
    standard = prices.unit(clusters, "eks.cluster.hour")
    extra = (extended["usd"] - standard["usd"]) * HOURS_A_MONTH
    left = clusters["days_to_standard_end"]
    over = left.lt(0)
    upgraded_by_aws = clusters["support_type"].eq("STANDARD")
    policy_why = "Its upgrade policy lets EKS upgrade it when standard support ends on " + clusters["standard_ends"]
    return verdicts(
        clusters,
        saves=extra.where(over),
        fine=[
            (left.gt(notice_days), "In standard support until " + clusters["standard_ends"] + "."),
            (left.notna() & upgraded_by_aws & ~over, policy_why + "."),
        ],
        insufficient=[
            (
                left.isna(),
                "How long Kubernetes "
                + clusters["version"]
                + " is supported: allow eks:DescribeClusterVersions, or a newer table.",
            ),
            unpriced(clusters, extra, "of a cluster in extended support"),
        ],
        notice=(~over, "Extended support, which costs more, begins on " + clusters["standard_ends"] + "."),
        details=DataFrame(
            {
                "ends_word": over.map({True: "ended", False: "ends"}),
                "next_version": clusters["version"].map(following),
                "extended_usd": extended["usd"],
                "standard_usd": standard["usd"],
                "extra_usd": extra,
                "monthly_cost": (extended["usd"].where(over, standard["usd"])) * HOURS_A_MONTH,
                "price_source": extended["price_source"].astype("object").where(pd.notna(extended["usd"]), None),
                "price_date": extended["price_date"],
            }
        ),
    )
