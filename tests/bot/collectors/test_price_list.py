"""GetProducts is asked page by page, with filters that match whole values, and its errors become sentences."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from analysis.prices.price_list import ec2_question
from bot.collectors import price_list
from bot.errors import SourceUnavailable

QUESTION = ec2_question("eu-west-1")
FILTERS = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in QUESTION.filters]
ASKED = {"ServiceCode": "AmazonEC2", "Filters": FILTERS, "FormatVersion": "aws_v1"}


class OneClient:
    """Gives the one client, and remembers for what."""

    def __init__(self) -> None:
        self.boto = boto3.client(
            "pricing", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def client(self, service: str, **where: Any) -> Any:
        self.asked.append((service, where))
        return self.boto


def test_all_pages_are_read_with_costbots_own_credentials() -> None:
    aws = OneClient()
    with Stubber(aws.boto) as stub:
        stub.add_response("get_products", {"PriceList": ["{}", "[]"], "NextToken": "2"}, ASKED)
        stub.add_response("get_products", {"PriceList": []}, ASKED | {"NextToken": "2"})

        assert price_list.fetch(aws, QUESTION) == ["{}", "[]"]  # type: ignore[arg-type]

    assert aws.asked == [("pricing", {})]


def test_a_refusal_names_the_permission() -> None:
    aws = OneClient()
    with Stubber(aws.boto) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "no", 400)

        with pytest.raises(SourceUnavailable, match="pricing:GetProducts"):
            price_list.fetch(aws, QUESTION)  # type: ignore[arg-type]
