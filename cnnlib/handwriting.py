"""A drawing by hand as the net knows its digits: 28×28, fitted into 20×20, centred on its ink.

The digits of MNIST were made so: scaled with their proportions kept, until the longer side has 20 pixels, and
placed so that their centre of mass is in the middle.  Source: LeCun, Cortes & Burges, the MNIST database.
"""

import numpy as np
from numpy.typing import ArrayLike

SIDE, BOX = 28, 20
MIDDLE = 14.5  # where the digits of MNIST have their centre of mass: half a pixel beyond the middle of the paper
FAINT = 0.05  # ink above this counts, when the drawing is cut out


def as_digit(ink: ArrayLike) -> np.ndarray:
    """A drawing (rows, columns) of values from 0, paper, to 1, ink, as one image (1, 28, 28) float32.

    A drawing without ink gives an image without ink.  ValueError for anything but a map of such values.
    """
    ink = np.asarray(ink)
    if ink.ndim != 2 or ink.size == 0 or ink.dtype.kind not in "buif":
        raise ValueError(f"as_digit: a drawing is a map of real numbers, not {ink.dtype} {ink.shape}")
    ink = ink.astype(np.float64)
    if not ((ink >= 0) & (ink <= 1)).all():
        raise ValueError("as_digit: the values of a drawing lie between 0, paper, and 1, ink")
    image = np.zeros((SIDE, SIDE))
    if not (ink > FAINT).any():
        return image[None].astype(np.float32)
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis=axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = scaled(cut, BOX / max(cut.shape))
    top, left = (_start(small.sum(axis=1 - axis)) for axis in (0, 1))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image[None].astype(np.float32)


def scaled(A: np.ndarray, factor: float) -> np.ndarray:
    """A map made larger or smaller by a factor: each new cell is the mean over the area that it covers."""
    sizes = [max(1, round(n * factor)) for n in A.shape]
    return _overlaps(A.shape[0], sizes[0]) @ A @ _overlaps(A.shape[1], sizes[1]).T


def _overlaps(n, m):
    """(m, n): the share of old cell p in new cell i, when n cells become m."""
    edges, cells = np.linspace(0, n, m + 1)[:, None], np.arange(n)
    shares = np.minimum(edges[1:], cells + 1) - np.maximum(edges[:-1], cells)
    return np.clip(shares, 0, None) * m / n


def _start(mass):
    """Where a line of ink has to begin so that its centre of mass is where theirs are; it stays on the paper."""
    centre = (mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum()
    return int(np.clip(round(MIDDLE - centre), 0, SIDE - len(mass)))
