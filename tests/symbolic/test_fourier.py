"""What a turned kernel becomes in the Fourier transform: the four statements, wrong ones, and NumPy beside them."""

import numpy as np
import pytest
from helpers import assert_close, normal
from sympy import Symbol

from cnnlib import ops
from cnnlib.symbolic import fourier
from cnnlib.symbolic.fourier import f, g, k, x
from cnnlib.symbolic.letters import h, i, j, n_h, n_w, u, v, w

STATEMENTS = [fourier.reversal, fourier.half_turn, fourier.correlation, fourier.convolution]
SIZES = {n_h: 5, n_w: 7, h: 2, w: 3}
every_statement = pytest.mark.parametrize("statement", STATEMENTS, ids=lambda made: made.__name__)


@every_statement
def test_the_statement_holds_for_every_size(statement):
    made = statement()
    assert made.residual == 0 and made.one_to_one and made.holds
    assert {n_h, n_w, f, g} <= made.left.free_symbols


@every_statement
def test_a_wrong_right_side_is_refused(statement):
    made = statement()
    for n, size in ((u, n_h), (v, n_w)):
        other = made.right.function.subs(fourier.wave((f, n, size)), 1)
        other = other * fourier.wave((f, n, size))
        assert not made._replace(right=made.right.func(other, *made.right.limits)).holds
    assert not made._replace(right=made.right.func(-made.right.function, *made.right.limits)).holds


def test_without_the_conjugate_the_shift_or_the_sign_nothing_holds():
    turn, there, back = fourier.half_turn(), fourier.correlation(), fourier.convolution()
    assert not turn._replace(right=fourier.conjugated(fourier.taps())).holds
    assert not turn._replace(right=fourier.taps()).holds
    assert not there._replace(right=back.right).holds and not back._replace(right=there.right).holds


def test_equal_terms_do_not_count_where_the_renaming_loses_or_repeats_an_index():
    turn, turned_twice = fourier.half_turn(), fourier.reversal()
    shifted = turn._replace(renamed={u: h - u, v: w - 1 - v})  # leaves the box of taps
    assert not shifted.one_to_one
    assert not turned_twice._replace(renamed={u: -2 * u, v: -v}).one_to_one  # every second index, twice
    assert not turned_twice._replace(period={}).one_to_one  # −u is no index of the box
    assert not turned_twice._replace(period={u: n_w, v: n_w}).one_to_one  # the wrong period


def test_a_period_that_the_term_does_not_have_is_refused():
    there = fourier.correlation()
    wide = [limit if limit[0] != i else (i, 0, 2 * n_h) for limit in there.left.limits]
    sums = [total.func(total.function, *wide) for total in (there.left, there.right)]
    assert not there._replace(left=sums[0], right=sums[1], period={i: 2 * n_h + 1, j: n_w}).one_to_one


def transformed(total, kernel, image=None):
    """A side of a statement with numbers in it, at every frequency."""
    table = {k[p, q]: kernel[p, q] for p, q in np.ndindex(kernel.shape)}
    if image is not None:
        table |= {x[p, q]: image[p, q] for p, q in np.ndindex(image.shape)}
    found = np.zeros((SIZES[n_h], SIZES[n_w]), dtype=complex)
    for frequency in [(0, 0), (1, 0), (0, 2), (3, 5)]:
        numbers = SIZES | dict(zip((f, g), frequency, strict=True))
        limits = [(n, int(low), int(high.subs(SIZES))) for n, low, high in total.limits]
        places = np.ndindex(*[high + 1 for _, _, high in limits])
        names = [n for n, *_ in limits]
        terms = (total.function.subs(numbers | dict(zip(names, place, strict=True))) for place in places)
        found[frequency] = complex(sum(complex(term.xreplace(table)) for term in terms))
    return found


def at(spectrum):
    kept = np.zeros_like(spectrum)
    for frequency in [(0, 0), (1, 0), (0, 2), (3, 5)]:
        kept[frequency] = spectrum[frequency]
    return kept


def test_both_sides_of_the_half_turn_are_what_numpy_computes():
    K, made = normal(2, 3), fourier.half_turn()
    expected = at(np.fft.fft2(ops.rot180(K), (5, 7)))
    assert_close(transformed(made.left, K), expected, 1e-12)
    assert_close(transformed(made.right, K), expected, 1e-12)


@pytest.mark.parametrize("statement, sign", [(fourier.correlation, 1), (fourier.convolution, -1)])
def test_both_sides_of_the_products_are_what_numpy_computes(statement, sign):
    K, X, made = normal(2, 3), normal(5, 7, seed=1), statement()
    Z = np.zeros((5, 7))
    for i_, j_, u_, v_ in np.ndindex(5, 7, 2, 3):
        Z[i_, j_] += K[u_, v_] * X[(i_ + sign * u_) % 5, (j_ + sign * v_) % 7]
    for side in (made.left, made.right):
        assert_close(transformed(side, K, X), at(np.fft.fft2(Z)), 1e-12)


def test_names_are_frequencies_and_indices_of_the_package():
    assert isinstance(f, Symbol) and f.is_integer and k[u, v].is_real
