"""Notebook 14, the exam, first half: one layer backwards.  dX by gather, by scatter and by a matrix; and dK."""

import numpy as np

from .. import adjoint, ops
from .exercise import Exercise
from .kernel_turns import TURNS, wrong_turns
from .scatter_mistakes import WRAPS, gathered_wrapping, pasted_with, wrong_pastes, wrong_sizes

AS_IS, BATCH = TURNS["not turned"], 2


def _layer(rng, channels, size, kernel_size, **settings):
    """X, K and delta of a layer: random, nothing symmetric, a batch of two."""
    c_in, c_out = channels
    X, K = rng.standard_normal((BATCH, c_in, *size)), rng.standard_normal((c_out, c_in, *kernel_size))
    output_size = [ops.output_size(n, k, **settings) for n, k in zip(size, kernel_size, strict=True)]
    return X, K, rng.standard_normal((BATCH, c_out, *output_size))


# -------------------------------------------------------------------------- input_gradient_gather


def _padded(rng):
    for channels, size, kernel_size, p in [((2, 2), (4, 5), (2, 3), 1), ((2, 3), (5, 4), (3, 2), 1),
                                           ((2, 2), (4, 5), (3, 3), 1), ((3, 2), (3, 4), (2, 2), 2)]:  # fmt: skip
        _, K, delta = _layer(rng, channels, size, kernel_size, padding=p)
        yield delta, K, p


def _gathered(turn, *, frame=lambda k, p: k - 1 - p, swap=True):
    """The padded delta, correlated with turn(K); ``frame`` is the number of zeros around it."""

    def dX(delta, K, padding):
        H = turn(K)
        framed = ops.pad(delta, tuple(frame(k, padding) for k in H.shape[2:]))
        which = "noijuv,ocuv->ncij" if swap else "ncijuv,ocuv->noij"
        return np.einsum(which, ops.windows(framed, H.shape[2:]), H)

    return dX


input_gradient_gather = Exercise(
    name="input_gradient_gather",
    task="Z = X ⋆ K with p = padding zeros on every side. input_gradient_gather(delta, K, padding) has to return "
    "dX (N, C_in, n_h, n_w) from delta (N, C_out, m_h, m_w) and K (C_out, C_in, k_h, k_w).",
    cases=_padded,
    reference=_gathered(ops.rot180),
    mistakes=wrong_turns(_gathered, "turned by 180°", "the kernel that slides over the padded delta is {}")
    | {
        "this is the full correlation: the padding of the forward pass is ignored": _gathered(
            ops.rot180, frame=lambda k, p: k - 1
        ),
        "the frame is the padding of the forward pass; it has to be h − 1 − padding": _gathered(
            ops.rot180, frame=lambda k, p: p
        ),
        WRAPS: gathered_wrapping,
        "the channels are not swapped": _gathered(ops.rot180, swap=False),
        "the kernel is not turned, and the channels are not swapped": _gathered(AS_IS, swap=False),
    }
    | wrong_sizes(_gathered(ops.rot180)),
    hints=(
        "dX[n, c, p, q] sums delta[n, o, i, j]·K[o, c, u, v] over o and over all i, j with p = i + u − padding.",
        "In a frame of h − 1 zeros every tap meets every delta. How many rows of that belong to the padding?",
        "Frame delta by h − 1 − padding (crop it where that is negative), turn K, swap its channels, correlate.",
    ),
)


# ------------------------------------------------------------------------- input_gradient_scatter


def _strided(rng):
    for channels, size, kernel_size, s in [((2, 2), (6, 7), (2, 3), 2), ((2, 3), (7, 6), (3, 2), 3),
                                           ((2, 2), (6, 8), (3, 3), 2), ((3, 2), (5, 6), (2, 2), 1)]:  # fmt: skip
        X, K, delta = _layer(rng, channels, size, kernel_size, stride=s)
        yield delta, K, X.shape, s


input_gradient_scatter = Exercise(
    name="input_gradient_scatter",
    task="Z = X ∗ K, a true convolution, with a stride. input_gradient_scatter(delta, K, input_shape, stride) has "
    "to return dX, shaped input_shape (N, C_in, n_h, n_w); delta is (N, C_out, m_h, m_w).",
    cases=_strided,
    reference=pasted_with(ops.rot180),
    mistakes=wrong_turns(
        pasted_with, "turned by 180°", "the pasted kernel is {}; under ∗ the window held rot180(K)"
    )
    | wrong_pastes(ops.rot180)
    | wrong_sizes(pasted_with(ops.rot180)),
    hints=(
        "Window (i, j) starts at (s·i, s·j). What lay on it in the forward pass of a convolution?",
        "Every delta[n, o, i, j] pastes delta·rot180(K)[o, c] onto that window of dX[n, c].",
        "dX[:, :, s·i : s·i + k_h, s·j : s·j + k_w] += …; what no window held stays 0.",
    ),
)


# -------------------------------------------------------------------------- input_gradient_matrix


def _dilated(rng):
    for channels, size, kernel_size, d in [((2, 2), (5, 4), (2, 3), 1), ((2, 3), (5, 6), (3, 2), 2),
                                           ((2, 2), (4, 6), (2, 2), 3)]:  # fmt: skip
        yield rng.standard_normal((*channels[::-1], *kernel_size)), (channels[0], *size), d


def _transposed(turn=AS_IS, spread=lambda d: d, axes=(3, 4, 5, 0, 1, 2)):
    """C[o, i, j, c, p, q] with its axes in the order ``axes``, the first three as rows."""

    def matrix(K, input_shape, dilation):
        H, d, (c_in, n_h, n_w) = turn(K), spread(dilation), input_shape
        m_h, m_w = n_h - d * (H.shape[2] - 1), n_w - d * (H.shape[3] - 1)
        C = np.zeros((len(H), m_h, m_w, c_in, n_h, n_w))
        for i, j, u, v in np.ndindex(m_h, m_w, *H.shape[2:]):
            C[:, i, j, :, i + d * u, j + d * v] = H[:, :, u, v]
        C = C.transpose(axes)
        return C.reshape(np.prod(C.shape[:3]), -1)

    return matrix


input_gradient_matrix = Exercise(
    name="input_gradient_matrix",
    task="Z = X ⋆ K in valid mode, with a dilation. input_gradient_matrix(K, input_shape, dilation) has to return "
    "the matrix B (C_in·n_h·n_w, C_out·m_h·m_w) with dX.ravel() = B @ delta.ravel(), for one image.",
    cases=_dilated,
    reference=_transposed(),
    mistakes=wrong_turns(_transposed, "not turned", "the kernel in the matrix is {}; a row of C holds it as it is")
    | {
        "this is C, the matrix of the forward pass; dX needs its transpose": _transposed(axes=(0, 1, 2, 3, 4, 5)),
        "the dilation is ignored": _transposed(spread=lambda d: 1),
        "one cell too many between the taps: with dilation d they lie d cells apart": _transposed(
            spread=lambda d: d + 1
        ),
        "the maps are laid out column after column; ravel goes row after row": _transposed(axes=(3, 5, 4, 0, 2, 1)),
        "the channels stand last in each row and column; ravel puts them first": _transposed(
            axes=(4, 5, 3, 1, 2, 0)
        ),
        "the channels of K are swapped": lambda K, shape, d: _transposed()(
            K.swapaxes(0, 1), (len(K), *shape[1:]), d
        ),
    },
    hints=(
        "First C with Z.ravel() = C @ X.ravel(): a row for each (o, i, j), a column for each (c, p, q).",
        "Tap (u, v) of output (i, j) lies on input p = i + d·u, q = j + d·v.",
        "Fill an array C[o, i, j, c, p, q], reshape it to a matrix, and return its transpose.",
    ),
)


# -------------------------------------------------------------------------------- kernel_gradient


def _forward_maps(rng):
    settings = [((2, 2), (5, 7), (2, 3), 2, 1), ((2, 3), (6, 5), (3, 2), 2, 0), ((2, 2), (4, 5), (3, 3), 1, 1),
                ((3, 2), (7, 6), (2, 2), 3, 1)]  # fmt: skip
    for channels, size, kernel_size, s, p in settings:
        X, _, delta = _layer(rng, channels, size, kernel_size, stride=s, padding=p)
        yield X, delta, kernel_size, s, p


def _dK(X, delta, kernel_size, stride, padding):
    return adjoint.kernel_gradient(X, delta, kernel_size, stride=stride, padding=padding)


def _changed(change):
    return lambda X, delta, k, s, p: change(_dK(X, delta, k, s, p), X, delta)


def _with_tail(X, delta, kernel_size, stride, padding):
    """The valid correlation with the dilated delta, nothing left out: too large by the dropped tail."""
    spread = ops.dilate(delta, stride)
    windows = ops.windows(ops.pad(X, padding), spread.shape[2:])
    return np.einsum("ncuvij,noij->ocuv", windows, spread)


kernel_gradient = Exercise(
    name="kernel_gradient",
    task="Z = X ⋆ K with a stride and p = padding zeros on every side. kernel_gradient(X, delta, kernel_size, "
    "stride, padding) has to return dK (C_out, C_in, k_h, k_w) from X (N, C_in, n_h, n_w) and delta.",
    cases=_forward_maps,
    reference=_dK,
    mistakes=wrong_turns(
        lambda turn: _changed(lambda dK, X, delta: turn(dK)),
        "not turned",
        "the result is {}; under ⋆ dK needs no turn",
    )
    | {
        "the stride is ignored: neighbouring deltas belong to windows that lie stride cells apart": (
            lambda X, delta, k, s, p: np.einsum(
                "noij,ncijuv->ocuv",
                delta,
                ops.windows(ops.pad(X, p), k)[:, :, : delta.shape[2], : delta.shape[3]],
            )
        ),
        "the padding is ignored; pad X as the forward pass did": lambda X, delta, k, s, p: _dK(
            ops.pad(X, ((0, 2 * p), (0, 2 * p))), delta, k, s, 0
        ),
        "the dropped tail is still there: the last rows and columns that no window held have to go": _with_tail,
        "mean over the batch; 1/N is in the loss, and so in delta already": _changed(
            lambda dK, X, delta: dK / len(X)
        ),
        "mean over space; the kernel is used at every position, so the positions add up": _changed(
            lambda dK, X, delta: dK / delta[0, 0].size
        ),
        "the channels are swapped: dK is shaped like K, (C_out, C_in, …)": _changed(
            lambda dK, X, delta: dK.swapaxes(0, 1)
        ),
        "the batch is reversed in X only: sample n has to meet sample n": lambda X, delta, k, s, p: _dK(
            X[::-1], delta, k, s, p
        ),
    },
    hints=(
        "K[o, c, u, v] was multiplied with X[n, c, s·i + u − padding, s·j + v − padding], for every n, i and j.",
        "dK[o, c, u, v] sums those numbers, each times delta[n, o, i, j]. Nothing is turned.",
        "Pad X once. For each tap: X[:, :, u : u + s·m_h : s, v : v + s·m_w : s], times delta, summed.",
    ),
)
