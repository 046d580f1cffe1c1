"""Products in parts are the product."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.small_products import FEW, product


@pytest.mark.parametrize("columns", [0, 1, 7, FEW // 200, FEW // 200 + 1, 3 * FEW // 200])
def test_parts_put_together_are_the_product(columns: int) -> None:
    rng = np.random.default_rng(2)
    weight, value = rng.normal(size=(2, 100)), rng.normal(size=(100, columns))
    np.testing.assert_allclose(product(weight, value), weight @ value)
