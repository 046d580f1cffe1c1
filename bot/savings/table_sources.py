"""Where the tables of the savings checks come from: every module of `FOLDERS` with a `SCOPE`, by its table's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from pandas import DataFrame

from bot import collectors
from bot.aws import Aws
from bot.collectors.scopes import Scope, Window
from bot.commitments import tables
from bot.context import Context
from bot.inventory import Here

#: Read from outside, and worked out of what was read.
FOLDERS = (collectors, tables)
#: What checks read that is no table of one collector: made for all places together.
MADE_APART = frozenset({"prices", "instance_types"})


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table: how often it is read, and by which module."""

    name: str
    scope: Scope
    module: ModuleType

    @property
    def of(self) -> str | None:
        """The inventory table whose rows it tells more about."""
        return getattr(self.module, "OF", None)

    @property
    def columns(self) -> Mapping[str, str]:
        """Its columns and their pandas types."""
        return self.module.COLUMNS  # type: ignore[no-any-return]

    @property
    def needs(self) -> tuple[str, ...]:
        """Kinds of evidence that checks may ask it for in a second round."""
        return tuple(getattr(self.module, "NEEDS", ()))

    @property
    def after_savings(self) -> bool:
        """Whether it is made once other savings of the same scan are recorded."""
        return bool(getattr(self.module, "AFTER_SAVINGS", False))

    def inventory(self, aws: Aws, here: Here) -> DataFrame:
        """What is there; for tables that belong to no other."""
        answer: Any = self.module.fetch(aws, here.account.id, here.region)
        return self.module.parse(answer, here)  # type: ignore[no-any-return]

    def about(self, aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
        """More about rows of the inventory table it belongs to."""
        return self.module.collect(aws, here, rows, window, need)  # type: ignore[no-any-return]

    def of_bill(self, context: Context) -> DataFrame:
        """What the stored costs tell."""
        return self.module.read(context)  # type: ignore[no-any-return]


@cache
def table_sources() -> Mapping[str, TableSource]:
    """All tables by name."""
    found: dict[str, TableSource] = {}
    for module in [one for folder in FOLDERS for one in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}.")]:
        loaded = importlib.import_module(module.name)
        if hasattr(loaded, "SCOPE"):
            name = module.name.rpartition(".")[2]
            found[name] = TableSource(name, loaded.SCOPE, loaded)
    return MappingProxyType(found)


def needed_by(tables: Iterable[str]) -> list[TableSource]:
    """The sources of these tables and of the inventories they belong to; those first."""
    sources = table_sources()
    asked = {name for name in tables if name not in MADE_APART}
    asked |= {of for name in asked if (of := sources[name].of) is not None}
    return sorted((sources[name] for name in asked), key=lambda source: (source.of is not None, source.name))
