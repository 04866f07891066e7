"""Notebook 13, forget the rotation: the test that catches a wrong dK, and the kernels that hide a missing turn."""

import numpy as np

from .. import adjoint, ops
from ..correlation import correlate_maps
from .exercise import Exercise
from .kernel_turns import TURNS

# -------------------------------------------------------------------------------------- kernel_gap


def _wrong_gradients(rng):
    """Every dK is wrong, each in its own way: the gap is no rounding error."""
    spoil = (
        lambda X, delta, size: ops.rot180(adjoint.kernel_gradient(X, delta, size)),
        lambda X, delta, size: adjoint.kernel_gradient(X[::-1], delta, size),
        lambda X, delta, size: adjoint.kernel_gradient(X, delta, size) / len(X),
        lambda X, delta, size: rng.standard_normal((3, 2, *size)),
    )
    for spoilt, size in zip(spoil, ((2, 3), (3, 2), (2, 2), (3, 3)), strict=True):
        X, K = rng.standard_normal((2, 2, 5, 6)), rng.standard_normal((3, 2, *size))
        delta = rng.standard_normal((2, 3, 6 - size[0], 7 - size[1]))
        yield X, K, delta, spoilt(X, delta, size)


def _gap(X, K, delta, dK):
    return np.vdot(correlate_maps(X, K), delta) - np.vdot(K, dK)


kernel_gap = Exercise(
    name="kernel_gap",
    task="kernel_gap(X, K, delta, dK) has to return one number, ⟨X ⋆ K, delta⟩ − ⟨K, dK⟩, with the inner products "
    "over all axes; ⋆ correlates maps (N, C_in, n_h, n_w) with kernels (C_out, C_in, k_h, k_w), valid mode.",
    cases=_wrong_gradients,
    reference=_gap,
    mistakes={
        "the forward pass is ∗ here, with turned kernels; it has to be ⋆": lambda X, K, delta, dK: (
            np.vdot(correlate_maps(X, ops.rot180(K)), delta) - np.vdot(K, dK)
        ),
        "the sign: ⟨K, dK⟩ is subtracted from ⟨X ⋆ K, delta⟩": lambda *case: -_gap(*case),
        "the absolute value loses the sign": lambda *case: abs(_gap(*case)),
        "the mean over the batch; the inner product adds the images up": lambda X, K, delta, dK: (
            np.vdot(correlate_maps(X, K), delta) / len(X) - np.vdot(K, dK)
        ),
        "the sum of dK does not know K; multiply by K first": lambda X, K, delta, dK: (
            np.vdot(correlate_maps(X, K), delta) - dK.sum()
        ),
        "only ⟨X ⋆ K, delta⟩; ⟨K, dK⟩ is missing": lambda X, K, delta, dK: np.vdot(correlate_maps(X, K), delta),
        "sums are compared in the place of inner products": lambda X, K, delta, dK: (
            correlate_maps(X, K).sum() - dK.sum()
        ),
    },
    hints=(
        "Z = X ⋆ K is linear in K. Its transpose takes delta to dK, so ⟨X ⋆ K, delta⟩ = ⟨K, dK⟩.",
        "An inner product is the sum of the products of all entries: (A * B).sum() or np.vdot(A, B).",
        "Z[n, o] = Σ_c ops.correlate(X[n, c], K[o, c]). Then (Z * delta).sum() − (K * dK).sum().",
    ),
)


# -------------------------------------------------------------------------------------- blind_part


def _kernels(rng):
    for size in ((2, 3), (3, 3), (4, 3), (1, 4)):
        yield (rng.standard_normal(size),)


def _half(turn, sign=1):
    """(K ± turn(K)) / 2, where the turn keeps the shape."""
    return lambda K: (K + sign * turn(K)) / 2


_ROWS, _COLUMNS = (TURNS[f"turned along one axis only: its {what} are reversed"] for what in ("rows", "columns"))

blind_part = Exercise(
    name="blind_part",
    task="K is the sum of a part that equals its own turn by 180° and a part that is minus its own turn. "
    "blind_part(K) has to return the first, shaped like K (k_h, k_w).",
    cases=_kernels,
    reference=_half(ops.rot180),
    mistakes={
        "this is the other part: there the missing turn is a sign": _half(ops.rot180, -1),
        "twice as large: K and its turn are both there, so halve": lambda K: K + ops.rot180(K),
        "this is the turned kernel; it is not its own turn": ops.rot180,
        "its rows are mirrored, but not its columns": _half(_ROWS),
        "its columns are mirrored, but not its rows": _half(_COLUMNS),
        "symmetric along both axes: that is more than the turn asks for": lambda K: (
            (K + _ROWS(K) + _COLUMNS(K) + ops.rot180(K)) / 4
        ),
        "a constant is its own turn, but K − mean is not minus its turn": lambda K: np.full(K.shape, K.mean()),
    },
    hints=(
        "Call the parts S and A. K = S + A with rot180(S) = S and rot180(A) = −A. What is rot180(K)?",
        "rot180(K) = S − A. Add the two equations.",
        "S = (K + rot180(K)) / 2.",
    ),
)
