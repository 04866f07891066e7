"""What is asked of a layer beside its gradients, in right layers with one fault each."""

import re
import textwrap

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.diagnosis import finding
from cnnlib.doctor.patient.plan import MEANINGS
from cnnlib.doctor.search import guess

from .patients import bent, careless, covered
from .test_carried import wrong
from .test_command import command


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


@pytest.mark.parametrize("function", bent.ACTIVATIONS, ids=[one.__name__ for one in bent.ACTIVATIONS])
def test_an_activation_on_no_list_is_no_mistake(function):
    own = bent.ACTIVATIONS.index(function) % 2
    report = doctor.examine(bent.layer(function, own=own), show=False)
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


def example_of_the_help(name):
    """A block of the help of examine, without its indentation."""
    blocks = re.findall(r"::\n\n((?:        .*\n|\n)+)", doctor.examine.__doc__)
    return textwrap.dedent(next(block for block in blocks if name in block))


@pytest.mark.parametrize("name", ["class Wrapped", "def make"])
def test_the_examples_of_the_help_can_be_taken_as_they_are(name):
    known = {"MyConv": careless.CalledByFields, "doctor": doctor, "np": np}
    exec(example_of_the_help(name).replace("doctor.examine(", "report = doctor.examine("), known)
    assert known["report"] and {"dX", "dK", "db"} <= set(known["report"].parts)


@pytest.fixture(scope="module")
def said_of():
    """What is said of layers that cannot be driven; the search for them, which is in vain, is cut short."""
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guess, "PATIENCE", 0.4)
        for layer in (careless.Boxed,):
            with pytest.raises(doctor.DescriptionError) as caught:
                doctor.examine(layer, show=False)
            said[layer] = str(caught.value)
    return said


def test_every_meaning_stands_in_the_help_and_in_what_is_said(said_of):
    for meaning in MEANINGS:
        assert f'"{meaning}"' in doctor.examine.__doc__
        assert meaning in command.arguments().format_help()
    said = said_of[careless.Boxed]
    assert all(f'"{meaning}"' in said for meaning in MEANINGS) and "can always be examined" in said


def test_what_cannot_be_built_blames_what_its_line_works_with(said_of):
    said = said_of[careless.Boxed]
    assert 'arguments={"box": …}' in said and '"nickname": …' not in said and "mend it" not in said


def test_a_name_that_is_nowhere_is_a_wrong_forward_pass():
    report = doctor.examine(careless.Misspelt, show=False)
    assert report["forward"].mistake == "cannot_run" and "correlate_mpas" in str(report)


def test_with_the_layouts_told_the_line_itself_is_to_be_mended():
    with pytest.raises(doctor.DescriptionError) as caught:
        doctor.examine(careless.OneNumber, X="NCHW", K="OIHW", show=False)
    said = str(caught.value)
    assert "raised for every image of this layout" in said and "rarer way" not in said and "complex(b)" in said


def test_a_parameter_can_be_given_its_value():
    told = {"act": "=relu6", "ready": True, "opt": None}
    assert doctor.assert_right(careless.Particular, arguments=told)
    with pytest.raises(ValueError, match='written with an equals sign, as "=relu6"'):
        doctor.examine(careless.Particular, arguments={"act": "relu6"}, show=False)
    options = command.arguments().parse_args(["a.py:L", "--arguments", "act==relu6,ready=True,opt=None,x=X"])
    assert command._described(options)["arguments"] == told | {"x": "X"}


def test_sizes_can_be_told_on_the_command_line():
    options = command.arguments().parse_args(["a.py:L", "--settings", "1,2,3,5,5,3,1,0/2,4,4,6,6,3,1,0"])
    assert command._described(options)["settings"] == [(1, 2, 3, 5, 5, 3, 1, 0), (2, 4, 4, 6, 6, 3, 1, 0)]


def test_a_sum_worked_out_by_hand_is_one():
    report = doctor.examine(covered.conv1d("fits"), show=False)
    for part in ("dX", "dK"):
        terms = report[part].terms
        assert terms is None or np.isclose(sum(x * y for _, x, _, y in terms.products), terms.total, rtol=1e-3)


def test_a_change_that_does_not_apply_beside_another_ends_no_examination():
    report = doctor.examine(careless.OneMap, X="HW", K="OHW", show=False)
    assert set(report["dX"].mistakes) == {"slope_of_output", "no_turn"}
