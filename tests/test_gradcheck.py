"""The checks themselves: right ones pass, wrong ones are seen, and what they cannot do they say."""

import numpy as np
import pytest
from helpers import assert_close, normal, says

from cnnlib import gradcheck

rng = np.random.default_rng


# --- central differences


def test_a_polynomial_of_degree_two_is_differentiated_to_rounding():
    x = normal(3, 4)
    assert_close(gradcheck.central_difference(lambda x: (x * x).sum() + x[1, 2], x), 2 * x + _unit(), 1e-10)


def _unit():
    unit = np.zeros((3, 4))
    unit[1, 2] = 1
    return unit


def test_the_error_is_of_second_order():
    x = np.array([1.0])
    coarse, fine = [gradcheck.central_difference(lambda x: np.exp(x[0]), x, epsilon=e) for e in (1e-2, 1e-3)]
    assert (coarse - np.e) / (fine - np.e) == pytest.approx(100, rel=0.01)


def test_x_is_left_unchanged_and_only_copies_are_moved():
    x = normal(2, 2)
    before, seen = x.copy(), []
    gradcheck.central_difference(lambda x: seen.append(x) or x.sum(), x)
    np.testing.assert_array_equal(x, before)
    assert all(point is not x for point in seen)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, object, complex])
def test_differences_take_float64_only(dtype):
    with says("central_difference", "float64"):
        gradcheck.central_difference(np.sum, np.ones(2, dtype=dtype))


@pytest.mark.parametrize("epsilon", [0, -1e-5, np.nan])
def test_epsilon_has_to_be_positive(epsilon):
    with says("epsilon", "positive", repr(epsilon)):
        gradcheck.central_difference(np.sum, np.ones(2), epsilon=epsilon)


def test_the_function_has_to_return_one_number():
    with says("central_difference", "(3,)", "one number"):
        gradcheck.central_difference(lambda x: x, np.ones(3))
    assert gradcheck.central_difference(lambda x: x[None], np.ones(1)) == pytest.approx(1)


# --- the adjoint test


def test_a_transpose_has_no_gap_and_anything_else_has():
    A = normal(4, 6)
    gaps = [
        gradcheck.adjoint_gap(lambda x: A @ x, lambda y, B=B: B @ y, (6,), (4,), rng(0))
        for B in (A.T, 2 * A.T, -A.T, A.T[::-1])
    ]
    assert gaps[0] < 1e-15 and min(gaps[1:]) > 1e-2


def test_one_wrong_entry_makes_a_gap():
    A = normal(4, 6)
    B = A.T.copy()
    B[2, 3] += 0.1
    assert gradcheck.adjoint_gap(lambda x: A @ x, lambda y: B @ y, (6,), (4,), rng(0)) > 1e-4


def test_the_gap_has_no_unit():
    A, B = normal(4, 6), normal(6, 4, seed=1)
    gaps = [
        gradcheck.adjoint_gap(lambda x, t=t: t * A @ x, lambda y, t=t: t * B @ y, (6,), (4,), rng(0))
        for t in (1, 1e9)
    ]
    assert gaps[0] == pytest.approx(gaps[1])


def test_a_forward_that_gives_only_zeros_does_not_divide_by_zero():
    assert gradcheck.adjoint_gap(lambda x: 0 * x, lambda y: 0 * y, (3,), (3,), rng(0)) == 0
    assert gradcheck.adjoint_gap(lambda x: 0 * x, lambda y: y, (3,), (3,), rng(0)) > 0


def test_shapes_that_are_no_pair_are_named():
    with says("adjoint_gap", "(6,)", "(4,)", "(5,)"):
        gradcheck.adjoint_gap(lambda x: x[:4], lambda y: np.zeros(5), (6,), (4,), rng(0))


# --- compare


@pytest.mark.parametrize(
    "mine, reference, agree",
    [
        ([1.0, 2], [1.0, 2], True),
        ([1.0, 2 + 1e-11], [1.0, 2], True),
        ([1.0, 2 + 1e-9], [1.0, 2], False),
        ([1.0, 2], [2.0, 1], False),  # the same sum, mean and norm
        ([1e6, 1e-5], [1e6, 0.0], True),  # relative to the largest entry
        ([1e6, 1e-3], [1e6, 0.0], False),
        ([1e-12, 2e-12], [1e-12, 2e-12 + 1e-23], True),  # tiny gradients are compared as strictly
        ([1e-12, 2e-12], [1e-12, 2e-12 + 1e-21], False),
        ([1e-11], [0.0], True),  # nothing to be relative to: the tolerance is absolute
        ([1e-9], [0.0], False),
        ([np.nan], [np.nan], False),
        ([1.0, np.nan], [1.0, 2], False),
        ([1.0], [[1.0]], False),
        ([1, 2], [1.0, 2], True),
        ([], [], True),
    ],
)
def test_arrays_agree_elementwise_or_not(mine, reference, agree):
    assert gradcheck.compare("dX", mine, reference) is agree


def test_the_tolerance_can_be_chosen():
    assert gradcheck.compare("dX", [1.1], [1.0], tolerance=0.2)
    assert not gradcheck.compare("dX", [1.3], [1.0], tolerance=0.2)


def test_each_comparison_is_one_line_and_the_lines_align(capsys):
    gradcheck.compare("dX", normal(2, 3), normal(2, 3))
    gradcheck.compare("kernel gradient", normal(2, 3), normal(2, 3) + 1)
    gradcheck.compare("db", normal(2), normal(3))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert [line.split()[0] for line in lines] == ["dX", "kernel", "db"]
    assert lines[0].index("✓") == lines[1].index("✗") == lines[2].index("✗")
    assert lines[0].index("largest") == lines[1].index("largest")
    assert "1.0e+00" in lines[1] and "(2,) is not (3,)" in lines[2]


def test_complex_numbers_differ_in_their_imaginary_part_too(capsys):
    assert not gradcheck.compare("Z", [1 + 1j], [1 + 2j])
    assert gradcheck.compare("Z", [1 + 1j], [1 + 1j])


def test_infinity_agrees_with_nothing_and_warns_of_nothing(capsys):
    assert not gradcheck.compare("dX", [np.inf], [np.inf])


def test_only_numbers_are_compared_and_differentiated():
    with pytest.raises(ValueError, match="compare: name holds entries that are no numbers"):
        gradcheck.compare("name", ["a"], ["a"])
    for value in (None, 1j, "a"):
        with pytest.raises(ValueError, match="has to return one real number"):
            gradcheck.central_difference(lambda x, value=value: value, np.ones(1))
    with pytest.raises(ValueError, match="adjoint_gap: rng has to be a generator"):
        gradcheck.adjoint_gap(abs, abs, 3, 3, 0)
