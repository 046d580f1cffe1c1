"""The data_visualization block: native line, bar, area and pie charts."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.limits.problems import Node, Problems
from bot.demo.slack.limits.registry import block_type

MAX_POINTS = 20
# Sources name twelve too; six is the figure that all of them allow.
MAX_SERIES = 6
MAX_SEGMENTS = 6
MAX_NAME = 20


@block_type("data_visualization", surfaces=("message", "home"), required=("title", "chart"))
def data_visualization(problems: Problems, node: Node, pointer: str) -> None:
    if not problems.native_charts:
        problems.add(f"{pointer}/type", "unsupported type: data_visualization")
        return
    problems.charts += 1
    problems.string(node.get("title"), f"{pointer}/title", 50)
    chart = node.get("chart")
    if chart is None or not problems.is_object(chart, f"{pointer}/chart"):
        return
    problems.one_of(chart.get("type", ""), f"{pointer}/chart/type", ("line", "bar", "area", "pie"))
    if chart.get("type") == "pie":
        _pie(problems, chart, f"{pointer}/chart")
    else:
        _xy(problems, chart, f"{pointer}/chart")


def _pie(problems: Problems, chart: Node, pointer: str) -> None:
    problems.keys(chart, pointer, required=("segments",))
    for index, segment in enumerate(problems.items(chart.get("segments"), f"{pointer}/segments", MAX_SEGMENTS)):
        here = f"{pointer}/segments/{index}"
        if not problems.is_object(segment, here):
            continue
        problems.keys(segment, here, required=("label", "value"))
        problems.string(segment.get("label"), f"{here}/label", MAX_NAME)
        if problems.number(segment.get("value"), f"{here}/value") and segment["value"] <= 0:
            problems.add(f"{here}/value", "must be more than 0")


def _xy(problems: Problems, chart: Node, pointer: str) -> None:
    problems.keys(chart, pointer, required=("series", "axis_config"))
    categories = _categories(problems, chart.get("axis_config"), f"{pointer}/axis_config")
    listed = problems.items(chart.get("series"), f"{pointer}/series", MAX_SERIES)
    for index, series in enumerate(listed):
        _series(problems, series, f"{pointer}/series/{index}", categories)
    problems.unique([s.get("name") for s in listed if isinstance(s, dict)], f"{pointer}/series", "name")


def _categories(problems: Problems, axis: Any, pointer: str) -> list[Any]:
    if axis is None or not problems.is_object(axis, pointer):
        return []
    problems.keys(axis, pointer, required=("categories",), optional=("x_label", "y_label"))
    problems.string(axis.get("x_label"), f"{pointer}/x_label", 50)
    problems.string(axis.get("y_label"), f"{pointer}/y_label", 50)
    categories = problems.items(axis.get("categories"), f"{pointer}/categories", MAX_POINTS)
    for index, category in enumerate(categories):
        problems.string(category, f"{pointer}/categories/{index}", MAX_NAME)
    problems.unique(categories, f"{pointer}/categories", "categories")
    return categories


def _series(problems: Problems, series: Any, pointer: str, categories: list[Any]) -> None:
    if not problems.is_object(series, pointer):
        return
    problems.keys(series, pointer, required=("name", "data"))
    problems.string(series.get("name"), f"{pointer}/name", MAX_NAME)
    labels = []
    for index, point in enumerate(problems.items(series.get("data"), f"{pointer}/data", MAX_POINTS)):
        here = f"{pointer}/data/{index}"
        if not problems.is_object(point, here):
            continue
        problems.keys(point, here, required=("label", "value"))
        problems.string(point.get("label"), f"{here}/label", MAX_NAME)
        problems.number(point.get("value"), f"{here}/value")
        labels.append(point.get("label"))
    if sorted(map(str, labels)) != sorted(map(str, categories)):
        problems.add(f"{pointer}/data", "must have exactly one point for each of the categories")
