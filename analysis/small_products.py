"""Matrix products in parts so small that the linear algebra library keeps them on one thread.

It shares larger ones out among all processors, and where these are busy its threads spin, waiting for each other, for
many times as long as the product takes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: Multiplications that no library shares out; OpenBLAS begins above 262,144.
FEW = 200_000


def product(weight: Values, value: Values) -> Values:
    """`weight @ value` for few rows of weights and any number of columns."""
    rows, inner = weight.shape
    columns = max(1, FEW // (rows * inner))
    parts = [weight @ value[:, start : start + columns] for start in range(0, max(1, value.shape[1]), columns)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
