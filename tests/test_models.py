"""The nets of the course, stacks of every kind, and a net on symbols."""

import numpy as np
import pytest
import sympy
from helpers import assert_relative, grads_of, normal, params_of, symbols

from cnnlib import gradcheck, network
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, ReLU, Sigmoid, Tanh
from cnnlib.losses import SoftmaxCrossEntropy, SquaredError
from cnnlib.models import lenet5_1998
from cnnlib.network import Network

every_net = pytest.mark.parametrize(
    "build",
    [network.toolbox_net, network.lenet, lambda **o: network.lenet("modern", **o), lenet5_1998],
    ids=["toolbox", "tanh", "modern", "1998"],
)


# --- the nets of the course


def sizes_of(net, shape=(1, 28, 28)):
    sizes = [shape]
    for layer in net.layers:
        sizes.append(layer.output_shape(sizes[-1]))
    return [size for size, before in zip(sizes[1:], sizes, strict=False) if size != before]


def test_the_toolbox_net_is_6c5_2s_12c5_2s():
    net = network.toolbox_net()
    assert sizes_of(net) == [(6, 24, 24), (6, 12, 12), (12, 8, 8), (12, 4, 4), (192,), (10,)]
    counts = [sum(array.size for array in layer.params.values()) for layer in net.layers]
    assert [count for count in counts if count] == [156, 1812, 1930]
    assert {layer.operation for layer in net.layers if isinstance(layer, Conv2D)} == {"convolution"}
    assert isinstance(net.loss, SquaredError) and sum(isinstance(layer, Sigmoid) for layer in net.layers) == 3


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_the_toolbox_net_takes_either_operation(operation):
    net = network.toolbox_net(operation=operation)
    assert {layer.operation for layer in net.layers if isinstance(layer, Conv2D)} == {operation}


@pytest.mark.parametrize(
    "kind, activation, pool, loss",
    [("tanh", Tanh, MeanPool2D, SquaredError), ("modern", ReLU, MaxPool2D, SoftmaxCrossEntropy)],
)
def test_lenet_has_the_shape_of_lenet_5(kind, activation, pool, loss):
    net = network.lenet(kind)
    maps = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)]
    assert sizes_of(net) == [*maps, (400,), (120,), (84,), (10,)]
    assert sum(array.size for array in params_of(net)) == 61_706
    assert isinstance(net.loss, loss)
    assert sum(isinstance(layer, activation) for layer in net.layers) == 4
    assert sum(isinstance(layer, pool) for layer in net.layers) == 2


@every_net
def test_a_net_starts_the_same_each_time_and_no_two_layers_alike(build):
    first, second = params_of(build()), params_of(build())
    np.testing.assert_equal(first, second)
    starts = [array.ravel()[:3] / np.abs(array).max() for array in first if array.any()]
    assert len({tuple(start) for start in starts}) == len(starts)
    other = params_of(build(rng=np.random.default_rng(1)))
    assert all((a != b).any() for a, b in zip(first, other, strict=True) if a.any())


def test_the_summary_is_a_table_with_every_shape_and_count():
    lines = network.toolbox_net().summary().splitlines()
    assert len(lines) == 1 + 9 + 1
    assert lines[0].split() == ["input", "1×28×28"]
    assert lines[4].split()[-2:] == ["12×8×8", "1,812"]
    assert lines[-1].split()[-1] == "3,898"


@every_net
def test_float32_stays_float32_all_the_way(build):
    net = build()
    net.forward(normal(2, 1, 28, 28))  # float64 images
    net.backward(np.eye(10)[[3, 5]], input_gradient=True)
    for array in net.activations[1:] + net.deltas + grads_of(net) + params_of(net):
        assert array.dtype == np.float32


# --- stacks


def gradients_agree(net, X, Y):
    net.forward(X)
    net.backward(Y, input_gradient=True)
    delta = net.deltas[0]
    moved = gradcheck.central_difference(lambda X: net.loss.value(net.predict(X), Y), X)
    assert_relative(delta, moved, 1e-7)


def conv(*args, **options):
    return Conv2D(*args, **options, rng=np.random.default_rng(5), dtype=np.float64)


STACKS = {
    "conv on conv": [conv(2, 3, 2), conv(3, 2, (3, 2), operation="convolution"), Tanh()],
    "pool on pool": [conv(2, 3, 1), MeanPool2D(2, drop_tail=True), MeanPool2D((1, 2), drop_tail=True)],
    "max pool on mean pool": [MeanPool2D((2, 1), drop_tail=True), MaxPool2D((1, 2)), conv(2, 3, 2)],
    "pool first and last": [MeanPool2D((1, 2)), conv(2, 3, 2, padding=1), MaxPool2D(2)],
    "dropped tails": [conv(2, 2, 2, stride=2), Tanh(), MeanPool2D(2, drop_tail=True)],
    "a last activation on maps": [conv(2, 2, (2, 1)), Sigmoid(), conv(2, 1, (2, 3)), Sigmoid()],
}


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("loss", [SquaredError(), SoftmaxCrossEntropy()], ids=repr)
@pytest.mark.parametrize("layers", STACKS.values(), ids=STACKS)
def test_every_stack_has_the_right_gradients(layers, loss, batch):
    X = normal(batch, 2, 7, 6, seed=3)
    maps = Network(layers, loss).predict(X)
    dense = Dense(maps[0].size, 3, rng=np.random.default_rng(6), dtype=np.float64)
    gradients_agree(Network([*layers, Flatten(), dense], loss), X, np.eye(3)[np.arange(batch) % 3])


# --- symbols


def symbolic_net():
    net = Network(
        [Conv2D(2, 2, 2, dtype=object), MeanPool2D(2), Flatten(), Dense(2, 2, dtype=object)], SquaredError()
    )
    for i, layer in enumerate(net.layers):
        for key, array in layer.params.items():
            layer.params[key] = symbols(f"{key}{i}_", *array.shape)
    return net, symbols("x", 2, 2, 3, 3), symbols("t", 2, 2)


def test_the_net_on_symbols_gives_exactly_the_derivatives_that_sympy_finds():
    net, X, targets = symbolic_net()
    loss = net.loss.value(net.forward(X), targets)
    net.backward(targets, input_gradient=True)
    pairs = [(net.deltas[0], X)]
    pairs += [(layer.grads[key], array) for layer in net.layers for key, array in layer.params.items()]
    polynomials, *_ = sympy.ring(list(loss.free_symbols), sympy.QQ)  # equal there: coefficient by coefficient
    for gradient, variables in pairs:
        assert gradient.shape == variables.shape
        for mine, variable in zip(gradient.flat, variables.flat, strict=True):
            assert polynomials.from_expr(mine) == polynomials.from_expr(sympy.diff(loss, variable))


def test_the_loss_of_a_symbolic_net_is_exact():
    net, X, targets = symbolic_net()
    trace = net.trace(X, targets)
    assert not trace.loss.has(sympy.Float)
    assert all(not entry.has(sympy.Float) for entry in trace.deltas[0].flat)
