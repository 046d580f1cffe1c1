"""Figures inside sentences, a row at a time, for the reasons that checks give."""

from __future__ import annotations

from typing import Any

from pandas import Series


def written(values: Series[Any], spec: str = ".0f") -> Series[str]:
    """Each value as `format(value, spec)`; "no" where it is unknown."""
    told = values.map(lambda value: format(value, spec), na_action="ignore")
    return told.astype("object").fillna("no").astype("str")
