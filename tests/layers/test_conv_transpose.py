"""ConvTranspose2D: pasting, the transpose of Conv2D, its gradients, its sizes, and symbols."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, convolutions, normal, says, symbols, table
from hypothesis import given, settings

from cnnlib import gradcheck
from cnnlib.layers import Conv2D, ConvTranspose2D


def transposed(case, **options):
    """The layer that is the transpose of the case's, the tail included, with the same K."""
    tail = case.layer().geometry.tail(case.input_size)
    settings = dict(case.settings, output_padding=tail, dtype=np.float64) | options
    layer = ConvTranspose2D(*case.channels[::-1], case.kernel_size, **settings)
    layer.params["K"] = case.K
    return layer


def pasted(case, b):
    """The definition, one multiplication at a time: X is the case's delta."""
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = case.stride, case.padding, case.dilation
    (c_out, (n_h, n_w)), X, K = (case.channels[0], case.input_size), case.delta, case.K
    K = K[..., ::-1, ::-1] if case.operation == "convolution" else K
    Z = np.zeros((len(X), c_out, n_h, n_w)) + b[:, None, None]
    for i, j, u, v in np.ndindex(*X.shape[2:], *K.shape[2:]):
        p, q = s_h * i + d_h * u - p_h, s_w * j + d_w * v - p_w
        if 0 <= p < n_h and 0 <= q < n_w:
            Z[:, :, p, q] += X[:, :, i, j] @ K[:, :, u, v]
    return Z


@settings(max_examples=300)
@given(convolutions())
def test_forward_pastes_and_adds_one_bias_per_map(case):
    layer = transposed(case)
    layer.params["b"] = b = normal(case.channels[0], seed=5)
    assert_close(layer.forward(case.delta), pasted(case, b))


@settings(max_examples=300)
@given(convolutions())
def test_it_is_the_transpose_of_conv2d_there_and_back(case):
    layer, conv = transposed(case), case.layer()
    conv.forward(case.X)
    assert_close(layer.forward(case.delta), conv.backward(case.delta))
    assert_close(layer.backward(case.X), conv.forward(case.X))
    assert_close(layer.grads["K"], conv.grads["K"])


@settings(max_examples=300)
@given(convolutions())
def test_backward_is_the_transpose_of_forward(case):
    layer = transposed(case)
    rng = np.random.default_rng(case.seed)
    assert gradcheck.adjoint_gap(layer.forward, layer.backward, case.delta.shape, case.X.shape, rng) < 1e-12


@given(convolutions())
def test_bias_gradient_sums_over_positions_and_images_and_backward_calls_the_three_gradients(case):
    layer, delta = transposed(case), case.X
    layer.forward(case.delta)
    np.testing.assert_array_equal(layer.backward(delta), layer.input_gradient(delta))
    np.testing.assert_array_equal(layer.grads["K"], layer.kernel_gradient(delta))
    assert_close(layer.grads["b"], [delta[:, o].sum() for o in range(case.channels[0])])


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_a_layer_on_symbols_gives_the_derivatives_that_sympy_finds(operation):
    settings = dict(stride=2, padding=1, output_padding=(1, 0), operation=operation, dtype=object)
    layer, X = ConvTranspose2D(2, 2, (2, 3), **settings), symbols("x", 2, 2, 2, 3)
    layer.params["K"] = K = symbols("k", 2, 2, 2, 3)
    layer.params["b"] = b = symbols("b", 2)
    Z = layer.forward(X)
    delta = symbols("d", *Z.shape)
    dX, L = layer.backward(delta), sympy.expand((Z * delta).sum())
    for gradient, variables in ((dX, X), (layer.grads["K"], K), (layer.grads["b"], b)):
        assert gradient.shape == variables.shape
        assert all(sympy.expand(g) == L.diff(x) for g, x in zip(gradient.flat, variables.flat, strict=True))


def test_every_size_that_a_strided_convolution_reduces_to_one_comes_back_by_its_output_padding():
    conv = Conv2D(1, 1, 4, stride=3, padding=1)
    for n in range(8, 11):
        assert conv.output_shape((1, n, n)) == (1, 3, 3)
        back = ConvTranspose2D(1, 1, 4, stride=3, padding=1, output_padding=n - 8)
        assert back.output_shape((1, 3, 3)) == (1, n, n)


def test_the_output_padding_receives_the_bias_alone():
    layer = ConvTranspose2D(1, 1, 2, stride=3, output_padding=2, dtype=np.float64)
    layer.params["b"][:] = 7
    Z = layer.forward(normal(1, 1, 2, 2))
    assert Z.shape == (1, 1, 7, 7) and (Z[..., 5:, :] == 7).all() and (Z[..., 5:] == 7).all()
    assert (Z[0, 0, :2, :2] != 7).all()


@pytest.mark.parametrize(
    "options, text",
    [
        ({}, "ConvTranspose2D(2→3, 5×5, correlation)"),
        (
            {"stride": 2, "output_padding": (0, 1), "operation": "convolution"},
            "ConvTranspose2D(2→3, 5×5, convolution, stride 2, output padding 0×1)",
        ),
        (
            {"padding": 2, "dilation": (1, 3)},
            "ConvTranspose2D(2→3, 5×5, correlation, padding 2, dilation 1×3)",
        ),
    ],
)
def test_a_layer_says_what_it_is(options, text):
    assert repr(ConvTranspose2D(2, 3, 5, **options)) == text


def up(*args, **options):
    return lambda: ConvTranspose2D(*(args or (2, 3, 3)), **options)


@table(
    ("output padding of the stride", up(stride=2, output_padding=2), ["output_padding 2", "than the stride 2"]),
    ("output padding without a stride", up(output_padding=(0, 1)), ["output_padding (0, 1)", "stride 1"]),
    ("negative output padding", up(stride=2, output_padding=-1), ["output_padding", "at least 0", "-1"]),
    ("half a cell", up(stride=2, output_padding=0.5), ["output_padding", "whole number", "0.5"]),
    ("kernel size 0", up(1, 2, 0), ["ConvTranspose2D", "kernel size", "at least 1", "not 0"]),
    ("stride 0", up(stride=0), ["ConvTranspose2D", "stride", "at least 1", "not 0"]),
    ("negative padding", up(padding=-1), ["ConvTranspose2D", "padding", "at least 0", "-1"]),
    ("dilation 0", up(dilation=(1, 0)), ["ConvTranspose2D", "dilation", "at least 1"]),
    ("no input channel", up(0, 2, 3), ["ConvTranspose2D", "in_channels", "at least 1", "not 0"]),
    ("negative output channels", up(1, -2, 3), ["ConvTranspose2D", "out_channels", "at least 1", "-2"]),
    ("unknown operation", up(operation="conv"), ["ConvTranspose2D", "'conv'", "correlation, convolution"]),
    ("whole-number dtype", up(dtype=int), ["ConvTranspose2D", "int64", "float32, float64 or object"]),
    ("a seed for rng", up(rng=3), ["ConvTranspose2D(2→3", "default_rng(0)", "not 3"]),
    ("init of another shape", up(init=lambda *_: np.ones(3)), ["ConvTranspose2D(2→3", "(3,)", "(2, 3, 3, 3)"]),
    ("wrong channel count", lambda: up()().forward(normal(1, 3, 4, 4)), ["(1, 3, 4, 4)", "3 channels", "(N, 2"]),
    ("an image without a batch", lambda: up()().forward(normal(2, 4, 4)), ["(2, 4, 4)", "X[None]"]),
    ("nothing left", lambda: up(padding=2)().forward(normal(1, 2, 2, 4)), ["2×4", "0×2", "less padding"]),
    ("size of another layer", lambda: up()().output_shape((3, 4, 4)), ["(3, 4, 4)", "(2, rows, columns)"]),
    ("a size as text", lambda: up()().output_shape("244"), ["ConvTranspose2D", "(2, rows, columns)"]),
)
def test_what_does_not_fit_is_refused(wrong, words):
    with says(*words):
        wrong()
