"""The demo's AWS organisation: its accounts, regions, teams and environments."""

from __future__ import annotations

from dataclasses import dataclass

ORGANIZATION_ID = "o-demo123456"
ROOT_ID = "r-demo"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the organisation.

    Attributes:
        joined_days_ago: days before the clock's start it was created.
        default_env: the `env` its resources are tagged with, where they are tagged at all.
        team_mix: share of each team in its cost; what is left to 1 carries no tag.
    """

    id: str
    name: str
    joined_days_ago: int
    default_env: str
    team_mix: tuple[tuple[str, float], ...]

    @property
    def email(self) -> str:
        return f"aws+{self.name}@example.com"


TEAMS = ("payments", "search", "data", "platform", "growth")
ENVS = ("prod", "staging", "dev")
TAG_KEYS = ("env", "team")

MANAGEMENT = Account("123456789012", "management", 1500, "prod", (("platform", 0.6),))
PROD = Account(
    "111122223333", "prod", 1480, "prod", (("payments", 0.33), ("search", 0.25), ("platform", 0.22), ("growth", 0.12))
)
STAGING = Account("444455556666", "staging", 1470, "staging", (("payments", 0.4), ("search", 0.3), ("growth", 0.2)))
DATA_PLATFORM = Account("777788889999", "data-platform", 1100, "prod", (("data", 0.85),))
SANDBOX = Account("222233334444", "sandbox", 900, "dev", (("growth", 0.3), ("search", 0.3)))
SHARED_SERVICES = Account("555566667777", "shared-services", 1300, "prod", (("platform", 0.82),))

ACCOUNTS = (MANAGEMENT, PROD, STAGING, DATA_PLATFORM, SANDBOX, SHARED_SERVICES)
ACCOUNTS_BY_ID = {account.id: account for account in ACCOUNTS}
ACCOUNTS_BY_NAME = {account.name: account for account in ACCOUNTS}
PAYER = MANAGEMENT

#: Tags that AWS Organizations has of accounts; prod, staging and sandbox belong to several teams.
ACCOUNT_TAGS: dict[str, dict[str, str]] = {
    MANAGEMENT.id: {"env": "prod"},
    PROD.id: {"env": "prod"},
    STAGING.id: {"env": "staging"},
    DATA_PLATFORM.id: {"env": "prod", "team": "data"},
    SANDBOX.id: {"env": "dev"},
    SHARED_SERVICES.id: {"env": "prod", "team": "platform"},
}

MAIN_REGION = "us-east-1"
SECOND_REGION = "eu-west-1"
ARCHIVE_REGION = "us-west-2"
REGIONS = (MAIN_REGION, SECOND_REGION, ARCHIVE_REGION)
GLOBAL = "global"
NO_REGION = "NoRegion"

_PREFIXES = {MAIN_REGION: "USE1-", SECOND_REGION: "EUW1-", ARCHIVE_REGION: "USW2-"}


def usage_type_in(region: str, usage_type: str) -> str:
    """The usage type with the prefix it carries in `region`.

    Args:
        usage_type: as in us-east-1, where some types carry `USE1-` and some carry nothing.
    """
    if region == MAIN_REGION or region not in _PREFIXES:
        return usage_type
    return _PREFIXES[region] + usage_type.removeprefix(_PREFIXES[MAIN_REGION])
