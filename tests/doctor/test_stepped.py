"""A backward pass that returns the weights after a step, in place or new, is not called wrong for it."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients.styles import correlated, gradients


def forward(x, w, b):
    return correlated(x, w, b)


def in_place(d_out, x, w, b, learning_rate):
    dX, dW, db = gradients(x, w, d_out)
    w -= learning_rate * dW
    b -= learning_rate * db
    return dX, w, b


def new(d_out, x, w, b, learning_rate):
    dX, dW, db = gradients(x, w, d_out)
    return dX, w - learning_rate * dW, b - learning_rate * db


class Adam:
    """Of two ways to step the plain one is examined: the other's direction is no gradient."""

    def __init__(self, in_channels, out_channels, k, learning_rate, adam):
        self.w, self.b = np.random.randn(out_channels, in_channels, k, k), np.zeros(out_channels)
        self.rate, self.adam = learning_rate, adam

    def forward(self, x):
        self.x = x
        return correlated(x, self.w, self.b)

    def backward(self, d_out):
        dX, self.dw, self.db = gradients(self.x, self.w, d_out)
        if self.adam:
            self.dw, self.db = (g / (np.abs(g) + 1) for g in (self.dw, self.db))
        self.w, self.b = self.w - self.rate * self.dw, self.b - self.rate * self.db
        return dX


def test_a_switch_for_an_optimiser_is_left_off():
    assert doctor.examine(Adam, show=False)


def uphill(d_out, x, w, b, learning_rate):
    dX, dW, db = gradients(x, w, d_out)
    return dX, w + learning_rate * dW, b - learning_rate * db


@pytest.mark.parametrize("told", [{}, {"X": "NCHW", "K": "OIHW", "gradients": "step"}], ids=["guessed", "told"])
def test_weights_that_are_returned_after_a_step_are_compared_with_those_before(told):
    for backward in (in_place, new):
        assert doctor.examine(forward, backward, show=False, **told), backward.__name__
    report = doctor.examine(forward, uphill, show=False, **told)
    assert report["dK"].mistake == "sign" and report["db"].verdict == "right"


def one_map_each(image, kernels):
    return correlated(image[None, None], kernels[:, None], np.zeros(len(kernels)))[0]


def new_kernels(image, kernels, dout, learning_rate):
    _, dK, _ = gradients(image[None, None], kernels[:, None], dout[None])
    return kernels - learning_rate * dK[:, 0]


def test_kernels_of_one_map_that_come_back_are_no_gradient():
    report = doctor.examine(one_map_each, new_kernels, show=False)
    assert report["dK"].verdict == "right" and report["dX"].verdict == "not computed"
