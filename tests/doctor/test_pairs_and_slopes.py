"""Mistakes with a padding that is a pair, a ReLU inside, a bias at every place, weights drawn on the way."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients import pairs_and_slopes

CASES = {case[4]: case for case in pairs_and_slopes.cases()}


@pytest.mark.parametrize("label", CASES)
def test_each_is_named_and_nothing_else_is_blamed(label):
    key, parts, layer, description, _ = CASES[label]
    report = doctor.examine(*layer, show=False, **description)
    assert [part for part in report.parts if report[part].verdict == "wrong"] == parts
    assert bool(report) is (key is None) and (key is None or report[parts[0]].mistakes == (key,))


class OutOfItsArray(pairs_and_slopes.Core):
    """The stride is multiplied into the strides of the kernel's axes: windows are dilated and leave the array."""

    def __init__(self, W, b, stride):
        super().__init__(W, b, stride, (0, 0), False, {})

    def forward(self, X):
        out, (k, l), s, t = super().forward(X).shape, self.K.shape[2:], X.strides, self.s
        shape, strides = (*X.shape[:2], *out[2:], k, l), (*s, t * s[2], t * s[3])
        W = np.lib.stride_tricks.as_strided(X, shape, strides)
        return np.einsum("nchwij,ocij->nohw", W, self.K) + self.b[:, None, None]


def test_a_forward_pass_that_leaves_its_array_is_said_to():
    report = doctor.examine(OutOfItsArray, show=False)
    assert report["forward"].mistakes[0] == "stride_on_taps"
    assert {setting.s for setting in report["forward"].settings} == {2}


class NeedsMore(pairs_and_slopes.Core):
    """RIGHT, but its backward pass asks for what another method of a network would have set."""

    def __init__(self, W, b):
        super().__init__(W, b, 1, (0, 0), False, {})
        self.config = {}

    def backward(self, d):
        dX, self.dW, self.db = super().backward(d)
        self.W = self.K - self.config["rate"] * self.dW
        return dX


def test_a_backward_pass_that_lacks_something_is_not_called_wrong():
    report = doctor.examine(NeedsMore, show=False)
    assert {report[part].verdict for part in ("dX", "dK", "db")} == {"not supported"} and not report
    assert "could not be called" in str(report) and "'rate'" in str(report) and "not right" not in str(report)


class SquareWithBiasEverywhere:
    """RIGHT but for the mean: square images of one channel, their size one number, a bias at every place."""

    def __init__(self, img_size, kernel_depth, kernel_size):
        self.k, m = kernel_size, img_size - kernel_size + 1
        self.weights = np.random.rand(kernel_depth, kernel_size, kernel_size) - 0.5
        self.bias = np.random.rand(kernel_depth, m, m) - 0.5

    def forward(self, X):
        self.windows = np.lib.stride_tricks.sliding_window_view(X[..., 0], (self.k, self.k), axis=(1, 2))
        return np.einsum("nhwij,oij->nohw", self.windows, self.weights) + self.bias

    def backward(self, d):
        self.delta_weights = np.einsum("nhwij,nohw->oij", self.windows, d) / len(d)
        self.delta_bias = d.sum(0) / len(d)


def test_sizes_that_happen_to_agree_do_not_mix_up_kernel_and_bias():
    report = doctor.examine(SquareWithBiasEverywhere, guess=True, show=False)
    assert report["forward"].verdict == "right"
    assert {report[part].verdict for part in ("dK", "db")} == {"mean over the batch"}
