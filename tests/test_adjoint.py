"""The backward pass: the theorem with SciPy as witness, and four ways that give one answer."""

import numpy as np
import pytest
import sympy
from helpers import (
    Convolution,
    assert_close,
    assert_relative,
    convolutions,
    forward_by_definition,
    normal,
    plain_case,
    says,
    symbols,
    table,
)
from hypothesis import given, settings
from scipy.signal import convolve2d, correlate2d

from cnnlib import adjoint, gradcheck

WAYS = [adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im]
every_way = pytest.mark.parametrize("way", WAYS)
both_operations = pytest.mark.parametrize("operation", ["correlation", "convolution"])


# --- the theorem, in the plain case: stride 1, no padding


def turn(A):
    """rot180, written out: SciPy and this line are the witnesses, not cnnlib."""
    return A[..., ::-1, ::-1]


def over_output_maps(slide, delta, K):
    """Σ_o slide(delta[n, o], K[o, c]) in full mode, for each image n and input map c."""
    n_out, n_in = K.shape[:2]
    full = [[[slide(d[o], K[o, c], "full") for o in range(n_out)] for c in range(n_in)] for d in delta]
    return np.sum(full, axis=2)


def over_images(slide, X, delta):
    """Σ_n slide(X[n, c], delta[n, o]) in valid mode, for each output map o and input map c."""
    n_out, n_in = delta.shape[1], X.shape[1]
    pairs = list(zip(X, delta, strict=True))
    valid = [[[slide(x[c], d[o], "valid") for x, d in pairs] for c in range(n_in)] for o in range(n_out)]
    return np.sum(valid, axis=2)


def test_input_gradient_is_full_correlation_with_rot180():
    X, K, delta = plain_case()
    dX = adjoint.gather(delta, K, X.shape)
    assert_close(dX, over_output_maps(correlate2d, delta, turn(K)))
    assert_close(dX, over_output_maps(convolve2d, delta, K))


def test_input_gradient_under_convolution_is_full_correlation_with_the_unturned_kernel():
    X, K, delta = plain_case()
    dX = adjoint.gather(delta, K, X.shape, operation="convolution")
    assert_close(dX, over_output_maps(correlate2d, delta, K))
    assert_close(dX, over_output_maps(convolve2d, delta, turn(K)))


def test_kernel_gradient_is_valid_correlation_of_input_and_delta():
    X, K, delta = plain_case()
    dK = adjoint.kernel_gradient(X, delta, K.shape[2:])
    assert_close(dK, over_images(correlate2d, X, delta))


def test_kernel_gradient_under_convolution_is_the_turned_correlation():
    X, K, delta = plain_case()
    dK = adjoint.kernel_gradient(X, delta, K.shape[2:], operation="convolution")
    assert_close(dK, turn(over_images(correlate2d, X, delta)))
    assert_close(dK, over_images(convolve2d, turn(X), delta))


# --- the general rule, on random kernels, strides, paddings, dilations, channels, batches and tails


@settings(max_examples=300)
@given(convolutions())
def test_the_four_ways_agree(case):
    answers = [way(case.delta, case.K, case.X.shape, **case.settings) for way in WAYS]
    for answer in answers[1:]:
        assert_close(answer, answers[0])


@every_way
@settings(max_examples=300)
@given(convolutions())
def test_backward_is_the_transpose_of_forward(way, case):
    """⟨forward(x), y⟩ = ⟨x, backward(y)⟩, with the forward pass by definition."""
    gap = gradcheck.adjoint_gap(
        case.forward,
        lambda y: way(y, case.K, case.X.shape, **case.settings),
        case.X.shape,
        case.delta.shape,
        np.random.default_rng(case.seed),
    )
    assert gap < 1e-12


@settings(max_examples=300)
@given(convolutions())
def test_kernel_gradient_is_the_transpose_of_forward_as_a_map_of_the_kernel(case):
    gap = gradcheck.adjoint_gap(
        lambda K: case.forward(K=K),
        lambda y: adjoint.kernel_gradient(case.X, y, case.kernel_size, **case.settings),
        case.K.shape,
        case.delta.shape,
        np.random.default_rng(case.seed),
    )
    assert gap < 1e-12


HARD = Convolution(2, (2, 3), (8, 7), (3, 2), (2, 3), (1, 2), (2, 1), "correlation", 5, "plain")  # tails of 1 and 0


@both_operations
def test_both_gradients_are_those_of_central_differences(operation):
    case = HARD._replace(operation=operation)
    by_moving_x = gradcheck.central_difference(lambda X: (case.forward(X=X) * case.delta).sum(), case.X)
    by_moving_k = gradcheck.central_difference(lambda K: (case.forward(K=K) * case.delta).sum(), case.K)
    dX = adjoint.gather(case.delta, case.K, case.X.shape, **case.settings)
    assert_relative(dX, by_moving_x, 1e-8)
    dK = adjoint.kernel_gradient(case.X, case.delta, case.kernel_size, **case.settings)
    assert_relative(dK, by_moving_k, 1e-8)


@given(convolutions())
def test_the_matrix_is_the_forward_pass(case):
    C = adjoint.correlation_matrix(case.K, case.X.shape, **case.settings)
    assert_close((case.X.reshape(case.batch, -1) @ C.T).reshape(case.delta.shape), case.forward())


def test_the_matrix_of_one_row_is_banded():
    C = adjoint.correlation_matrix(np.array([[1, 2, 3]]), (1, 5))
    assert C.tolist() == [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]]


@every_way
@given(convolutions())
def test_a_single_map_needs_no_batch_and_no_channel_axis(way, case):
    case = case._replace(batch=1, channels=(1, 1))
    dX = way(case.delta[0, 0], case.K[0, 0], case.input_size, **case.settings)
    assert_close(dX, way(case.delta, case.K, case.X.shape, **case.settings)[0, 0])
    dK = adjoint.kernel_gradient(case.X[0, 0], case.delta[0, 0], case.kernel_size, **case.settings)
    assert_close(dK, adjoint.kernel_gradient(case.X, case.delta, case.kernel_size, **case.settings)[0, 0])


@every_way
def test_the_dropped_tail_gets_no_gradient(way):
    X, K = normal(1, 1, 6, 7), normal(1, 1, 2, 2, seed=1)  # stride 3: the last row and the last two columns
    dX = way(normal(1, 1, 2, 2, seed=2), K, X.shape, stride=3)
    assert not dX[..., 5:, :].any() and not dX[..., :, 5:].any()
    assert dX[..., [0, 1, 3, 4], :][..., [0, 1, 3, 4]].all()


# --- symbols


@every_way
@both_operations
@pytest.mark.parametrize(
    "options", [{}, dict(stride=2, padding=1), dict(dilation=2, padding=(1, 0))], ids=str
)
def test_every_way_gives_the_derivative_that_sympy_finds(way, operation, options):
    X, K = symbols("x", 1, 2, 4, 5), symbols("k", 2, 2, 2, 3)
    pairs = {name: (value, value) if isinstance(value, int) else value for name, value in options.items()}
    Z = forward_by_definition(X, K, operation=operation, **pairs)
    delta = symbols("d", *Z.shape)
    L = sympy.expand((Z * delta).sum())
    dX = way(delta, K, X.shape, operation=operation, **options)
    assert all(sympy.expand(mine) == L.diff(x) for mine, x in zip(dX.flat, X.flat, strict=True))
    dK = adjoint.kernel_gradient(X, delta, (2, 3), operation=operation, **options)
    assert all(sympy.expand(mine) == L.diff(k) for mine, k in zip(dK.flat, K.flat, strict=True))


# --- what does not fit


@every_way
@pytest.mark.parametrize(
    "delta_shape, input_shape, words",
    [
        ((2, 4, 5, 4), (2, 3, 6, 5), ["(2, 4, 5, 4)", "(2, 4, 4, 4)"]),  # spatial size
        ((1, 4, 4, 4), (2, 3, 6, 5), ["(1, 4, 4, 4)", "(2, 4, 4, 4)"]),  # batch
        ((2, 3, 4, 4), (2, 3, 6, 5), ["(2, 3, 4, 4)", "(2, 4, 4, 4)"]),  # output maps
        ((2, 4, 4, 4), (2, 2, 6, 5), ["(2, 2, 6, 5)", "3 channels"]),  # input maps
        ((2, 4, 4, 4), (2, 3, 2, 5), ["kernel of 3", "input of 2"]),
    ],
)
def test_shapes_that_do_not_belong_together_are_refused(way, delta_shape, input_shape, words):
    with says(*words):
        way(normal(*delta_shape), normal(4, 3, 3, 2), input_shape)


@pytest.mark.parametrize("delta_shape", [(2, 4, 5, 4), (1, 4, 4, 4), (4, 4)])
def test_a_kernel_gradient_of_a_foreign_delta_is_refused(delta_shape):
    with says("kernel_gradient", str(delta_shape), "(2, C_out, 4, 4)"):
        adjoint.kernel_gradient(normal(2, 3, 6, 5), normal(*delta_shape), (3, 2))


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, bool])
@pytest.mark.parametrize("way", WAYS)
def test_small_integers_do_not_wrap_around(way, dtype):
    rng = np.random.default_rng(0)
    X, K, delta = (rng.integers(-100, 100, shape).astype(dtype) for shape in ((6, 5), (3, 2), (4, 4)))
    exact = way(delta.astype(np.int64), K.astype(np.int64), X.shape)
    np.testing.assert_array_equal(way(delta, K, X.shape), exact)
    exact = adjoint.kernel_gradient(X.astype(np.int64), delta.astype(np.int64), K.shape)
    np.testing.assert_array_equal(adjoint.kernel_gradient(X, delta, K.shape), exact)


MAP, KERNEL = np.ones((4, 4)), np.ones((3, 2))  # of an input 6×5


@table(
    ("three axes of K", lambda: adjoint.gather(MAP, np.ones((2, 3, 2)), (6, 5)), ["kernels", "(2, 3, 2)"]),
    ("no kernel", lambda: adjoint.scatter(MAP, 5, (6, 5)), ["kernels", "()"]),
    ("a number as input shape", lambda: adjoint.gather(MAP, KERNEL, 6), ["input shape 6", "n_h"]),
    ("a row as input", lambda: adjoint.correlation_matrix(KERNEL, (6,)), ["input shape (6,)", "n_h"]),
    ("five axes of input", lambda: adjoint.matrix(MAP, KERNEL, (1, 1, 1, 6, 5)), ["input shape (1, 1,"]),
    ("text", lambda: adjoint.col2im(MAP, KERNEL.astype(str), (6, 5)), ["numbers or symbols"]),
    ("three axes of X", lambda: adjoint.kernel_gradient(normal(2, 6, 5), MAP, (3, 2)), ["X", "(2, 6, 5)"]),
    ("X is a number", lambda: adjoint.kernel_gradient(5, 5, 1), ["X", "()"]),
    (
        "one map's delta of another size",
        lambda: adjoint.kernel_gradient(np.ones((6, 5)), np.ones((4, 5)), (3, 2)),
        ["delta has shape (4, 5)", "X (6, 5)", "it takes (4, 4)"],
    ),
)
def test_arguments_that_are_no_maps_are_refused(wrong, words):
    with says(*words):
        wrong()
