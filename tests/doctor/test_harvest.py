"""Faults from public threads: each is found where it is and named; what is named in part says in which settings."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients.harvest import HARVEST, PARTLY
from .patients.slips import layer_of


def examined(style, replacements):
    return doctor.examine(*layer_of(style, replacements), show=False)


def wrong_parts(report):
    return [name for name, part in report.parts.items() if part.verdict == "wrong"]


@pytest.mark.parametrize("entry", HARVEST, ids=[entry[2] for entry in HARVEST])
def test_a_fault_from_a_thread_is_named(entry):
    style, expected, _, replacements = entry
    report = examined(style, replacements)
    assert {name: list(report[name].mistakes) for name in wrong_parts(report)} == expected


@pytest.mark.parametrize("entry", PARTLY, ids=[entry[2] for entry in PARTLY])
def test_what_explains_some_settings_is_told_with_them_and_is_no_diagnosis(entry):
    style, expected, _, replacements = entry
    report = examined(style, replacements)
    assert wrong_parts(report) == list(expected)
    for name, keys in expected.items():
        part = report[name]
        assert part.mistake is None and [clause["mistakes"] for clause in part.partly] == [keys]
        reached = [one for one in part.partly[0]["settings"] if one in [vars(setting) for setting in part.settings]]
        assert 0 < len(reached) < len(part.settings)
        said = " ".join(str(report).split())
        assert f"in {len(reached)} of the {len(part.settings)} wrong settings" in said
        assert "there is more: none of the" in said and report.to_dict()["parts"][name]["partly"] == part.partly


def test_weights_drawn_anew_are_no_memory_that_nobody_cleared():
    anew = [("self.shape = x.shape", "self.shape, self.weight = x.shape, np.random.randn(*self.weight.shape)")]
    report = examined("gather", anew)
    assert report["forward"].mistake == "weights_redrawn"
    assert "memory_not_cleared" not in report["dX"].mistakes


class OneKernel:
    """Stride and padding are never used, and the kernel is turned in a scatter."""

    def __init__(self, kernel_size, stride=1, padding=0):
        self.weight = np.random.randn(kernel_size, kernel_size)
        self.stride, self.padding = stride, padding

    def forward(self, image):
        self.image, k = image, self.weight.shape[0]
        rows, cols = image.shape[0] - k + 1, image.shape[1] - k + 1
        Z = np.zeros((rows, cols))
        for i, j in np.ndindex(rows, cols):
            Z[i, j] = np.sum(image[i : i + k, j : j + k] * self.weight)
        return Z

    def backward(self, delta):
        dX, k = np.zeros(self.image.shape), self.weight.shape[0]
        self.dweight = np.zeros(self.weight.shape)
        for i, j in np.ndindex(delta.shape):
            dX[i : i + k, j : j + k] += delta[i, j] * np.flip(self.weight)
            self.dweight += delta[i, j] * self.image[i : i + k, j : j + k]
        return dX


def test_a_forward_pass_that_is_wrong_somewhere_makes_no_other_operation_of_the_gradient():
    report = doctor.examine(OneKernel, show=False)
    assert report["dX"].mistake == "no_turn" and report["dK"].verdict != "wrong"
    assert report["forward"].mistake in (None, "forward_stride_never_used")
