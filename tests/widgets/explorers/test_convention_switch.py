"""The convention switch: maps, formulas and lines of code agree with each other, with loops, with the proof."""

import html
import re

import numpy as np
import pytest
from explorer_moves import through_combinations
from helpers import says
from ipywidgets.widgets import widget
from matplotlib import pyplot as plt

from cnnlib import ops
from cnnlib import symbolic as sym
from cnnlib.widgets.explorers.convention_switch import ConventionSwitch
from cnnlib.widgets.explorers.convention_switch.formulas import BACKWARD, FORWARD
from cnnlib.widgets.parts.explorer import move, values_of

X = np.array([[1, 0, 2, 1, 4], [3, 1, 0, 2, -1], [0, 2, 1, 1, 2], [1, 0, 3, 0, 5]])
K = np.array([[1, 2, -3], [0, -1, 5]])
DELTA = np.array([[1, 0, -2], [0, 3, 1], [2, -1, 4]])


@pytest.fixture
def switch():
    before = set(widget._instances)
    made = ConventionSwitch(X, K, DELTA)
    yield made
    made.close()
    assert set(widget._instances) == before
    assert not plt.get_fignums()


def on_window(operation):
    return K if operation == "correlation" else K[::-1, ::-1]


def by_loops(operation):
    """(Z, dX, dK): each output cell reads a window, and pays back to what it read."""
    H, Z, dX, dH = on_window(operation), np.zeros((3, 3)), np.zeros(X.shape), np.zeros(K.shape)
    for i, j in np.ndindex(3, 3):
        for u, v in np.ndindex(K.shape):
            Z[i, j] += X[i + u, j + v] * H[u, v]
            dX[i + u, j + v] += DELTA[i, j] * H[u, v]
            dH[u, v] += DELTA[i, j] * X[i + u, j + v]
    return Z, dX, dH if operation == "correlation" else dH[::-1, ::-1]


def codes(text):
    """Every line of code that is shown."""
    return [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", text.value)]


def run(code):
    return eval(code, {"X": X, "K": K, "delta": DELTA, **vars(ops)})


def check(switch):
    operation, gradient = switch.operation.value, switch.gradient.value
    turned = operation == "convolution"
    Z, dX, dK = by_loops(operation)
    x, k, z = switch.forward_maps
    assert (x.shown() == X).all() and (k.shown() == on_window(operation)).all() and (z.shown() == Z).all()
    assert k.mark == ((1, 1) if turned else (0, 0)) and (k.caption == "turned") == turned
    for code in codes(switch.forward_text):
        assert (run(code) == Z).all()
    assert ("∗" if turned else "⋆") in switch.forward_text.value
    assert len(codes(switch.backward_text)) >= 1
    for code in codes(switch.backward_text):
        assert (run(code) == (dX if gradient == "dX" else dK)).all(), code
    visible = [lane.layout.display != "none" for lane in switch.lanes]
    assert visible == [True, gradient == "dX", gradient == "dK"]
    check_dX(switch, turned, dX) if gradient == "dX" else check_dK(switch, turned, dK)


def check_dX(switch, turned, dX):
    d, k, x = switch.dX_maps
    above, below = ([each for each in lane.children if hasattr(each, "shown")] for lane in switch.lanes[:2])
    assert above == switch.forward_maps and below == [x, k, d]    # dX under X, K under K, δ under Z
    assert (d.shown() == np.pad(DELTA, ((1, 1), (2, 2)))).all()
    assert set(d.hatched) == {c for c in np.ndindex(5, 7) if not (1 <= c[0] <= 3 and 2 <= c[1] <= 4)}
    assert (k.shown() == (K if turned else K[::-1, ::-1])).all()
    assert k.mark == ((0, 0) if turned else (1, 1))
    assert (x.shown() == dX).all()


def check_dK(switch, turned, dK):
    x, d, raw, result = switch.dK_maps
    assert (x.shown() == X).all() and (d.shown() == DELTA).all()
    assert (raw.shown() == (dK[::-1, ::-1] if turned else dK)).all()
    assert raw.mark == ((1, 1) if turned else (0, 0))
    assert (result.shown() == dK).all() and result.mark == (0, 0)


def test_every_control_through_its_whole_range(switch):
    check(switch)
    for operation in values_of(switch.operation):
        for gradient in values_of(switch.gradient):
            move(switch.operation, operation)
            move(switch.gradient, gradient)
            check(switch)


def test_two_hundred_random_combinations(switch):
    made = set(widget._instances)
    through_combinations(switch, check, seed=5)
    assert set(widget._instances) == made


@pytest.mark.parametrize("gradient, operation", BACKWARD)
def test_formulas_and_code_are_those_that_are_proven(gradient, operation):
    shown = BACKWARD[gradient, operation]
    proven = sym.claims(sym.layer(2, False, operation, gradient))
    assert [claim.code for claim in proven] == [code for code in (shown.code, shown.also) if code]


def places(formula):
    """The index expressions in the brackets of x, k and δ, as Python."""
    found = re.findall(r"[xkδ]\[(.*?)\]", formula)
    return [eval(f"lambda i, j, u, v, p, q, h, w: ({each.replace('−', '-')})") for each in found]


@pytest.mark.parametrize("operation", FORWARD)
def test_indices_in_the_formulas_are_the_right_ones(operation):
    """Each formula with indices is evaluated, entry by entry, as it is written."""
    Z, dX, dK = by_loops(operation)
    h, w = K.shape
    x_at, k_at = places(FORWARD[operation].indices)
    d_at, kd_at = places(BACKWARD["dX", operation].indices)
    dk_at, xk_at = places(BACKWARD["dK", operation].indices)
    mine = np.zeros(Z.shape), np.zeros(dX.shape), np.zeros(dK.shape)
    for i, j, u, v in np.ndindex(3, 3, h, w):
        at = (i, j, u, v, 0, 0, h, w)
        mine[0][i, j] += X[x_at(*at)] * K[k_at(*at)]
        mine[2][u, v] += DELTA[dk_at(*at)] * X[xk_at(*at)]
    for i, j, p, q in np.ndindex(3, 3, *X.shape):
        tap = kd_at(i, j, 0, 0, p, q, h, w)
        if 0 <= tap[0] < h and 0 <= tap[1] < w:
            mine[1][p, q] += DELTA[d_at(i, j, 0, 0, p, q, h, w)] * K[tap]
    for one, other in zip(mine, (Z, dX, dK), strict=True):
        assert (one == other).all()


def test_relative_to_forward_there_is_one_turn(switch):
    for operation in values_of(switch.operation):
        move(switch.operation, operation)
        assert {switch.forward_maps[1].mark, switch.dX_maps[1].mark} == {(0, 0), (1, 1)}


def test_sizes_that_do_not_fit_are_refused_in_words():
    with says("(2, 2)", "(3, 3)"):
        ConventionSwitch(X, K, DELTA[:2, :2])
    with says("one map each"):
        ConventionSwitch(X[None], K, DELTA)
