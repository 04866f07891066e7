"""Layers in the styles of public repositories, with nothing told; of a third nothing is wrong."""

import importlib

import numpy as np
import pytest

from cnnlib import doctor

from .patients import strangers

PATIENTS = strangers.FIRST | strangers.SECOND


@pytest.mark.parametrize("file", PATIENTS)
def test_each_is_handled_with_nothing_told(file):
    names, mistakes = PATIENTS[file]
    module = importlib.import_module(f"{strangers.__name__}.{file}")
    report = doctor.examine(*(getattr(module, name) for name in names.split()), guess=True, show=False)
    wrong = {part: report[part].mistake for part in report.parts if report[part].verdict == "wrong"}
    assert wrong == mistakes and bool(report) is not bool(mistakes)


class Copied:
    """RIGHT: kernel and bias (zeros) are copied when the layer is made; its own arrays are not read again."""

    def __init__(self, in_channels, out_channels, k):
        self.W, self.b, self.k = np.random.randn(out_channels, in_channels, k, k), np.zeros(out_channels), k
        self.copied = self.W.tobytes(), self.b.tobytes()

    def forward(self, x):
        self.windows = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        W, b = np.frombuffer(self.copied[0]).reshape(self.W.shape), np.frombuffer(self.copied[1])
        return np.einsum("nchwij,ocij->nohw", self.windows, W) + b[None, :, None, None]

    def backward(self, d):
        k = self.k
        self.dW, self.db = np.einsum("nchwij,nohw->ocij", self.windows, d), d.sum((0, 2, 3))
        wide = np.pad(d, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        around = np.lib.stride_tricks.sliding_window_view(wide, (k, k), axis=(2, 3))
        return np.einsum("nohwij,ocij->nchw", around, self.W[:, :, ::-1, ::-1])


class Unused(Copied):
    def forward(self, x):
        self.windows = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return np.einsum("nchwij,ocij->nohw", self.windows, self.W)


def test_a_bias_of_zeros_hides_nothing_and_accuses_nobody():
    assert doctor.examine(Copied, show=False)
    assert doctor.examine(Unused, show=False)["forward"].mistake == "bias_unused"
