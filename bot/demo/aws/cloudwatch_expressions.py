"""The metric math the stand-in knows: + - * / on ids and numbers, PERIOD(id) and FILL(id, number)."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.cloudwatch_rules import validation_error
from bot.demo.aws.profiles import Values

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A time series: unix seconds, ascending, a value for each, and the seconds between two buckets."""

    starts: NDArray[np.int64]
    values: Values
    period: int


def evaluate(expression: str, lines: Mapping[str, Line]) -> Line:
    """The series `expression` makes of `lines`, where all of them have a value and none divides by zero.

    Args:
        lines: the other queries by id.
    Raises:
        CloudWatchException: a ValidationError, for what is no such expression.
    """
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise validation_error(f"Error in expression {expression!r}: {error.msg}.") from None
    with np.errstate(divide="ignore", invalid="ignore"):
        result = _value(tree, lines)
    if not isinstance(result, Line):
        raise validation_error(f"The expression {expression!r} is no time series.")
    finite = np.isfinite(result.values)
    return Line(result.starts[finite], result.values[finite], result.period)


def _value(node: ast.expr, lines: Mapping[str, Line]) -> Line | float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name):
        return _named(node, lines)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _combined(operator.mul, -1.0, _value(node.operand, lines))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _combined(_OPERATORS[type(node.op)], _value(node.left, lines), _value(node.right, lines))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, node.args, lines)
    raise validation_error(f"The expression {ast.unparse(node)!r} is not supported here.")


def _named(node: ast.expr, lines: Mapping[str, Line]) -> Line:
    if not isinstance(node, ast.Name) or node.id not in lines:
        raise validation_error(f"The expression refers to {ast.unparse(node)!r}, which is the id of no query.")
    return lines[node.id]


def _called(function: str, arguments: list[ast.expr], lines: Mapping[str, Line]) -> Line | float:
    if function == "PERIOD" and len(arguments) == 1:
        return float(_named(arguments[0], lines).period)
    if function == "FILL" and len(arguments) == 2:
        filler = _value(arguments[1], lines)
        if isinstance(filler, float):
            return _filled(_named(arguments[0], lines), filler, lines)
    raise validation_error(f"The function {function} is not supported here.")


def _filled(line: Line, filler: float, lines: Mapping[str, Line]) -> Line:
    starts = np.unique(np.concatenate([other.starts for other in lines.values()]))
    values = np.full(len(starts), filler)
    values[np.searchsorted(starts, line.starts)] = line.values
    return Line(starts, values, line.period)


def _combined(apply: Callable[[Any, Any], Any], left: Line | float, right: Line | float) -> Line | float:
    if isinstance(left, Line) and isinstance(right, Line):
        if left.period != right.period:
            raise validation_error(f"The periods {left.period} and {right.period} of an expression must be equal.")
        starts, at_left, at_right = np.intersect1d(left.starts, right.starts, return_indices=True)
        return Line(starts, apply(left.values[at_left], right.values[at_right]), left.period)
    if isinstance(left, Line):
        return Line(left.starts, apply(left.values, right), left.period)
    if isinstance(right, Line):
        return Line(right.starts, apply(left, right.values), right.period)
    if apply is operator.truediv and right == 0:
        raise validation_error("The expression divides by zero.")
    return float(apply(left, right))
