"""Networks: what activations and deltas mean, and looking without touching."""

import numpy as np
import pytest
from helpers import (
    assert_close,
    assert_relative,
    grads_of,
    params_of,
    small_batch,
    small_net,
)

from cnnlib import data, gradcheck
from cnnlib.layers import Flatten, Sigmoid
from cnnlib.losses import SquaredError
from cnnlib.network import Network, toolbox_net


@pytest.fixture
def net():
    return small_net()


# --- forward, backward, and what they leave behind


def test_activations_are_the_input_of_each_layer_and_the_output(net):
    X, _ = small_batch()
    outputs = net.forward(X)
    assert len(net.activations) == len(net.layers) + 1
    assert net.activations[0] is X and net.activations[-1] is outputs
    for layer, A, after in zip(net.layers, net.activations, net.activations[1:], strict=False):
        np.testing.assert_array_equal(layer.forward(A), after)


def test_each_delta_is_the_derivative_of_the_loss_by_that_activation(net):
    X, Y = small_batch(2)
    net.forward(X)
    net.backward(Y, input_gradient=True)
    assert len(net.deltas) == len(net.layers) + 1
    for i, (A, delta) in enumerate(zip(list(net.activations), list(net.deltas), strict=True)):

        def loss(A, rest=net.layers[i:]):
            for layer in rest:
                A = layer.forward(A)
            return net.loss.value(A, Y)

        assert_relative(delta, gradcheck.central_difference(loss, A), 1e-7)


def test_every_gradient_is_that_of_central_differences(net):
    X, Y = small_batch(3)
    net.forward(X)
    net.backward(Y)
    for layer in net.layers:
        for key, array in layer.params.items():

            def loss(value, layer=layer, key=key):
                layer.params[key] = value
                return net.loss.value(net.predict(X), Y)

            moved = gradcheck.central_difference(loss, array)
            layer.params[key] = array
            assert_relative(layer.grads[key], moved, 1e-7)


def test_the_input_gradient_is_there_only_if_asked_for(net):
    X, Y = small_batch()
    net.forward(X)
    net.backward(Y)
    assert net.deltas[0] is None and all(delta is not None for delta in net.deltas[1:])
    without = grads_of(net)
    net.backward(Y, input_gradient=True)
    assert net.deltas[0].shape == X.shape
    np.testing.assert_equal(grads_of(net), without)


def test_the_first_convolution_is_asked_for_no_input_gradient(net, monkeypatch):
    def refuse(delta):
        raise AssertionError("the image's delta was computed")

    X, Y = small_batch()
    monkeypatch.setattr(net.layers[0], "input_gradient", refuse)
    net.forward(X)
    net.backward(Y)
    with pytest.raises(AssertionError, match="image"):
        net.backward(Y, input_gradient=True)


def test_a_new_forward_empties_the_deltas(net):
    X, Y = small_batch()
    net.forward(X)
    net.backward(Y)
    net.forward(X)
    assert net.deltas == []


def test_a_changed_parameter_takes_effect_at_the_next_forward(net):
    X, _ = small_batch()
    before = net.forward(X).copy()
    net.layers[0].params["K"] *= -1
    after = net.forward(X).copy()
    assert (before != after).all()
    net.layers[0].params["K"] = -net.layers[0].params["K"]
    np.testing.assert_array_equal(net.forward(X), before)


# --- looking without touching


def state_of(net):
    """Everything that a pass leaves in a network, by identity."""
    caches = [layer.cache for layer in net.layers]
    grads = [dict(layer.grads) for layer in net.layers]
    return caches, grads, list(net.activations), list(net.deltas)


def assert_untouched(net, before):
    caches, grads, activations, deltas = state_of(net)
    assert all(a is b for a, b in zip(caches, before[0], strict=True))
    assert all(a is b for a, b in zip(activations + deltas, before[2] + before[3], strict=True))
    for now, then in zip(grads, before[1], strict=True):
        assert now.keys() == then.keys() and all(now[key] is then[key] for key in now)


LOOKS = {
    "trace": lambda net: net.trace(*small_batch(1, seed=8)),
    "predict": lambda net: net.predict(small_batch(7, seed=8)[0], batch_size=2),
    "error_rate": lambda net: net.error_rate(small_batch(7, seed=8)[0], np.zeros(7, dtype=int)),
    "summary": lambda net: net.summary((2, 7, 6)),
}
every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


@every_look
@pytest.mark.parametrize("passes", ["none", "forward", "forward and backward"])
def test_looking_touches_no_cache_and_no_gradient(net, look, passes):
    X, Y = small_batch()
    if "forward" in passes:
        net.forward(X)
    if "backward" in passes:
        net.backward(Y)
    before, params = state_of(net), params_of(net)
    look(net)
    assert_untouched(net, before)
    np.testing.assert_equal(params_of(net), params)


@every_look
def test_backward_after_a_look_gives_the_same_gradients(net, look):
    X, Y = small_batch()
    net.forward(X)
    net.backward(Y)
    expected = grads_of(net)
    net.forward(X)
    look(net)
    net.backward(Y)
    np.testing.assert_equal(grads_of(net), expected)


def test_a_trace_is_one_pass_laid_open(net):
    X, Y = small_batch(1)
    trace = net.trace(X, Y)
    loss = net.loss.value(net.forward(X), Y)
    net.backward(Y, input_gradient=True)
    np.testing.assert_equal(trace.activations, net.activations)
    np.testing.assert_equal(trace.deltas, net.deltas)
    np.testing.assert_equal(trace.grads, [layer.grads for layer in net.layers])
    assert trace.loss == loss


def test_a_trace_is_not_changed_by_later_updates(net):
    X, Y = small_batch(1)
    trace = net.trace(X, Y)
    copies = [A.copy() for A in trace.activations + trace.deltas]
    net.layers[0].params["K"] += 1
    net.forward(X)
    net.backward(Y)
    np.testing.assert_equal(trace.activations + trace.deltas, copies)


@pytest.mark.parametrize("batch_size", [1, 3, 7, 500])
def test_prediction_does_not_depend_on_the_batch_size(net, batch_size):
    X, _ = small_batch(7)
    assert_close(net.predict(X, batch_size=batch_size), net.forward(X), 1e-14)


def test_the_error_rate_is_the_share_of_wrong_answers(net):
    X, _ = small_batch(8)
    labels = net.forward(X).argmax(axis=1)
    assert net.error_rate(X, labels) == 0
    labels[:3] = (labels[:3] + 1) % 3
    assert net.error_rate(X, labels) == 3 / 8


def test_each_output_is_judged_by_its_own_label():
    """Images that are their own outputs, every class once: labels in any other order are wrong."""
    images, labels = data.one_hot(np.arange(7)).reshape(7, 1, 1, -1), np.arange(7)
    net = Network([Flatten()], SquaredError())
    assert net.error_rate(images, labels) == 0
    assert net.error_rate(images, labels[::-1]) == 6 / 7  # the middle one stays where it is
    assert net.error_rate(images, np.roll(labels, 1)) == 1
    assert net.error_rate(images[[5, 2, 2]], [5, 2, 5]) == pytest.approx(1 / 3)


def test_the_summary_takes_other_sizes(net):
    assert "3×6×4" in net.summary((2, 7, 6))


# --- names


def test_every_layer_has_a_name_numbered_where_its_kind_occurs_more_than_once():
    article = toolbox_net()
    assert article.names == (
        "conv1", "sigmoid1", "pool1", "conv2", "sigmoid2", "pool2", "flatten", "dense", "sigmoid3"
    )  # fmt: skip
    for name, layer in zip(article.names, article.layers, strict=True):
        assert article[name] is layer


def test_a_layer_of_ones_own_is_called_after_its_class(net):
    class Gauss(Sigmoid):
        kind = ""

    net.layers.insert(1, Gauss())
    assert net.names[1] == "gauss" and net["gauss"] is net.layers[1]


def test_an_activation_stands_at_the_output_of_its_layer_and_the_delta_with_it(net):
    X, Y = small_batch()
    for looked_at in (net.trace(X, Y), net):
        if looked_at is net:
            net.forward(X)
            net.backward(Y, input_gradient=True)
        assert looked_at.activation("input") is looked_at.activations[0]
        assert looked_at.delta("input") is looked_at.deltas[0]
        for i, name in enumerate(net.names, 1):
            assert looked_at.activation(name) is looked_at.activations[i]
            assert looked_at.delta(name) is looked_at.deltas[i]
    trace = net.trace(X, Y)
    for i, name in enumerate(net.names):
        assert trace.gradients(name) is trace.grads[i]
        assert trace.gradients(name).keys() == net[name].params.keys()


@pytest.mark.parametrize("ask", [lambda net: net["conv9"], lambda net: net.delta("conv9"), lambda net: net[0]])
def test_an_unknown_name_is_refused_with_the_names_there_are(net, ask):
    with pytest.raises(KeyError, match=f"there is no layer .*{net.names[0]}"):
        ask(net)


def test_before_a_pass_there_is_nothing_to_look_at(net):
    with pytest.raises(ValueError, match="no activations yet: call forward first"):
        net.activation("input")
    net.forward(small_batch()[0])
    with pytest.raises(ValueError, match="no deltas yet: call backward first"):
        net.delta("input")
