"""Described objects: what ListObjectsV2 answers of them, in AWS's shape, and that they fit CloudWatch."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from botocore.parsers import create_parser

from bot.demo.aws.bucket_objects import Population, as_xml, asked, populations
from bot.demo.aws.resources_data import buckets
from bot.demo.aws.shapes import checked, operation_model

TODAY = date(2026, 11, 20)
BUCKETS = {bucket.name: bucket for bucket in buckets()}


def small(objects: int = 7) -> Population:
    return Population(("a/", "b/x/", "b/y/"), objects, ((10, 1), (20, 2)), "STANDARD", TODAY)


def keys(population: Population, **given: str) -> list[str]:
    query = {name.replace("_", "-"): [value] for name, value in given.items()}
    answer = asked(population, "b", query)
    return [one["Key"] for one in answer["Contents"]] + [one["Prefix"] for one in answer.get("CommonPrefixes", ())]


@pytest.mark.parametrize("name", BUCKETS)
def test_each_bucket_holds_what_cloudwatch_tells_of_it(name: str) -> None:
    bucket, population = BUCKETS[name], populations(TODAY)[name]

    mean = sum(size for size, _ in population.cycle) / len(population.cycle)
    assert population.objects == bucket.attributes["objects"]
    assert mean * population.objects / 2**30 == pytest.approx(bucket.attributes["size_gb"], rel=1e-6)
    assert max(days for _, days in population.cycle) < bucket.created_days_ago
    assert population.storage_class == bucket.type


def test_keys_are_in_order_and_pages_join_without_a_gap() -> None:
    population = small()
    everything = keys(population)
    found: list[str] = []
    token: dict[str, list[str]] = {}
    while True:
        answer = asked(population, "b", {"max-keys": ["3"], **token})
        found += [one["Key"] for one in answer["Contents"]]
        if not answer["IsTruncated"]:
            break
        token = {"continuation-token": [answer["NextContinuationToken"]]}

    assert everything == sorted(everything)
    assert found == everything
    assert len(everything) == 7


def test_folders_stand_for_what_is_in_them() -> None:
    assert keys(small(), delimiter="/") == ["a/", "b/"]
    assert keys(small(), delimiter="/", prefix="b/") == ["b/x/", "b/y/"]
    assert keys(small(), delimiter="/", prefix="b/x/") == ["b/x/000000000", "b/x/000000001", "b/x/000000002"]


def test_a_page_begins_after_a_key_that_need_not_be_there() -> None:
    assert keys(small(), start_after="b/x/000000001zzz")[0] == "b/x/000000002"
    assert keys(small(), start_after="zzz") == []


def test_a_page_of_folders_goes_on_after_the_last() -> None:
    first = asked(small(), "b", {"delimiter": ["/"], "max-keys": ["1"]})
    second = asked(small(), "b", {"delimiter": ["/"], "continuation-token": [first["NextContinuationToken"]]})

    assert [one["Prefix"] for one in (*first["CommonPrefixes"], *second["CommonPrefixes"])] == ["a/", "b/"]
    assert not second["IsTruncated"]


@pytest.mark.parametrize("query", [{}, {"delimiter": ["/"]}, {"start-after": ["a/"], "encoding-type": ["url"]}])
def test_answers_have_aws_s_shape_and_are_read_as_they_were_written(query: dict[str, list[str]]) -> None:
    answer = checked("s3", "ListObjectsV2", asked(small(), "b", query))
    body = as_xml("ListBucketResult", answer)
    shape = operation_model("s3", "ListObjectsV2").output_shape

    read = create_parser("rest-xml").parse({"status_code": 200, "headers": {}, "body": body.encode()}, shape)

    assert ElementTree.fromstring(body).tag == "{http://s3.amazonaws.com/doc/2006-03-01/}ListBucketResult"
    assert {name: read[name] for name in answer if answer[name] or name in read} == {
        name: value for name, value in answer.items() if value or name in read
    }
