"""What every command, job and workflow works with, made once by `bot.app` and handed down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.aws import Aws
    from bot.clock import Clock
    from bot.cost_files import CostFiles
    from bot.posting import Poster
    from bot.settings import Settings
    from bot.store import Store
    from bot.work import Work


@dataclass(frozen=True, slots=True)
class Context:
    """The bot's parts. `slack` is None in a terminal without tokens."""

    settings: Settings
    clock: Clock
    store: Store
    costs: CostFiles
    aws: Aws
    work: Work
    slack: Poster | None = None
