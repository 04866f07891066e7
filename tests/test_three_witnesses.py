"""Three witnesses that share no line: SymPy's derivative, the NumPy code on symbols, products of polynomials.

The first is taken twice, for maps of symbolic size with the size put in, and for the very size. Everything is
compared element by element, exactly: no number is rounded.
"""

from functools import cache

import numpy as np
import polynomials
import pytest
from helpers import symbols
from sympy import Matrix, expand

from cnnlib import adjoint, ops
from cnnlib import symbolic as sym
from cnnlib.layers import Conv2D
from cnnlib.symbolic import general
from cnnlib.symbolic.letters import h, n_h, n_w, p, q, u, v, w

SIZES = [(5, 7, 2, 3), (4, 4, 1, 3), (3, 3, 2, 2), (4, 3, 3, 1), (2, 2, 2, 2)]  # input, kernel
OPERATIONS = ["correlation", "convolution"]
SYMBOLIC = {"correlation": sym.correlate, "convolution": sym.convolve}
CODE = {"correlation": ops.correlate, "convolution": ops.convolve}
LOOPS = {"correlation": ops.correlate_loops, "convolution": ops.convolve_loops}

every_size = pytest.mark.parametrize("size", SIZES, ids=["{}x{} with {}x{}".format(*size) for size in SIZES])
every_operation = pytest.mark.parametrize("operation", OPERATIONS)


def letters(size):
    """X, K and delta as SymPy matrices."""
    n_h, n_w, k_h, k_w = size
    delta = sym.symbol_map("delta", n_h - k_h + 1, n_w - k_w + 1)
    return sym.symbol_map("x", n_h, n_w), sym.symbol_map("k", k_h, k_w), delta


def arrays(size):
    """The same letters as object arrays, for the code."""
    return [np.array(M.tolist(), dtype=object) for M in letters(size)]


def assert_equal(mine, reference):
    """Equal shapes, and every pair of entries equal when multiplied out."""
    mine, reference = np.array(mine, dtype=object), np.array(reference, dtype=object)
    assert mine.shape == reference.shape
    for place in np.ndindex(mine.shape):
        assert expand(mine[place]) == expand(reference[place]), place


@cache
def derived(size, operation):
    """(dX, dK) by SymPy, which differentiates Σ δ·z."""
    X, K, delta = letters(size)
    L = sym.loss(delta, SYMBOLIC[operation](X, K))
    return sym.gradient(L, X), sym.gradient(L, K)


@cache
def of_symbolic_size(operation, name):
    """The derivative for maps whose sizes are letters."""
    of = sym.layer(2, False, operation, name)
    return general.gradient(of.loss, of.x if name == "dX" else of.k)


@every_operation
@every_size
def test_forward_pass(size, operation):
    (X, K, _), (X_code, K_code, _) = letters(size), arrays(size)
    by_sympy = SYMBOLIC[operation](X, K)
    assert_equal(CODE[operation](X_code, K_code), by_sympy)
    assert_equal(LOOPS[operation](X_code, K_code), by_sympy)
    assert_equal(polynomials.forward(X, K, operation), by_sympy)


@every_operation
@every_size
def test_input_gradient(size, operation):
    (_, K, delta), (X_code, K_code, delta_code) = letters(size), arrays(size)
    dX, _ = derived(size, operation)
    for claim in sym.claims(sym.layer(2, False, operation, "dX")):
        names = {"delta": delta_code, "K": K_code, "rot180": ops.rot180, **vars(ops)}
        assert_equal(eval(claim.code, names), dX)
    for way in (adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im):
        assert_equal(way(delta_code, K_code, X_code.shape, operation=operation), dX)
    assert_equal(polynomials.input_gradient(delta, K, operation), dX)
    put_in = dict(zip((n_h, n_w, h, w), size, strict=True))
    values = {"k": K, "delta": delta}
    assert_equal(general.at_size(of_symbolic_size(operation, "dX"), (p, q), put_in, values), dX)


@every_operation
@every_size
def test_kernel_gradient(size, operation):
    (X, _, delta), (X_code, K_code, delta_code) = letters(size), arrays(size)
    _, dK = derived(size, operation)
    for claim in sym.claims(sym.layer(2, False, operation, "dK")):
        assert_equal(eval(claim.code, {"X": X_code, "delta": delta_code, **vars(ops)}), dK)
    assert_equal(adjoint.kernel_gradient(X_code, delta_code, K_code.shape, operation=operation), dK)
    assert_equal(polynomials.kernel_gradient(X, delta, operation), dK)
    put_in = dict(zip((n_h, n_w, h, w), size, strict=True))
    assert_equal(general.at_size(of_symbolic_size(operation, "dK"), (u, v), put_in, {"x": X, "delta": delta}), dK)


# Two channels in, two out, and a batch of two: the layer that trains the nets.


def layer_on_letters(size, operation, path="plain"):
    """(X, delta, dX, layer) after a forward and a backward pass on symbols."""
    n_h, n_w, k_h, k_w = size
    layer = Conv2D(2, 2, (k_h, k_w), operation=operation, path=path, dtype=object)
    layer.params["K"], layer.params["b"] = symbols("k", 2, 2, k_h, k_w), symbols("b", 2)
    X = symbols("x", 2, 2, n_h, n_w)
    delta = symbols("d", *layer.forward(X).shape)
    return X, delta, layer.backward(delta), layer


@pytest.mark.parametrize("path", ["plain", "banded"])
@every_operation
@every_size
def test_layer_with_two_channels_and_a_batch_of_two_against_polynomials(size, operation, path):
    X, delta, dX, layer = layer_on_letters(size, operation, path)
    K = layer.params["K"]
    for n, c in np.ndindex(2, 2):
        maps = [polynomials.input_gradient(Matrix(delta[n, o]), Matrix(K[o, c]), operation) for o in (0, 1)]
        assert_equal(dX[n, c], maps[0] + maps[1])
    for o, c in np.ndindex(2, 2):
        maps = [polynomials.kernel_gradient(Matrix(X[n, c]), Matrix(delta[n, o]), operation) for n in (0, 1)]
        assert_equal(layer.grads["K"][o, c], maps[0] + maps[1])
        assert_equal(layer.grads["b"][o], delta[:, o].sum())


@every_operation
@pytest.mark.parametrize("size", [(3, 4, 2, 3), (4, 4, 1, 3)], ids=["3x4 with 2x3", "4x4 with 1x3"])
def test_layer_with_two_channels_and_a_batch_of_two_against_its_derivative(size, operation):
    X, delta, dX, layer = layer_on_letters(size, operation)
    L = (delta * layer.forward(X)).sum()
    pairs = [(X, dX), *((layer.params[name], layer.grads[name]) for name in ("K", "b"))]
    for variables, gradients in pairs:
        assert_equal(gradients, np.vectorize(L.diff, otypes=[object])(variables))
