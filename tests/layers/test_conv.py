"""Conv2D: the definition, the three gradients, the two operations, and symbols."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, convolutions, normal, symbols
from hypothesis import given, settings

from cnnlib import gradcheck, ops
from cnnlib.banded import tile_width
from cnnlib.layers import Conv2D, glorot_uniform, he_normal


@settings(max_examples=300)
@given(convolutions())
def test_forward_is_the_definition_plus_one_bias_per_map(case):
    layer = case.layer()
    layer.params["b"] = b = normal(case.channels[1], seed=5)
    assert_close(layer.forward(case.X), case.forward() + b[:, None, None])


@settings(max_examples=300)
@given(convolutions())
def test_backward_is_the_transpose_of_forward(case):
    layer = case.layer()
    gap = gradcheck.adjoint_gap(
        layer.forward, layer.backward, case.X.shape, case.delta.shape, np.random.default_rng(case.seed)
    )
    assert gap < 1e-12


@given(convolutions())
def test_backward_calls_the_three_gradients(case):
    layer = case.layer()
    layer.forward(case.X)
    np.testing.assert_array_equal(layer.backward(case.delta), layer.input_gradient(case.delta))
    np.testing.assert_array_equal(layer.grads["K"], layer.kernel_gradient(case.delta))
    np.testing.assert_array_equal(layer.grads["b"], layer.bias_gradient(case.delta))


@given(convolutions())
def test_bias_gradient_sums_over_positions_and_images(case):
    layer = case.layer()
    layer.forward(case.X)
    assert_close(layer.bias_gradient(case.delta), [case.delta[:, o].sum() for o in range(case.channels[1])])


@given(convolutions(operations=["correlation"]))
def test_the_two_operations_are_each_other_with_turned_kernels(case):
    layer, turned = case.layer(), case._replace(operation="convolution").layer()
    turned.params["K"] = ops.rot180(case.K)
    assert_close(turned.forward(case.X), layer.forward(case.X))
    assert_close(turned.backward(case.delta), layer.backward(case.delta))
    assert_close(turned.grads["K"], ops.rot180(layer.grads["K"]))
    assert_close(turned.grads["b"], layer.grads["b"])


@pytest.mark.parametrize("path", ["plain", "banded"])
@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_a_layer_on_symbols_gives_the_derivatives_that_sympy_finds(operation, path):
    layer = Conv2D(2, 2, (2, 3), stride=2, padding=1, operation=operation, path=path, dtype=object)
    X = symbols("x", 2, 2, 3, 5)
    assert tile_width(3, 3) >= 2  # a tile of one output column has no step that could be wrong
    layer.params["K"] = K = symbols("k", 2, 2, 2, 3)
    layer.params["b"] = b = symbols("b", 2)
    Z = layer.forward(X)
    delta = symbols("d", *Z.shape)
    dX, L = layer.backward(delta), sympy.expand((Z * delta).sum())
    for gradient, variables in ((dX, X), (layer.grads["K"], K), (layer.grads["b"], b)):
        assert gradient.shape == variables.shape
        assert all(sympy.expand(g) == L.diff(x) for g, x in zip(gradient.flat, variables.flat, strict=True))


def test_real_numbers_go_through_an_object_layer():
    K, X = normal(2, 1, 2, 2), normal(2, 1, 3, 3, seed=1)
    layer, reference = Conv2D(1, 2, 2, dtype=object), Conv2D(1, 2, 2, dtype=np.float64)
    layer.params["K"] = reference.params["K"] = K
    assert_close(layer.forward(X).astype(float), reference.forward(X))
    assert_close(layer.backward(X[:, [0, 0], :2, :2]).astype(float), reference.backward(X[:, [0, 0], :2, :2]))


@pytest.mark.parametrize(
    "options, text",
    [
        ({}, "Conv2D(2→3, 5×5, correlation)"),
        ({"operation": "convolution", "padding": 2}, "Conv2D(2→3, 5×5, convolution, padding 2)"),
        ({"stride": (2, 1), "dilation": 3}, "Conv2D(2→3, 5×5, correlation, stride 2×1, dilation 3)"),
    ],
)
def test_a_layer_says_what_it_is(options, text):
    assert repr(Conv2D(2, 3, 5, **options)) == text


def test_the_start_is_glorots():
    K = Conv2D(6, 12, 5, rng=np.random.default_rng(0), dtype=np.float64).params["K"]
    bound = np.sqrt(6 / (6 * 25 + 12 * 25))
    assert 0.99 * bound < np.abs(K).max() <= bound and abs(K.mean()) < 0.05 * bound
    expected = glorot_uniform(K.shape, 150, 300, np.random.default_rng(0))
    np.testing.assert_array_equal(K, expected)


def test_the_start_can_be_chosen():
    K = Conv2D(6, 12, 5, init=he_normal, rng=np.random.default_rng(0), dtype=np.float64).params["K"]
    assert np.isclose(K.std(), np.sqrt(2 / 150), rtol=0.05)
    np.testing.assert_array_equal(K, he_normal(K.shape, 150, 300, np.random.default_rng(0)))
