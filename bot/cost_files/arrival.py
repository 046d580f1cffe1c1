"""The learnt late-arrival curves, beside the months of their source: `arrival.json`. Any process may read them.

They are learnt again at every refresh: without the file the prior answers until the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.arrival_curve import ArrivalCurve
from analysis.models import from_json, to_json
from bot.cost_files.replacing import swap

#: Curves by source and provider.
Curves = Mapping[tuple[str, str], ArrivalCurve]


def read_curves(folder: Path, sources: Iterable[str]) -> dict[tuple[str, str], ArrivalCurve]:
    """What was learnt of each source; what cannot be read counts as nothing learnt.

    Args:
        folder: of all sources.
    """
    found: dict[tuple[str, str], ArrivalCurve] = {}
    for source in sources:
        try:
            texts = json.loads(_path(folder, source).read_text(encoding="utf-8"))
            found |= {(source, provider): from_json(ArrivalCurve, text) for provider, text in texts.items()}
        except (OSError, AttributeError, KeyError, TypeError, ValueError):
            continue
    return found


def write_curves(folder: Path, source: str, curves: Mapping[str, ArrivalCurve]) -> None:
    """Keep the curves of a source in place of the earlier ones, by rename.

    Raises:
        OSError: the disk refuses.
    """
    path = _path(folder, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({provider: to_json(curve) for provider, curve in sorted(curves.items())}, indent=1) + "\n"
    swap(path, lambda target: target.write_text(text, encoding="utf-8"))


def _path(folder: Path, source: str) -> Path:
    return folder / source / "arrival.json"
