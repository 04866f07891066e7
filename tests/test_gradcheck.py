"""The checks themselves: right ones pass, wrong ones are seen, and what they cannot do they say."""

import numpy as np
import pytest
from helpers import assert_close, normal, says

from cnnlib import gradcheck, network

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


# --- what could only be answered wrongly is refused


@pytest.mark.parametrize(
    "mine, reference",
    [([1, 5], [np.inf, 7]), ([np.inf, 5], [1, 7]), ([1, -np.inf], [1, -np.inf]), ([np.nan], [np.inf])],
)
def test_what_is_not_finite_agrees_with_nothing_and_is_named(mine, reference, capsys):
    assert not gradcheck.compare("dX", mine, reference)
    assert not gradcheck.compare("dX", np.array(mine, dtype=object), np.array(reference, dtype=object))
    assert capsys.readouterr().out.count("which agrees with nothing") == 2


@pytest.mark.parametrize("tolerance", [np.inf, np.nan, -1e-9, "1e-9", 1j])
def test_a_tolerance_has_to_be_a_finite_number(tolerance):
    with says("compare: tolerance", "finite", repr(tolerance)):
        gradcheck.compare("dX", [1.0], [2.0], tolerance=tolerance)


@pytest.mark.parametrize(
    "values",
    [
        ["1"],
        np.array(["1"], dtype=object),
        np.array([b"1"], dtype=object),
        [None],
        np.array(["2020-01-01"], "M8[D]"),
        np.array([3], "m8[s]"),
    ],
)
def test_text_and_dates_are_no_numbers(values):
    for pair in ((values, values), (values, [1.0]), ([1.0], values)):
        with says("compare: dX", "no numbers"):
            gradcheck.compare("dX", *pair)


def test_masked_cells_are_not_compared():
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    for pair in ((masked, [1.0, 2.0]), ([1.0, 2.0], masked)):
        with says("compare: dX", "1 of 2 cells are masked", "filled"):
            gradcheck.compare("dX", *pair)
    assert gradcheck.compare("dX", np.ma.masked_array([1.0, 2.0]), [1.0, 2.0])
    with says("central_difference: x", "masked"):
        gradcheck.central_difference(np.sum, masked)


def test_arrays_are_compared_at_the_precision_of_the_coarser_one(capsys):
    exact = normal(4, 5)
    for dtype, name in ((np.float32, "float32"), (np.float16, "float16")):
        assert gradcheck.compare("dX", exact.astype(dtype), exact)
        assert f", compared as {name}" in capsys.readouterr().out
        assert gradcheck.compare("dX", exact, exact.astype(dtype))
        assert not gradcheck.compare("dX", exact.astype(dtype), exact * 1.05)
        capsys.readouterr()
        assert not gradcheck.compare("dX", exact.astype(dtype), exact, tolerance=1e-10)  # as it is asked for
        assert "compared as" not in capsys.readouterr().out
    assert not gradcheck.compare("dX", exact.astype(np.float32).astype(np.float64), exact)  # these claim 16 digits


def default_net():
    """A net as everybody builds it, float32, and a batch for it."""
    return network.lenet("modern"), normal(2, 1, 28, 28), np.eye(10)[[3, 5]]


@pytest.mark.parametrize(
    "number", [lambda loss: loss, float, lambda loss: np.float64(loss), lambda loss: np.array([loss])]
)
def test_a_net_that_computes_in_float32_is_refused_however_its_loss_is_wrapped(number):
    """Its differences would be off by 20 % and more: at ε = 1e-5 the loss changes in its last two digits."""
    net, X, Y = default_net()

    def loss(part):
        moved = X.copy()
        moved[0, 0, 10, 10:13] = part
        return number(net.loss.value(net.forward(moved), Y))

    with says("central_difference", "float32", "dtype=np.float64"):
        gradcheck.central_difference(loss, X[0, 0, 10, 10:13])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: float((x.astype(np.float32) ** 2).astype(np.float64).sum()) / 3,
        lambda x: (np.float32(x) @ np.float32(normal(7))) * 1.1,
        lambda x: np.sin(np.float32(x).astype(np.float64)).sum(),
    ],
    ids=["its squares", "a product", "only the input"],
)
@pytest.mark.parametrize("size", [1.0, 300.0])
def test_float32_inside_is_seen_by_its_rounding(f, size):
    with says("central_difference", "float32"):
        gradcheck.central_difference(f, size * (1 + np.abs(normal(7))))


@pytest.mark.parametrize(
    "f, x, epsilon",
    [
        (lambda x: 3.0, normal(3), 1e-5),
        (lambda x: 0.1, normal(3), 1e-5),
        (lambda x: (np.arange(6) * x).sum(), np.zeros(6), 1.0),
        (lambda x: 1e6 + (np.float32(x) * np.float32([2, 3])).astype(float).sum(), np.ones(2), 1.0),
        (lambda x: np.maximum(x, 0).sum(), np.array([-1.0, 1e-6, 2.0]), 1e-5),
        (lambda x: np.abs(x).max() / 3, normal(40), 0.25),
        (lambda x: (x * x).sum(), np.zeros(4), 1e-5),
        (lambda x: np.exp(20 * x).sum(), normal(3), 1e-4),
        (lambda x: np.sum(x), np.zeros((0, 3)), 1e-5),
    ],
)
def test_a_loss_in_float64_is_not_refused(f, x, epsilon):
    gradcheck.central_difference(f, x, epsilon=epsilon)


def test_a_step_that_changes_nothing_is_refused():
    with says("central_difference", "1e+12 ± 1e-05 is 1e+12 again", "epsilon of at least 1e+00"):
        gradcheck.central_difference(np.sum, np.array([1.0, 1e12]))
    slope = gradcheck.central_difference(lambda x: (x / 1e12).sum(), np.array([1e12]), epsilon=1.0)
    assert slope == pytest.approx(1e-12)


def test_a_rounded_step_is_the_step_that_counts():
    """1e8 + 1e-5 is rounded by one part in a thousand; the difference is divided by what was really moved."""
    assert gradcheck.central_difference(np.sum, np.array([1e8])).item() == 1.0


def test_a_loss_may_write_into_what_it_is_given():
    def relu_in_place(x):
        np.maximum(x, 0, out=x)
        return x.sum()

    x = np.array([-2.0, 3.0, -0.5])
    np.testing.assert_allclose(gradcheck.central_difference(relu_in_place, x), [0, 1, 0], atol=1e-9)
    np.testing.assert_array_equal(x, [-2.0, 3.0, -0.5])
    A = normal(3, 3)

    def in_place(x):
        x[...] = A @ x
        return x

    assert gradcheck.adjoint_gap(in_place, lambda y: A.T @ y, (3,), (3,), rng(0)) < 1e-15
    assert gradcheck.adjoint_gap(in_place, lambda y: A @ y, (3,), (3,), rng(0)) > 1e-3


def test_a_loss_that_changes_from_call_to_call_is_refused():
    drawn = rng(0)
    with says("central_difference", "for the same x later", "random"):
        gradcheck.central_difference(lambda x: x.sum() + drawn.random(), np.ones(2))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, "1", b"1", np.str_("2")])
def test_a_loss_has_to_be_a_finite_number(value):
    with says("central_difference", "f returned"):
        gradcheck.central_difference(lambda x: value, np.ones(1))
    with says("central_difference", "x holds"):
        gradcheck.central_difference(np.sum, np.array([1.0, np.inf]))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_gap_is_not_taken_from_what_is_not_finite(wrong):
    spoilt = np.array([wrong, 1.0])
    for forward, adjoint in ((lambda x: spoilt, np.copy), (np.copy, lambda y: spoilt)):
        with says("adjoint_gap", "in 1 place"):
            gradcheck.adjoint_gap(forward, adjoint, (2,), (2,), rng(0))
    with says("adjoint_gap", "real numbers"):
        gradcheck.adjoint_gap(lambda x: x * 1j, np.copy, (2,), (2,), rng(0))
