"""Lines that people get wrong in right layers of eight styles: one for each way to explain numbers.

`make doctor` takes all slips.
"""

import numpy as np
import pytest

from cnnlib import doctor

from .patients.slips import SLIPS, STYLES, layer_of

NAMED = {
    "the buffer of one image is not set back: image n also gets what the images before it got": "not_set_back",
    "dw is divided by the number of maps": "factor_of_sizes",
    "the forward pass adds the bias of the next map": "bias_misplaced forward_first",
    "the columns read as (n, c, fh, fw, oh, ow) at once": "columns_reshaped",
    "overlapping windows are averaged: divided by how many windows a cell lies in": "overlaps_averaged",
    "1 - a alone for a(1 - a)": "slope_formula slope_formula slope_formula",
    "pasted one step late": "shares_moved",
    "the rows of the windows tiled where they are to be repeated": "rows_tiled",
    "dX also divided by the batch and the kernel not turned": "no_turn",
    "one mean of delta for every bias": "bias_mean",
    "columns stand as (fh, fw, c) in the forward pass alone": "forward_reshaped forward_first",
}


@pytest.mark.parametrize("style", STYLES)
def test_without_a_slip_a_layer_is_right(style):
    assert doctor.assert_right(*layer_of(style))


@pytest.mark.parametrize("words", NAMED)
def test_a_slip_is_found_where_it_is_and_named(words):
    style, parts, _, replacements = next(entry for entry in SLIPS if entry[2] == words)
    report = doctor.examine(*layer_of(style, replacements), show=False)
    assert " ".join(name for name in report.parts if report[name].verdict == "wrong") == parts
    assert " ".join(str(report[name].mistake) for name in parts.split()) == NAMED[words]


def test_a_factor_is_told_by_the_sizes_it_is_made_of():
    words = "dw is divided by the number of maps"
    style, _, _, replacements = next(entry for entry in SLIPS if entry[2] == words)
    said = str(doctor.examine(*layer_of(style, replacements), show=False))
    assert "divided by the number of output maps" in " ".join(said.split())


STEPPED = """
class Layer:
    def __init__(self, channels, filters, size, lr=0.1):
        self.weights = np.random.randn(filters, channels, size, size)
        self.bias = np.zeros(filters)
        self.lr = lr

    def forward(self, x):
        self.x, k = x, self.weights.shape[2]
        windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
        return np.einsum("ncijuv,ocuv->noij", windows, self.weights) + self.bias[:, None, None]

    def backward(self, delta):
        k = self.weights.shape[2]
        windows = np.lib.stride_tricks.sliding_window_view(self.x, (k, k), axis=(2, 3))
        dW = np.einsum("ncijuv,noij->ocuv", windows, delta)
        dX = np.zeros_like(self.x)
        for u in range(k):
            for v in range(k):
                part = np.einsum("noij,oc->ncij", delta, self.weights[:, :, u, v])
                dX[:, :, u:u + delta.shape[2], v:v + delta.shape[3]] += part
        self.weights -= self.lr * (CHANGE + 0.01 * self.weights)
        self.bias -= self.lr * delta.sum(axis=(0, 2, 3))
        return dX
"""


def stepped(change):
    namespace = {"np": np}
    exec(STEPPED.replace("CHANGE", change), namespace)
    return namespace["Layer"]


def test_weight_decay_hides_no_mistake():
    assert doctor.assert_right(stepped("dW"))
    report = doctor.examine(stepped("dW[:, :, ::-1, ::-1]"), show=False)
    assert report["dK"].mistakes == ("dK_not_turned", "weights_added") and report["dX"].verdict == "right"


def test_three_mistakes_at_once_are_told_apart_setting_by_setting():
    change = "np.broadcast_to(dW[:, :, ::-1, ::-1].sum(axis=1, keepdims=True), dW.shape).cumsum(axis=0)"
    report = doctor.examine(stepped(change), show=False)
    three = {"dK_not_turned", "dK_channels_summed", "not_set_back"}
    assert set(report["dK"].mistakes) == three | {"weights_added"}


def test_a_single_number_is_no_evidence_of_a_constant_factor():
    from types import SimpleNamespace

    from cnnlib.doctor.diagnosis.single import with_factor

    view = SimpleNamespace(got=lambda part: np.array([-4.9]))
    assert with_factor(view, [], "db", []) is None
