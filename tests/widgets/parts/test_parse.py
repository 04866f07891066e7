"""A learner's own numbers: what a text field takes, and what it answers in words."""

import string

import numpy as np
import pytest
from helpers import says
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.widgets.parts.parse import LARGEST, parse_numbers


@pytest.mark.parametrize(
    "text",
    ["1 2.5 -3\n4 5 6", "1,2.5,-3;4,5,6", " 1, 2.5 , −3 ;\n 4 5\t6 \n", "[[1, 2.5, -3],\n [4, 5, 6]]",
     "1、2.5、–3；4、5、6", "１，２．５，－３ ；４， ５ ６", "np.array([[1, 2.5, -3], [4, 5, 6]])",
     "K = np.array([[ 1. , 2.5, -3. ],\n              [ 4. , 5. , 6. ]], dtype=np.float32)",
     "array([[1,2.5,-3],[4,5,6]])", "torch.tensor([[1, 2.5, -3], [4, 5, 6]], dtype=torch.float64);",
     "Matrix([[1, 2.5, -3], [4, 5, 6]])", "1 2.50 -3e0 4. 5 +6",
     "１，２．５，－３；４，５，６", "(1, 2.5, -3), (4, 5, 6)"],
)  # fmt: skip
def test_many_ways_to_write_one_map(text):
    A = parse_numbers(text, (2, 3))
    assert A.dtype == np.float64 and A.tolist() == [[1, 2.5, -3], [4, 5, 6]]


@pytest.mark.parametrize("text", ["1,5 2,5", "1,5, 2,5", "1,5\t2,5", "0,5 1 2 3", "1 2; 3 -4,5", "1,000 2 3 4"])
def test_a_decimal_comma_is_asked_about_and_never_guessed(text):
    with says("one number or 2?", "with spaces"):
        parse_numbers(text, (2, 2))
    with says("is “1,5” one number or 2? write 1.5, or 1 5 with spaces"):
        parse_numbers("1,5 2", (2,))
    with says("is “1,5,2” one number or 3? write 1 5 2 with spaces"):
        parse_numbers("1,5,2 3", (2,))


def test_commas_alone_separate():
    assert parse_numbers("1,5;2,5", (2, 2)).tolist() == [[1, 5], [2, 5]]
    assert parse_numbers("1,5,2,5", (2, 2)).tolist() == [[1, 5], [2, 5]]
    assert parse_numbers("a,b c,d", (2, 2)).tolist() == [["a", "b"], ["c", "d"]]


def test_nothing_but_a_list_is_taken_out_of_a_call():
    kept = "np.zeros((1, 2))", "np.array(1, 2)", "f([1, 2])", "np.array([1, 2]) + 1", "np.array([1, 2], copy=x())"
    for text in kept:
        with pytest.raises(ValueError):
            parse_numbers(text, (2,))


def test_a_row_of_numbers():
    assert parse_numbers("1 .5 3e-2", (3,)).tolist() == [1, 0.5, 0.03]


def test_symbols_stay_text():
    A = parse_numbers("a 2 δ_01; k00 x_1 -1", (2, 3))
    assert A.dtype == object and A.tolist() == [["a", 2.0, "δ_01"], ["k00", "x_1", -1.0]]


@given(st.lists(st.floats(-LARGEST, LARGEST), min_size=6, max_size=6))
def test_numbers_come_back_exactly(values):
    A = np.array(values).reshape(2, 3)
    assert (parse_numbers(str(A.tolist()), (2, 3)) == A).all()


@pytest.mark.parametrize(
    "entry",
    ["a+b", "2*3", "1/2", "-a", "__class__", "f(x)", "os.system", "lambda:0", "0x10", "1_000", "'a'", "²", "٣",
     "1e", "{1}", "a.b", "--1", "1e5000"]
)  # fmt: skip
def test_nothing_is_evaluated(entry):
    with pytest.raises(ValueError):
        parse_numbers(f"1 {entry}", (2,))


@pytest.mark.parametrize(
    "text, words",
    [
        ("", ["nothing", "2×2"]),
        ("  \n ; ", ["nothing", "2×2"]),
        ("1 2; 3", ["row 2 has 1 entry", "takes 2"]),
        ("1 2 3; 4 5 6", ["row 1 has 3 entries", "takes 2"]),
        ("1 2 3", ["1 row with 3 entries", "2 rows of 2", "semicolon"]),
        ("1 2; 3 4; 5 6", ["3 rows with 6 entries", "2 rows of 2"]),
        ("1 2; 3 a+b", ["row 2, entry 2", "a+b", "neither a number nor a plain symbol"]),
        ("1 2; 3 nan", ["row 2, entry 2", "nan"]),
        ("1 2; 3 -inf", ["row 2, entry 2", "-inf"]),
        ("1 2; 3 1e7", ["row 2, entry 2", "too large", "1,000,000"]),
        ("1 2; 3 abcdefghijklm", ["too long", "12"]),
        ("1 2; 3 " + "x" * 300, ["too long"]),
        ("1 " * 5000, ["10,000 characters", "2×2"]),
    ],
)
def test_the_answer_says_what_was_found_and_what_fits(text, words):
    with says(*words):
        parse_numbers(text, (2, 2))


@given(st.text(string.printable + "δ²½．，", max_size=60))
def test_any_text_gives_an_array_or_a_value_error(text):
    try:
        A = parse_numbers(text, (2, 2))
    except ValueError as error:
        assert str(error)
    else:
        assert A.shape == (2, 2) and all(isinstance(entry, (str, float)) for entry in A.flat)
