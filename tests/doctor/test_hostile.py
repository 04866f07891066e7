"""Layers and calls of hurried people: no wrong verdict, no warning, nothing of the caller's is changed."""

import builtins
import sys
import warnings

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import doctor


class Right:
    """X in NCHW, K in OIHW; what is below overwrites a part of it."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, X):
        s, border = self.stride, [(0, 0), (0, 0), (self.pad,) * 2, (self.pad,) * 2]
        self.X, self.padded = X, np.pad(X, border)
        self.windows = sliding_window_view(self.padded, self.W.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,ocij->nohw", self.windows, self.W) + self.b[:, None, None]

    def backward(self, delta):
        s, p, (H, W) = self.stride, self.pad, self.X.shape[2:]
        self.dW, self.db = np.einsum("nchwij,nohw->ocij", self.windows, delta), delta.sum((0, 2, 3))
        dX, (h, w) = np.zeros_like(self.padded), delta.shape[2:]
        for i, j in np.ndindex(self.W.shape[2:]):
            dX[:, :, i : i + s * h : s, j : j + s * w : s] += np.einsum("nohw,oc->nchw", delta, self.W[:, :, i, j])
        return dX[:, :, p : p + H, p : p + W]


class NoNumbers(Right):
    """NaN in every output, which no gradient belongs to."""

    def forward(self, X):
        return super().forward(X) * np.nan


class NoGradient(Right):
    def backward(self, delta):
        return super().backward(delta) * np.nan


class Imaginary(Right):
    """The real part is right."""

    def backward(self, delta):
        return super().backward(delta) * (1 + 1j)


class OneBuffer(Right):
    """All layers write into the same arrays."""

    kept = {}  # noqa: RUF012

    def forward(self, X):
        return self.into("Z", super().forward(X))

    def backward(self, delta):
        return self.into("dX", super().backward(delta))

    def into(self, name, numbers):
        array = self.kept.setdefault((name, numbers.shape), np.empty(numbers.shape))
        array[...] = numbers
        return array


class OverwritesItsOutput(Right):
    def forward(self, X):
        self.Z = super().forward(X)
        return self.Z

    def backward(self, delta):
        self.Z *= 0
        return super().backward(delta)


class Noise(Right):
    chance = np.random.default_rng(1)

    def backward(self, delta):
        return super().backward(delta) * (1 + self.chance.normal() / 100)


class Outlives(Right):
    """The gradient of the class grows from layer to layer."""

    sums = {}  # noqa: RUF012

    def backward(self, delta):
        dX = super().backward(delta)
        self.sums[self.dW.shape] = self.dW = self.sums.get(self.dW.shape, 0) + self.dW
        return dX


class Mute(Right):
    """An error whose message raises, in a pass that also closes the output."""

    def backward(self, delta):
        class BrokenError(ValueError):
            def __str__(self):
                raise RuntimeError("no message")

        sys.stdout.close()
        raise BrokenError


class Asks(Right):
    def backward(self, delta):
        return super().backward(delta) * float(input("factor? "))


def seen(layer, part):
    report = doctor.examine(layer, show=False)
    return report[part].verdict, report[part].mistakes, "; ".join(report[part].finding.notes)


def test_an_output_without_numbers_has_no_right_gradient():
    verdict, mistakes, said = seen(NoNumbers, "forward")
    assert verdict == "wrong" and not mistakes and "NaN" in said
    assert seen(NoNumbers, "dX")[0] == "not supported"


@pytest.mark.parametrize("layer, said", [(NoGradient, "NaN"), (Imaginary, "complex")])
def test_a_gradient_without_real_numbers_is_wrong_and_says_nothing_of_memory(layer, said):
    verdict, mistakes, notes = seen(layer, "dX")
    assert verdict == "wrong" and not mistakes and said in notes and "memory" not in notes


@pytest.mark.parametrize("layer", [OneBuffer, OverwritesItsOutput])
def test_a_layer_may_go_on_writing_into_its_own_arrays(layer):
    assert doctor.assert_right(layer)


@pytest.mark.parametrize("layer, part", [(Noise, "dX"), (Outlives, "dK")])
def test_chance_and_what_outlives_a_layer_are_no_memory_that_nobody_wrote(layer, part):
    verdict, mistakes, notes = seen(layer, part)
    assert verdict == "wrong" and not mistakes and "chance is at work, or something outlives" in notes


def test_an_error_without_a_message_is_told():
    assert "raised BrokenError: its message cannot be read" in seen(Mute, "dX")[2]


def test_nobody_is_asked():
    before = builtins.input, sys.stdin
    assert "EOFError: input() is answered by nobody" in seen(Asks, "dX")[2]
    assert (builtins.input, sys.stdin) == before


def test_what_the_caller_has_set_changes_no_number_and_stays():
    state = np.random.get_state()[1].copy()
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        said = np.geterr(), list(warnings.filters)
        assert doctor.examine(NoGradient, show=False)["dK"].verdict == "right"
        assert (np.geterr(), list(warnings.filters)) == said
    assert np.array_equal(np.random.get_state()[1], state)


CALLS = {
    "X=5: expected letters": {"X": 5},
    "gradients=5: expected": {"gradients": 5},
    "gradients=.5.: expected": {"gradients": {"dK": 5}},
    "without=5: expected names": {"without": 5},
    "arguments='x=X': expected a dict": {"arguments": "x=X"},
    "forward=5: expected the name": {"forward": 5},
    "backward=5: expected a function": {"backward": 5},
    "settings=5: expected a list": {"settings": 5},
    "settings=..: expected one setting": {"settings": []},
    "settings: the kernel is 0 in": {"settings": [(1, 2, 3, 5, 5, 0, 1, 0)]},
    "settings: the stride is 0 in": {"settings": [(1, 2, 3, 5, 5, 3, 0, 0)]},
    "settings: N is 0 in": {"settings": [(0, 2, 3, 5, 5, 3, 1, 0)]},
    "a padding is below 0": {"settings": [(1, 2, 3, 5, 5, 3, 1, -1)]},
    "the kernel is larger than the padded image": {"settings": [(1, 2, 3, 2, 5, 3, 1, 0)]},
    "more than 1000000 cells": {"settings": [(1, 2, 3, 5000, 5000, 3, 1, 0)]},
    "lr=0: a step of this rate": {"lr": 0},
    "lr=nan: a step of this rate": {"lr": float("nan")},
    "stride=-1: expected": {"stride": -1},
    "stride=2: a number is for an object that is there already": {"stride": 2},
}


@pytest.mark.parametrize("said", CALLS)
def test_what_cannot_be_is_told_at_once(said):
    with pytest.raises(ValueError, match=said):
        doctor.examine(Right, **CALLS[said])


def test_a_report_in_which_nothing_ran_is_not_right():
    report = doctor.examine(Right, show=False)
    for part in report.parts.values():
        part.finding.verdict, part.finding.notes = "not supported", []
    report.plan = report.plan.but(kind="any")
    assert not report


class LosesWindows(Right):
    """(H − k)//s rows for (H − k)//s + 1; delta has the size that is left."""

    def forward(self, X):
        Z = super().forward(X)
        self.windows = self.windows[:, :, :-1, :-1]
        return Z[:, :, :-1, :-1]


class LosesWindowsAndSign(LosesWindows):
    def backward(self, delta):
        return -super().backward(delta)


def test_an_output_that_lacks_its_last_windows_is_wrong_and_its_gradients_are_judged():
    assert seen(LosesWindows, "forward")[:2] == ("wrong", ("forward_row_lost",))
    assert seen(LosesWindows, "dX")[0] == seen(LosesWindows, "dK")[0] == "right"
    assert seen(LosesWindowsAndSign, "dX")[:2] == ("wrong", ("sign",))


class OnesBesideItsInput:
    """A dense layer whose bias is the last row of its weights; what it keeps of its input is no kernel."""

    def __init__(self, input_dim, units, use_bias=True):
        self.units = units
        self.weights = np.random.normal(size=(input_dim + 1, units))

    def forward(self, input):
        self.input = np.concatenate((input, np.ones((len(input), 1))), axis=1)
        return self.input @ self.weights

    def backward(self, error, lr=0.01):
        step, error = self.input.T @ error, error @ self.weights.T
        self.weights -= lr * step
        return error[:, :-1]


def test_what_a_layer_keeps_of_its_input_is_no_kernel():
    report = doctor.examine(OnesBesideItsInput, show=False)
    assert report["forward"].verdict != "wrong" and report["dX"].verdict == "right"


class RaisesWithAStride(Right):
    def backward(self, delta):
        if self.stride > 1:
            raise ValueError("stride 1 only")
        return super().backward(delta)


def test_a_gradient_is_right_in_the_settings_that_gave_it_alone():
    report = doctor.examine(RaisesWithAStride, show=False)
    part = report["dK"]
    strided = sum(visit.setting.s > 1 for visit in part.finding.visits)
    assert report["dX"].verdict == "wrong" and part.verdict == "right"
    assert (part.ran, part.raised) == (len(part.finding.visits) - strided, strided)
    assert f"dK      right in {part.ran} settings; the backward pass raised in {strided}" in str(report)
