"""The table `purchase_recommendations`: what AWS itself proposes to buy, asked at most once a week.

A request costs a cent: one for each type of plan, one for each service with reserved nodes that was billed lately.
All are of one year without upfront payment on thirty days, for the whole organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError
from pandas import DataFrame

from analysis.commitments.hourly_lines import CODES
from analysis.commitments.purchase_table import WHAT
from analysis.services import service_key
from bot.aws import reading
from bot.collectors.asked_weekly import Answer, asked_weekly
from bot.collectors.explorer_use import SERVICES, number
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, payer
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

PLANS_ACTION = "ce:GetSavingsPlansPurchaseRecommendation"
RESERVED_ACTION = "ce:GetReservationPurchaseRecommendation"
ACTIONS = (PLANS_ACTION, RESERVED_ACTION)
#: It is of the organisation and costs money: asked once a scan at most, in costbot's own account.
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = (
    HEAD
    | WHAT
    | {
        "hourly": "float64",  # commitment, dollars an hour, upfront part included
        "saving": "float64",  # dollars a month, as AWS estimates it
        "on_demand": "float64",  # of the usage that it looks at, dollars an hour
        "used_least": "float64",  # instances an hour over the look-back; missing of a plan
        "used_mean": "float64",
        "problem": "str",  # why AWS was not asked; empty where it was
    }
)
YEARS, PAYMENT, LOOK_BACK_DAYS = 1, "No Upfront", 30
_TERM = {
    "TermInYears": "ONE_YEAR",
    "PaymentOption": "NO_UPFRONT",
    "LookbackPeriodInDays": "THIRTY_DAYS",
    "AccountScope": "PAYER",
}
#: AWS's name of a plan's type, its kind, and the services it is for; the first two are for every bill with machines.
PLANS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("COMPUTE_SP", "Compute", frozenset({"ec2", "ecs", "eks", "lambda"})),
    ("EC2_INSTANCE_SP", "EC2Instance", frozenset({"ec2"})),
    ("DATABASE_SP", "Database", frozenset({"rds", "elasticache", "opensearch", "dynamodb", "docdb", "neptune"})),
    ("SAGEMAKER_SP", "SageMaker", frozenset({"sagemaker"})),
)
#: Services with reserved nodes or databases. Reservations of EC2 serve the same usage as its plans, which are asked.
NODES = ("rds", "elasticache", "opensearch", "redshift")
#: Where an answer tells what is reserved, and what it calls the type.
_DETAILS = {
    "RDSInstanceDetails": "InstanceType",
    "ElastiCacheInstanceDetails": "NodeType",
    "RedshiftInstanceDetails": "NodeType",
    "ESInstanceDetails": "",
}
_BILLED_DAYS = 30
_NOTHING = "DataUnavailableException"


def read(context: Context) -> DataFrame:
    """A row for each purchase that AWS proposes, with `COLUMNS`; one that says why where it was not asked."""
    billed = billed_services(context)
    own_id, own_name = payer(context)
    head = {"account_id": own_id, "account_name": own_name, "region": "", "owner": "", "env": "", "ignored": False}
    rows: list[dict[str, object]] = []
    problems: dict[str, str] = {}
    for name, kind, services in PLANS:
        if services & billed:
            answer = plans_proposed(context, name, kind)
            rows += [head | row for row in answer.rows]
            problems.setdefault(answer.problem, kind)
    for service in NODES:
        if service in billed:
            answer = nodes_proposed(context, service)
            rows += [head | row for row in answer.rows]
            problems.setdefault(answer.problem, CODES[service])
    rows += [
        head | {"resource_id": f"AWS on {about}", "name": "", "kind": "", "multi_az": False, "problem": problem}
        for problem, about in problems.items()
        if problem
    ]
    texts = {name: "" for name, dtype in COLUMNS.items() if dtype == "str"}
    return typed([texts | row for row in rows], COLUMNS)


def plans_proposed(context: Context, name: str, kind: str) -> Answer:
    """What AWS proposes of one type of Savings Plans, as plain rows."""

    def ask() -> list[dict[str, Any]]:
        pages = _pages(context, PLANS_ACTION, "get_savings_plans_purchase_recommendation", {"SavingsPlansType": name})
        told = [page.get("SavingsPlansPurchaseRecommendation", {}) for page in pages]
        details = [one for part in told for one in part.get("SavingsPlansPurchaseRecommendationDetails", ())]
        return [_plan(one, kind) for one in details if _in_dollars(one)]

    return asked_weekly(context, f"commitments.proposed.{name}", ask)


def nodes_proposed(context: Context, service: str) -> Answer:
    """What AWS proposes to reserve of a service, as plain rows."""

    def ask() -> list[dict[str, Any]]:
        asked = {"Service": SERVICES[service]}
        pages = _pages(context, RESERVED_ACTION, "get_reservation_purchase_recommendation", asked)
        told = [one for page in pages for one in page.get("Recommendations", ())]
        details = [one for part in told for one in part.get("RecommendationDetails", ())]
        return [_nodes(one, CODES[service]) for one in details if _in_dollars(one)]

    return asked_weekly(context, f"commitments.proposed.{service}", ask)


def _pages(context: Context, action: str, operation: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    with reading(action):
        client = context.aws.client("ce")
        while True:
            try:
                page = getattr(client, operation)(**asked, **_TERM, **token)
            except ClientError as error:
                if error.response["Error"]["Code"] != _NOTHING:
                    raise
                return found  # nothing that it could cover ran
            found.append(page)
            if not page.get("NextPageToken"):
                return found
            token = {"NextPageToken": page["NextPageToken"]}


def _in_dollars(one: Mapping[str, Any]) -> bool:
    return bool(one.get("CurrencyCode", "USD") == "USD")


def _plan(one: Mapping[str, Any], kind: str) -> dict[str, Any]:
    about = one.get("SavingsPlansDetails", {})
    narrow = kind == "EC2Instance"
    family, region = (str(about.get(name, "")) if narrow else "" for name in ("InstanceFamily", "Region"))
    what = "EC2 Instance Savings Plan" if narrow else f"{kind} Savings Plan"
    return {
        "resource_id": " ".join(part for part in (kind, family, region) if part),
        "name": "",
        "kind": kind,
        "label": f"{what} {family}".strip() + (f" in {region}" if region else ""),
        "years": YEARS,
        "payment": PAYMENT,
        "family": family,
        "place": region,
        "multi_az": False,
        "hourly": number(one.get("HourlyCommitmentToPurchase")),
        "saving": number(one.get("EstimatedMonthlySavingsAmount")),
        "on_demand": number(one.get("CurrentAverageHourlyOnDemandSpend")),
        "detail_id": str(one.get("RecommendationDetailId", "")),  # for `plan_look_backs`; no column
    }


def _nodes(one: Mapping[str, Any], service: str) -> dict[str, Any]:
    told: Mapping[str, Mapping[str, Any]] = one.get("InstanceDetails", {})
    name = next(iter(told), "")
    about = told.get(name, {})
    kind = str(about.get(_DETAILS.get(name, ""), ""))
    if name == "ESInstanceDetails":
        kind = f"{about.get('InstanceClass', '')}.{about.get('InstanceSize', '')}.search".strip(".")
    platform = str(about.get("DatabaseEngine") or about.get("ProductDescription") or "")
    region = str(about.get("Region", ""))
    recurring, upfront = number(one.get("RecurringStandardMonthlyCost")), number(one.get("UpfrontCost")) or 0.0
    on_demand = number(one.get("EstimatedMonthlyOnDemandCost"))
    label = " ".join(part for part in (kind, platform, "reservation") if part) + (f" in {region}" if region else "")
    return {
        "resource_id": " ".join(part for part in ("AWS", service, kind, platform, region) if part),
        "name": "",
        "kind": "Reserved",
        "label": label,
        "years": YEARS,
        "payment": PAYMENT,
        "service": service,
        "family": str(about.get("Family", "")),
        "platform": platform,
        "place": region,
        "instance_type": kind,
        "multi_az": about.get("DeploymentOption") == "Multi-AZ",
        "count": number(one.get("RecommendedNumberOfInstancesToPurchase")),
        "hourly": None if recurring is None else recurring / 730 + upfront / (8760 * YEARS),
        "saving": number(one.get("EstimatedMonthlySavingsAmount")),
        "on_demand": None if on_demand is None else on_demand / 730,
        "used_least": number(one.get("MinimumNumberOfInstancesUsedPerHour")),
        "used_mean": number(one.get("AverageNumberOfInstancesUsedPerHour")),
    }


def billed_services(context: Context) -> set[str]:
    """Services with usage on the bill of the last weeks, by canonical key; none where no bill is stored."""
    end = context.clock.today()
    try:
        costs = context.costs.daily(
            by=("service_name",), start=end - timedelta(days=_BILLED_DAYS), end=end, where={"provider": PROVIDER}
        )
    except NotEnoughData:
        return set()
    return {service_key(str(name)) for name in costs.loc[costs["cost"].gt(0), "service_name"].unique()}
