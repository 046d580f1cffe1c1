"""What commands of the command line share: options, how settings are read, and a context for the time of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.logs.setup import choice, configure
from bot.settings import Settings, load_settings

DATA_DIR = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of all that costbot keeps."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_of(data_dir: Path | None, *, serves: bool = False) -> Settings:
    """The settings, with the log set up as they say.

    Args:
        serves: it is the bot itself, whose log tells more than errors.
    Raises:
        SettingsError: one is wrong.
    """
    given: dict[str, Any] = {"data_dir": data_dir} if data_dir else {}
    settings = load_settings(**given)
    configure(choice(settings, serves=serves))
    return settings


class context_of:
    """The bot's context for one command, closed at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __enter__(self) -> Any:
        from bot.app import build_context

        self._built = build_context(self._settings, with_slack=False)
        return self._built

    def __exit__(self, *_: object) -> None:
        self._built.work.close(0)
        self._built.store.close()
