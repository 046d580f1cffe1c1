"""The table `savings_plans`: every Savings Plan of an account, with its terms.

AWS lists a plan in the account that bought it, so every account is asked, once: the service has no regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pandas import DataFrame

from analysis.commitments.holdings import OWNED, SAVINGS_PLAN, TERMS, name_of
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("savingsplans:DescribeSavingsPlans",)
SCOPE = Scope.ACCOUNT
COLUMNS: dict[str, str] = HEAD | TERMS

_MOST_RESULTS = 100
_YEAR_SECONDS = 365 * 86400


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All plans of an account that run or will, as AWS describes them.

    Raises:
        SourceUnavailable: AWS gave no answer.
    """
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    with reading(ACTIONS[0], account_id):
        client = aws.client("savingsplans", account_id=account_id, region=region)
        while True:
            page = client.describe_savings_plans(states=list(OWNED), maxResults=_MOST_RESULTS, **token)
            found += page.get("savingsPlans", ())
            if not page.get("nextToken"):
                return found
            token = {"nextToken": page["nextToken"]}


def parse(plans: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The plans that this account owns, as a table with `COLUMNS`; `region` is empty, they are of the whole account."""
    return typed([_row(plan, here) for plan in plans if _is_of(plan, here.account.id)], COLUMNS)


def _is_of(plan: Mapping[str, Any], account_id: str) -> bool:
    """The payer may be shown the plans of the whole organisation; each is told where it is owned."""
    owner = str(plan.get("savingsPlanArn", "")).split(":")
    return plan.get("state") in OWNED and (len(owner) < 6 or owner[4] in ("", account_id))


def _row(plan: Mapping[str, Any], here: Here) -> dict[str, object]:
    is_dollars = plan.get("currency", "USD") == "USD"
    terms: dict[str, object] = {
        "kind": SAVINGS_PLAN,
        "commitment_id": plan.get("savingsPlanArn") or plan["savingsPlanId"],
        "service": "",
        "type": plan.get("savingsPlanType", ""),
        "family": plan.get("ec2InstanceFamily") or "",
        "scope_region": plan.get("region") or "",
        "zone": "",
        "platform": "",
        "offering_class": "",
        "count": None,
        "years": _number(plan.get("termDurationInSeconds"), 1 / _YEAR_SECONDS),
        "payment": plan.get("paymentOption", ""),
        "upfront_usd": _number(plan.get("upfrontPaymentAmount")) if is_dollars else None,
        "hourly_usd": _number(plan.get("commitment")) if is_dollars else None,
        "starts_at": _moment(plan.get("start")),
        "ends_at": _moment(plan.get("end")),
        "state": plan.get("state", ""),
        "seen_at": here.now.replace(tzinfo=None),
        "problem": "",
    }
    head = here.head(str(plan["savingsPlanId"]), plan.get("tags") or {}, name=name_of(terms))
    return {**head, "region": "", **terms}


def _number(told: Any, factor: float = 1.0) -> float | None:
    try:
        return float(told) * factor
    except (TypeError, ValueError):
        return None


def _moment(told: Any) -> datetime | None:
    """A moment as tables hold it, UTC without saying so."""
    try:
        moment = datetime.fromisoformat(str(told).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
