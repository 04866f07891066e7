"""What lies on the window while a 3×3 kernel turns, and the sum that is read there: arrays and words, no widget.

The bar goes from 0° to 180°.  At each quarter turn the cells of the kernel lie on cells of the input, and there is
a sum; in between there is none.  ⋆ takes the kernel as it lies, ∗ turns it by 180° first, so that under ∗ it
begins turned.
"""

from typing import NamedTuple

import numpy as np

from cnnlib.plots.number_format import MINUS, written

from ...parts.parse import parse_numbers

FRAMES = 36  # from 0° to 180° in steps of 5°
QUARTER = FRAMES // 2
LARGEST = 99  # of a learner's own entries: two digits, so that a cell keeps its width


class Reading(NamedTuple):
    """One window: the inputs, what lies on them, the products and their sum."""

    inputs: np.ndarray
    taps: np.ndarray
    products: np.ndarray
    total: float


def angle(frame, operation):
    """Degrees by which K is turned on the window: the bar's angle, and under ∗ half a turn more."""
    return 180 * frame / FRAMES + (180 if operation == "convolution" else 0)


def read_window(X, K, corner, operation, frame=0):
    """The :class:`Reading` of the window whose top left cell is ``corner``; None where no cell lies on a cell."""
    if frame % QUARTER:
        return None
    taps = np.rot90(K, -round(angle(frame, operation) / 90))  # clockwise
    i, j = corner
    inputs = X[i : i + K.shape[0], j : j + K.shape[1]]
    return Reading(inputs, taps, inputs * taps, (inputs * taps).sum())


def name(frame, operation):
    """The formula of the sum: X ⋆ K, X ∗ rot180(K); in the middle of the turn it has none."""
    kernel = {0: "K", QUARTER: "K, a quarter turn", FRAMES: "rot180(K)"}.get(frame, "K, on its way")
    return f"X {'⋆' if operation == 'correlation' else '∗'} {kernel}"


def words(frame):
    """The position of the turn in words."""
    if frame == 0:
        return "0°: K as it is stored"
    if frame == FRAMES:
        return "180°: index (u, v) has come to (2−u, 2−v)"
    return f"{180 * frame // FRAMES}° of 180°{': what was a row is a column' if frame == QUARTER else ''}"


def own_kernel(text):
    """A learner's nine numbers as a 3×3 array; ValueError, in words, for anything else."""
    kernel = parse_numbers(text, (3, 3), symbols=False)
    if np.abs(kernel).max() > LARGEST or (kernel != np.round(kernel, 1)).any():
        raise ValueError(f"entries go from {MINUS}{LARGEST} to {LARGEST}, with one decimal at most")
    return kernel


def as_typed(K):
    """A kernel as one types it."""
    return "; ".join(" ".join(written(value) for value in row) for row in K)
