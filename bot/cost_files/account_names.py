"""Names of accounts as AWS Organizations tells them, kept beside the costs: not every bill has names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.errors import CostbotError

FILE = "account_names.json"


def read(folder: Path) -> dict[str, str]:
    """The names by account id; empty where none were noted.

    Args:
        folder: of all stored costs.
    """
    try:
        return {str(id_): str(name) for id_, name in json.loads((folder / FILE).read_text("utf-8")).items()}
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, AttributeError):
        return {}


def note(folder: Path, names: Mapping[str, str]) -> None:
    """Keep names beside those that are known; an account that left keeps its last one.

    Raises:
        CostbotError: the disk refuses.
    """
    known = read(folder)
    if known == known | dict(names):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=f".{FILE}.", delete=False) as fresh:
            json.dump(known | dict(names), fresh, indent=1, sort_keys=True, ensure_ascii=False)
        Path(fresh.name).replace(folder / FILE)
    except OSError as error:
        raise CostbotError(
            f"Names of accounts cannot be written to {folder}: {error.strerror}.", "Free space or fix its permissions."
        ) from error
