"""Figures of a column as text, for the reasons that checks give."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import Series


def figures(values: Series[Any], form: str = "{:.0f}") -> Series[str]:
    """Each value in the given form, as "{:.3g}"; an unknown one is "no"."""
    return pd.Series(
        ["no" if pd.isna(value) else form.format(value) for value in values], index=values.index, dtype="str"
    )
