"""AWS's price list hardly changes from day to day: answers are kept as a file in the data directory for a week."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.prices.price_list import Answered, Question, answered
from bot.collectors import price_list
from bot.errors import SourceUnavailable
from bot.logs.correlation import carried

log = logging.getLogger("costbot.prices")

FILE = "price_list.json"
#: An answer is asked for again after so long.
MAX_AGE = timedelta(days=7)
#: Where AWS gives no answer, an older one still serves, with its date.
KEPT = timedelta(days=90)
#: The Price List answers about ten requests a second.
MOST_THREADS = 4

Fetch = Callable[[Question], list[str]]


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices with the columns of `price_list`, and why AWS gave no answer to some of the questions."""

    table: DataFrame
    problem: SourceUnavailable | None = None


def price_list_table(data_dir: Path, questions: Iterable[Question], today: date, fetch: Fetch) -> PriceList:
    """The answers to these questions: from the file where they are fresh, else from AWS.

    AWS is asked no further once it gives no answer; what it answered before that is kept.

    Args:
        fetch: asks AWS one question; may raise `SourceUnavailable`.
    """
    wanted = {question.id: question for question in questions}
    path = data_dir / FILE
    kept = {id_: entry for id_, entry in _read(path).items() if _age(entry, today) <= KEPT}
    missing = [
        question
        for id_, question in wanted.items()
        if id_ not in kept or kept[id_]["of"] != _mark(question) or _age(kept[id_], today) > MAX_AGE
    ]
    fresh, problem = _asked(missing, fetch)
    for question, answer in fresh:
        kept[question.id] = {"of": _mark(question), "on": today.isoformat(), "usd": dict(answer.usd)}
    if fresh:
        _write(path, kept)
    return PriceList(_table(wanted.values(), kept), problem)


def _asked(
    missing: Sequence[Question], fetch: Fetch
) -> tuple[list[tuple[Question, Answered]], SourceUnavailable | None]:
    """The answers, and the first refusal. The first question goes alone: where it is refused, so are all."""
    found: list[tuple[Question, Answered]] = []
    problem: SourceUnavailable | None = None

    def ask(question: Question) -> Answered | SourceUnavailable:
        if problem is not None:
            return problem
        try:
            return answered(question, fetch(question))
        except SourceUnavailable as error:
            return error

    with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="prices") as pool:
        for batch in (missing[:1], missing[1:]):
            for question, answer in zip(batch, pool.map(carried(ask), batch), strict=True):
                if isinstance(answer, Answered):
                    found.append((question, answer))
                else:
                    problem = problem or answer
    refused = {f"{q.region} {item}": why for q, answer in found for item, why in answer.refused.items()}
    if refused:
        log.info("no single price in AWS's price list for %s", refused)
    return found, problem


def _table(wanted: Iterable[Question], kept: dict[str, dict[str, Any]]) -> DataFrame:
    rows = [
        {"region": question.region, "item": item, "usd": usd, "date": pd.Timestamp(kept[question.id]["on"])}
        for question in wanted
        if question.id in kept
        for item, usd in kept[question.id]["usd"].items()
    ]
    return DataFrame.from_records(rows, columns=list(price_list.COLUMNS)).astype(price_list.COLUMNS)


def _age(entry: dict[str, Any], today: date) -> timedelta:
    """How old an answer is; older than any where it is of the future."""
    age = today - date.fromisoformat(entry["on"])
    return age if age >= timedelta(0) else timedelta.max


def _mark(question: Question) -> str:
    """Changes with all that the question is about, so that an answer read by other rules is asked for again."""
    told = (question.service_code, question.region, question.filters, question.each, question.usage)
    wanted = [(w.item, w.match, sorted(w.units), w.per, w.tier) for w in question.wanted]
    return hashlib.sha256(repr((told, wanted)).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """What is kept and sound, by question."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {id_: entry for id_, entry in kept.items() if _is_sound(entry)}
    except (OSError, ValueError, AttributeError):
        return {}


def _is_sound(entry: Any) -> bool:
    try:
        date.fromisoformat(entry["on"])
        prices = [float(usd) for usd in entry["usd"].values()]
        return isinstance(entry["of"], str) and all(math.isfinite(usd) and usd > 0 for usd in prices)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _write(path: Path, kept: dict[str, dict[str, Any]]) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(path)
