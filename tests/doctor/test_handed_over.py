"""Layers that work with objects of their net, and what these have to give back."""

from types import SimpleNamespace

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor import __main__ as command
from cnnlib.doctor import truth
from cnnlib.doctor.mistakes.built.indices import _collect

from .patients import handed_over


@pytest.mark.parametrize("name", handed_over.LAYERS)
def test_each_is_driven_and_named_with_nothing_told(name):
    layer, expected = handed_over.LAYERS[name]
    report = doctor.examine(layer, guess=True, show=False)
    wrong = {one: report[one].mistake for one in report.parts if report[one].verdict == "wrong"}
    assert wrong == expected
    assert "not computed" not in {report[one].verdict for one in ("dX", "dK")}


def test_values_with_commas_are_told_as_values():
    told = {"params": {"taps": 3, "how many": 3}, "size": (1, 2, 5, 5)}
    said = ",".join(f"{name}={value}" for name, value in told.items())
    options = command.arguments().parse_args(["layer.py", "--arguments", said + ",act==relu"])
    assert command._described(options)["arguments"] == told | {"act": "=relu"}
    size = [(2, 2, 3, 5, 5, 3, 1, 0)]
    assert doctor.examine(handed_over.TakesADict, arguments=told, settings=size, show=False)


def test_a_rule_without_its_product_explains_nothing():
    assert _collect((1, 1, 1), 0, ("oc", "oc"), True, 1, 1, lambda o, c: None) is None
    assert np.array_equal(_collect((1, 1, 1), 0, ("oc", "oc"), True, 1, 1, lambda o, c: 2), [[[2]]])


@pytest.mark.parametrize("bend, step", [(-1.0, truth.STEP), (-np.inf, truth.STEP_AFFINE)])
def test_a_step_is_long_only_where_no_bend_is_near(bend, step):
    """A bend that the long step itself does not reach: another direction would."""
    case = SimpleNamespace(X=np.zeros(4), seed=0, with_arrays=lambda X: SimpleNamespace(X=X))
    run = SimpleNamespace(case=case, Z=np.zeros(1), dtype=np.float64)
    plan = SimpleNamespace(kind="convolution")
    adapter = SimpleNamespace(plan=plan, output=lambda case: np.maximum(case.X[:1], bend))
    assert truth.step_for(adapter, run, "X") == step
