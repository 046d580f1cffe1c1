"""AWS's own price list: what one question to GetProducts answers. It is free, and answers in a few regions only."""

from __future__ import annotations

from analysis.prices.price_list import Question
from analysis.prices.units import LIVE_UNITS
from bot.aws import Aws, reading

ACTIONS = ("pricing:GetProducts",)
COLUMNS = LIVE_UNITS


def fetch(aws: Aws, question: Question) -> list[str]:
    """The products of all pages, as the JSON texts that AWS sends; read by `analysis.prices.price_list.answered`.

    Raises:
        SourceUnavailable: AWS gave no answer.
    """
    found: list[str] = []
    with reading(ACTIONS[0]):
        # One price list for all accounts: costbot's own credentials ask, in the region that `bot.aws` pins.
        pages = aws.client("pricing").get_paginator("get_products")
        filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in question.filters]
        for page in pages.paginate(ServiceCode=question.service_code, Filters=filters, FormatVersion="aws_v1"):
            found += page.get("PriceList", ())
    return found
