"""The letters of the file: DejaVu, which matplotlib brings, and what to do with letters that it does not have."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from bot.blocks.elements import plain

FAMILY = "DejaVu"
FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
#: Stands for a letter that the font does not have.
BOX = "\u25a1"


def font_file(style: str) -> Path:
    """The font's file in matplotlib's own folder."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FILES[style]


@cache
def known_letters() -> frozenset[int]:
    """Every code point that both faces have."""
    from matplotlib.ft2font import FT2Font

    sets = [frozenset(FT2Font(str(font_file(style))).get_charmap()) for style in FILES]
    return frozenset.intersection(*sets)


def drawable(text: str) -> str:
    """Text on one line of letters that the font has; a box stands for each other one, a run of them for one name.

    Nothing that turns the direction of writing is left, nor anything that is not seen.
    """
    letters = known_letters()
    composed = unicodedata.normalize("NFC", plain(text))
    return "".join(one if ord(one) in letters else BOX for one in composed)
