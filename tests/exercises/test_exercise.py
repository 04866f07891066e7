"""The checker itself: verdicts, diagnosis, hints; nothing a learner writes gets through to the notebook."""

import re

import numpy as np
import pytest
from helpers import assert_close

from cnnlib.exercises.call import STOPPED, apart, attempt, described, difference, same
from cnnlib.exercises.exercise import Exercise, Hint
from cnnlib.plots.html import STAR

rng = np.random.default_rng(0)


def double(X, s):
    return 2 * s * X


DOUBLE = Exercise(
    name="double",
    task="double(X, s) has to return 2·s·X.",
    cases=lambda rng: [
        (rng.standard_normal(shape), s) for shape, s in [((2, 3), 2), ((3, 2), 3), ((2, 2), 1), ((1, 4), 5)]
    ],
    reference=double,
    mistakes={
        "s is ignored": lambda X, s: 2 * X,
        "the result is <transposed>": lambda X, s: 2 * s * X.T,
        "only rows that fit are used": lambda X, s: 2 * s * X + np.zeros((2, 2)),  # fails for most shapes
    },
    hints=("Think of s.", "2·s·X, & nothing else."),
)


def raises(error):
    def raising(*_arguments):
        raise error

    return raising


# --- verdicts


def test_right():
    report = DOUBLE.check(lambda X, s: X * s + s * X)
    assert report and report.verdict == "right"
    assert repr(report) == "✓ double: equal to the right answer, elementwise, in 4 cases"


@pytest.mark.parametrize(
    "body", [lambda X, s: ..., lambda X, s: None, raises(NotImplementedError), lambda *_: NotImplemented]
)
def test_not_yet(body):
    report = DOUBLE.check(body)
    assert not report and report.verdict == "not yet"
    assert repr(report).splitlines() == [
        "… double: not yet, it returns nothing so far. double(X, s) has to return 2·s·X.",
        "    2 hints, one at a time: .hint(1)",
    ]


def test_wrong_says_where_and_by_how_much():
    def nearly(X, s):
        Z = 2.0 * s * X
        Z[0, 1] += 1
        return Z

    report = DOUBLE.check(nearly)
    assert report.verdict == "wrong"
    assert re.fullmatch(r"cell \[0, 1\] is -?[\d.]+, right is -?[\d.]+", report.message)
    assert report.details == ("wrong in 4 of 4 cases; the first of them: X 2×3, s = 2",)


def test_wrong_in_one_case_only():
    report = DOUBLE.check(lambda X, s: 2 * s * X if X.shape != (1, 4) else X)
    assert report.details[0] == "wrong in 1 of 4 cases; the first of them: X 1×4, s = 5"
    assert report.message.startswith("4 of 4 cells differ; cell [0, 0] is ")


# --- diagnosis


def test_a_known_mistake_is_named():
    assert DOUBLE.check(lambda X, s: X + X).message == "s is ignored"
    report = DOUBLE.check(lambda X, s: (2 * s * X).T)
    assert report.message == "the result is <transposed>"
    assert report.details[1] == "it gives shape (3, 2); right is shape (2, 3)"


def test_a_mistake_that_fails_names_a_function_that_fails_too():
    assert DOUBLE.check(lambda X, s: 2 * s * X + np.zeros((2, 2))).message.startswith("it raises ValueError")
    # Right numbers where there are any: no mistake is proven, so the error is reported as it is.


def test_a_mistake_in_half_of_the_cases_and_an_error_in_the_others_is_still_named():
    def fails_for_wide_maps(X, s):
        if X.shape[1] > X.shape[0]:
            raise IndexError("index 3 is out of bounds")
        return 2 * X

    report = DOUBLE.check(fails_for_wide_maps)
    assert report.message == "s is ignored"
    assert report.details[1].startswith("it raises IndexError: index 3 is out of bounds in line ")


def test_two_errors_and_half_an_answer_is_no_diagnosis():
    def fails_mostly(X, s):
        if X.shape != (3, 2):
            raise IndexError("index 3 is out of bounds")
        return 2 * X

    assert DOUBLE.check(fails_mostly).message.startswith("it raises IndexError")


def test_an_input_given_back_and_zeros_are_named_without_being_declared():
    assert DOUBLE.check(lambda X, s: X).message == "this is its input X, as it was given"
    assert DOUBLE.check(lambda X, s: 0 * X).message == "this is zero everywhere"


def test_a_mistake_that_equals_the_answer_by_chance_is_not_named():
    """s = 1 makes "s is ignored" right in one case; a function wrong elsewhere is not accused of it."""
    report = DOUBLE.check(lambda X, s: 2 * s * X if s in (1, 2) else X + 1)
    assert report.message != "s is ignored"


# --- hostile answers


@pytest.mark.parametrize(
    "function, words",
    [
        (raises(ValueError("a\n  long   story " + "x" * 500)), r"ValueError: a long story x{140,150}… in line \d+"),
        (raises(SystemExit()), "tries to end the program"),
        (raises(GeneratorExit()), "GeneratorExit"),
        (raises(MemoryError()), "MemoryError in line"),
        (lambda X: X, r"TypeError: .*; it is called with \(X, s\)"),
        (lambda X, s: X.nothing, "AttributeError"),
        (lambda X, s: "text", "a str, and not an array"),
        (lambda X, s: b"text", "a bytes"),
        (lambda X, s: {"a": 1}, "a dict"),
        (lambda X, s: {1, 2}, "a set"),
        (lambda X, s: double, "a function"),
        (lambda X, s: np.array, "a builtin_function_or_method"),
        (lambda X, s: [[1, 2], [3]], "a list"),
        (lambda X, s: [X, ...], "a list"),
        (lambda X, s: (x for x in X), "a generator"),
        (lambda X, s: X.astype("M8[s]"), "a ndarray"),
        (lambda X, s: X * 1j, "complex; return the real part"),
        (lambda X, s: 2 * s * X * np.nan, "is nan, right is"),
        (lambda X, s: X * np.inf, r"-?inf, right is"),
        (lambda X, s: [[None] * X.shape[1]] * X.shape[0], "is nan, right is"),
        (lambda X, s: [[10**400] * X.shape[1]] * X.shape[0], "a list, and not an array"),
        (lambda X, s: 2 * s * X[None], r"it gives shape \(1, 2, 3\); right is shape \(2, 3\)"),
        (lambda X, s: 3.0, r"it gives a single number; right is shape \(2, 3\)"),
        (lambda X, s: np.zeros((0, 3)), r"shape \(0, 3\)"),
    ],
)
def test_it_answers_in_words_and_raises_nothing(function, words):
    report = DOUBLE.check(function)
    assert report.verdict == "wrong"
    assert re.search(words, report.message), report


def test_endless_recursion():
    def again(X, s):
        return again(X, s)

    assert "without end" in DOUBLE.check(again).message


def test_an_interrupt_stops_the_check_and_not_the_notebook():
    calls = []

    def stopped(X, s):
        calls.append(s)
        raise KeyboardInterrupt

    assert DOUBLE.check(stopped).message == STOPPED
    assert calls == [2]  # or every case would have to be stopped by hand


def test_an_error_that_cannot_even_be_printed():
    class SpitefulError(Exception):
        def __str__(self):
            raise RuntimeError

    assert "raises SpitefulError in line" in DOUBLE.check(raises(SpitefulError())).message


def test_an_object_that_claims_to_be_an_array():
    class Liar:
        def __array__(self, *_args, **_kwargs):
            raise RuntimeError("no")

    assert "a Liar" in DOUBLE.check(lambda X, s: Liar()).message


async def _waits(X, s):
    return X


def test_a_coroutine():
    assert "async def" in DOUBLE.check(_waits).message


@pytest.mark.parametrize(
    "given, words", [(3, "a int"), (None, "nothing"), ("double", "a str"), (rng, "a Generator")]
)
def test_what_is_no_function(given, words):
    report = DOUBLE.check(given)
    assert words in report.message and "without parentheses" in report.message


def test_an_input_that_was_changed():
    def in_place(X, s):
        X *= 2 * s
        return X

    assert DOUBLE.check(in_place).message == "the numbers are right, but it changes its input X; work on a copy"

    def forgets_to_return(X, s):
        X *= 2 * s

    assert (
        DOUBLE.check(forgets_to_return).message == "it returns nothing, but changes its input X; return the result"
    )

    def wrong_too(X, s):
        X += 1
        return X

    assert "it also changes its input X; work on a copy" in DOUBLE.check(wrong_too).details


def test_cases_and_reference_are_safe_from_what_a_function_does():
    before = [X.copy() for X, _ in DOUBLE.drawn()]

    def spoils(X, s):
        X[...] = 99
        X.shape = (X.size,)
        return X

    assert not DOUBLE.check(spoils)
    assert DOUBLE.check(double)
    for X, (again, _) in zip(before, DOUBLE.drawn(), strict=True):
        assert_close(X, again)


def test_one_buffer_for_all_answers_is_no_trick():
    """The answer is copied at once, so that writing into it later changes nothing."""
    buffer = np.empty((3, 4))

    def reused(X, s):
        part = buffer[: X.shape[0], : X.shape[1]]
        part[...] = 2 * s * X
        return part

    assert DOUBLE.check(reused)


def test_a_view_of_the_input_is_judged_by_its_numbers():
    turn = Exercise("turn", "turn(X) …", lambda rng: [(rng.standard_normal((2, 3)),)] * 2, lambda X: X[::-1, ::-1])
    assert turn.check(lambda X: X[::-1, ::-1])
    assert not turn.check(lambda X: X[::-1])


@pytest.mark.parametrize(
    "function",
    [lambda X, s: (2 * s * X).tolist(), lambda X, s: np.float32(2 * s) * X, lambda X, s: (2 * s * X).astype(object),
     lambda X, s: 2 * s * X * (1 + 1e-12), lambda X, s: np.asfortranarray(2 * s * X), np.vectorize(double)],
)  # fmt: skip
def test_any_form_of_the_right_numbers_is_right(function):
    assert DOUBLE.check(function)


# --- several arrays in one answer


def both(X, s, up=2, down=1):
    return {"up": up * s * X, "down": X - down * s}


BOTH = Exercise(
    name="both",
    task="both(X, s) has to return a dict with up and down.",
    cases=DOUBLE.cases,
    reference=lambda X, s: both(X, s),
    mistakes={
        "s is ignored": lambda X, s: both(X, s) | {"up": 2 * X},
        "the sign of s": lambda X, s: both(X, s, down=-1),
    },
    parts=("up", "down"),
)


def test_all_parts_have_to_be_right():
    assert repr(BOTH.check(both)) == "✓ both: equal to the right answer, elementwise, in 4 cases"
    assert BOTH.check(lambda X, s: both(X, s) | {"more": "than asked"})
    assert BOTH.check(lambda X, s: None).verdict == "not yet"


@pytest.mark.parametrize(
    "function, message",
    [
        (lambda X, s: both(X, s) | {"up": 2 * X}, "up: s is ignored"),
        (lambda X, s: both(X, s, down=-1), "down: the sign of s"),
        (lambda X, s: both(X, s, up=2 / s, down=-1), "up: s is ignored"),  # two mistakes: one after the other
        (lambda X, s: both(X, s) | {"down": X}, "down: this is its input X, as it was given"),
        (lambda X, s: {"up": 2 * s * X}, "it returns a dict without down"),
        (lambda X, s: both(X, s) | {"down": None}, "it returns a dict in which down is empty"),
        (lambda X, s: both(X, s) | {"down": ...}, "it returns a dict in which down is empty"),
        (lambda X, s: both(X, s) | {"up": "2sX"}, "up: it returns a str, and not an array of numbers"),
        (lambda X, s: list(both(X, s).values()), "it returns a list, and not a dict of arrays"),
        (lambda X, s: X, "it returns one array of shape (2, 3), and not a dict of arrays"),
        (raises(KeyboardInterrupt()), STOPPED),
    ],
)
def test_the_first_part_that_is_wrong_is_named(function, message):
    report = BOTH.check(function)
    assert report.verdict == "wrong" and report.message == message


def test_where_a_part_differs():
    report = BOTH.check(lambda X, s: both(X, s) | {"down": X + 7})
    assert re.fullmatch(r"down: \d of \d cells differ; cell \[0, 0\] is .*", report.message)
    report = BOTH.check(lambda X, s: both(X, s) | {"down": X.T - 2 * s})
    assert report.message == "down: it gives shape (3, 2); right is shape (2, 3)"


def test_a_dict_that_refuses_to_be_read():
    class Spiteful(dict):
        def __getitem__(self, _key):
            raise SystemError

    assert BOTH.check(lambda X, s: Spiteful(up=X)).message == "it returns a dict without up"


# --- hints and how a report looks


def test_hints_come_one_at_a_time():
    assert repr(DOUBLE.hint()) == "hint 1 of 2: Think of s."
    assert repr(DOUBLE.hint(2)) == "hint 2 of 2: 2·s·X, & nothing else."
    assert DOUBLE.hint(99) == DOUBLE.hint(2) and DOUBLE.hint(0) == DOUBLE.hint("x") == DOUBLE.hint(1)


def test_each_hint_stands_inside_the_one_before():
    html = DOUBLE.hint()._repr_html_()
    assert (
        html.index("hint 1 of 2")
        < html.index("Think of s.")
        < html.index("hint 2 of 2")
        < html.index("2·s·X, &amp;")
    )
    assert html.count("<details>") == html.count("</details>") == 2 and html.endswith("</details></details>")
    assert "<details open" not in html


def test_without_hints_it_says_so():
    bare = Exercise("bare", "bare(X) …", lambda rng: [(rng.random((2, 3)),)], lambda X: X)
    assert "no hints" in repr(bare.hint())
    assert not isinstance(bare.hint(), Hint) and "hint" not in repr(bare.check(lambda X: 2 * X))


def test_a_report_in_a_notebook_is_escaped_and_carries_the_hints():
    html = DOUBLE.check(lambda X, s: (2 * s * X).T)._repr_html_()
    assert "the result is &lt;transposed&gt;" in html and "<transposed>" not in html
    assert "<details>" in html and "Think of s." in html
    assert "<details>" not in DOUBLE.check(double)._repr_html_()


def test_the_star_of_the_correlation_is_large_enough_to_be_seen():
    star = Exercise("star", "star(X) is X ⋆ K.", lambda rng: [(rng.random((2, 3)),)], lambda X: X, hints=("X ⋆ K",))
    assert star.check(lambda X: None)._repr_html_().count(STAR) == 2


# --- attempts


def test_comparison_is_elementwise_and_relative_to_the_largest_number():
    right = np.array([1e6, 1.0])
    assert same(right + 1e-4, right) and not same(right + np.array([0, 1e3]), right)
    assert not same(right[None], right) and not same(None, right) and not same(np.array([np.nan, 1]), right)
    assert same(np.zeros((0, 2)), np.zeros((0, 2)))


def test_a_difference_in_words():
    assert difference(np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [3, 5]])) == "cell [1, 1] is 4, right is 5"
    assert difference(np.array(2.0), np.array(3.0)) == "it gives 2, right is 3"


def test_a_case_in_words():
    assert described((np.zeros((2, 3)), 4, (5, 6)), ("K", "i", "size")) == "K 2×3, i = 4, size = (5, 6)"


def test_an_attempt_gives_float64_numbers():
    answer = attempt(lambda X: X > 0, (np.array([[1, -1]]),), ("X",))
    assert answer.array.dtype == np.float64 and answer.array.tolist() == [[1, 0]] and not answer.problem


# --- precision


def test_float32_is_right_and_said_to_be():
    report = DOUBLE.check(lambda X, s: 2 * s * X.astype(np.float32))
    assert report and re.search(r"seven digits of float32 \(they part by [1-9]e-0[789] of", repr(report))
    assert DOUBLE.check(lambda X, s: 2 * s * X.astype(np.float32).astype(np.float64))
    assert "float32" not in DOUBLE.check(double).message
    assert "float16, which keeps three digits" in DOUBLE.check(lambda X, s: np.float16(2 * s * X)).message


def test_two_numbers_that_differ_are_never_printed_alike():
    for near in (1e-3, 3e-4, 2e-4):
        report = DOUBLE.check(lambda X, s, near=near: 2 * s * X + near * abs(X).max())
        mine, right = re.search(r"is (\S+), right is (\S+)$", report.message).groups()
        assert mine != right, report
    drawn = np.random.default_rng(3)
    for one in drawn.standard_normal(200) * 10.0 ** drawn.integers(-8, 9, 200):
        for other in (np.nextafter(one, 9e9), one * (1 + 1e-12), one + 1):
            assert len(set(apart(one, other))) == 2
    assert apart(0.2731, 0.5) == ("0.2731", "0.5")


def test_what_is_not_finite_equals_nothing():
    for odd in (np.inf, -np.inf, np.nan):
        assert not same(np.array([odd, 1.0]), np.array([odd, 1.0]))
        assert not same(np.array([3.0, 1.0]), np.array([odd, 1.0]))


def test_masked_arrays_and_text_are_no_answer():
    masked = DOUBLE.check(lambda X, s: np.ma.masked_less(2 * s * X, 0))
    assert "cells are masked" in masked.message
    assert DOUBLE.check(lambda X, s: np.ma.masked_array(2 * s * X))
    assert "not an array of numbers" in DOUBLE.check(lambda X, s: np.full(X.shape, "1", dtype=object)).message


def test_a_grader_gets_an_error_with_the_diagnosis_and_nothing_for_a_right_answer():
    assert DOUBLE.require(double) is None
    with pytest.raises(AssertionError, match="s is ignored"):
        DOUBLE.require(lambda X, s: 2 * X)
    with pytest.raises(AssertionError, match="not yet"):
        DOUBLE.require(lambda X, s: None)
