"""The backward pass on 300 random configurations against central differences: exact, to the last digit.

Inputs, kernels and deltas are small whole numbers, and Σ delta·Z is linear in each, so the difference of two
losses one whole step apart is the derivative itself.  Nothing is rounded and nothing has a tolerance.  The
forward pass that is moved is the definition as plain loops.  `make oracle` runs the same configurations,
drawn by the same function, against PyTorch.
"""

from typing import NamedTuple

import numpy as np
import pytest
from helpers import forward_by_definition
from scripts import script

from cnnlib import adjoint
from cnnlib.correlation import Geometry
from cnnlib.layers import Conv2D
from cnnlib.layers.conv import PATHS

configurations = script("configurations")
DRAWN = configurations.draw(300)
WAYS = [adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im]


class Case(NamedTuple):
    """A configuration with numbers, its forward pass and its three gradients."""

    of: configurations.Configuration
    X: np.ndarray
    K: np.ndarray
    b: np.ndarray
    delta: np.ndarray
    Z: np.ndarray
    dX: np.ndarray
    dK: np.ndarray
    db: np.ndarray


def differences(losses, x):
    """[L(x + e) − L(x − e)] / 2 for each entry of x in turn, e being one whole step; ``losses`` takes many x."""
    steps = np.eye(x.size, dtype=np.int64).reshape(-1, *x.shape)
    return ((losses(x + steps) - losses(x - steps)) // 2).reshape(x.shape)


def case_of(configuration, rng):
    X, K, b, delta = configuration.arrays(lambda shape: rng.integers(-4, 5, shape))

    def forward(X, K):
        return forward_by_definition(X, K, **configuration.settings)

    def moved_input(many):  # all copies of X as one large batch
        Z = forward(many.reshape(-1, *X.shape[1:]), K)
        return (Z.reshape(-1, *delta.shape) * delta).sum(axis=(1, 2, 3, 4))

    def moved_kernels(many):  # all copies of K as the kernels of one wide layer
        Z = forward(X, many.reshape(-1, *K.shape[1:]))
        return (Z.reshape(len(X), -1, *delta.shape[1:]) * delta[:, None]).sum(axis=(0, 2, 3, 4))

    def moved_bias(many):
        return (many[:, None, :, None, None] * delta).sum(axis=(1, 2, 3, 4))

    Z = forward(X, K) + b[:, None, None]
    gradients = differences(moved_input, X), differences(moved_kernels, K), differences(moved_bias, b)
    return Case(configuration, X, K, b, delta, Z, *gradients)


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(1)
    return [case_of(configuration, rng) for configuration in DRAWN]


def assert_same(mine, exact, case):
    np.testing.assert_array_equal(mine, exact, err_msg=str(case.of))
    assert mine.shape == exact.shape, case.of


def layer_of(case, path):
    layer = Conv2D(*case.of.channels, case.of.kernel_size, **case.of.settings, path=path, dtype=np.float64)
    layer.params["K"], layer.params["b"] = case.K, case.b
    return layer


LEAST = {
    "correlation": 150,
    "convolution": 150,
    "stride over 1": 200,
    "padding": 200,
    "dilation over 1": 200,
    "dropped tail": 150,
    "these four at once": 100,
    "tail of two cells": 40,
    "cropped delta": 60,
    "even kernel": 200,
    "rectangular kernel": 200,
    "two axes, two settings": 200,
    "batch over 1": 150,
    "channels differ": 200,
}


def test_the_configurations_are_three_hundred_and_each_setting_is_among_them_often():
    assert len(set(DRAWN)) == 300
    covered = configurations.coverage(DRAWN)
    assert covered.keys() == LEAST.keys()
    assert {feature: n for feature, n in covered.items() if n < LEAST[feature]} == {}


def test_sizes_and_dropped_tails_are_those_that_were_drawn():
    for drawn in DRAWN:
        geometry = Geometry.of(drawn.kernel_size, drawn.stride, drawn.padding, drawn.dilation)
        assert geometry.output_size(drawn.input_size) == drawn.output_size, drawn
        assert geometry.tail(drawn.input_size) == drawn.tail, drawn


def test_forward_is_the_definition(cases):
    for case in cases:
        for path in PATHS:
            assert_same(layer_of(case, path).forward(case.X), case.Z, case)
        C = adjoint.correlation_matrix(case.K, case.X.shape, **case.of.settings)
        product = (case.X.reshape(len(case.X), -1) @ C.T).reshape(case.delta.shape)
        assert_same(product + case.b[:, None, None], case.Z, case)


@pytest.mark.parametrize("way", WAYS)
def test_each_of_the_four_ways_is_the_derivative_by_the_input(way, cases):
    for case in cases:
        assert_same(way(case.delta, case.K, case.X.shape, **case.of.settings), case.dX, case)


def test_the_kernel_gradient_is_the_derivative_by_the_kernel(cases):
    for case in cases:
        dK = adjoint.kernel_gradient(case.X, case.delta, case.of.kernel_size, **case.of.settings)
        assert_same(dK, case.dK, case)


@pytest.mark.parametrize("path", PATHS)
def test_the_layer_gives_all_three_derivatives(path, cases):
    for case in cases:
        layer = layer_of(case, path)
        layer.forward(case.X)
        assert_same(layer.backward(case.delta), case.dX, case)
        assert_same(layer.grads["K"], case.dK, case)
        assert_same(layer.grads["b"], case.db, case)
