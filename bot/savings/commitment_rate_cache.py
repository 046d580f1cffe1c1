"""Rates of Savings Plans and reservations hardly change: kept as a file in the data directory for a week.

Asking for them is free of charge, but an organisation's usage types take some dozens of requests.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pandas import DataFrame

from analysis.commitments.rate_questions import PlanQuestion, Rates, plan_questions, reserved_questions
from analysis.prices.price_list import Question
from bot.aws import Aws
from bot.collectors import reserved_rates, savings_plan_rates
from bot.errors import SourceUnavailable
from bot.savings.price_cache import KEPT, MAX_AGE
from bot.tables import typed

FILE = "commitment_rates.json"
#: Two questions at once would ask AWS the same, and one would lose what the other kept.
_LOCK = threading.Lock()

Entry = dict[str, Any]


def commitment_rates(data_dir: Path, lines: DataFrame, today: date, aws: Aws) -> Rates:
    """The rates that these lines need: from the file where they are fresh, else from AWS.

    AWS is asked no further of one kind once it gives no answer; an older one still serves.

    Args:
        lines: columns `analysis.commitments.usage.LINES`.
    Raises:
        SourceUnavailable: AWS gave no answer, and nothing is kept.
    """
    with _LOCK:
        path = data_dir / FILE
        kept = _read(path)
        before = json.dumps(kept, sort_keys=True)
        plans, no_plans = _plans(kept["plans"], plan_questions(lines), today, aws)
        reserved, no_reserved = _reserved(kept["reserved"], reserved_questions(lines), today, aws)
        if json.dumps(kept, sort_keys=True) != before:
            _write(path, kept)
    problem = no_plans or no_reserved
    if problem is not None and plans.empty and reserved.empty:
        raise problem
    return Rates(plans, reserved, str(problem) if problem is not None else "")


def _plans(
    kept: dict[str, Entry], questions: Sequence[PlanQuestion], today: date, aws: Aws
) -> tuple[DataFrame, SourceUnavailable | None]:
    """Kept by question and usage type: one that is new asks for itself alone."""
    rows, problem = [], None
    for question in questions:
        keys = {usage_type: f"{question.id}|{usage_type}" for usage_type in question.usage_types}
        missing = [usage_type for usage_type, key in keys.items() if not _is_fresh(kept.get(key), today)]
        if missing and problem is None:
            try:
                told = _told_of_plans(question, missing, aws)
                kept |= {keys[name]: {"on": today.isoformat(), "rows": told.get(name, [])} for name in missing}
            except SourceUnavailable as error:
                problem = error
        rows += _usable(kept, keys.values(), today)
    return typed(rows, savings_plan_rates.COLUMNS), problem


def _told_of_plans(question: PlanQuestion, usage_types: Sequence[str], aws: Aws) -> dict[str, list[Entry]]:
    results = savings_plan_rates.fetch(
        aws,
        usage_types,
        plan_types=question.plan_types,
        description=question.description,
        tenancy=question.tenancy,
        product=question.product,
        service_code=question.service_code,
    )
    found: dict[str, list[Entry]] = {}
    for row in _records(savings_plan_rates.parse(results)):
        found.setdefault(str(row["usage_type"]), []).append(row)
    return found


def _reserved(
    kept: dict[str, Entry], questions: Mapping[Question, frozenset[str]], today: date, aws: Aws
) -> tuple[DataFrame, SourceUnavailable | None]:
    """Kept by question and item; an answer tells every type of a region, of which the wanted ones are kept."""
    rows, problem = [], None
    for question, items in questions.items():
        keys = {item: f"{question.id}|{item}" for item in sorted(items)}
        missing = [item for item, key in keys.items() if not _is_fresh(kept.get(key), today)]
        if missing and problem is None:
            try:
                table = reserved_rates.read(aws, [question])
                told = {item: _records(table[table["item"].eq(item)]) for item in missing}
                kept |= {keys[item]: {"on": today.isoformat(), "rows": told[item]} for item in missing}
            except SourceUnavailable as error:
                problem = error
        rows += _usable(kept, keys.values(), today)
    return typed(rows, reserved_rates.COLUMNS), problem


def _usable(kept: Mapping[str, Entry], keys: Iterable[str], today: date) -> list[dict[str, object]]:
    found = [kept[key] for key in keys if key in kept and (today - date.fromisoformat(kept[key]["on"])) <= KEPT]
    return [row for entry in found for row in entry["rows"]]


def _is_fresh(entry: Entry | None, today: date) -> bool:
    return entry is not None and 0 <= (today - date.fromisoformat(entry["on"])).days <= MAX_AGE.days


def _records(table: DataFrame) -> list[Entry]:
    found: list[Entry] = json.loads(table.to_json(orient="records", double_precision=15))
    return found


def _read(path: Path) -> dict[str, dict[str, Entry]]:
    """What is kept and sound; of an earlier form nothing is."""
    empty: dict[str, dict[str, Entry]] = {"plans": {}, "reserved": {}}
    columns = {"plans": set(savings_plan_rates.COLUMNS), "reserved": set(reserved_rates.COLUMNS)}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: {key: entry for key, entry in told[name].items() if _is_sound(entry, columns[name])} for name in empty
        }
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return empty


def _is_sound(entry: Any, columns: set[str]) -> bool:
    try:
        date.fromisoformat(entry["on"])
        return all(set(row) == columns for row in entry["rows"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _write(path: Path, kept: Mapping[str, Any]) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(path)
