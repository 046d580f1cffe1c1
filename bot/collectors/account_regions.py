"""The table `account_regions`: each account and region that is looked at, as a row of its own; it takes no call."""

from __future__ import annotations

from collections.abc import Iterable

from pandas import DataFrame

from bot.aws import Aws
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()
SCOPE = Scope.PLACE
COLUMNS = HEAD  # `resource_id` is the region, `name` is empty


def fetch(aws: Aws, account_id: str, region: str) -> list[str]:
    """The region itself."""
    return [region]


def parse(regions: Iterable[str], here: Here) -> DataFrame:
    """The place as a table with `COLUMNS`."""
    return typed([here.head(region, {}) for region in regions], COLUMNS)
