"""Which test sees which bug: every verdict is true, and so is the sentence that goes with it."""

import re

import numpy as np
import pytest
from helpers import assert_close, says

from cnnlib import bugs
from cnnlib.bugs import detectors, update_effect

TURNED = {"no_turn", "quarter_turn", "transposed", "one_axis"}
UPDATE = {"bias_elsewhere", "bias_shrinks"}
BESIDE_dX = {"dK_not_turned", "mispaired", "bias_mean"} | UPDATE
NOT_LINEAR = {"no_slope", "no_output_slope", "no_1_over_N"}
BLIND = {
    "mean of dX": TURNED | BESIDE_dX,
    "norm of dX": BESIDE_dX,
    "not zero": set(bugs.BUGS),
    "symmetric kernels": TURNED | UPDATE,
    "gradient check": UPDATE,
    "adjoint test": BESIDE_dX | NOT_LINEAR,
    "one step": set(),
}


@pytest.mark.parametrize("key", bugs.BUGS)
def test_each_verdict(key):
    given = detectors.verdicts(key)
    assert [verdict.test for verdict in given] == list(BLIND)
    assert {verdict.test for verdict in given if not verdict.sees} == {t for t in BLIND if key in BLIND[t]}
    assert all(verdict.reason for verdict in given)


def test_without_a_bug_no_test_cries():
    assert not any(ask(bugs.NONE)[0] for ask in detectors.TESTS.values() if ask is not detectors.adjoint_test)


def test_the_numbers_in_the_sentences():
    wrong, right = (detectors.input_gradient(key) for key in ("reshaped", bugs.NONE))
    said = {verdict.test: verdict.reason for verdict in detectors.verdicts("reshaped")}
    for test, ratio in (("mean", wrong.mean() / right.mean()),
                        ("norm", np.linalg.norm(wrong) / np.linalg.norm(right))):  # fmt: skip
        assert float(re.search(r"it is (\S+) times", said[f"{test} of dX"])[1]) == pytest.approx(ratio, rel=6e-3)
    name, percent = re.fullmatch(r"(..): an entry is off by (\d+)% of the largest", said["gradient check"]).groups()
    true, made = detectors.slopes()[name], detectors.gradients("reshaped")[name]
    assert float(percent) == pytest.approx(100 * np.abs(made - true).max() / np.abs(true).max(), abs=0.6)


def test_slopes_are_the_gradients_of_the_right_net():
    for name, slope in detectors.slopes().items():
        assert_close(detectors.gradients(bugs.NONE)[name], slope, tolerance=1e-8)


def test_the_lab_is_asymmetric_and_its_other_half_is_not():
    for symmetric in (False, True):
        net, X, _ = detectors.lab(symmetric)
        assert len(X) == 2
        for i in (0, 3):
            K = net.layers[i].params["K"]
            same = [np.allclose(K, turned) for turned in (K[..., ::-1, ::-1], K.swapaxes(-1, -2), K[..., ::-1])]
            assert same == [symmetric] * 3 and len(np.unique(K[..., 0, 0])) == K[..., 0, 0].size


def test_unknown_bug_is_refused_in_words():
    with says("no bug 'nothing'"):
        detectors.verdicts("nothing")


# ------------------------------------------------------------------------------- steps and cosines


def test_steps_without_a_bug_are_the_gradients():
    net, X, Y = detectors.lab()
    for name, step in update_effect.steps(net, bugs.NONE, X, Y).items():
        assert_close(step, detectors.gradients(bugs.NONE)[name], tolerance=1e-12)


def test_cosines_against_the_definition():
    net, X, Y = detectors.lab()
    wrong, right = (update_effect.steps(net, key, X, Y) for key in ("no_turn", bugs.NONE))
    for name, value in update_effect.cosines(net, "no_turn", X, Y).items():
        a, b = wrong[name].ravel(), right[name].ravel()
        assert value == pytest.approx(sum(a * b) / (sum(a * a) * sum(b * b)) ** 0.5)
    assert update_effect.cosines(net, "bias_elsewhere", X, Y)["b³"] is None
    assert update_effect.cosine([3, 0], [-6, 0]) == -1 and update_effect.cosine([0.0], [1.0]) is None


def test_only_what_is_below_the_missing_turn_points_elsewhere():
    found = update_effect.cosines(*[detectors.lab()[0], "no_turn", *detectors.lab()[1:]])
    assert {name for name, value in found.items() if value < 0.999999} == {"K¹", "b¹"}


def test_parameters_are_named_in_the_order_of_the_layers():
    names = update_effect.parameter_names(detectors.lab().network)
    assert names == {"K¹": (0, "K"), "b¹": (0, "b"), "K²": (3, "K"), "b²": (3, "b"), "W³": (7, "W"), "b³": (7, "b")}


def test_a_gradient_that_is_no_number_is_as_far_off_as_can_be():
    """NaN is larger than nothing, so a check that asks for more than a limit would pass it."""
    right = {"K": np.ones(3), "b": np.ones(2)}
    assert detectors._largest_gap({"K": np.ones(3), "b": np.array([1, np.nan])}, right) == ("b", np.inf)
    assert detectors._largest_gap({"K": np.array([1, np.inf, 1]), "b": np.ones(2)}, right) == ("K", np.inf)
