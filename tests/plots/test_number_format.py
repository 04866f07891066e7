"""Numbers as the course writes them."""

import numpy as np
import pytest
from helpers import normal, says

from cnnlib.plots import number_format


@pytest.mark.parametrize("value, form, text", [
    (3, "g", "3"), (-0.5, "g", "−0.5"), (177.0, "g", "177"), (-0.0, "g", "0"), (-0.0004, ".2f", "0.00"),
    (-0.006, ".2f", "−0.01"), (1e-7, ".1e", "1.0e−07"), (np.nan, ".2f", "NaN"), (-np.inf, "g", "−∞"),
    (np.float32(0.25), ".2f", "0.25"), (np.int64(-4), "g", "−4"), ("k−1", "g", "k−1"),
])  # fmt: skip
def test_a_number_has_a_true_minus_and_no_negative_zero(value, form, text):
    assert number_format.written(value, form) == text


def test_a_negative_factor_stands_in_brackets():
    assert [number_format.factor(value) for value in (2, -2, -0.0, "k")] == ["2", "(−2)", "0", "k"]


@pytest.mark.parametrize("value, text", [
    (0.031, "0.031"), (-0.031, "−0.031"), (0.000999, "0.0010"), (9.96e-5, "0.00010"), (-6.6e-5, "−6.6·10⁻⁵"),
    (12.3, "12"), (1.0, "1.0"), (0, "0"),
])  # fmt: skip
def test_a_brief_number_has_two_digits_after_rounding(value, text):
    assert number_format.brief(value) == text


def test_powers_shares_and_indices():
    assert [number_format.power_of_ten(k) for k in (-16, 0, 2)] == ["10⁻¹⁶", "10⁰", "10²"]
    percents = [number_format.percent(*given) for given in ((0.1434,), (0.5, 0), (-0.02,))]
    assert percents == ["14.3 %", "50 %", "−2.0 %"]
    assert number_format.raised(12) == "¹²" and number_format.lowered(-1) == "₋₁"
    assert number_format.minus("p-1") == "p−1"


def test_the_entries_of_a_map_have_equally_many_decimals():
    assert number_format.entries([[1, -2], [0, 30]]) == [["1", "−2"], ["0", "30"]]
    assert number_format.entries([[1.0, -2.5]]) == [["1.0", "−2.5"]]
    assert number_format.entries([[1 / 3, -0.001]]) == [["0.33", "0.00"]]
    assert number_format.entries([[0.0123, -0.04]]) == [["0.012", "−0.040"]]
    assert number_format.entries([[1.25, np.nan, -np.inf]], decimals=1) == [["1.2", "NaN", "−∞"]]


def test_symbols_are_shown_as_they_print():
    assert number_format.entries(np.array([["δ₀₁·k₁₀", "a-b"]], dtype=object)) == [["δ₀₁·k₁₀", "a−b"]]


@pytest.mark.parametrize("scale", [1e-4, 0.05, 1, 300])
def test_what_the_cells_show_is_read_back(scale):
    A = normal(3, 5) * scale
    texts = number_format.entries(A)
    decimals = len(texts[0][0].partition(".")[2])
    assert np.abs(number_format.numbers(texts) - A).max() <= 0.5000001 * 10.0**-decimals
    assert 0.5 * 10.0**-decimals <= 0.05 * np.abs(A).max()  # at least two digits of the largest number
    assert (number_format.numbers(number_format.entries(np.round(A * 100))) == np.round(A * 100)).all()


def test_symbols_cannot_be_read_as_numbers():
    with says("symbols"):
        number_format.numbers([["1", "k"]])
