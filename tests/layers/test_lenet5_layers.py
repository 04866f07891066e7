"""The layers of 1998: the table of connections, subsampling that learns, the squashing, the codes, their loss."""

import numpy as np
import pytest
import sympy
from helpers import assert_close, convolutions, normal, says, symbols, table
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib import gradcheck
from cnnlib.layers import (
    LENET5_CONNECTIONS,
    Conv2D,
    InputFrame,
    MeanPool2D,
    RBFOutput,
    ScaledTanh,
    Subsampling2D,
    TableConv2D,
    digit_codes,
    glorot_uniform,
)
from cnnlib.losses import CodeLoss, SoftmaxCrossEntropy

# --- the table of connections


@st.composite
def tables(draw):
    """A layer's settings, and for each output map the input maps that it sees: one at least."""
    case = draw(convolutions())
    c_in, c_out = case.channels
    some = st.lists(st.integers(0, c_in - 1), min_size=1, unique=True)
    return case, [sorted(draw(some)) for _ in range(c_out)]


def connected_layer(case, rows):
    options = dict(case.settings, path=case.path, dtype=np.float64)
    layer = TableConv2D(case.channels[0], rows, case.kernel_size, **options)
    layer.params["K"] = np.concatenate([case.K[o, row] for o, row in enumerate(rows)])
    layer.params["b"] = normal(case.channels[1], seed=5)
    return layer


@settings(max_examples=300)
@given(tables())
def test_each_output_map_is_the_convolution_of_its_own_input_maps(drawn):
    case, rows = drawn
    layer = connected_layer(case, rows)
    Z = [case.forward(case.X[:, row], case.K[o : o + 1, row]) for o, row in enumerate(rows)]
    assert_close(layer.forward(case.X), np.concatenate(Z, axis=1) + layer.params["b"][:, None, None])


@settings(max_examples=300)
@given(tables())
def test_gradients_go_over_connected_maps_only(drawn):
    case, rows = drawn
    layer, delta = connected_layer(case, rows), case.delta
    dX, slices = np.zeros_like(case.X), []
    for o, row in enumerate(rows):  # a small layer of its own for each output map
        one = Conv2D(len(row), 1, case.kernel_size, **case.settings, dtype=np.float64)
        one.params["K"] = case.K[o : o + 1, row]
        one.forward(case.X[:, row])
        dX[:, row] += one.backward(delta[:, o : o + 1])
        slices.append(one.grads["K"][0])
    layer.forward(case.X)
    assert_close(layer.backward(delta), dX)
    assert_close(layer.grads["K"], np.concatenate(slices))
    assert_close(layer.grads["b"], delta.sum(axis=(0, 2, 3)))


def test_c3_has_1516_parameters_where_a_full_table_has_2416():
    c3, full = TableConv2D(6, LENET5_CONNECTIONS, 5), Conv2D(6, 16, 5)
    assert [sum(A.size for A in layer.params.values()) for layer in (c3, full)] == [1516, 2416]
    assert sorted(map(len, LENET5_CONNECTIONS)) == [3] * 6 + [4] * 9 + [6]
    assert sorted(np.bincount(np.concatenate(LENET5_CONNECTIONS))) == [10] * 6  # each map of S2 is seen ten times
    assert len(set(LENET5_CONNECTIONS)) == 16


def test_a_full_table_is_conv2d():
    X, delta = normal(2, 3, 5, 6), normal(2, 4, 4, 4, seed=1)
    layer, conv = TableConv2D(3, [(0, 1, 2)] * 4, (2, 3), dtype=np.float64), Conv2D(3, 4, (2, 3), dtype=np.float64)
    conv.params["K"] = layer.params["K"].reshape(4, 3, 2, 3)
    assert_close(layer.forward(X), conv.forward(X), 0)
    assert_close(layer.backward(delta), conv.backward(delta), 0)
    assert_close(layer.grads["K"].reshape(4, 3, 2, 3), conv.grads["K"], 0)


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_the_table_on_symbols_gives_the_derivatives_that_sympy_finds(operation):
    layer = TableConv2D(3, [(1,), (0, 2)], (2, 1), operation=operation, dtype=object)
    X = symbols("x", 2, 3, 3, 2)
    layer.params["K"], layer.params["b"] = K, b = symbols("k", 3, 2, 1), symbols("b", 2)
    Z = layer.forward(X)
    delta = symbols("d", *Z.shape)
    dX, L = layer.backward(delta), sympy.expand((Z * delta).sum())
    for gradient, variables in ((dX, X), (layer.grads["K"], K), (layer.grads["b"], b)):
        assert gradient.shape == variables.shape
        assert all(sympy.expand(g) == L.diff(x) for g, x in zip(gradient.flat, variables.flat, strict=True))


def test_each_output_map_starts_by_its_own_fan_in():
    rows = [(0,), tuple(range(40))]
    K = TableConv2D(40, rows, 5, rng=np.random.default_rng(0), dtype=np.float64).params["K"]
    for part, fan_in in ((K[:1], 25), (K[1:], 1000)):
        assert 0.9 * 2.4 / fan_in < np.abs(part).max() <= 2.4 / fan_in
    K = TableConv2D(40, rows, 5, init=glorot_uniform, rng=np.random.default_rng(0), dtype=np.float64).params["K"]
    rng = np.random.default_rng(0)
    parts = glorot_uniform((1, 5, 5), 25, 50, rng), glorot_uniform((40, 5, 5), 1000, 50, rng)
    np.testing.assert_array_equal(K, np.concatenate(parts))


def test_the_table_is_told_in_its_name():
    assert repr(TableConv2D(3, [(0, 1), (2,)], 2)) == "TableConv2D(3→2, 2×2, correlation, 3 connections)"


def rows(*connections, channels=3, **options):
    return lambda: TableConv2D(channels, connections, 2, **options)


@table(
    ("no rows", lambda: TableConv2D(3, [], 2), ["TableConv2D", "connections", "row for each output map", "[]"]),
    ("a number", lambda: TableConv2D(3, 4, 2), ["TableConv2D", "connections", "not 4"]),
    ("an empty row", rows((0,), ()), ["connections[1]", "(0, 2)", "()"]),
    ("a number in the place of a row", rows(1, 2), ["connections[0]", "row of input maps", "not 1"]),
    ("a map that is not there", rows((0, 3)), ["connections[0]", "(0, 3)", "0 to 2"]),
    ("a negative map", rows((0, -1)), ["connections[0]", "at least 0", "-1"]),
    ("a map twice", rows((1, 1)), ["connections[0]", "(1, 1)", "different"]),
    ("half a map", rows((0.5,)), ["connections[0]", "whole number", "0.5"]),
    ("a truth value", rows((True, False)), ["connections[0]", "whole number", "True"]),
    ("as text", rows("01"), ["connections[0]", "'01'"]),
    ("no input maps", rows((0,), channels=0), ["TableConv2D", "in_channels", "at least 1"]),
    ("init by name", rows((0,), init="glorot"), ["TableConv2D", "glorot_uniform", "'glorot'"]),
    ("init of another shape", rows((0, 1), init=lambda *_: np.ones(2)), ["TableConv2D", "(2,)", "(2, 2, 2)"]),
    ("a seed for rng", rows((0,), rng=4), ["TableConv2D", "default_rng(0)", "not 4"]),
    ("stride 0", rows((0,), stride=0), ["stride", "at least 1", "not 0"]),
    ("unknown path", rows((0,), path="quick"), ["'quick'", "plain, banded"]),
    ("wrong channel count", lambda: rows((0,))().forward(normal(1, 2, 4, 4)), ["TableConv2D(3→1", "(N, 3"]),
    ("no coefficient", lambda: Subsampling2D(0, 2), ["Subsampling2D", "channels", "at least 1"]),
    ("scale 0", lambda: Subsampling2D(2, 0), ["Subsampling2D", "scale", "at least 1"]),
    ("a scale that does not divide", lambda: Subsampling2D(1, 2).forward(normal(1, 1, 3, 4)), ["3×4", "drop_tail"]),
    ("other maps", lambda: Subsampling2D(2, 2).forward(normal(1, 3, 4, 4)), ["(N, 2", "3 channels"]),
    ("output shape of other maps", lambda: Subsampling2D(2, 2).output_shape((3, 4, 4)), ["3 maps", "takes 2"]),
    ("a whole-number dtype", lambda: Subsampling2D(2, 2, dtype=int), ["int64", "float32, float64"]),
    ("a negative frame", lambda: InputFrame(-1), ["InputFrame", "cells", "at least 0", "-1"]),
    ("ink as text", lambda: InputFrame(ink="black"), ["InputFrame", "ink", "one finite number", "'black'"]),
    ("endless ink", lambda: InputFrame(paper=np.inf), ["InputFrame", "paper", "finite", "inf"]),
    ("a frame of whole numbers", lambda: InputFrame(dtype=int), ["InputFrame", "int64", "float32, float64"]),
    ("a framed vector", lambda: InputFrame().forward(normal(2, 4)), ["InputFrame", "(2, 4)", "batch of maps"]),
    ("one code", lambda: RBFOutput([1, -1]), ["RBFOutput", "(2,)", "(classes, n)"]),
    ("codes as text", lambda: RBFOutput([["a"]]), ["RBFOutput", "codes", "text"]),
    ("inputs of another length", lambda: RBFOutput([[1, 1]]).forward(normal(2, 3)), ["RBFOutput(2→1)", "(N, 2)"]),
    ("output shape of another length", lambda: RBFOutput([[1, 1]]).output_shape((3,)), ["(3,)", "(2,)"]),
    ("rubbish at 0", lambda: CodeLoss(0), ["CodeLoss", "rubbish", "positive", "not 0"]),
    ("rubbish as text", lambda: CodeLoss("10"), ["CodeLoss", "rubbish", "'10'"]),
    ("rubbish without end", lambda: CodeLoss(np.inf), ["CodeLoss", "rubbish", "inf"]),
    ("labels", lambda: CodeLoss().value(normal(3, 2), [0, 1, 1]), ["CodeLoss", "one_hot"]),
)
def test_what_does_not_fit_is_refused(wrong, words):
    with says(*words):
        wrong()


# --- subsampling, frame, squashing


def test_subsampling_with_a_coefficient_of_one_over_s2_is_mean_pooling():
    layer, pool = Subsampling2D(3, 2, dtype=np.float64), MeanPool2D(2)
    X, delta = normal(2, 3, 4, 6), normal(2, 3, 2, 3, seed=1)
    layer.params = {"w": np.full(3, 0.25), "b": np.zeros(3)}
    assert_close(layer.forward(X), pool.forward(X))
    assert_close(layer.backward(delta), pool.backward(delta))


def test_subsampling_has_a_coefficient_and_a_bias_for_each_map():
    layer = Subsampling2D(2, (1, 2), dtype=np.float64)
    layer.params = {"w": np.array([2.0, 3.0]), "b": np.array([10.0, 20.0])}
    assert layer.forward([[[[1, 2]], [[4, 8]]]]).tolist() == [[[[16]], [[56]]]]
    assert layer.backward([[[[5]], [[7]]]]).tolist() == [[[[10, 10]], [[21, 21]]]]
    assert layer.grads["w"].tolist() == [15, 84] and layer.grads["b"].tolist() == [5, 7]


def test_subsampling_on_symbols_gives_the_derivatives_that_sympy_finds():
    layer, X = Subsampling2D(2, (2, 1), drop_tail=True, dtype=object), symbols("x", 2, 2, 3, 2)
    layer.params = {"w": symbols("w", 2), "b": symbols("b", 2)}
    Z = layer.forward(X)
    delta = symbols("d", *Z.shape)
    dX, L = layer.backward(delta), sympy.expand((Z * delta).sum())
    for gradient, variables in ((dX, X), *((layer.grads[name], layer.params[name]) for name in "wb")):
        assert all(sympy.expand(g) == L.diff(x) for g, x in zip(gradient.flat, variables.flat, strict=True))


def test_the_frame_is_paper_and_ink_as_in_1998():
    A = InputFrame(dtype=np.float64).forward(np.array([0, 1, 0.5]).reshape(1, 1, 1, 3))
    assert A.shape == (1, 1, 5, 7)
    assert_close(A[0, 0, 2], [-0.1, -0.1, -0.1, 1.175, 0.5375, -0.1, -0.1])
    assert (A[0, 0, [0, 1, 3, 4]] == -0.1).all()


def test_the_squashing_goes_through_one_and_minus_one_and_bends_most_there():
    z = np.linspace(-4, 4, 8001)
    layer = ScaledTanh()
    a = layer.forward(z)
    assert_close(a[[3000, 4000, 5000]], [-1, 0, 1], 1e-4)
    bend = np.abs(np.diff(a, 2))
    assert abs(abs(z[1:-1][bend.argmax()]) - 1) < 0.02
    assert_close(layer.backward(np.ones_like(z)), np.gradient(a, z, edge_order=2), 1e-6)


# --- codes


def test_the_codes_are_ten_pictures_of_12_by_7_far_from_each_other():
    codes = digit_codes()
    assert codes.shape == (10, 84) and set(codes.flat) == {-1, 1}
    differ = (codes[:, None] != codes).sum(axis=2)
    assert differ[~np.eye(10, dtype=bool)].min() >= 6
    one = codes[1].reshape(12, 7)
    assert (one[1:11, 3:5] == 1).all() and (one[2:11, 5:] == -1).all()
    digit_codes()[...] = 0
    assert (digit_codes() == codes).all()


def test_the_nearest_code_has_the_largest_output():
    codes = digit_codes()
    near = codes + 0.3 * normal(10, 84)
    assert RBFOutput(codes).forward(near).argmax(axis=1).tolist() == list(range(10))
    assert_close(RBFOutput([[1, -1]], dtype=np.float64).forward([[2, 1]]), [[-5]])


def test_codes_are_kept_as_they_were_given():
    codes = np.ones((2, 3))
    layer = RBFOutput(codes, dtype=np.float64)
    codes[:] = 7
    assert (layer.codes == 1).all()


def test_the_loss_is_equation_9_of_the_paper():
    y, labels, j = np.array([[0.5, 2.0, 3.0], [4.0, 1.5, 0.25]]), [0, 1], 1.25
    by_hand = [y[n, t] + np.log(np.exp(-j) + np.exp(-y[n]).sum()) for n, t in enumerate(labels)]
    targets = np.eye(3)[labels]
    assert_close(CodeLoss(j).value(-y, targets), np.mean(by_hand))
    moved = gradcheck.central_difference(lambda o: CodeLoss(j).value(o, targets), -y)
    assert_close(CodeLoss(j).gradient(-y, targets), moved, 1e-8)


def test_a_digit_far_from_every_code_does_not_push_the_wrong_ones_further():
    far, targets = -np.array([[500.0, 400.0]]), np.array([[1.0, 0.0]])
    gradient = CodeLoss(10).gradient(far, targets)
    assert_close(gradient, [[-1, 0]])
    assert SoftmaxCrossEntropy().gradient(far, targets)[0, 1] > 0.99  # without the rubbish class it would
    assert np.isfinite(CodeLoss(10).value(1e4 * far, targets))


def test_the_loss_stays_in_the_dtype_of_the_outputs():
    outputs = normal(3, 2).astype(np.float32)
    assert CodeLoss().gradient(outputs, np.eye(2)[[0, 1, 1]]).dtype == np.float32
