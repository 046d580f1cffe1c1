"""What a check says on its card: templates filled from a row, commands with every value quoted for the shell."""

from __future__ import annotations

import shlex
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.models import Chart

#: Makes charts: the rows that save and the tables by name, to one chart (or None) per row in the same order.
Charts = Callable[[DataFrame, Mapping[str, Any]], list[Chart | None]]

NO_UNDO = "There is no way back."


@dataclass(frozen=True, slots=True)
class Words:
    """The templates of a card: `{column}` of the row, `{threshold}` of the check.

    Attributes:
        current, proposed: what it is and what it would be, a few words each.
        how: how the saving was computed, with its figures.
        ignores: what the figure leaves out.
        risk: what may go wrong, in a sentence.
        effect: what the change does to the resource, in a sentence.
        command: lines for a shell, which stop at the first that fails; values are quoted, `{column:raw}` is not.
        undo: the way back, alike; empty where there is none.
        steps: what a person does where no command exists, in place of one; lines that begin with `aws ` are shown as
            commands.
    """

    current: str
    proposed: str
    how: str
    ignores: str
    risk: str
    effect: str
    command: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    steps: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One measured fact of a card: the column it is in, and how it was measured."""

    metric: str
    column: str
    unit: str
    source: str
    statistic: str = ""


def filled(template: str, row: Mapping[str, Any]) -> str:
    """The template with the row's values."""
    return _PLAIN.vformat(template, (), row)


def shell(lines: tuple[str, ...], row: Mapping[str, Any]) -> str:
    """The lines with the row's values quoted, for its account and region, each only if the one before worked."""
    if not lines:
        return ""
    account = f'test "$(aws sts get-caller-identity --query Account --output text)" = {shlex.quote(row["account_id"])}'
    return " && \\\n".join((account, *(_placed(_QUOTED.vformat(line, (), row), row) for line in lines)))


def _placed(line: str, row: Mapping[str, Any]) -> str:
    asks_aws = line.startswith("aws ") and "--region" not in line
    return f"{line} --region {shlex.quote(row['region'])}" if asks_aws and row["region"] else line


def made_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """The charts that the check made while it judged: its column `chart`."""
    return list(rows["chart"])


class _Plain(string.Formatter):
    """A missing value is a dash, whatever its format."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if pd.api.types.is_scalar(value) and pd.isna(value):
            return "–"
        return str(super().format_field(value, format_spec))


class _Quoted(_Plain):
    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "raw":
            return str(value)
        return shlex.quote(super().format_field(value, format_spec))


_PLAIN, _QUOTED = _Plain(), _Quoted()
