"""One cell of the input gradient, taken apart: which products it adds up, and how that is written.

Plain functions, no widget.  Forward is Z = X ⋆ K, so window (i, j) held input cell (p, q) at its place
(u, v) = (p − i, q − j), and dX[p, q] = Σ δ[i, j] · k[u, v] over the windows that held it.
"""

from typing import NamedTuple

import numpy as np

from cnnlib.plots.number_format import written
from cnnlib.widgets.parts import formula

SIZES = [((1, 1), (2, 2)), ((2, 2), (2, 2)), ((3, 3), (2, 3)), ((3, 3), (3, 3))]  # of δ and of K


def example(delta_shape, kernel_shape):
    """A delta map and a kernel of small whole numbers, in each map no two alike and none 0."""
    draw, choice = np.random.default_rng(3), np.r_[-5:0, 1:6].astype(float)
    return tuple(draw.permutation(choice)[: np.prod(shape)].reshape(shape) for shape in (delta_shape, kernel_shape))


def in_words(delta_shape, kernel_shape):
    """The sizes of a case: "3×3 input, 2×2 kernel"."""
    n_h, n_w = (m + k - 1 for m, k in zip(delta_shape, kernel_shape, strict=True))
    return f"{n_h}×{n_w} input, {kernel_shape[0]}×{kernel_shape[1]} kernel"


class Product(NamedTuple):
    """One product δ[i, j] · k[u, v] of the sum."""

    i: int
    j: int
    u: int
    v: int


def products(p, q, delta_shape, kernel_shape):
    """The products of dX[p, q] in reading order of the windows, one for each window that held the cell."""
    (m_h, m_w), (k_h, k_w) = delta_shape, kernel_shape
    windows = [(i, j) for i in range(m_h) for j in range(m_w)]
    return [Product(i, j, p - i, q - j) for i, j in windows if 0 <= p - i < k_h and 0 <= q - j < k_w]


def names(name, shape):
    """The letters of a map, rows of texts: names("δ", (1, 2)) is [["δ₀₀", "δ₀₁"]]."""
    return np.array([[formula.short(name, i, j) for j in range(shape[1])] for i in range(shape[0])])


def texts(A):
    """Numbers and symbols of a mixed map as texts, for cells that cannot be computed with."""
    return np.array([[written(value) for value in row] for row in A])


def are_numbers(*arrays):
    """Are all entries numbers?"""
    return all(A.dtype.kind in "buif" for A in arrays)


def product_table(p, q, terms, delta, K, framed=None, in_numbers=True):
    """dX[p, q] as a table, a row for each product: in letters, in numbers, and how its indices add up.

    The product ``framed`` gets a frame.  Below stands the sum, where all entries are numbers.
    """
    rows = [
        f"<tr><td>{_letters(t, framed)}</td><td>{_numbers(t, delta, K, framed) if in_numbers else '&nbsp;'}</td>"
        f"<td>{p} = {t.i} + {t.u}</td><td>{q} = {t.j} + {t.v}</td></tr>"
        for t in terms
    ]
    head = f"<tr><td>{formula.entry('input', 'dX', p, q)} =</td><td></td><th>p = i + u</th><th>q = j + v</th></tr>"
    total = "&nbsp;"
    if in_numbers and are_numbers(delta, K):
        total = f"= <b>{written(sum(delta[t.i, t.j] * K[t.u, t.v] for t in terms))}</b>"
    return f"<table>{head}{''.join(rows)}<tr><td></td><td>{total}</td></tr></table>"


def _letters(t, framed):
    return _product(formula.entry("delta", "δ", t.i, t.j), formula.entry("kernel", "k", t.u, t.v), t == framed)


def _numbers(t, delta, K, framed):
    return _product(formula.factor(delta[t.i, t.j]), formula.factor(K[t.u, t.v]), t == framed)


def _product(left, right, framed):
    return f'<span class="cnn-product{" cnn-lit" if framed else ""}">{left}·{right}</span>'
