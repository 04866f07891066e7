"""Layers that work with objects of their net, and what these have to give back."""

import pytest

from cnnlib import doctor

from .patients import handed_over


@pytest.mark.parametrize("name", handed_over.LAYERS)
def test_each_is_driven_and_named_with_nothing_told(name):
    layer, expected = handed_over.LAYERS[name]
    report = doctor.examine(layer, guess=True, show=False)
    wrong = {one: report[one].mistake for one in report.parts if report[one].verdict == "wrong"}
    assert wrong == expected
    assert "not computed" not in {report[one].verdict for one in ("dX", "dK")}
