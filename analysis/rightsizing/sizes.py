"""How large an instance type is within its family: prices of one family are in proportion to it."""

from __future__ import annotations

import pandas as pd
from pandas import Series

from analysis.rightsizing.catalog import size_of

_SMALL_SIZES = {"nano": 0.25, "micro": 0.5, "small": 1.0, "medium": 2.0, "large": 4.0, "xlarge": 8.0}
LARGE = _SMALL_SIZES["large"]


def size_factor(instance_types: Series[str]) -> Series[float]:
    """Normalised size: small 1, large 4, xlarge 8, Nxlarge 8N; missing where the size has none (metal)."""
    size = size_of(instance_types)
    known = pd.Series(size.dropna().unique(), dtype="str")
    many = pd.to_numeric(known.str.extract(r"^(\d+)xlarge$", expand=False), errors="coerce")
    factors = known.map(_SMALL_SIZES).astype("float64").fillna(many * _SMALL_SIZES["xlarge"])
    return size.map(dict(zip(known, factors, strict=True))).astype("float64")
