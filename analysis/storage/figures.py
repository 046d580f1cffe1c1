"""Figures inside sentences, a row at a time."""

from __future__ import annotations

from pandas import Series


def written(values: Series[float], spec: str = ".0f") -> Series[str]:
    """Each value as `format(value, spec)`; a dash where it is missing."""
    return values.map(lambda value: format(value, spec), na_action="ignore").astype("object").fillna("–").astype("str")
