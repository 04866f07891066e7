"""The gradients of every layer are right: by central differences, and by the adjoint test."""

import numpy as np
import pytest
from helpers import assert_relative
from layer_cases import CASES, LINEAR, build, every_layer, layers_with_params, run

from cnnlib import gradcheck


@every_layer
def test_input_gradient_is_that_of_central_differences(name):
    layer, X, delta = build(name)
    moved = gradcheck.central_difference(lambda X: (layer.forward(X) * delta).sum(), X)
    assert_relative(run(layer, X, delta)[0], moved, 1e-7)


@layers_with_params
def test_parameter_gradients_are_those_of_central_differences(name):
    layer, X, delta = build(name)
    _, grads = run(layer, X, delta)
    assert grads.keys() == layer.params.keys()
    for key, array in layer.params.items():

        def loss(value, key=key):
            layer.params[key] = value
            return (layer.forward(X) * delta).sum()

        moved = gradcheck.central_difference(loss, array)
        layer.params[key] = array
        assert_relative(grads[key], moved, 1e-7)


@pytest.mark.parametrize("name", LINEAR)
def test_backward_is_the_transpose_of_forward(name):
    layer, X, delta = build(name)
    constant = layer.forward(np.zeros_like(X))
    gap = gradcheck.adjoint_gap(
        lambda x: layer.forward(x) - constant, layer.backward, X.shape, delta.shape, np.random.default_rng(0)
    )
    assert gap < 1e-13


@pytest.mark.parametrize("name", sorted(set(CASES) - set(LINEAR)))
def test_backward_is_the_transpose_of_forward_linearised(name):
    layer, X, delta = build(name)
    t = 1e-6

    def backward(y):
        layer.forward(X)
        return layer.backward(y)

    gap = gradcheck.adjoint_gap(
        lambda x: (layer.forward(X + t * x) - layer.forward(X - t * x)) / (2 * t),
        backward,
        X.shape,
        delta.shape,
        np.random.default_rng(0),
    )
    assert gap < 1e-9
