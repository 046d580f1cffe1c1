"""What a request for a purchase recommendation asks for: term, payment, look-back, scope, account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.demo.aws.answers import invalid

TERMS = {"ONE_YEAR": 1, "THREE_YEARS": 3}
PAYMENTS = {"NO_UPFRONT": "No Upfront", "PARTIAL_UPFRONT": "Partial Upfront", "ALL_UPFRONT": "All Upfront"}
UPFRONT_SHARES = {"No Upfront": 0.0, "Partial Upfront": 0.5, "All Upfront": 1.0}
LOOK_BACKS = {"SEVEN_DAYS": 7, "THIRTY_DAYS": 30, "SIXTY_DAYS": 60}
SCOPES = ("PAYER", "LINKED")
HOURS_A_MONTH, HOURS_A_YEAR = 730, 8760
PAGE_SIZE = 100

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request, read.

    Attributes:
        by_account: each account's usage for itself, where it is the organisation's together otherwise.
        account_ids: only these; all that the caller sees where empty.
    """

    params: Mapping[str, Any]
    years: int
    payment: str
    days: int
    by_account: bool
    account_ids: tuple[str, ...]

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Wanted:
        """Raises:
        AwsError: ValidationException, where AWS has no such value.
        """
        return cls(
            params,
            years=choice(params, "TermInYears", TERMS, "ONE_YEAR"),
            payment=choice(params, "PaymentOption", PAYMENTS, "NO_UPFRONT"),
            days=choice(params, "LookbackPeriodInDays", LOOK_BACKS, "SEVEN_DAYS"),
            by_account=choice(params, "AccountScope", {name: name == "LINKED" for name in SCOPES}, "PAYER"),
            account_ids=_account_ids(params),
        )

    def __post_init__(self) -> None:
        if self.account_ids and not self.by_account:
            raise invalid("Recommendations of single accounts need the AccountScope LINKED.")

    @property
    def upfront_share(self) -> float:
        return UPFRONT_SHARES[self.payment]

    @property
    def shown(self) -> dict[str, str]:
        """As an answer repeats it."""
        return {
            "AccountScope": "LINKED" if self.by_account else "PAYER",
            "LookbackPeriodInDays": _name(LOOK_BACKS, self.days),
            "TermInYears": _name(TERMS, self.years),
            "PaymentOption": _name(PAYMENTS, self.payment),
        }

    @property
    def page_size(self) -> int:
        return int(self.params.get("PageSize") or PAGE_SIZE)


def choice(params: Mapping[str, Any], name: str, known: Mapping[str, Value], default: str) -> Value:
    """The value behind a parameter.

    Raises:
        AwsError: ValidationException, when AWS has none of this name.
    """
    value = params.get(name) or default
    if value not in known:
        raise invalid(f"{name} must be one of {', '.join(known)}.")
    return known[value]


def _account_ids(params: Mapping[str, Any]) -> tuple[str, ...]:
    condition = params.get("Filter")
    if not condition:
        return (params["AccountId"],) if params.get("AccountId") else ()
    if set(condition) != {"Dimensions"} or condition["Dimensions"].get("Key") != "LINKED_ACCOUNT":
        raise invalid("Only the dimension LINKED_ACCOUNT is supported as a filter.")
    return tuple(condition["Dimensions"].get("Values", ()))


def _name(known: Mapping[str, Any], value: Any) -> str:
    return next(name for name, one in known.items() if one == value)
