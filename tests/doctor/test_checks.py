"""What is asked of a layer beside its gradients, in right layers with one fault each."""

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.diagnosis import finding

from .patients import bent, covered
from .test_carried import wrong


@pytest.fixture
def unnamed(monkeypatch):
    """Nobody looks for the mistake's name: what is wrong is enough here."""
    for search in ("explain", "explain_bit_by_bit"):
        monkeypatch.setattr(finding, search, lambda *_: None)


@pytest.mark.usefixtures("unnamed")
@pytest.mark.parametrize("name", covered.LAYERS)
@pytest.mark.parametrize("slip", [None, "fits", "rest"])
def test_every_layout_runs_strides_that_fit_and_strides_that_leave_a_rest(name, slip):
    made, words = covered.LAYERS[name]
    report = doctor.examine(made(slip, **words), show=False)
    assert bool(report) is (slip is None), str(report)
    assert slip is None or "forward" in wrong(report)


@pytest.mark.parametrize("place, function", enumerate(bent.ACTIVATIONS), ids=str)
def test_an_activation_on_no_list_is_no_mistake(place, function):
    report = doctor.examine(bent.layer(function, own=place % 2), show=False)
    assert report, str(report)
    assert "on no list" in str(report)


@pytest.mark.parametrize("function", [bent.scaled_tanh, bent.gelu], ids=lambda f: f.__name__)
def test_mistakes_beside_an_activation_on_no_list_are_named(function):
    assert wrong(doctor.examine(bent.layer(function, turn=True), show=False)) == {"dX": "no_turn"}
    seen = wrong(doctor.examine(bent.layer(function, slope=False), show=False))
    assert seen == dict.fromkeys(("dX", "dK", "db"), "slope_missing")


@pytest.mark.usefixtures("unnamed")
@pytest.mark.parametrize("bend", [lambda Z: 2 * Z, lambda Z: Z + 1, np.trunc, lambda Z: Z * (Z.max() != Z)])
def test_a_factor_a_rounding_or_a_lost_cell_is_no_activation(bend):
    identity = bent.layer(lambda z: (z, np.ones_like(z)), bent=bend)
    assert "forward" in wrong(doctor.examine(identity, show=False))
    assert "forward" in wrong(doctor.examine(bent.layer(bent.gelu, lost=True), show=False))
