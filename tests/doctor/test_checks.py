"""What is asked of a layer beside its gradients, in right layers with one fault each."""

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.diagnosis import finding

from .patients import bent, careless, covered
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


def said_by(*layer, **words):
    report = doctor.examine(*layer, show=False, **words)
    return report, " ".join(str(report).split())


def test_a_backward_pass_that_writes_into_the_callers_images_is_wrong():
    report, said = said_by(careless.IntoX)
    assert wrong(report) == {"dX": "X_overwritten"} and "its numbers are right" in said
    assert doctor.assert_right(careless.Plain)


def test_what_a_layer_does_to_delta_and_weights_is_told():
    report, said = said_by(careless.IntoDelta)
    assert report and "writes into the delta" in said
    report, said = said_by(careless.stepping, careless.stepping_backward)
    assert report and "has already changed the kernel it was handed" in said
    report, said = said_by(careless.IntoXAhead)
    assert report and "the forward pass writes into the X" in said


def test_a_stride_that_ends_in_an_error_is_told_and_one_that_is_refused_is_not():
    report, said = said_by(careless.StrideForgottenInSize)
    assert report["forward"].verdict == "right" and report.accidents
    assert "everything is right where it runs, but it does not run in all settings that it offers" in said
    assert "raises with a stride, in every setting tried" in said
    report, said = said_by(careless.StrideRefused)
    assert report and not report.accidents and "StrideRefused: everything is right (" in said


def test_a_mode_whose_gradients_could_not_be_had_is_not_called_fine():
    report, said = said_by(careless.Activated)
    assert report and "leaky_relu" in said and "nothing is wrong" not in said


def test_of_any_layer_it_is_said_which_gradients_were_compared():
    report, said = said_by(careless.Hidden, kind="any", X="NCHW")
    assert report and "dX is right; dK and db are not compared, since no weights were found" in said
