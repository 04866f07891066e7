"""A check that speaks: what it says, what it marks, and what it returns, for numbers and for symbols."""

import numpy as np
import pytest
import sympy
from helpers import says

from cnnlib import ops, symbolic
from cnnlib.lesson import differ, equal
from cnnlib.lesson.verdict import _texts, compared

X = np.array([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1], [1, 0, 3, 0]])
K = np.array([[1, 2], [0, -1]])
D = np.array([[1, 0, -2], [0, 3, 1], [2, -1, 0]])
TURNED = ops.correlate(ops.pad(D, 1), ops.rot180(K))
STRAIGHT = ops.correlate(ops.pad(D, 1), K)


@pytest.fixture
def shown(monkeypatch):
    """What was displayed, as objects."""
    kept = []
    monkeypatch.setattr("IPython.display.display", kept.append)
    return kept


def test_equal_says_what_it_settles(shown):
    assert equal(TURNED, TURNED, "this is the gradient") is True
    assert repr(shown[0]) == "✓ mine, reference: all 16 cells equal: this is the gradient."
    assert "differs" not in shown[0].html.split("</style>")[1]
    assert equal(TURNED * (1 + 1e-14), TURNED, "the gradient") and "equal but for rounding" in repr(shown[1])
    assert equal([7], [7], "one number, measured twice")
    assert repr(shown[2]) == "✓ mine, reference: the two are equal: one number, measured twice."
    assert equal([7, 8], [7, 8]) and repr(shown[3]) == "✓ mine, reference: both numbers equal."


def test_differ_counts_the_cells_and_marks_them_in_both_maps(shown):
    assert differ(STRAIGHT, TURNED, names=("not turned", "measured")) is True
    where = int((STRAIGHT != TURNED).sum())
    largest = np.abs(STRAIGHT - TURNED).max()
    assert repr(shown[0]) == f"not turned, measured: differs, as expected: {where} of 16 cells, by up to {largest}."
    assert shown[0].html.count("class=cnn-differs") == 2 * where and "e+0" not in shown[0].html
    assert "✗" not in repr(shown[0])


def test_what_is_too_large_to_be_drawn_is_named_in_the_sentence(shown):
    batch = np.arange(24.0).reshape(2, 3, 4)
    assert differ(batch + 1, batch, names=("without the turn", "measured")) and equal(batch, batch, "the same")
    named, unnamed = (each.html.split('role="status">')[1] for each in shown)
    assert "without the turn against measured: differs, as expected" in named
    assert "against" not in unnamed
    differ(STRAIGHT, TURNED, names=("not turned", "measured"))  # here the names stand above the maps
    assert "against" not in shown[2].html.split('role="status">')[1]


def test_what_is_not_as_claimed_is_false_and_says_so(shown):
    assert equal(STRAIGHT, TURNED, "never said") is False and differ(TURNED, TURNED) is False
    assert equal([1, 2], [1, 2, 3]) is False and differ([1, 2], [1, 2, 3]) is False
    told = [repr(each) for each in shown]
    assert all(text.startswith("✗") for text in told) and "never said" not in told[0]
    assert "against what was expected" in told[1] and "shapes 2 and 3 differ" in told[2]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_are_never_equal(shown, bad):
    assert equal([1.0, bad], [1.0, bad]) is False and "1 of 2 numbers" in repr(shown[0])


@pytest.mark.parametrize("tolerance", [np.inf, np.nan, -1.0, "1"])
def test_a_tolerance_has_to_be_a_finite_number(tolerance):
    with says("tolerance has to be a finite number"):
        compared([1.0], [2.0], tolerance)


def test_masks_and_text_are_refused():
    for odd in (np.ma.masked_array([1.0, 2.0], mask=[True, False]), np.array(["1", "2"], dtype=object)):
        with says("numbers or symbols"):
            compared(odd, [1.0, 2.0])


def test_arrays_are_compared_at_the_precision_of_the_coarser_one(shown):
    exact = np.random.default_rng(0).standard_normal((3, 4))
    assert equal(exact.astype(np.float32), exact) and "to the precision of float32" in repr(shown[0])
    assert not equal(exact.astype(np.float32).astype(float), exact)
    assert differ(exact.astype(np.float32) * np.float32(1.001), exact)


def test_one_wrong_cell_among_large_ones_is_seen(shown):
    other = TURNED.astype(float)
    other[3, 0] += 1e-8
    found = compared(other, TURNED)
    assert found.count == 1 and found.differs[3, 0] and equal(other, TURNED) is False


def test_symbols_are_compared_by_their_expressions_and_shown_with_lowered_indices(shown):
    delta, k = symbolic.symbol_map("delta", 2, 2), symbolic.symbol_map("k", 2, 2)
    turned = symbolic.correlate(delta, symbolic.rot180(k), "full")
    assert equal((turned * 2).applyfunc(lambda e: e / 2), turned, "the theorem for 3×3") is True
    assert "the theorem" in shown[0].html and "<div class=\"cnn-values\"" not in shown[0].html  # a wall of symbols
    assert differ(symbolic.correlate(delta, k, "full"), turned) is True
    assert "of 9 cells." in repr(shown[1])
    assert equal(turned[:1, :], turned[:1, :]) is True
    assert "δ<sub>0,0</sub>·k<sub>0,0</sub>" in shown[2].html and "<div class=\"cnn-values\"" in shown[2].html


def test_batches_and_large_maps_are_told_in_a_sentence_alone(shown):
    assert equal(np.ones((2, 3, 20, 20)), np.ones((2, 3, 20, 20)))
    assert "all 2,400 entries equal" in repr(shown[0]) and 'class="cnn-values"' not in shown[0].html
    assert equal(np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3))) and "all 9 cells equal" in repr(shown[1])
    assert shown[1].html.count('class="cnn-values"') == 2


def test_what_is_no_number_is_refused():
    with says("numbers or symbols"):
        equal(["a"], ["b"])


def test_a_letter_without_an_index_is_greek_as_well():
    delta, k = sympy.Symbol(r"\delta"), symbolic.symbol_map("k", 1, 2)
    assert "δ·k<sub>0,0</sub>" in _texts(np.array((delta * k).tolist(), dtype=object))[0][0]
