"""The hours of a day: compute-like charges follow the clock, the rest stands at 00:00; together they are the day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from bot.demo.aws.ledger import Statement
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.patterns import hour_weights


def hourly(statement: Statement, metric: str, first_day: date, last_day: date) -> Floats:
    """Values by the hour: a row per line, 24 columns for each day from `first_day` to `last_day`, both included.

    Days outside the ledger are zero. Of a day that has not arrived whole, the later hours are still missing.
    """
    weights = hour_shares_of_a_day(statement)
    blocks = []
    for offset in range((last_day - first_day).days + 1):
        column = statement.column(first_day + timedelta(days=offset))
        if 0 <= column < statement.shares.shape[1]:
            daily = statement.values[metric][:, column]
            blocks.append(daily[:, None] * arrived(weights, statement.shares[:, column]))
        else:
            blocks.append(np.zeros_like(weights))
    return np.hstack(blocks)


def hour_shares_of_a_day(statement: Statement) -> Floats:
    """Share of each of the 24 hours in a day that has arrived whole, a row per line."""
    weights = hour_weights([line.rhythm for line in statement.lines])
    at_midnight = np.zeros(24)
    at_midnight[0] = 1.0
    weights[[not line.hourly for line in statement.lines]] = at_midnight
    return weights


def arrived(weights: Floats, shares: Floats) -> Floats:
    """The hours' shares in what is known of a day of which `shares` have arrived, a row per line."""
    known_hours = np.maximum(np.ceil(shares * 24.0 - 1e-9), 1.0)
    known = np.where(np.arange(24)[None, :] < known_hours[:, None], weights, 0.0)
    scaled: Floats = known / known.sum(axis=1, keepdims=True)
    return scaled
