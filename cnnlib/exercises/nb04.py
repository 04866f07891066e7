"""Notebook 04, the proof for small maps: one cell of dX as an explicit sum, and a kernel read off an impulse."""

import numpy as np

from .. import adjoint, ops
from .exercise import Exercise
from .kernel_turns import wrong_turns

# ------------------------------------------------------------------------------- input_gradient_at


def _gradient_cells(rng):
    for size, kernel_size in [((2, 2), (2, 2)), ((4, 5), (2, 3)), ((5, 4), (3, 3)), ((4, 4), (3, 2))]:
        delta, K = rng.standard_normal(size), rng.standard_normal(kernel_size)
        for p, q in [(0, 0), (1, 2), (2, 1), (size[0] + kernel_size[0] - 2, 1)]:
            yield delta, K, p, q


def _full_with(turn):
    return lambda delta, K, p, q: ops.correlate(delta, turn(K), "full")[p, q]


def _summed(delta, K, p, q, lowest=0):
    total = 0.0
    for u, v in np.ndindex(K.shape):
        if lowest <= p - u < delta.shape[0] and lowest <= q - v < delta.shape[1]:
            total += delta[p - u, q - v] * K[u, v]
    return total


def _wrapping(delta, K, p, q):
    """No lower bound for i and j: Python counts a negative index from the end."""
    return _summed(delta, K, p, q, lowest=-min(delta.shape))


def _caught(delta, K, p, q):
    """A tap that is not there is caught as an IndexError, which a negative index does not raise."""
    (k_h, k_w), total = K.shape, 0.0
    for i, j in np.ndindex(delta.shape):
        if -k_h <= p - i < k_h and -k_w <= q - j < k_w:
            total += delta[i, j] * K[p - i, q - j]
    return total


def _wrong_output(delta, K, p, q):
    """Σ delta[p + u, q + v]·K[u, v], which is Σ delta[i, j]·K[i − p, j − q]."""
    (m_h, m_w), taps = delta.shape, np.ndindex(K.shape)
    return sum(delta[p + u, q + v] * K[u, v] for u, v in taps if p + u < m_h and q + v < m_w)


def _wrapping_kernel(delta, K, p, q):
    """No lower bound for u and v."""
    return sum(
        delta[i, j] * K[p - i, q - j]
        for i, j in np.ndindex(delta.shape)
        if p - i < K.shape[0] and q - j < K.shape[1]
    )


input_gradient_at = Exercise(
    name="input_gradient_at",
    task="Z = X ⋆ K in valid mode, delta = ∂L/∂Z. input_gradient_at(delta, K, p, q) has to return the number "
    "∂L/∂X[p, q].",
    cases=_gradient_cells,
    reference=lambda delta, K, p, q: _summed(delta, K, p, q),
    mistakes=wrong_turns(_full_with, "turned by 180°", "this is the full correlation with the kernel {}")
    | {
        "a negative index reads delta from its other end; those terms do not exist": _wrapping,
        "K[p − i, q − j] wraps around: index −1 is the last tap; leave out p − i < 0": _wrapping_kernel,
        "K[−1] raises no IndexError: it is the last tap; leave out p − i < 0": _caught,
        "the sign, in K[i − p, j − q] or delta[p + u, q + v]; solve p = i + u": _wrong_output,
        "p and q are exchanged": lambda delta, K, p, q: _summed(delta, K, q, p),
    },
    hints=(
        "Which Z[i, j] contain X[p, q], and with which K[u, v] in front of it?",
        "p = i + u and q = j + v, so K[u, v] meets delta[p − u, q − v].",
        "Leave out every term whose i = p − u or j = q − v lies outside of delta, below 0 as well.",
    ),
)


# ----------------------------------------------------------------------------- kernel_from_impulse


def _impulses(rng):
    for delta_size, kernel_size, i, j in [((4, 5), (2, 3), 1, 3), ((5, 5), (3, 3), 3, 1), ((5, 4), (3, 2), 0, 2)]:
        delta, K = np.zeros(delta_size), rng.standard_normal(kernel_size)
        delta[i, j] = 1
        input_size = tuple(m + k - 1 for m, k in zip(delta_size, kernel_size, strict=True))
        yield adjoint.scatter(delta, K, input_size), i, j, kernel_size


def _read(dX, i, j, kernel_size):
    k_h, k_w = kernel_size
    return dX[i : i + k_h, j : j + k_w]


def _centred(dX, i, j, kernel_size):
    k_h, k_w = kernel_size
    framed = ops.pad(dX, (k_h, k_w))
    return _read(framed, i + k_h - k_h // 2, j + k_w - k_w // 2, kernel_size)


def _ending(dX, i, j, kernel_size):
    k_h, k_w = kernel_size
    return dX[i - k_h + 1 : i + 1, j - k_w + 1 : j + 1]


kernel_from_impulse = Exercise(
    name="kernel_from_impulse",
    task="Z = X ⋆ K. delta was 1 at (i, j) and 0 elsewhere, and gave this dX. kernel_from_impulse(dX, i, j, "
    "kernel_size) has to return K.",
    cases=_impulses,
    reference=_read,
    mistakes=wrong_turns(
        lambda turn: lambda dX, i, j, kernel_size: turn(_read(dX, i, j, kernel_size)),
        "not turned",
        "the window of dX is {}; an impulse pastes the kernel as it is",
    )
    | {
        "i and j are exchanged": lambda dX, i, j, kernel_size: _read(dX, j, i, kernel_size),
        "rows and columns of kernel_size are exchanged": lambda dX, i, j, size: _read(dX, i, j, size[::-1]),
        "the window ends at (i, j); it starts there": _ending,
        "the window is centred on (i, j); it starts there": _centred,
    },
    hints=(
        "Only one window of X contributes to Z[i, j]. Where does it start?",
        "X[i + u, j + v] has K[u, v] in front of it in Z[i, j], so that is its derivative.",
        "dX[i : i + k_h, j : j + k_w], and nothing is turned.",
    ),
)
