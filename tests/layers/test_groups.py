"""Conv2D in groups: small layers side by side, from which no number passes to another; depthwise; symbols."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, convolutions, normal, says, symbols, table
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib import gradcheck
from cnnlib.layers import Conv2D, TableConv2D, glorot_uniform
from cnnlib.layers.groups import Groups

both_paths = pytest.mark.parametrize("path", ["plain", "banded"])


def side_by_side(case, groups):
    """(the layer in groups, one layer for each group, X, delta): every group has the channels of the case."""
    c_in, c_out = case.channels
    alone = [case._replace(seed=case.seed + 10 * g).layer() for g in range(groups)]
    for g, layer in enumerate(alone):
        layer.params["b"] = normal(c_out, seed=g)
    options = dict(case.settings, path=case.path, groups=groups, dtype=np.float64)
    together = Conv2D(groups * c_in, groups * c_out, case.kernel_size, **options)
    together.params = {name: np.concatenate([layer.params[name] for layer in alone]) for name in ("K", "b")}
    X = normal(case.batch, groups * c_in, *case.input_size, seed=case.seed)
    return together, alone, X, normal(*together.forward(X).shape, seed=case.seed + 1)


@settings(max_examples=300)
@given(convolutions(), st.integers(1, 3))
def test_groups_are_layers_side_by_side_there_and_back(case, groups):
    together, alone, X, delta = side_by_side(case, groups)
    Z = [layer.forward(part) for layer, part in zip(alone, np.split(X, groups, 1), strict=True)]
    assert_close(together.forward(X), np.concatenate(Z, axis=1))
    dX = [layer.backward(part) for layer, part in zip(alone, np.split(delta, groups, 1), strict=True)]
    assert_close(together.backward(delta), np.concatenate(dX, axis=1))
    for name in ("K", "b"):
        assert_close(together.grads[name], np.concatenate([layer.grads[name] for layer in alone]))


@settings(max_examples=100)
@given(convolutions(), st.integers(2, 3))
def test_backward_is_the_transpose_of_forward_and_reaches_no_other_group(case, groups):
    together, _, X, delta = side_by_side(case, groups)
    together.params["b"] = np.zeros_like(together.params["b"])
    rng = np.random.default_rng(case.seed)
    assert gradcheck.adjoint_gap(together.forward, together.backward, X.shape, delta.shape, rng) < 1e-12
    last = np.zeros_like(delta)
    last[:, -case.channels[1] :] = delta[:, -case.channels[1] :]
    dX = together.backward(last)
    assert (dX[:, : -case.channels[0]] == 0).all()
    assert (together.grads["K"][: -case.channels[1]] == 0).all()


@both_paths
def test_one_group_is_the_layer_as_it_was_to_the_last_bit(path):
    plain, grouped = (Conv2D(2, 4, 3, path=path, dtype=np.float64, **extra) for extra in ({}, {"groups": 1}))
    X = normal(2, 2, 6, 5)
    np.testing.assert_array_equal(plain.forward(X), grouped.forward(X))
    assert not isinstance(grouped.algorithm, Groups)


@both_paths
def test_groups_are_a_table_with_blocks(path):
    grouped = Conv2D(4, 6, (2, 3), groups=2, path=path, dtype=np.float64)
    rows = [(0, 1)] * 3 + [(2, 3)] * 3
    connected = TableConv2D(4, rows, (2, 3), path=path, dtype=np.float64)
    connected.params["K"] = grouped.params["K"].reshape(12, 2, 3)
    X, delta = normal(2, 4, 5, 6), normal(2, 6, 4, 4, seed=1)
    assert_close(grouped.forward(X), connected.forward(X))
    assert_close(grouped.backward(delta), connected.backward(delta))
    assert_close(grouped.grads["K"].reshape(12, 2, 3), connected.grads["K"])


def test_depthwise_and_then_1_by_1_has_far_fewer_parameters():
    layers = Conv2D(16, 16, 3, groups=16), Conv2D(16, 32, 1), Conv2D(16, 32, 3)
    counts = [sum(array.size for array in layer.params.values()) for layer in layers]
    assert counts == [16 * 9 + 16, 16 * 32 + 32, 16 * 32 * 9 + 32]
    assert layers[0].params["K"].shape == (16, 1, 3, 3)


def test_the_start_counts_the_maps_of_one_group():
    K = Conv2D(6, 4, 5, groups=2, rng=np.random.default_rng(0), dtype=np.float64).params["K"]
    np.testing.assert_array_equal(K, glorot_uniform((4, 3, 5, 5), 75, 50, np.random.default_rng(0)))


@both_paths
@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_groups_on_symbols_give_the_derivatives_that_sympy_finds(operation, path):
    layer = Conv2D(4, 2, (1, 2), groups=2, padding=(0, 1), operation=operation, path=path, dtype=object)
    X = symbols("x", 2, 4, 2, 2)
    layer.params["K"], layer.params["b"] = K, b = symbols("k", 2, 2, 1, 2), symbols("b", 2)
    Z = layer.forward(X)
    delta = symbols("d", *Z.shape)
    dX, L = layer.backward(delta), sympy.expand((Z * delta).sum())
    for gradient, variables in ((dX, X), (layer.grads["K"], K), (layer.grads["b"], b)):
        assert gradient.shape == variables.shape
        assert all(sympy.expand(g) == L.diff(x) for g, x in zip(gradient.flat, variables.flat, strict=True))


def test_a_layer_says_how_many_groups_it_has():
    assert repr(Conv2D(4, 6, 3, padding=1, groups=2)) == "Conv2D(4→6, 3×3, correlation, padding 1, groups 2)"


@table(
    ("no group", lambda: Conv2D(2, 2, 3, groups=0), ["Conv2D: groups", "at least 1", "not 0"]),
    ("half a group", lambda: Conv2D(2, 2, 3, groups=0.5), ["Conv2D: groups", "whole number", "0.5"]),
    ("a truth value", lambda: Conv2D(2, 2, 3, groups=True), ["Conv2D: groups", "whole number", "True"]),
    ("input maps left over", lambda: Conv2D(3, 4, 3, groups=2), ["groups 2", "divide", "3 and 4"]),
    ("output maps left over", lambda: Conv2D(4, 3, 3, groups=2), ["groups 2", "divide", "4 and 3"]),
    ("more groups than maps", lambda: Conv2D(2, 4, 3, groups=4), ["groups 4", "divide", "2 and 4"]),
    ("the maps of one group", lambda: Conv2D(4, 4, 3, groups=2).forward(normal(1, 2, 5, 5)), ["(N, 4, rows"]),
    ("their shape", lambda: Conv2D(4, 4, 3, groups=2).output_shape((2, 5, 5)), ["(4, rows, columns)"]),
    ("a table in groups", lambda: TableConv2D(2, [(0,), (1,)], 3, groups=2), ["TableConv2D", "no groups", "table"]),
)
def test_what_does_not_fit_is_refused(wrong, words):
    with says(*words):
        wrong()
