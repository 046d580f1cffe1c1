"""One key per service: nothing is folded into a service it is not."""

from __future__ import annotations

import pytest

from analysis.services import SERVICES, UnknownServiceError, resolve, service_key, service_label

BILL = ("Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "Amazon Simple Storage Service", "Tax", "COMPUTE")


@pytest.mark.parametrize("name", ["Tax", "AWS Support (Business)", "AWS Glue", "Virtual Machines", "COMPUTE", ""])
def test_another_service_is_never_ec2(name: str) -> None:
    assert service_key(name) != "ec2"


def test_a_service_without_a_name_is_unknown_not_nothing() -> None:
    assert service_key(None) == "unknown"


def test_no_name_and_no_word_belongs_to_two_services() -> None:
    names = [name.lower() for _, bills, _ in SERVICES.values() for name in bills]
    words = [word for key, (_, _, words) in SERVICES.items() for word in {key, *words}]
    assert len(names) == len(set(names))
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Amazon Elastic Compute Cloud - Compute", "ec2"),
        ("EC2 - Other", "ec2"),
        ("Amazon Elastic Compute Cloud", "ec2"),
        ("AmazonCloudWatch", "cloudwatch"),
        ("Amazon Simple Storage Service", "s3"),
        ("Azure DB for MySQL", "azure-db-for-mysql"),
        ("BLOCK_STORAGE", "block-storage"),
        ("Amazon Managed Blockchain", "managed-blockchain"),
    ],
)
def test_every_spelling_has_its_key(name: str, key: str) -> None:
    assert service_key(name) == key


def test_ec2_is_both_lines_of_the_bill_and_says_so() -> None:
    selection = resolve("EC2", BILL)
    assert selection.services == ("ec2",)
    assert selection.note is not None
    assert "EC2 - Other" in selection.note


def test_a_word_means_a_stored_service_before_an_alias() -> None:
    assert resolve("compute", BILL).key == "compute"


def test_a_part_that_has_no_line_is_told_by_usage_type() -> None:
    selection = resolve("nat", BILL)
    assert selection.services == ("ec2", "vpc")
    assert selection.pattern is not None
    assert "NatGateway" in selection.pattern


def test_a_known_service_without_cost_is_not_a_typing_error() -> None:
    with pytest.raises(UnknownServiceError) as caught:
        resolve("lambda", BILL)
    assert caught.value.known_as == "Lambda"


def test_a_misspelt_word_names_what_is_near() -> None:
    with pytest.raises(UnknownServiceError) as caught:
        resolve("ec3", BILL)
    assert "ec2" in caught.value.remedy


def test_a_strange_word_lists_what_is_stored() -> None:
    with pytest.raises(UnknownServiceError) as caught:
        resolve("qqqqqqq", BILL)
    assert "compute, ec2, s3, tax" in caught.value.remedy


def test_labels_are_short_and_keep_unknown_names() -> None:
    assert service_label("EC2 - Other") == "EC2"
    assert service_label("s3") == "S3"
    assert service_label("Amazon Managed Blockchain") == "Managed Blockchain"
