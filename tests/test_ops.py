"""The operations against SciPy, NumPy, their loop twins and their definitions."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, normal, says, symbols
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from cnnlib import ops

sides = st.integers(1, 5)
shapes = st.tuples(sides, sides)
seeds = st.integers(0, 999)
twins = pytest.mark.parametrize(
    "fast, loops", [(ops.correlate, ops.correlate_loops), (ops.convolve, ops.convolve_loops)]
)
both = pytest.mark.parametrize(
    "ours, scipys", [(ops.correlate, signal.correlate2d), (ops.convolve, signal.convolve2d)]
)
every_mode = pytest.mark.parametrize("mode", ops.MODES)


def fits(shape, kernel_shape):
    return all(k <= n for n, k in zip(shape, kernel_shape, strict=True))


# --- turn, dilate, pad


def test_rot180_reverses_both_spatial_axes_and_only_those():
    K = normal(2, 3, 4, 5)
    for o, c, u, v in np.ndindex(K.shape):
        assert ops.rot180(K)[o, c, u, v] == K[o, c, 3 - u, 4 - v]


def test_two_turns_give_the_kernel_back():
    K = normal(2, 3, 3, 2)
    np.testing.assert_array_equal(ops.rot180(ops.rot180(K)), K)


def test_a_turn_is_no_transpose_and_no_mirror_image():
    K = np.arange(9).reshape(3, 3)
    turned = ops.rot180(K)
    for other in (K, K.T, K[::-1], K[:, ::-1], np.rot90(K), np.rot90(K, -1)):
        assert (turned != other).any()


@given(shapes, shapes)
def test_dilate_spreads_the_cells_and_leaves_zeros_between(shape, spacing):
    X = np.arange(1, 1 + 2 * shape[0] * shape[1]).reshape(2, *shape)
    Y = ops.dilate(X, spacing)
    assert Y.shape == (2, *(s * (n - 1) + 1 for n, s in zip(shape, spacing, strict=True)))
    np.testing.assert_array_equal(Y[:, :: spacing[0], :: spacing[1]], X)
    assert np.count_nonzero(Y) == X.size


@given(st.tuples(*[st.tuples(st.integers(-6, 3), st.integers(-6, 3))] * 2))
def test_pad_is_a_look_at_the_map_continued_by_zeros(amounts):
    X, far = np.arange(1, 41).reshape(2, 5, 4), 8
    plane = np.pad(X, ((0, 0), (far, far), (far, far)))
    (top, bottom), (left, right) = amounts
    height, width = 5 + top + bottom, 4 + left + right
    if min(height, width) < 0:
        with says("pad", "5×4", f"{height}×{width}"):
            ops.pad(X, amounts)
    else:
        seen = plane[:, far - top :, far - left :][:, :height, :width]
        np.testing.assert_array_equal(ops.pad(X, amounts), seen)


@pytest.mark.parametrize("short, long", [(2, ((2, 2), (2, 2))), ((1, -1), ((1, 1), (-1, -1)))])
def test_pad_takes_one_number_a_pair_or_four_sides(short, long):
    X = normal(2, 5, 4)
    np.testing.assert_array_equal(ops.pad(X, short), ops.pad(X, long))
    np.testing.assert_array_equal(ops.pad(X, np.array(short)), ops.pad(X, np.array(long)))


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))
def test_output_size_counts_the_places_where_the_kernel_fits(n, k, s, p, d):
    places = [start for start in range(0, n + 2 * p, s) if start + d * (k - 1) < n + 2 * p]
    if places:
        assert ops.output_size(n, k, stride=s, padding=p, dilation=d) == len(places)
    else:
        with says(f"kernel of {k}", f"input of {n}"):
            ops.output_size(n, k, stride=s, padding=p, dilation=d)


@pytest.mark.parametrize("n, k, d", [(3, 5, 1), (3, 4, 1), (2, 3, 4)])
def test_the_padding_that_the_error_asks_for_is_enough_and_no_more(n, k, d):
    with pytest.raises(ValueError) as raised:
        ops.output_size(n, k, dilation=d)
    asked = int(str(raised.value).split("it takes padding ")[1].split()[0])
    assert ops.output_size(n, k, padding=asked, dilation=d) >= 1
    with says("does not fit"):
        ops.output_size(n, k, padding=asked - 1, dilation=d)


# --- correlate and convolve


@both
@given(shapes, shapes, seeds)
def test_full_is_scipys(ours, scipys, shape, kernel_shape, seed):
    X, K = normal(*shape, seed=seed), normal(*kernel_shape, seed=seed + 1)
    assert_close(ours(X, K, "full"), scipys(X, K, "full"))


@both
@given(shapes, shapes, seeds)
def test_valid_is_scipys(ours, scipys, shape, kernel_shape, seed):
    X, K = normal(*shape, seed=seed), normal(*kernel_shape, seed=seed + 1)
    if fits(shape, kernel_shape):
        assert_close(ours(X, K), scipys(X, K, "valid"))
    else:  # SciPy exchanges the two; here it is an error
        with says("{}×{} kernel".format(*kernel_shape), "{}×{} map".format(*shape)):
            ours(X, K)


@both
@given(shapes, shapes, seeds)
def test_same_is_n_cells_of_full_from_half_the_kernel(ours, scipys, shape, kernel_shape, seed):
    X, K = normal(*shape, seed=seed), normal(*kernel_shape, seed=seed + 1)
    start = [(k - 1) // 2 for k in kernel_shape]
    middle = tuple(slice(a, a + n) for a, n in zip(start, shape, strict=True))
    assert_close(ours(X, K, "same"), scipys(X, K, "full")[middle])


@pytest.mark.parametrize("ours, numpys", [(ops.correlate, np.correlate), (ops.convolve, np.convolve)])
@given(st.integers(1, 6), st.integers(1, 6), seeds)
def test_same_is_numpys_on_a_row_and_on_a_column(ours, numpys, n, k, seed):
    n, k = max(n, k), min(n, k)  # NumPy exchanges the two otherwise
    x, y = normal(n, seed=seed), normal(k, seed=seed + 1)
    assert_close(ours(x[None], y[None], "same")[0], numpys(x, y, "same"))
    assert_close(ours(x[:, None], y[:, None], "same")[:, 0], numpys(x, y, "same"))


@twins
@every_mode
@given(shapes, shapes, seeds)
def test_fast_and_loops_agree(fast, loops, mode, shape, kernel_shape, seed):
    if mode == "valid" and not fits(shape, kernel_shape):
        kernel_shape = shape
    X, K = normal(*shape, seed=seed), normal(*kernel_shape, seed=seed + 1)
    assert_close(fast(X, K, mode), loops(X, K, mode))


@twins
@every_mode
@pytest.mark.parametrize(
    "dtype", [bool, np.uint8, np.int8, np.int64, np.float32, np.float64, complex, object]
)
def test_fast_and_loops_agree_on_every_dtype(fast, loops, mode, dtype):
    X, K = (100 * normal(4, 5)).astype(dtype), (100 * normal(2, 3, seed=1)).astype(dtype)
    mine, twin = fast(X, K, mode), loops(X, K, mode)
    assert mine.dtype == twin.dtype
    assert_close(mine.astype(complex), twin.astype(complex), 1e-6 if dtype == np.float32 else 1e-12)


@twins
@pytest.mark.parametrize("mode, size", [("full", (3, 4)), ("same", (1, 2))])
def test_full_and_same_take_a_kernel_larger_than_the_map(fast, loops, mode, size):
    X, K = np.array([[3.0, 5.0]]), np.arange(1.0, 10).reshape(3, 3)
    assert fast(X, K, mode).shape == size
    assert_close(fast(X, K, mode), loops(X, K, mode))


@pytest.mark.parametrize("operation, cell", [(ops.correlate, 1), (ops.convolve, 4)])
def test_same_of_one_cell_with_a_two_by_two_kernel_starts_where_full_does(operation, cell):
    K = np.array([[4, 3], [2, 1]])  # under ⋆ full begins with the last entry, under ∗ with the first
    np.testing.assert_array_equal(operation([[1]], K, "same"), [[cell]])


@every_mode
@given(shapes, seeds)
def test_convolution_is_correlation_with_the_turned_kernel(mode, shape, seed):
    X, K = normal(*shape, seed=seed), normal(min(2, shape[0]), min(3, shape[1]), seed=seed + 1)
    assert_close(ops.convolve(X, K, mode), ops.correlate(X, ops.rot180(K), mode))


def test_full_convolution_commutes_and_correlation_turns_instead():
    X, K = normal(4, 5), normal(2, 3, seed=1)
    assert_close(ops.convolve(X, K, "full"), ops.convolve(K, X, "full"))
    assert_close(ops.correlate(X, K, "full"), ops.rot180(ops.correlate(K, X, "full")))


def test_whole_numbers_do_not_wrap_around():
    X = np.full((3, 3), 200, dtype=np.uint8)
    for operation in (ops.correlate, ops.convolve, ops.correlate_loops, ops.convolve_loops):
        np.testing.assert_array_equal(operation(X, X), [[9 * 200 * 200]])


def test_a_correlation_takes_no_complex_conjugate():
    np.testing.assert_array_equal(ops.correlate([[1j]], [[1j]]), [[-1]])


@pytest.mark.parametrize("operation", [ops.correlate, ops.convolve])
def test_float32_stays_float32(operation):
    X = normal(4, 4).astype(np.float32)
    assert operation(X, X[:2, :2], "same").dtype == np.float32


# --- symbols


@twins
@every_mode
@pytest.mark.parametrize("kernel_shape", [(2, 3), (1, 1), (3, 4)])
def test_sliding_symbols_gives_the_defining_sum(fast, loops, mode, kernel_shape):
    X, K = symbols("x", 3, 4), symbols("k", *kernel_shape)
    for mine, twin in zip(fast(X, K, mode).flat, loops(X, K, mode).flat, strict=True):
        assert sympy.expand(mine - twin) == 0


def test_one_cell_of_a_correlation_written_out():
    x, k = symbols("x", 3, 3), symbols("k", 2, 2)
    written = x[0, 1] * k[0, 0] + x[0, 2] * k[0, 1] + x[1, 1] * k[1, 0] + x[1, 2] * k[1, 1]
    assert sympy.expand(ops.correlate(x, k)[0, 1] - written) == 0


def test_turning_padding_and_dilating_move_symbols_and_add_zeros():
    a, b, c, d = sympy.symbols("a b c d")
    X = np.array([[a, b], [c, d]])
    assert ops.rot180(X).tolist() == [[d, c], [b, a]]
    assert ops.pad(X, ((1, 0), (0, -1))).tolist() == [[0], [a], [c]]
    assert ops.dilate(X, (1, 2)).tolist() == [[a, 0, b], [c, 0, d]]


# --- windows


def test_windows_are_views_of_the_cells_under_the_kernel():
    X = normal(2, 7, 8)
    W = ops.windows(X, (2, 3), stride=(2, 1), dilation=(3, 2))
    assert W.shape == (2, 2, 4, 2, 3) and np.shares_memory(W, X) and not W.flags.writeable
    for n, i, j, u, v in np.ndindex(W.shape):
        assert W[n, i, j, u, v] == X[n, 2 * i + 3 * u, j + 2 * v]


def test_the_amounts_of_a_padding_may_be_arrays():
    X, wanted = normal(2, 3), ((1, 2), (0, 3))
    for p in (np.array(wanted), [np.array(side) for side in wanted], tuple(map(list, wanted))):
        np.testing.assert_array_equal(ops.pad(X, p), ops.pad(X, wanted))


def test_cropping_everything_leaves_an_empty_map():
    assert ops.pad(normal(3, 4, 4), -2).shape == (3, 0, 0)
