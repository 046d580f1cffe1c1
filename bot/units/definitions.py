"""The units of `COSTBOT_UNITS_FILE`: TOML in, definitions out; whatever is wrong is one sentence.

The file is read again when it changes.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.allocation.mapping_values import MappingError, a_table, a_text, known_keys
from bot.collectors.unit_metrics import Metric
from bot.settings import Settings, setting_name

SETTING = setting_name("units_file")
KEYS = ("unit", "per", "of", "csv", "metric")
METRIC_KEYS = ("namespace", "name", "dimensions", "account", "region")
EXAMPLE = '[orders] with of = "checkout", csv = "orders.csv"'


@dataclass(frozen=True, slots=True)
class UnitOf:
    """One unit: `per` so many `unit` cost; `of` is whose costs, as one types it after `/cost forecast`, "" for all.

    Counts come from a CSV file, a metric, or what was loaded by `costbot units load`.
    """

    key: str
    unit: str
    per: float = 1.0
    of: str = ""
    csv: Path | None = None
    metric: Metric | None = None

    @property
    def label(self) -> str:
        """`1,000 orders`, or of one by itself `orders`; not escaped."""
        return self.unit if self.per == 1 else f"{self.per:,.0f} {self.unit}"


def defined_units(settings: Settings) -> tuple[UnitOf, ...]:
    """All units, in the order of the file; none without one.

    Raises:
        MappingError: the file cannot be read, or something in it is wrong.
    """
    path = settings.units_file
    if path is None:
        return ()
    try:
        stat = path.stat()
        return _kept(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        problem = f"{path.name} cannot be read: {error.strerror}."
        raise MappingError(problem, f"Correct {SETTING} or the file.") from None


@lru_cache(maxsize=4)
def _kept(path: Path, mtime_ns: int, size: int) -> tuple[UnitOf, ...]:
    """One version of the file, parsed once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MappingError(f"{path.name} is no UTF-8 text.", "Save it as UTF-8.") from None
    return parse(text, path)


def parse(text: str, path: Path) -> tuple[UnitOf, ...]:
    """The units that a file's text defines.

    Args:
        path: of the file; CSV files are named relative to its folder.
    Raises:
        MappingError: the first thing that is wrong: the file, the key, and what to write.
    """
    file = path.name
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{file} is no valid TOML: {error}.", "Correct that line.") from None
    return tuple(_unit(key, value, path) for key, value in said.items())


def _unit(key: str, said: Any, path: Path) -> UnitOf:
    file = path.name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", key):
        raise MappingError(f"{file}: “{key[:40]}” is no name of a unit.", "Use letters, digits, - and _: [orders].")
    table = a_table(said, file, key, EXAMPLE)
    known_keys(table, KEYS, file, key)
    if "csv" in table and "metric" in table:
        raise MappingError(f"{file}: {key} is counted by a CSV file and by a metric.", "Leave one of them out.")
    per = _per(table.get("per", 1), file, key)
    return UnitOf(
        key=key,
        unit=" ".join(a_text(table.get("unit", key), file, f"{key}.unit").split()),
        per=per,
        of=" ".join(a_text(table["of"], file, f"{key}.of").split()) if "of" in table else "",
        csv=path.parent / a_text(table["csv"], file, f"{key}.csv") if "csv" in table else None,
        metric=_metric(table["metric"], file, key) if "metric" in table else None,
    )


def _per(value: Any, file: str, key: str) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 1:
        raise MappingError(f"{file}: {key}.per is no number from 1 on.", "Write per = 1000 for a price per thousand.")
    return float(value)


def _metric(said: Any, file: str, key: str) -> Metric:
    where = f"{key}.metric"
    table = a_table(said, file, where, 'metric = { namespace = "Shop", name = "OrdersPlaced" }')
    known_keys(table, METRIC_KEYS, file, where)
    texts = {name: _optional(table, name, file, where) for name in METRIC_KEYS if name != "dimensions"}
    missing = next((name for name in ("namespace", "name") if not texts[name]), None)
    if missing:
        raise MappingError(f"{file}: {where} has no {missing}.", f'Write {missing} = "…" in it.')
    if texts["account"] and not re.fullmatch(r"\d{12}", texts["account"]):
        raise MappingError(f"{file}: {where}.account is no AWS account id.", "Write its 12 digits, in quotation marks.")
    dimensions = a_table(table.get("dimensions", {}), file, f"{where}.dimensions", 'dimensions = { Stage = "prod" }')
    pairs = tuple((name, a_text(value, file, f"{where}.dimensions.{name}")) for name, value in dimensions.items())
    return Metric(texts["namespace"], texts["name"], pairs, texts["account"], texts["region"])


def _optional(table: Mapping[str, Any], name: str, file: str, where: str) -> str:
    return a_text(table[name], file, f"{where}.{name}") if name in table else ""
