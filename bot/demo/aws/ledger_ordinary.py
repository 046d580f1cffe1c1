"""The ordinary days: the catalogue spread over accounts, regions and teams, with week, growth and noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.demo.aws import patterns
from bot.demo.aws.ledger_catalogue import CLOUDFRONT, CLOUDWATCH, ITEMS, Item
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats, gaussian, keys, uniform, wobble
from bot.demo.aws.loads import SHRINKING, SHRINKS_DAYS_AGO, SHRUNK_DAYS_AGO, SHRUNK_TO
from bot.demo.aws.organisation import (
    ACCOUNTS_BY_NAME,
    ARCHIVE_REGION,
    GLOBAL,
    MAIN_REGION,
    PROD,
    SECOND_REGION,
    Account,
    usage_type_in,
)
from bot.demo.aws.planted_costs import LOGS_DRIFT
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.resources_rates import instance_hour

MEAN_MONTH = 30.4375
CLOUDFRONT_DISCOUNT = 0.12


@dataclass(frozen=True, slots=True)
class Series:
    """A line with what moves it; `daily` is dollars on the anchor day."""

    line: Line
    item: Item
    daily: float


def ordinary_charges(seed: int, days: Days, anchor: int) -> Block:
    """Every charge of the catalogue on every day; the same for a day whatever other days are asked for."""
    series = [one for item in ITEMS for one in _series(item)]
    cost = daily_levels(seed, series, days, anchor)
    cost *= _drift(series, days, anchor)
    cost *= _shrinking(series, days, anchor)
    prices = np.array([[_unit_price(one)] for one in series])
    lines = tuple(one.line for one in series)
    return _with_discounts(Block(lines, cost / prices, cost, cost.copy()))


def daily_levels(seed: int, series: Sequence[Series], days: Days, anchor: int) -> Floats:
    """Dollars of each series on each day, before anything planted."""
    rhythms = [one.item.rhythm for one in series]
    key = keys(seed, [_name(one.line) for one in series])
    level = np.array([[one.daily] for one in series])
    level = level * patterns.growth_factors([one.item.growth for one in series], days, anchor)
    level *= patterns.weekday_factors(rhythms, days)
    level *= 1.0 + patterns.wobble_shares(rhythms) * wobble(key, days)
    level *= 1.0 + patterns.noise_shares(rhythms) * gaussian(key, days)
    monthly = np.array([[one.item.monthly_priced] for one in series])
    level *= np.where(monthly, MEAN_MONTH / patterns.month_lengths(days)[None, :], 1.0)
    charged_on = np.array([[one.item.month_day or 0] for one in series])
    level[(charged_on > 0) & (charged_on != patterns.days_of_month(days)[None, :])] = 0.0
    return level


def _unit_price(one: Series) -> float:
    """An instance hour costs more in Europe; the day's dollars stay, so fewer hours ran."""
    instance = one.item.usage_type.removeprefix("BoxUsage:")
    if one.line.region == SECOND_REGION and instance != one.item.usage_type:
        return instance_hour(instance, SECOND_REGION)
    return one.item.unit_price


def _series(item: Item) -> Iterator[Series]:
    for account_name, daily in item.daily.items():
        account = ACCOUNTS_BY_NAME[account_name]
        for region, region_share in _regions(item, account):
            usage_type = usage_type_in(region, item.usage_type)
            for team, team_share in _teams(item, account, usage_type):
                line = Line(
                    account_id=account.id,
                    region=region,
                    service=item.service,
                    usage_type=usage_type,
                    operation=item.operation,
                    unit=item.unit,
                    team=team,
                    env=account.default_env if team else "",
                    rhythm=item.rhythm,
                    hourly=item.hourly,
                    net_share=1.0 - CLOUDFRONT_DISCOUNT if item.service == CLOUDFRONT else 1.0,
                )
                yield Series(line, item, daily * region_share * team_share)


def _regions(item: Item, account: Account) -> list[tuple[str, float]]:
    if item.eu_share is None:
        return [(GLOBAL, 1.0)]
    if item.usage_type == "TimedStorage-SIA-ByteHrs" and account is not PROD:
        return [(ARCHIVE_REGION, 0.4), (MAIN_REGION, 0.6)]
    if item.eu_share and account is PROD:
        return [(MAIN_REGION, 1.0 - item.eu_share), (SECOND_REGION, item.eu_share)]
    return [(MAIN_REGION, 1.0)]


def _teams(item: Item, account: Account, usage_type: str) -> list[tuple[str, float]]:
    if item.team is not None:
        return [(item.team, 1.0)]
    mix = [*account.team_mix, ("", 1.0 - sum(share for _, share in account.team_mix))]
    # Each usage type has its own mix around the account's; the same for every seed, so that totals are too.
    names = [f"{account.id}/{item.service}/{usage_type}/{item.operation}/{team}" for team, _ in mix]
    jitter = uniform(keys(0, names), np.zeros(1, dtype=np.int64))[:, 0]
    weights = np.array([share for _, share in mix]) * (0.5 + jitter)
    return [(team, float(weight)) for (team, _), weight in zip(mix, weights / weights.sum(), strict=True)]


def _drift(series: Sequence[Series], days: Days, anchor: int) -> Floats:
    """The planted slow growth: 1 before it starts, compound since."""
    since = np.maximum(days - (anchor - LOGS_DRIFT.first_day_ago), 0) / 30.0
    assert LOGS_DRIFT.monthly_growth is not None
    drifting = np.power(1.0 + LOGS_DRIFT.monthly_growth, since)
    planted = np.array([[one.line.service == CLOUDWATCH and one.line.account_id == PROD.id] for one in series])
    return np.where(planted, drifting[None, :], 1.0)


def _shrinking(series: Sequence[Series], days: Days, anchor: int) -> Floats:
    """The planted load that falls: 1 before, day by day less, then what is left of it."""
    ago = np.asarray(anchor - days, dtype=np.float64)
    fallen = np.clip((SHRINKS_DAYS_AGO - ago) / (SHRINKS_DAYS_AGO - SHRUNK_DAYS_AGO), 0.0, 1.0)
    shrinking = (SHRINKING.account_id, SHRINKING.region, SHRINKING.usage_type)
    planted = np.array([[(one.line.account_id, one.line.region, one.line.usage_type) == shrinking] for one in series])
    return np.where(planted, 1.0 - (1.0 - SHRUNK_TO) * fallen[None, :], 1.0)


def _with_discounts(block: Block) -> Block:
    """Adds the line that takes the negotiated discount off again; unblended and amortised alike."""
    rows = []
    for index, line in enumerate(block.lines):
        if line.net_share < 1.0:
            off = block.unblended[index] * (line.net_share - 1.0)
            rows.append((_discount_line(line), np.zeros_like(off), off, off.copy()))
    return Block.joined([block, Block.of(rows, block.quantity.shape[1])])


def _discount_line(line: Line) -> Line:
    return Line(
        account_id=line.account_id,
        region=line.region,
        service=line.service,
        usage_type=line.usage_type,
        operation=line.operation,
        unit=line.unit,
        record_type=RecordType.PRIVATE_RATE_DISCOUNT,
        team=line.team,
        env=line.env,
        rhythm=line.rhythm,
        net_share=0.0,
    )


def _name(line: Line) -> str:
    return "/".join((line.account_id, line.region, line.service, line.usage_type, line.operation, line.team))
