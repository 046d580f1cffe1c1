"""Evaluates Cost Explorer's filter expressions, with the checks AWS makes on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.answers import invalid
from bot.demo.aws.cost_explorer_dimensions import DIMENSIONS, Column, Dimensions
from bot.demo.aws.shapes import operation_model

Mask = NDArray[np.bool_]

_ROOTS = ("And", "Or", "Not", "Dimensions", "Tags", "CostCategories", "ProductAttributes")


def matching(expression: Mapping[str, Any] | None, dimensions: Dimensions) -> Mask:
    """Which lines an expression lets through; None is all of them.

    Raises:
        AwsError: ValidationException, when AWS would refuse the expression.
    """
    if expression is None:
        return np.ones(len(dimensions), dtype=np.bool_)
    roots = [root for root in _ROOTS if root in expression]
    if len(roots) != 1 or len(expression) != 1:
        raise invalid("Invalid Expression: Expression can have only one root operator or dimension.")
    root, value = roots[0], expression[roots[0]]
    if root in ("And", "Or"):
        return _combined(root, value, dimensions)
    if root == "Not":
        return ~matching(value, dimensions)
    if root == "Dimensions":
        return _by_dimension(value, dimensions)
    if root == "Tags":
        return _by_tag(value, dimensions)
    raise invalid(f"{root} filter is invalid: {value.get('Key', '')} does not exist.")


def _combined(root: str, operands: Sequence[Mapping[str, Any]], dimensions: Dimensions) -> Mask:
    if len(operands) < 2:
        raise invalid(f"Invalid Expression: {root} expression must have at least 2 operands.")
    combine = np.logical_and if root == "And" else np.logical_or
    mask: Mask = combine.reduce([matching(operand, dimensions) for operand in operands])
    return mask


def _by_dimension(value: Mapping[str, Any], dimensions: Dimensions) -> Mask:
    key = value.get("Key", "")
    known = operation_model("ce", "GetDimensionValues").input_shape.members["Dimension"].enum
    if key not in known:
        raise invalid(
            f"1 validation error detected: Value '{key}' at 'filter.dimensions.key' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(known)}]"
        )
    if not value.get("Values"):
        raise invalid("Dimension filter is invalid: Values must be set to a non-empty list.")
    _check_options(value, ("EQUALS", "CASE_SENSITIVE"))
    if key not in DIMENSIONS:
        return np.zeros(len(dimensions), dtype=np.bool_)
    return _equals(dimensions.dimension(key), value["Values"])


def _by_tag(value: Mapping[str, Any], dimensions: Dimensions) -> Mask:
    if not value.get("Key"):
        raise invalid("Tag filter is invalid: Key must be set to a non-empty value.")
    options = _check_options(value, ("EQUALS", "ABSENT", "CASE_SENSITIVE"))
    column = dimensions.tag(value["Key"])
    if "ABSENT" in options:
        return _equals(column, [""])
    if not value.get("Values"):
        raise invalid("Tag filter is invalid: Values must be set to a non-empty list.")
    return _equals(column, value["Values"])


def _check_options(value: Mapping[str, Any], allowed: Sequence[str]) -> tuple[str, ...]:
    options = tuple(value.get("MatchOptions", ()))
    for option in options:
        if option not in allowed:
            raise invalid(f"Match option {option} is not supported. Supported match options are {', '.join(allowed)}.")
    return options


def _equals(column: Column, wanted: Sequence[str]) -> Mask:
    matches = np.array([name in set(wanted) for name in column.names], dtype=np.bool_)
    return matches[column.codes]
