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
