"""Pooling: block means and block maxima, exact shares, ties, dropped tails."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, normal, says, symbols
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import ops
from cnnlib.layers import MaxPool2D, MeanPool2D

pools = pytest.mark.parametrize("pool, function", [(MeanPool2D, np.mean), (MaxPool2D, np.max)])
scales = st.tuples(st.integers(1, 3), st.integers(1, 3))
counts = st.tuples(st.integers(1, 3), st.integers(1, 3))
tails = st.tuples(st.integers(0, 2), st.integers(0, 2))


def sizes(scale, count, tail):
    return tuple(s * m + min(r, s - 1) for s, m, r in zip(scale, count, tail, strict=True))


@pools
@given(scales, counts, tails, st.integers(0, 999))
def test_each_block_becomes_one_cell(pool, function, scale, count, tail, seed):
    X = normal(2, 2, *sizes(scale, count, tail), seed=seed)
    A = pool(scale, drop_tail=True).forward(X)
    assert A.shape == (2, 2, *count)
    for n, c, i, j in np.ndindex(A.shape):
        block = X[n, c, scale[0] * i :, scale[1] * j :][: scale[0], : scale[1]]
        assert np.isclose(A[n, c, i, j], function(block), rtol=1e-14)


@given(scales, counts, st.integers(0, 999))
def test_a_mean_pool_is_a_sampled_correlation_with_a_box(scale, count, seed):
    x = normal(*sizes(scale, count, (0, 0)), seed=seed)
    box = np.full(scale, 1 / np.prod(scale))
    sampled = ops.correlate(x, box)[:: scale[0], :: scale[1]]
    assert_close(MeanPool2D(scale).forward(x[None, None])[0, 0], sampled)


@given(scales, counts, tails, st.integers(0, 999))
def test_a_mean_pool_gives_every_cell_of_a_block_an_equal_share(scale, count, tail, seed):
    size = sizes(scale, count, tail)
    layer, delta = MeanPool2D(scale, drop_tail=True), normal(2, 2, *count, seed=seed)
    layer.forward(np.zeros((2, 2, *size)))
    expected = np.zeros((2, 2, *size))  # the tail keeps its zeros
    expected[:, :, : scale[0] * count[0], : scale[1] * count[1]] = np.kron(
        delta, np.full(scale, 1 / np.prod(scale))
    )
    assert_close(layer.backward(delta), expected)


@given(scales, counts, tails, st.integers(0, 999))
def test_a_max_pool_gives_all_to_the_largest_cell(scale, count, tail, seed):
    size = sizes(scale, count, tail)
    X, delta = normal(2, 2, *size, seed=seed), normal(2, 2, *count, seed=seed + 1)
    layer = MaxPool2D(scale, drop_tail=True)
    A, dX = layer.forward(X), layer.backward(delta)
    assert np.count_nonzero(dX) == delta.size
    for index in np.ndindex(A.shape):
        place = np.argwhere(X[index[:2]] == A[index])
        assert dX[index[:2]][tuple(place[0])] == delta[index]


@pytest.mark.parametrize("pool", [MeanPool2D, MaxPool2D])
def test_a_dropped_tail_gets_no_gradient(pool):
    layer = pool((2, 3), drop_tail=True)
    delta = np.ones_like(layer.forward(normal(1, 1, 5, 8)))
    dX = layer.backward(delta)
    assert dX.shape == (1, 1, 5, 8) and dX.sum() == pytest.approx(delta.size)
    assert not dX[..., 4:, :].any() and not dX[..., 6:].any()


TIES = {
    "all equal": ([[1, 1], [1, 1]], (0, 0)),
    "the upper row": ([[2, 2], [1, 2]], (0, 0)),
    "right before below": ([[1, 2], [2, 2]], (0, 1)),
    "the lower row": ([[1, 0], [3, 3]], (1, 0)),
    "zero and minus zero": ([[-0.0, 0.0], [0.0, -1]], (0, 0)),
    "minus infinity": ([[-np.inf, -np.inf], [-np.inf, -np.inf]], (0, 0)),
}


@pytest.mark.parametrize("block, first", TIES.values(), ids=TIES)
def test_a_tie_goes_to_the_first_in_reading_order(block, first):
    layer = MaxPool2D(2)
    layer.forward(np.array(block, dtype=float)[None, None])
    dX = layer.backward([[[[5.0]]]])
    assert dX[0, 0][first] == 5 and dX.sum() == 5


def test_every_block_of_a_tied_map_counts_from_its_own_corner():
    layer = MaxPool2D((2, 3))
    layer.forward(np.zeros((2, 2, 4, 6)))
    dX = layer.backward(np.ones((2, 2, 2, 2)))
    np.testing.assert_array_equal(dX, np.tile([[1, 0, 0], [0, 0, 0]], (2, 2, 2, 2)))


def test_a_mean_of_symbols_is_exact():
    X = symbols("x", 1, 1, 2, 3)
    layer = MeanPool2D((2, 3))
    assert sympy.expand(layer.forward(X)[0, 0, 0, 0]) == sympy.expand(sum(X.flat) / 6)  # 1/6, not 0.1666…
    (d,) = symbols("d", 1)
    assert all(share == d / 6 for share in layer.backward([[[[d]]]]).flat)


@pytest.mark.parametrize("pool", [MeanPool2D, MaxPool2D])
@pytest.mark.parametrize(
    "scale, shape, words",
    [
        (2, (1, 1, 5, 4), ["5×4", "multiples of 2×2", "drop_tail=True"]),
        ((2, 3), (1, 1, 4, 4), ["4×4", "multiples of 2×3", "drop_tail=True"]),
        (3, (1, 1, 2, 9), ["2×9", "smaller than one block"]),
        (2, (1, 4, 4), ["(1, 4, 4)", "(N, C, rows, columns)", "X[None]"]),
        (2, (4, 4), ["(4, 4)", "(N, C, rows, columns)"]),
    ],
)
def test_maps_that_the_scale_does_not_divide_are_refused(pool, scale, shape, words):
    layer = pool(scale)
    with says(repr(layer), *words):
        layer.forward(np.zeros(shape))


@pytest.mark.parametrize("pool", [MeanPool2D, MaxPool2D])
@pytest.mark.parametrize("options, text", [({}, "(2×3)"), ({"drop_tail": True}, "(2×3, drop_tail)")])
def test_a_pool_says_what_it_is(pool, options, text):
    assert repr(pool((2, 3), **options)) == pool.__name__ + text
