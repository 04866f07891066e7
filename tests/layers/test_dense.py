"""Flatten and Dense: reading order, the two products, symbols."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, normal, symbols

from cnnlib.layers import Dense, Flatten


def test_flatten_reads_map_after_map_and_row_after_row():
    X = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    np.testing.assert_array_equal(Flatten().forward(X), [np.arange(60), np.arange(60, 120)])


def test_flatten_backward_puts_everything_back():
    layer, X = Flatten(), normal(2, 3, 4, 5)
    np.testing.assert_array_equal(layer.backward(layer.forward(X)), X)


def test_dense_is_a_sum_over_every_input_plus_a_bias():
    layer, X = Dense(4, 3, dtype=np.float64), normal(2, 4)
    layer.params["W"], layer.params["b"] = W, b = normal(3, 4, seed=1), normal(3, seed=2)
    Z = [[sum(W[j, i] * X[n, i] for i in range(4)) + b[j] for j in range(3)] for n in range(2)]
    assert_close(layer.forward(X), Z)


def test_dense_gradients_are_the_derivatives_that_sympy_finds():
    layer, X, delta = Dense(3, 2, dtype=object), symbols("x", 2, 3), symbols("d", 2, 2)
    layer.params["W"], layer.params["b"] = W, b = symbols("w", 2, 3), symbols("b", 2)
    L = (layer.forward(X) * delta).sum()
    dX = layer.backward(delta)
    for gradient, variables in ((dX, X), (layer.grads["W"], W), (layer.grads["b"], b)):
        assert gradient.shape == variables.shape
        for mine, variable in zip(gradient.flat, variables.flat, strict=True):
            assert sympy.expand(mine - sympy.diff(L, variable)) == 0


@pytest.mark.parametrize("n_in, n_out", [(192, 10), (3, 400)])
def test_the_start_is_glorots(n_in, n_out):
    W = Dense(n_in, n_out, rng=np.random.default_rng(0), dtype=np.float64).params["W"]
    bound = np.sqrt(6 / (n_in + n_out))
    assert W.shape == (n_out, n_in) and 0.98 * bound < np.abs(W).max() <= bound


def test_a_layer_says_what_it_is():
    assert (repr(Dense(192, 10)), repr(Flatten())) == ("Dense(192→10)", "Flatten")
