"""cnnlib against the MATLAB toolbox that the article walks through: every recorded number to 1e-12.

The recordings and what they hold: traces/README.md.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from helpers import assert_relative, params_of

from cnnlib import adjoint, ops
from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from cnnlib.losses import SquaredError
from cnnlib.network import Network
from cnnlib.training import SGD, train

FOLDER = Path(__file__).parent / "traces"
both_traces = pytest.mark.parametrize("trace", ["small_cscs", "odd_scale3"], indirect=True)
both_operations = pytest.mark.parametrize("operation", ["convolution", "correlation"])


def assert_recorded(mine, recorded):
    """To 1e-12 of the largest recorded number: gradients are small, and nothing hides behind a 1."""
    assert_relative(mine, recorded, 1e-12)


class Recording(NamedTuple):
    """What one file holds, and the net that it is about."""

    arrays: dict
    places: dict  # toolbox layer -> where its output stands in Network.activations

    def __getitem__(self, name):
        return self.arrays[name]

    @property
    def batch_size(self):
        return int(self["batch_size"])

    def batch(self, step):
        rows = slice(step * self.batch_size, (step + 1) * self.batch_size)
        return self["images"][rows], self["targets"][rows]

    def net(self, operation):
        """The net before its first update; under ⋆ its kernels start as the turn of what was recorded."""
        layers, channels = [], 1
        for place, (kind, *sizes) in self.places.items():
            if kind == "c":
                layers += [Conv2D(channels, *sizes, operation=operation, dtype=np.float64), Sigmoid()]
                channels = sizes[0]
                layers[-2].params = {
                    "K": laid(self[f"start_layer{place}_kernels"], operation),
                    "b": self[f"start_layer{place}_bias"],
                }
            else:
                layers += [MeanPool2D(sizes[0])]
        dense = Dense(self["features"].shape[1], 10, dtype=np.float64)
        dense.params = {"W": self["start_output_weights"], "b": self["start_output_bias"]}
        return Network([*layers, Flatten(), dense, Sigmoid()], SquaredError())


def laid(K, operation):
    """The recorded kernels convolve; a net that correlates has to hold them turned."""
    return K if operation == "convolution" else K[:, :, ::-1, ::-1]


@pytest.fixture
def trace(request):
    with np.load(FOLDER / f"{request.param}.npz", allow_pickle=False) as file:
        arrays = dict(file)
    kinds = json.loads(str(arrays["layers"]))
    return Recording(arrays, {place: kind for place, kind in enumerate(kinds, start=1) if kind != "i"})


def layers_of(net):
    """Toolbox layer -> (index of the layer in net.layers, the layer), for convolutions and pools."""
    found = [(i, layer) for i, layer in enumerate(net.layers) if isinstance(layer, (Conv2D, MeanPool2D))]
    return dict(enumerate(found, start=2))


@both_traces
@both_operations
def test_every_activation_is_the_toolboxs(trace, operation):
    net = trace.net(operation)
    assert_recorded(net.forward(trace.batch(0)[0]), trace["outputs"])
    for place, (i, layer) in layers_of(net).items():
        after = (
            i + 2 if isinstance(layer, Conv2D) else i + 1
        )  # a convolution's activation is after its sigmoid
        assert_recorded(net.activations[after], trace[f"layer{place}_activation"])
    assert_recorded(net.activations[-3], trace["features"])


@both_traces
@both_operations
def test_every_delta_is_the_toolboxs_per_sample(trace, operation):
    net, (X, targets), N = trace.net(operation), trace.batch(0), trace.batch_size
    net.forward(X)
    net.backward(targets)
    for place, (i, _) in layers_of(net).items():  # the layer's own output: before the sigmoid
        assert_recorded(N * net.deltas[i + 1], trace[f"layer{place}_delta"])
    assert_recorded(N * net.deltas[-2], trace["output_delta"])
    assert_recorded(N * net.deltas[-3], trace["feature_delta"])


@both_traces
@both_operations
def test_every_gradient_is_the_toolboxs(trace, operation):
    net, (X, targets) = trace.net(operation), trace.batch(0)
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
    for step in range(len(trace["losses"])):
        X, targets = trace.batch(step)
        losses.append(net.loss.value(net.forward(X), targets))
        net.backward(targets)
        optimiser.update(float(trace["learning_rate"]))
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
def test_losses_and_weights_after_all_updates_are_the_toolboxs(trace, operation):
    net = trace.net(operation)
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
        learning_rate=float(trace["learning_rate"]),
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
    net, (X, targets) = trace.net("correlation"), trace.batch(0)
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
