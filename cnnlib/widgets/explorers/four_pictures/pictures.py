"""What the four pictures of one input gradient show: arrays, places and totals, without any widget.

For an input cell (p, q) the same products δ[i, j]·K[u, v] stand in a framed delta map beside the turned
kernel (gather), in pasted kernels (scatter), in a column of the matrix C, and in the table of all products
(col2im).  Each total is computed from the arrays of its own picture.
"""

from typing import NamedTuple

import numpy as np

from cnnlib import ops
from cnnlib.adjoint import correlation_matrix
from cnnlib.symbolic import Term, terms


class Pictures(NamedTuple):
    """The four pictures of dX[p, q] when the first ``added`` of its products have been added."""

    terms: list[Term]  # all products, in reading order of the windows
    framed: np.ndarray  # gather: δ with h − 1 zeros around it, and the window of (p, q) in it
    turned: np.ndarray
    pasted: np.ndarray  # scatter: dX after the pastes of these windows
    C: np.ndarray  # matrix: its column and rows are those of (p, q) and of the windows
    column: int
    table: np.ndarray  # col2im: every delta times every tap, a row for each window
    totals: dict[str, float]


def pictures(delta, K, cell, added):
    """What the four pictures show.  delta (m_h, m_w), K (k_h, k_w), cell (p, q); ``added`` from 0 on."""
    (k_h, k_w), (m_h, m_w), (p, q) = K.shape, delta.shape, cell
    size = (m_h + k_h - 1, m_w + k_w - 1)
    found = terms(p, q, size, K.shape)
    now = found[:added]
    framed, turned = ops.pad(delta, (k_h - 1, k_w - 1)), ops.rot180(K)
    C, column = correlation_matrix(K, size), p * size[1] + q
    table = np.outer(delta, K)
    pasted = np.zeros(size, dtype=np.result_type(delta, K))
    for i, j, *_ in now:
        pasted[i : i + k_h, j : j + k_w] += delta[i, j] * K
    seen = [framed[in_framed(t, K)] * turned[in_turned(t, K)] for t in now]
    rows = [window_number(t, delta) for t in now]
    totals = {
        "gather": sum(seen),
        "scatter": pasted[p, q],
        "matrix": C[rows, column] @ delta.ravel()[rows],
        "col2im": sum(table[in_table(t, delta, K)] for t in now),
    }
    return Pictures(found, framed, turned, pasted, C, column, table, totals)


def in_framed(term, K):
    """Where δ[i, j] stands in the framed delta map."""
    return term.i + K.shape[0] - 1, term.j + K.shape[1] - 1


def in_turned(term, K):
    """Where K[u, v] stands in the turned kernel."""
    return K.shape[0] - 1 - term.u, K.shape[1] - 1 - term.v


def window_number(term, delta):
    """The row of window (i, j) in the matrix and in the table."""
    return term.i * delta.shape[1] + term.j


def in_table(term, delta, K):
    """Where δ[i, j]·K[u, v] stands in the table of all products."""
    return window_number(term, delta), term.u * K.shape[1] + term.v
