"""Matrix products and Fourier transforms, each beside the plain definition."""

from __future__ import annotations

import numpy as np
import pytest

from xo_cnn.convolution import match_sums
from xo_cnn.engine.fourier import transform
from xo_cnn.engine.products import multiply
from xo_cnn.engine.tuning import Tuning


@pytest.mark.parametrize("work", [multiply, transform])
@pytest.mark.parametrize("block", [1, 1 << 12, 1 << 21])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 1), (5, 4), (60, 40)])
def test_a_flat_grid_gives_the_sums_of_the_plain_definition(work, block: int, shape: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    """Whatever is taken at a time; the last columns, where shifts run past the end of a row, are not looked at."""
    rng = np.random.default_rng(4)
    grid = rng.standard_normal((60, 40))
    features = rng.standard_normal((3, *shape))
    sums = np.full((3, grid.size), np.nan)
    work(grid.reshape(-1), sums, features, 40, Tuning(products_block=block, fourier_span=block))
    for one, feature in zip(sums.reshape(3, 60, 40), features, strict=True):
        assert np.allclose(one[: 61 - shape[0], : 41 - shape[1]], match_sums(grid, feature), rtol=0, atol=1e-10)


def test_the_transform_keeps_its_bound_on_a_large_grid() -> None:
    """Half a million cells at a time, of the size that the bound is stated for, and a feature of thousands."""
    rng = np.random.default_rng(5)
    grid = rng.uniform(-1, 1, (1200, 1100))
    feature = rng.uniform(-1, 1, (1, 60, 60))
    sums = np.empty((1, grid.size))
    transform(grid.reshape(-1), sums, feature, 1100)
    for top in (0, 500, 1130):
        errors = sums.reshape(grid.shape)[top : top + 10, :1041] - match_sums(grid[top : top + 69], feature[0])
        assert np.abs(errors).max() <= 1e-10 * np.abs(grid).max() * np.linalg.norm(feature)
