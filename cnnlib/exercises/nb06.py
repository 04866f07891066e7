"""Notebook 06, one gradient, four pictures: a column of the matrix, and scatter with channels."""

import numpy as np

from .. import adjoint, ops
from .exercise import Exercise
from .kernel_turns import TURNS, wrong_turns
from .scatter_mistakes import pasted_with, wrong_pastes, wrong_sizes

AS_IS = TURNS["not turned"]

# ----------------------------------------------------------------------------------- matrix_column


def _columns(rng):
    for output_shape, kernel_size in [((4, 5), (2, 3)), ((5, 4), (3, 2)), ((5, 5), (3, 3))]:
        K = rng.standard_normal(kernel_size)
        for p, q in [(0, 1), (2, 3), (4, 2)]:
            yield K, output_shape, p, q


def _column_with(turn, corner=True):
    """turn(K) on a map of zeros, cut at the edges: its last corner, or else its first, on (p, q)."""

    def column(K, output_shape, p, q):
        H = turn(K)
        (m_h, m_w), (k_h, k_w) = output_shape, H.shape
        plane = np.zeros((m_h + 3 * k_h, m_w + 3 * k_w))
        top, left = (p + 1, q + 1) if corner else (p + k_h, q + k_w)
        plane[top : top + k_h, left : left + k_w] = H
        return plane[k_h : k_h + m_h, k_w : k_w + m_w]

    return column


def _wrapping(K, output_shape, p, q):
    """No lower bound for u and v: Python counts a negative index from the end."""
    column = np.zeros(output_shape)
    for i, j in np.ndindex(output_shape):
        if -K.shape[0] <= p - i < K.shape[0] and -K.shape[1] <= q - j < K.shape[1]:
            column[i, j] = K[p - i, q - j]
    return column


def _wrapping_output(K, output_shape, p, q):
    """K[u, v] is written to (p − u, q − v), with an upper bound and no lower one."""
    column, (m_h, m_w) = np.zeros(output_shape), output_shape
    for u, v in np.ndindex(K.shape):
        if p - u < m_h and q - v < m_w:
            column[p - u, q - v] = K[u, v]
    return column


matrix_column = Exercise(
    name="matrix_column",
    task="Z = X ⋆ K in valid mode is Z.ravel() = C @ X.ravel(). matrix_column(K, output_shape, p, q) has to return "
    "the column of C that belongs to X[p, q], as a map shaped like Z.",
    cases=_columns,
    reference=_column_with(ops.rot180),
    mistakes=wrong_turns(_column_with, "turned by 180°", "in this column the kernel is {}")
    | {
        "a negative index reads K from its other end; those entries are 0": _wrapping,
        "C[p − u, q − v] wraps around: −1 is the last output; leave out p − u < 0": _wrapping_output,
        "p and q are exchanged": lambda K, shape, p, q: _column_with(ops.rot180)(K, shape, q, p),
        "K starts at (p, q), as in a row; but which Z[i, j] see X[p, q]?": _column_with(AS_IS, corner=False),
    },
    hints=(
        "Entry (i, j) of the column is the factor of X[p, q] in Z[i, j].",
        "Z[i, j] holds X[i + u, j + v]·K[u, v], so u = p − i and v = q − j, where both lie inside the kernel.",
        "As i goes up, u goes down. This column is where the turned kernel comes from.",
    ),
)


# ----------------------------------------------------------------------------------------- scatter


def _scattered(rng):
    settings = [((2, 2), (6, 7), (2, 3), 2), ((2, 2), (5, 6), (3, 3), 1), ((2, 3), (7, 6), (3, 2), 3)]
    for (c_in, c_out), size, kernel_size, s in settings:
        output_size = [ops.output_size(n, k, stride=s) for n, k in zip(size, kernel_size, strict=True)]
        K = rng.standard_normal((c_out, c_in, *kernel_size))
        yield rng.standard_normal((2, c_out, *output_size)), K, (2, c_in, *size), s


def _last_channel(delta, K, input_shape, stride):
    """``=`` for ``+=`` in loops over n, o, i, j: what comes last stays."""
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for n, o, i, j in np.ndindex(delta.shape):
        rows, columns = slice(stride * i, stride * i + k_h), slice(stride * j, stride * j + k_w)
        dX[n, :, rows, columns] = delta[n, o, i, j] * K[o]
    return dX


scatter = Exercise(
    name="scatter",
    task="Z = X ⋆ K with a stride. scatter(delta, K, input_shape, stride) has to return dX, shaped input_shape "
    "= (N, C_in, n_h, n_w), by pasting windows; delta is (N, C_out, m_h, m_w), K is (C_out, C_in, k_h, k_w).",
    cases=_scattered,
    reference=lambda delta, K, input_shape, stride: adjoint.scatter(delta, K, input_shape, stride=stride),
    mistakes=wrong_turns(pasted_with, "not turned", "the pasted kernel is {}; scatter pastes it as it is")
    | wrong_pastes(AS_IS)
    | {"= where += belongs: windows overwrite each other, and so do the output channels": _last_channel}
    | wrong_sizes(pasted_with(AS_IS)),
    hints=(
        "Z[n, o, i, j] looked at the window of X[n, c] that starts at (s·i, s·j). Its delta goes back there.",
        "dX[n, c] gets delta[n, o, i, j]·K[o, c], from every output channel o.",
        "dX[:, :, s·i : s·i + k_h, s·j : s·j + k_w] += …, so that windows that overlap add up.",
    ),
)
