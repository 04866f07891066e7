"""The losses: formulas, gradients, 1/N, stability."""

import math

import numpy as np
import pytest
import sympy
from helpers import assert_close, assert_relative, normal, says, symbols

from cnnlib import gradcheck
from cnnlib.losses import SoftmaxCrossEntropy, SquaredError, softmax

both = pytest.mark.parametrize("loss", [SquaredError(), SoftmaxCrossEntropy()], ids=repr)
TARGETS = {
    "one-hot": np.eye(4)[[2, 0, 3]],
    "probabilities": softmax(normal(3, 4, seed=1)),
    "any numbers": normal(3, 4, seed=2),
}


def test_squared_error_is_half_the_sum_over_the_batch_size():
    outputs, targets = np.array([[1.0, 2], [3, 4], [0, 0]]), np.array([[0.0, 0], [1, 1], [1, 2]])
    assert SquaredError().value(outputs, targets) == (1 + 4 + 4 + 9 + 1 + 4) / 2 / 3
    assert_close(SquaredError().gradient(outputs, targets), (outputs - targets) / 3)


def test_cross_entropy_is_the_mean_surprise_at_the_right_class():
    outputs, labels = normal(3, 4), [2, 0, 3]
    surprise = [
        -math.log(math.exp(o[j]) / sum(math.exp(x) for x in o)) for o, j in zip(outputs, labels, strict=True)
    ]
    assert SoftmaxCrossEntropy().value(outputs, np.eye(4)[labels]) == pytest.approx(
        sum(surprise) / 3, rel=1e-14
    )


@both
@pytest.mark.parametrize("targets", TARGETS.values(), ids=TARGETS)
def test_gradient_is_that_of_central_differences(loss, targets):
    outputs = normal(3, 4)
    moved = gradcheck.central_difference(lambda outputs: loss.value(outputs, targets), outputs)
    assert_relative(loss.gradient(outputs, targets), moved, 1e-8)


@both
def test_the_same_batch_twice_has_the_same_loss_and_half_the_gradient(loss):
    outputs, targets = normal(3, 4), TARGETS["one-hot"]
    twice = np.concatenate([outputs, outputs]), np.concatenate([targets, targets])
    assert loss.value(*twice) == pytest.approx(loss.value(outputs, targets), rel=1e-14)
    assert_close(loss.gradient(*twice)[:3], loss.gradient(outputs, targets) / 2)


def test_softmax_and_cross_entropy_stay_finite_and_silent_far_out():
    outputs, targets = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]]), np.eye(3)[[1, 2]]
    loss = SoftmaxCrossEntropy()
    with np.errstate(all="raise", under="ignore"):
        assert loss.value(outputs, targets) == pytest.approx((2e4 + math.log(3)) / 2)
        assert_close(loss.gradient(outputs, targets), [[0.5, -0.5, 0], [1 / 6, 1 / 6, -1 / 3]])
        assert_close(softmax(outputs).sum(axis=1), [1, 1])


def test_squared_error_of_symbols_is_exact():
    outputs, targets = symbols("o", 2, 3), symbols("t", 2, 3)
    L = SquaredError().value(outputs, targets)
    gradient = SquaredError().gradient(outputs, targets)
    assert all(sympy.expand(L.diff(o) - g) == 0 for o, g in zip(outputs.flat, gradient.flat, strict=True))


@both
def test_the_gradient_of_float32_is_float32_whatever_the_targets(loss):
    outputs = normal(3, 4).astype(np.float32)
    assert loss.gradient(outputs, TARGETS["probabilities"]).dtype == np.float32


@both
@pytest.mark.parametrize(
    "outputs, targets, words",
    [
        (np.zeros((3, 4)), np.zeros((3, 5)), ["(3, 4)", "(3, 5)", "(N, classes)"]),
        (np.zeros((3, 4)), np.zeros((2, 4)), ["(3, 4)", "(2, 4)"]),
        (np.zeros((3, 4)), np.zeros(3, dtype=int), ["(3,)", "one_hot"]),
        (np.zeros(3), np.zeros(3), ["(3,)", "(N, classes)"]),
        (np.zeros((0, 4)), np.zeros((0, 4)), ["(0, 4)"]),
        (np.zeros((3, 4)), np.full((3, 4), "a"), ["targets", "real numbers"]),
        (np.zeros((3, 4)) * 1j, np.zeros((3, 4)), ["outputs", "complex", "real numbers"]),
    ],
)
def test_what_does_not_fit_is_refused(loss, outputs, targets, words):
    for method in (loss.value, loss.gradient):
        with says(repr(loss), *words):
            method(outputs, targets)


def test_cross_entropy_takes_no_symbols():
    with says("SoftmaxCrossEntropy", "outputs", "real numbers"):
        SoftmaxCrossEntropy().value(symbols("o", 2, 3), np.zeros((2, 3)))


def test_softmax_takes_lists_and_names_what_it_does_not_take():
    np.testing.assert_allclose(softmax([[0, 0], [1, 1]]), 0.5)
    with says("softmax", "(2,)", "(N, classes)"):
        softmax([1.0, 2.0])


def test_labels_are_hinted_at_only_where_the_outputs_are_rows():
    with pytest.raises(ValueError) as raised:
        SquaredError().value([1, 2], [0, 1])
    assert "one_hot" not in str(raised.value)
