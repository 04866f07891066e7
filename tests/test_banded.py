"""The banded product beside its slow twin, im2col: every number, every setting; and where each is taken."""

import numpy as np
import pytest
from helpers import assert_close, convolutions, normal
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib import banded
from cnnlib.correlation import Geometry
from cnnlib.layers import Conv2D
from cnnlib.layers.conv import SlidingWindows


def twins(case, **options):
    """The same layer on both paths, with a bias."""
    layers = [case.layer(path=path, **options) for path in ("banded", "plain")]
    for layer in layers:
        layer.params["b"] = normal(case.channels[1], seed=5)
    return layers


@settings(max_examples=300)
@given(convolutions())
def test_both_paths_give_the_same_numbers(case):
    fast, slow = twins(case)
    assert_close(fast.forward(case.X), slow.forward(case.X))
    assert_close(fast.backward(case.delta), slow.backward(case.delta))
    for name in ("K", "b"):
        assert_close(fast.grads[name], slow.grads[name])


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
@pytest.mark.parametrize("size, kernel", [((28, 28), 5), ((12, 11), (5, 4)), ((9, 40), (3, 2)), ((5, 30), (2, 7))])
def test_both_paths_agree_where_a_row_has_many_tiles(size, kernel, operation):
    options = dict(operation=operation, dtype=np.float64)
    fast, slow = (Conv2D(2, 3, kernel, path=path, **options) for path in ("banded", "plain"))
    X = normal(2, 2, *size)
    delta = normal(*slow.forward(X).shape, seed=1)
    assert_close(fast.forward(X), slow.forward(X))
    assert_close(fast.backward(delta), slow.backward(delta))
    assert_close(fast.grads["K"], slow.grads["K"])


def band(K, geometry, *size):
    """The band of one kernel after a forward pass over one map."""
    made = banded.Band(geometry, "correlation")
    made.forward(normal(1, 1, *size), np.array(K)[None, None], np.zeros(1))
    return made


def test_the_band_by_hand():
    """Six outputs in a row, tiles of one output: it reads two columns in each of three rows."""
    made = band([[1, 2], [3, 4], [5, 6]], Geometry.of((3, 2)), 4, 7)
    assert (made.t, made.w) == (1, 2)
    np.testing.assert_array_equal(made.B[:, :, 0, :, 0], [[[1], [2]], [[3], [4]], [[5], [6]]])


def test_a_wider_tile_moves_the_taps_by_the_stride_and_spreads_them_by_the_dilation():
    """Two outputs, two columns apart, are one tile of a kernel of three columns; its taps lie two columns apart."""
    made = band([[1, 2, 3]], Geometry.of((1, 3), 2, 0, 2), 1, 7)
    assert (made.t, made.w) == (2, 7)
    np.testing.assert_array_equal(made.B[0, :, 0, :, 0].T, [[1, 0, 2, 0, 3, 0, 0], [0, 0, 1, 0, 2, 0, 3]])


@given(st.integers(1, 60), st.integers(1, 9))
def test_a_tile_divides_the_output_and_is_no_narrower_than_the_overlap(m_w, k_w):
    t = banded.tile_width(m_w, k_w)
    assert m_w % t == 0
    assert t == m_w or t >= k_w - 1
    assert not any(m_w % less == 0 for less in range(max(k_w - 1, 1), t))


FASTER = [(24, 5, True), (8, 5, True), (28, 5, True), (23, 5, False), (60, 3, True)]


@pytest.mark.parametrize("m_w, k_w, fast", FASTER)
def test_where_the_band_is_taken_to_be_faster(m_w, k_w, fast):
    assert banded.is_faster(m_w, k_w) is fast


@pytest.mark.parametrize(
    "options, size, expected",
    [
        ({}, 28, True),
        ({}, 27, False),  # 23 outputs in a row can only be one tile, nearly all zeros
        ({"path": "plain"}, 28, False),
        ({"path": "banded"}, 27, True),
        ({"dtype": object}, 28, False),
        ({"dtype": object, "path": "banded"}, 6, True),
        ({"stride": 2, "padding": 1, "dilation": 2}, 28, True),
    ],
)
def test_auto_takes_the_band_for_numbers_where_it_is_faster(options, size, expected):
    layer = Conv2D(1, 2, 5, **options)
    layer.forward(normal(1, 1, size, size))
    assert type(layer.algorithm) is (banded.Band if expected else SlidingWindows)


@pytest.mark.parametrize("path", ["plain", "banded"])
def test_nothing_relies_on_the_order_in_memory(path):
    """Channels last, rows backwards, every second image: a view gives what its copy gives."""
    layer, X = Conv2D(2, 3, 3, path=path, dtype=np.float64), normal(4, 6, 7, 2)
    view = X[::2, ::-1].transpose(0, 3, 1, 2)
    Z = layer.forward(view.copy())
    delta = normal(*Z.shape[2:], *Z.shape[:2], seed=1).transpose(2, 3, 0, 1)
    expected = layer.backward(delta.copy()), layer.grads["K"]
    np.testing.assert_allclose(layer.forward(view), Z, rtol=1e-13)
    np.testing.assert_allclose(layer.backward(delta), expected[0], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(layer.grads["K"], expected[1], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("path", ["plain", "banded"])
def test_a_second_pass_leaves_the_results_of_the_first_as_they_were(path):
    layer, X = Conv2D(2, 3, 3, path=path, dtype=np.float64), normal(2, 2, 7, 6)
    delta = normal(2, 3, 5, 4, seed=1)
    first = [layer.forward(X), layer.backward(delta), *layer.grads.values()]
    kept = [array.copy() for array in first]
    second = [layer.forward(X[::-1]), layer.backward(3 * delta), *layer.grads.values()]
    for array, copy in zip(first, kept, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not any(np.shares_memory(one, other) for one in first for other in second)


def test_an_unknown_path_is_named():
    with pytest.raises(ValueError, match="path 'fast' is none of auto, plain, banded"):
        Conv2D(1, 2, 3, path="fast")
