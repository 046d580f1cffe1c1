"""The service `pricing`: GetProducts over the demo's own price list, filtered and in pages as AWS answers it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.pricing_products import products_of
from bot.demo.aws.shapes import checked, operation_model

#: Regions in which the Price List answers at all.
ENDPOINTS = frozenset({"us-east-1", "eu-central-1", "ap-south-1"})
#: Products a page at most, which is the default.
MOST_RESULTS = 100
_FORMAT = "aws_v1"

_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda have, asked: have == asked,
    "EQUALS": lambda have, asked: have == asked,
    "CONTAINS": lambda have, asked: asked in have,
    "ANY_OF": lambda have, asked: have in asked.split(","),
    "NONE_OF": lambda have, asked: have not in asked.split(","),
}


def answers(call: Call) -> bool:
    """Whether a call is answered here."""
    return (call.service, call.operation) == ("pricing", "GetProducts") and call.region in ENDPOINTS


def answer(operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
    """The answer to one call; the price list is the same for every account.

    Raises:
        AwsError: what AWS would refuse.
        WrongShape: the stand-in itself is wrong.
    """
    service, size = params.get("ServiceCode"), params.get("MaxResults", MOST_RESULTS)
    if not isinstance(service, str) or not service:
        raise AwsError("InvalidParameterException", "ServiceCode is required.")
    if not isinstance(size, int) or not 1 <= size <= MOST_RESULTS:
        raise AwsError("InvalidParameterException", "MaxResults must be between 1 and 100.")
    if params.get("FormatVersion", _FORMAT) != _FORMAT:
        raise AwsError("InvalidParameterException", "The format version is not valid; use aws_v1.")
    products = products_of(service)
    if not products:
        raise AwsError("NotFoundException", f"Service code {service} was not found.")
    asked = [_filter(one) for one in params.get("Filters") or []]
    found = [product for product in products if all(_fits(product.attributes, *one) for one in asked)]
    first = _offset(params)
    more = {"NextToken": _token(params, first + size)} if first + size < len(found) else {}
    texts = [product.text() for product in found[first : first + size]]
    page = {"FormatVersion": _FORMAT, "PriceList": texts, **more}
    return checked("pricing", operation, page)


def _filter(one: Mapping[str, Any]) -> tuple[str, str, str]:
    known = operation_model("pricing", "GetProducts").input_shape.members["Filters"].member.members["Type"].enum
    if one.get("Type") not in known or not one.get("Field") or "Value" not in one:
        raise AwsError("InvalidParameterException", "A filter needs a known Type, a Field and a Value.")
    return str(one["Type"]), str(one["Field"]), str(one["Value"])


def _fits(attributes: Mapping[str, str], kind: str, field: str, value: str) -> bool:
    have = attributes.get("servicecode" if field.lower() == "servicecode" else field)
    return have is not None and _TESTS[kind](have, value)


def _offset(params: Mapping[str, Any]) -> int:
    token = params.get("NextToken")
    if not token:
        return 0
    try:
        stored = json.loads(base64.urlsafe_b64decode(token))
        offset, of = int(stored["offset"]), stored["request"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        of, offset = None, 0
    if of != _fingerprint(params):
        raise AwsError("InvalidNextTokenException", "The pagination token is invalid. Try again without it.")
    return offset


def _token(params: Mapping[str, Any], offset: int) -> str:
    stored = json.dumps({"offset": offset, "request": _fingerprint(params)})
    return base64.urlsafe_b64encode(stored.encode()).decode()


def _fingerprint(params: Mapping[str, Any]) -> str:
    same = {name: value for name, value in params.items() if name not in ("NextToken", "MaxResults")}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:24]
