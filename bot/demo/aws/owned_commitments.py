"""What the demo's accounts own, as AWS lists it: Savings Plans, and the reservations of five services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from bot.demo.aws.answers import invalid
from bot.demo.aws.calls import Call
from bot.demo.aws.commitments import COMMITMENTS, Commitment
from bot.demo.aws.ledger_catalogue import COMPUTE, RDS
from bot.demo.aws.shapes import checked, operation_model

_DAY_SECONDS = 86400
_HOURS_A_DAY = 24
#: What a plan of a kind covers.
_PRODUCTS = {"Compute": ["EC2", "Fargate", "Lambda"], "EC2Instance": ["EC2"]}


class OwnedCommitments:
    """The commitments of all accounts.

    Args:
        anchor: ordinal of the day on which the stand-in's clock started.
        now: tells the stand-in's time: what has ended is no longer listed.
    """

    def __init__(self, anchor: int, now: Callable[[], datetime]) -> None:
        self._anchor = anchor
        self._now = now

    def answers(self, call: Call) -> bool:
        """Whether a call is answered here, as JSON; the other services' calls are `install`'s."""
        return (call.service, call.operation) in (
            ("savingsplans", "DescribeSavingsPlans"),
            ("es", "DescribeReservedInstances"),
        )

    def answer(self, operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """The answer to one of them.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        if operation == "DescribeReservedInstances":
            return checked("opensearch", operation, {"ReservedInstances": []})
        states = params.get("states") or ["active"]
        shape = operation_model("savingsplans", operation).input_shape
        known = shape.members["states"].member.enum
        if any(state not in known for state in states):
            raise invalid(f"A state must be one of {', '.join(known)}.")
        plans = [
            self._plan(one) for one in self._owned(account_id) if not one.is_reservation and self._state(one) in states
        ]
        return checked("savingsplans", operation, {"savingsPlans": plans})

    def install(self) -> None:
        """Makes moto's EC2, RDS, ElastiCache and Redshift list reservations, in this process."""
        from moto.core.responses import ActionResult
        from moto.ec2.responses.reserved_instances import ReservedInstances
        from moto.elasticache.responses import ElastiCacheResponse
        from moto.rds.responses import RDSResponse
        from moto.redshift.responses import RedshiftResponse

        def instances(response: Any) -> ActionResult:
            return ActionResult(checked("ec2", "DescribeReservedInstances", self._instances(response)))

        def databases(response: Any) -> ActionResult:
            return ActionResult(checked("rds", "DescribeReservedDBInstances", self._databases(response)))

        setattr(ReservedInstances, "describe_reserved_instances", instances)  # noqa: B010 - mypy knows it
        for owner, name, method in (
            (RDSResponse, "describe_reserved_db_instances", databases),
            (ElastiCacheResponse, "describe_reserved_cache_nodes", _none_of("ReservedCacheNodes")),
            (RedshiftResponse, "describe_reserved_nodes", _none_of("ReservedNodes")),
        ):
            setattr(owner, name, method)

    def _owned(self, account_id: str, service: str = "", region: str = "") -> list[Commitment]:
        return [
            one
            for one in COMMITMENTS
            if one.owner_id == account_id and service in ("", one.service) and region in ("", one.region)
        ]

    def _instances(self, response: Any) -> dict[str, Any]:
        owned = self._owned(response.current_account, COMPUTE, response.region)
        return {"ReservedInstances": [self._instance(one) for one in owned if one.is_reservation]}

    def _databases(self, response: Any) -> dict[str, Any]:
        owned = self._owned(response.current_account, RDS, response.region)
        return {"ReservedDBInstances": [self._database(one) for one in owned if one.is_reservation]}

    def _plan(self, plan: Commitment) -> dict[str, Any]:
        start, end = self._term(plan)
        place = {"region": plan.region, "ec2InstanceFamily": plan.family} if plan.family else {}
        hours = _HOURS_A_DAY * plan.term_days
        return {
            "savingsPlanId": plan.id,
            "savingsPlanArn": plan.arn,
            "description": f"{plan.term_years} year {plan.payment_option} {plan.kind} Savings Plan",
            "start": f"{start:%Y-%m-%dT%H:%M:%S}.000Z",
            "end": f"{end:%Y-%m-%dT%H:%M:%S}.000Z",
            "state": self._state(plan),
            "savingsPlanType": plan.kind,
            "paymentOption": plan.payment_option,
            "productTypes": _PRODUCTS[plan.kind],
            "currency": "USD",
            "commitment": f"{plan.hourly:.8f}",
            "upfrontPaymentAmount": f"{plan.hourly * plan.upfront_share * hours:.8f}",
            "recurringPaymentAmount": f"{plan.hourly * (1 - plan.upfront_share):.8f}",
            "termDurationInSeconds": plan.term_days * _DAY_SECONDS,
            "tags": {},
            **place,
        }

    def _instance(self, one: Commitment) -> dict[str, Any]:
        start, end = self._term(one)
        fixed, running = _prices(one)
        return {
            "ReservedInstancesId": one.id,
            "InstanceType": one.kind,
            "InstanceCount": one.count,
            "ProductDescription": "Linux/UNIX",
            "InstanceTenancy": "default",
            "Scope": "Region",
            "OfferingClass": "standard",
            "OfferingType": one.payment_option,
            "CurrencyCode": "USD",
            "Duration": one.term_days * _DAY_SECONDS,
            "FixedPrice": fixed,
            "UsagePrice": 0.0,
            "RecurringCharges": [{"Amount": running, "Frequency": "Hourly"}] if running else [],
            "Start": start,
            "End": end,
            "State": self._state(one),
            "Tags": [],
        }

    def _database(self, one: Commitment) -> dict[str, Any]:
        fixed, running = _prices(one)
        return {
            "ReservedDBInstanceId": one.id,
            "ReservedDBInstanceArn": one.arn,
            "DBInstanceClass": one.kind,
            "DBInstanceCount": one.count,
            "ProductDescription": "postgresql",
            "MultiAZ": False,
            "OfferingType": one.payment_option,
            "CurrencyCode": "USD",
            "Duration": one.term_days * _DAY_SECONDS,
            "StartTime": self._term(one)[0],
            "FixedPrice": fixed,
            "UsagePrice": 0.0,
            "RecurringCharges": [{"RecurringChargeAmount": running, "RecurringChargeFrequency": "Hourly"}]
            if running
            else [],
            "State": self._state(one),
        }

    def _state(self, one: Commitment) -> str:
        return "active" if self._now() < self._term(one)[1] else "retired"

    def _term(self, one: Commitment) -> tuple[datetime, datetime]:
        start = one.term_starts(self._anchor)[1]
        first, end = (datetime.combine(date.fromordinal(n), time(), UTC) for n in (start, start + one.term_days))
        return first, end


def _prices(one: Commitment) -> tuple[float, float]:
    """Of each instance: dollars at the start, and dollars an hour."""
    each = one.hourly / one.count
    return each * one.upfront_share * _HOURS_A_DAY * one.term_days, each * (1 - one.upfront_share)


def _none_of(key: str) -> Callable[[Any], Any]:
    def answer(_: Any) -> Any:
        from moto.core.responses import ActionResult

        return ActionResult({key: []})

    return answer
