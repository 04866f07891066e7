"""cnnlib against the MATLAB toolbox that the article walks through: every recorded number to 1e-12.

The recordings and what they hold: cnnlib/article/traces/README.md.
"""

import numpy as np
import pytest
from helpers import assert_relative, params_of, says

from cnnlib import adjoint, ops
from cnnlib.article import toolbox_traces
from cnnlib.layers import Conv2D, MeanPool2D
from cnnlib.training import SGD, train

both_traces = pytest.mark.parametrize("trace", ["small_cscs", "odd_scale3"], indirect=True)
both_operations = pytest.mark.parametrize("operation", ["convolution", "correlation"])
both_paths = pytest.mark.parametrize("path", ["plain", "banded"])


def assert_recorded(mine, recorded):
    """To 1e-12 of the largest recorded number: gradients are small, and nothing hides behind a 1."""
    assert_relative(mine, recorded, 1e-12)


def laid(K, operation):
    """The recorded kernels convolve; a net that correlates has to hold them turned."""
    return K if operation == "convolution" else K[:, :, ::-1, ::-1]


@pytest.fixture
def trace(request):
    return toolbox_traces.load(request.param)


def layers_of(net):
    """Toolbox layer -> (index of the layer in net.layers, the layer), for convolutions and pools."""
    found = [(i, layer) for i, layer in enumerate(net.layers) if isinstance(layer, (Conv2D, MeanPool2D))]
    return dict(enumerate(found, start=2))


@both_traces
@both_operations
@both_paths
def test_every_activation_is_the_toolboxs(trace, operation, path):
    net = trace.net(operation, path=path)
    assert_recorded(net.forward(trace.batch(0)[0]), trace["outputs"])
    for place, (i, layer) in layers_of(net).items():
        after = (
            i + 2 if isinstance(layer, Conv2D) else i + 1
        )  # a convolution's activation is after its sigmoid
        assert_recorded(net.activations[after], trace[f"layer{place}_activation"])
    assert_recorded(net.activations[-3], trace["features"])


@both_traces
@both_operations
@both_paths
def test_every_delta_is_the_toolboxs_per_sample(trace, operation, path):
    net, (X, targets), N = trace.net(operation, path=path), trace.batch(0), trace.batch_size
    net.forward(X)
    net.backward(targets)
    for place, (i, _) in layers_of(net).items():  # the layer's own output: before the sigmoid
        assert_recorded(N * net.deltas[i + 1], trace[f"layer{place}_delta"])
    assert_recorded(N * net.deltas[-2], trace["output_delta"])
    assert_recorded(N * net.deltas[-3], trace["feature_delta"])


@both_traces
@both_operations
@both_paths
def test_every_gradient_is_the_toolboxs(trace, operation, path):
    net, (X, targets) = trace.net(operation, path=path), trace.batch(0)
    net.forward(X)
    net.backward(targets)
    for place, (_, layer) in layers_of(net).items():
        if isinstance(layer, Conv2D):
            assert_recorded(laid(layer.grads["K"], operation), trace[f"layer{place}_kernel_gradient"])
            assert_recorded(layer.grads["b"], trace[f"layer{place}_bias_gradient"])
    assert_recorded(net.layers[-2].grads["W"], trace["output_weight_gradient"])
    assert_recorded(net.layers[-2].grads["b"], trace["output_bias_gradient"])


def train_as_recorded(trace, net):
    """All recorded updates in the recorded order; the losses before each."""
    optimiser, losses = SGD(net.layers), []
    for step in range(trace.updates):
        X, targets = trace.batch(step)
        losses.append(net.loss.value(net.forward(X), targets))
        net.backward(targets)
        optimiser.update(trace.learning_rate)
    return losses


def end_of(trace, operation):
    """The recorded parameters after the last update, in the order of params_of."""
    convolutions = [place for place, (kind, *_) in trace.places.items() if kind == "c"]
    ends = []
    for place in convolutions:
        ends += [laid(trace[f"end_layer{place}_kernels"], operation), trace[f"end_layer{place}_bias"]]
    return [*ends, trace["end_output_weights"], trace["end_output_bias"]]


@both_traces
@both_operations
@both_paths
def test_losses_and_weights_after_all_updates_are_the_toolboxs(trace, operation, path):
    net = trace.net(operation, path=path)
    assert_recorded(train_as_recorded(trace, net), trace["losses"])
    for mine, recorded in zip(params_of(net), end_of(trace, operation), strict=True):
        assert_recorded(mine, recorded)


class InOrder(np.random.Generator):
    """A generator that shuffles nothing: the recorded updates took the images as they come."""

    def permutation(self, count):
        return np.arange(count)


@both_traces
def test_train_repeats_the_recorded_updates(trace):
    net = trace.net("convolution")
    steps = train(
        net,
        trace["images"],
        trace["targets"],
        batch_size=trace.batch_size,
        learning_rate=trace.learning_rate,
        rng=InOrder(np.random.PCG64()),
    )
    assert_recorded([step.loss for step in steps], trace["losses"])
    for mine, recorded in zip(params_of(net), end_of(trace, "convolution"), strict=True):
        assert_recorded(mine, recorded)


@both_traces
def test_both_operations_train_alike_from_kernels_that_are_each_others_turn(trace):
    convolving, correlating = trace.net("convolution"), trace.net("correlation")
    assert_relative(train_as_recorded(trace, correlating), train_as_recorded(trace, convolving), 1e-14)
    for (_, a), (_, b) in zip(layers_of(convolving).values(), layers_of(correlating).values(), strict=True):
        if isinstance(a, Conv2D):
            assert_relative(b.params["K"], ops.rot180(a.params["K"]), 1e-14)


@both_traces
def test_without_the_turn_the_deltas_are_not_the_toolboxs_but_their_sum_is(trace, monkeypatch):
    """Layer 3 is the pool below the second convolution: the one place where a kernel is turned."""
    net, (X, targets) = trace.net("correlation", path="plain"), trace.batch(0)
    monkeypatch.setattr(ops, "rot180", lambda K: K)
    net.forward(X)
    net.backward(targets)
    mine, recorded = trace.batch_size * net.deltas[layers_of(net)[3][0] + 1], trace["layer3_delta"]
    assert np.abs(mine - recorded).max() > 0.1 * np.abs(recorded).max()
    assert mine.sum() == pytest.approx(recorded.sum(), rel=1e-12)
    assert mine.mean() == pytest.approx(recorded.mean(), rel=1e-12)


@both_traces
@pytest.mark.parametrize("way", [adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im])
def test_each_of_the_four_ways_carries_the_toolboxs_delta_through_its_second_convolution(trace, way):
    K, delta, recorded = trace["start_layer4_kernels"], trace["layer4_delta"], trace["layer3_delta"]
    assert_recorded(way(delta, K, recorded.shape, operation="convolution"), recorded)
    assert_recorded(way(delta, K[:, :, ::-1, ::-1], recorded.shape), recorded)


def test_every_recording_in_the_folder_has_its_name_and_nothing_is_left_unread():
    files = {file.name for file in toolbox_traces.FOLDER.iterdir()}
    assert files == {"README.md", *(f"{name}.npz" for name in toolbox_traces.NAMES)}


SIZES = {  # as traces/README.md describes them: layers 2 to 5, images, batch, rate, updates
    "small_cscs": ({2: ("c", 2, 3), 3: ("s", 2), 4: ("c", 3, 2), 5: ("s", 2)}, (15, 1, 12, 12), 3, 1.0, 5),
    "odd_scale3": ({2: ("c", 3, 3), 3: ("s", 3), 4: ("c", 4, 2), 5: ("s", 5)}, (32, 1, 20, 20), 4, 0.7, 8),
}


@both_traces
def test_a_recording_is_what_its_readme_says(trace):
    places, images, batch, rate, updates = SIZES[trace.name]
    assert trace.places == places and trace["images"].shape == images
    assert (trace.batch_size, trace.learning_rate, trace.updates) == (batch, rate, updates)
    assert all(array.dtype == np.float64 for name, array in trace.arrays.items() if array.ndim and name != "layers")
    for step in range(updates):
        X, targets = trace.batch(step)
        np.testing.assert_array_equal(X, trace["images"][step * batch : (step + 1) * batch])
        np.testing.assert_array_equal(targets, trace["targets"][step * batch : (step + 1) * batch])
    assert updates * batch == len(trace["images"])


@both_traces
def test_training_a_net_leaves_the_recording_as_it_was(trace):
    kept = {name: array.copy() for name, array in trace.arrays.items()}
    train_as_recorded(trace, trace.net("convolution"))
    for name, array in trace.arrays.items():
        np.testing.assert_array_equal(array, kept[name])


def test_what_is_not_there_is_said_in_words():
    with says("no recording 'lenet'", "small_cscs, odd_scale3"):
        toolbox_traces.load("lenet")
    with says("no recording '../digits'"):
        toolbox_traces.load("../digits")
    trace = toolbox_traces.load("small_cscs")
    with says("small_cscs has no array 'layer9_delta'", "layer2_delta"):
        trace["layer9_delta"]
    for step in (5, -1):
        with says("the updates 0 to 4", str(step)):
            trace.batch(step)
    with says("operation 'product'"):
        trace.net("product")
