"""What AWS says about its accounts and regions: which there are, how they are called, which can be looked into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from bot.errors import SourceUnavailable


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An AWS account; the name is its id where Organizations does not tell it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts to look at; `problem` says why those of the organisation may be missing among them.

    `left_out` are wanted ones that are suspended or closed: AWS lets nobody look into them.
    """

    accounts: tuple[AccountRef, ...]
    problem: SourceUnavailable | None = None
    left_out: tuple[AccountRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as Organizations lists it."""

    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class RegionList:
    """The regions of an account to look at.

    `left_out` are not enabled there, so nothing can run in them; `unknown` are named by the settings and not by AWS.
    """

    enabled: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def organization(client: Any) -> dict[str, Listed]:
    """The accounts of the organisation by id; empty where there is none.

    Args:
        client: of AWS Organizations.
    """
    found: dict[str, Listed] = {}
    try:
        for page in client.get_paginator("list_accounts").paginate():
            for account in page["Accounts"]:
                state = account.get("State", account.get("Status", "ACTIVE"))
                found[account["Id"]] = Listed(account.get("Name") or account["Id"], state == "ACTIVE")
    except ClientError as error:
        if error.response["Error"]["Code"] != "AWSOrganizationsNotInUseException":
            raise
    return found


def every_region(client: Any) -> dict[str, bool]:
    """Every region of AWS, and whether it is enabled in an account.

    Args:
        client: of EC2, in that account.
    """
    answer = client.describe_regions(AllRegions=True)
    return {region["RegionName"]: region.get("OptInStatus") != "not-opted-in" for region in answer["Regions"]}
