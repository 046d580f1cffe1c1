"""Puts a restored directory in the place of the old one, so that a kill at any moment leaves the one or the other.

All of it happens within the data directory, which may be a mounted volume that cannot be renamed. A journal is the
point of no return: before it is written nothing of the old was touched; after it, whoever opens the directory next
goes on where it stopped.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bot.backup.contents import ASIDE, JOURNAL, STAGED
from bot.cost_files.replacing import swap, sync
from bot.data_lock import LOCK, sole_owner


def begin(data_dir: Path, aside: str) -> None:
    """From here on the staged directory is the one that counts.

    Args:
        aside: name of the folder that takes the old one.
    """
    _note(data_dir, aside, "aside")


def finish_restore(data_dir: Path) -> bool:
    """Finish a restore that a kill has stopped half-way; returns whether there was one. Takes `sole_owner`.

    Raises:
        CostbotError: a restore is under way, or costbot runs here.
    """
    if not (data_dir / JOURNAL).exists():
        return False
    with sole_owner(data_dir):
        roll_forward(data_dir)
    return True


def roll_forward(data_dir: Path) -> None:
    """Do what is left to be done by the journal; the caller holds `sole_owner`."""
    path = data_dir / JOURNAL
    if not path.exists():
        return
    journal = json.loads(path.read_text("utf-8"))
    aside, staged = data_dir / journal["aside"], data_dir / STAGED
    if journal["phase"] == "aside":
        aside.mkdir(exist_ok=True)
        for old in sorted(data_dir.iterdir()):
            if old.name not in (LOCK, JOURNAL, STAGED) and not old.name.startswith(ASIDE):
                old.rename(aside / old.name)
        sync(aside)
        sync(data_dir)
        _note(data_dir, journal["aside"], "up")
    if staged.exists():
        for new in sorted(staged.iterdir()):
            new.rename(data_dir / new.name)
        sync(data_dir)
        shutil.rmtree(staged)
    path.unlink()
    sync(data_dir)


def _note(data_dir: Path, aside: str, phase: str) -> None:
    text = json.dumps({"aside": aside, "phase": phase})
    swap(data_dir / JOURNAL, lambda fresh: fresh.write_text(text, "utf-8"))
