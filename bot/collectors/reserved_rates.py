"""The table `reserved_rates`: what types and classes cost with a reservation, as AWS's price list offers it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from pandas import DataFrame

from analysis.prices.commitment_rates import RESERVED_RATES, reserved_rates
from analysis.prices.price_list import Question
from bot.aws import Aws
from bot.collectors import price_list

ACTIONS = price_list.ACTIONS
COLUMNS = RESERVED_RATES


def read(aws: Aws, questions: Iterable[Question]) -> DataFrame:
    """The reserved terms of these questions about every type or class (`ec2_question`, `rds_question`, …).

    Raises:
        SourceUnavailable: AWS gave no answer.
    """
    found = [reserved_rates(question, price_list.fetch(aws, question)) for question in questions]
    return pd.concat(found, ignore_index=True) if found else reserved_rates(Question("", "", ()), ())
