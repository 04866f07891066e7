"""A drawing by hand, scaled and centred as the digits of MNIST are: 28×28, fitted into 20×20.

The digits of MNIST were made so: scaled with their proportions kept, until the longer side has 20 pixels, and
placed so that their centre of mass is in the middle.  Source: LeCun, Cortes & Burges, the MNIST database.
A drawing is a list of strokes, and a stroke a list of points.  The points are scaled and the pen is not, so that a
digit that was drawn small does not get thicker lines than one that was drawn large.
"""

from collections.abc import Sequence

import numpy as np

SIDE, BOX = 28, 20
MIDDLE = 14.5  # where the digits of MNIST have their centre of mass: half a pixel beyond the middle of the paper
WIDTH = 2.5  # pixels of the pen on the image, as wide as the strokes of MNIST: see benchmarks/handwriting.py
SMALLEST = 0.05  # share of the paper: a smaller drawing stays a dot
PART = 256  # lines that are drawn at once


def as_digit(strokes: Sequence, *, width: float = WIDTH) -> np.ndarray:
    """A drawing as one image.

    Parameters
    ----------
    strokes : list of lists of points (x, y)
        On a paper from (0, 0) to (1, 1); x goes right and y down.  A stroke of one point is a dot.
    width : pixels of the image
        That of the pen.

    Returns
    -------
    image : (1, 28, 28) float32 from 0 to 1
        Without ink where there are no strokes.

    Raises
    ------
    ValueError
        For anything but such strokes.
    """
    strokes = as_strokes(strokes)
    if not strokes:
        return np.zeros((1, SIDE, SIDE), dtype=np.float32)
    points = np.concatenate(strokes)
    least, most = points.min(axis=0), points.max(axis=0)
    scale = (BOX - width) / max(*(most - least), SMALLEST)
    lines = [(stroke - (least + most) / 2) * scale + SIDE / 2 for stroke in strokes]
    shift = _to_the_middle(_ink(lines, width), (most - least) * scale + width)
    return _ink([line + shift for line in lines], width)[None].astype(np.float32)


def as_strokes(strokes: Sequence) -> list[np.ndarray]:
    """The strokes as arrays (points, 2) of float64.

    Raises
    ------
    ValueError
        For anything but points on the paper.
    """
    arrays = [np.asarray(stroke) for stroke in strokes]
    for array in arrays:
        if array.ndim != 2 or array.shape[1:] != (2,) or len(array) == 0 or array.dtype.kind not in "iuf":
            raise ValueError(f"a stroke is a list of points (x, y), not {array.dtype} {array.shape}")
        if not ((array >= 0) & (array <= 1)).all():
            raise ValueError("the points of a stroke lie on the paper, between (0, 0) and (1, 1)")
    return [array.astype(np.float64) for array in arrays]


def _ink(lines, width):
    """(SIDE, SIDE) from 0 to 1: how far each pixel is covered by a round pen that follows the lines."""
    starts = np.concatenate([line[: max(len(line) - 1, 1)] for line in lines])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in lines])
    distance = np.full(SIDE * SIDE, np.inf)
    for k in range(0, len(starts), PART):
        distance = np.minimum(distance, _distances(starts[k : k + PART], ends[k : k + PART]))
    return np.clip(width / 2 + 0.5 - distance, 0, 1).reshape(SIDE, SIDE)


def _distances(starts, ends):
    """(SIDE·SIDE,): from the middle of each pixel to the nearest line from ``starts`` to ``ends`` (n, 2)."""
    y, x = (np.indices((SIDE, SIDE)) + 0.5).reshape(2, -1, 1)
    (from_x, from_y), (along_x, along_y) = starts.T, (ends - starts).T
    x, y = x - from_x, y - from_y
    part = np.clip((x * along_x + y * along_y) / np.maximum(along_x**2 + along_y**2, 1e-12), 0, 1)
    return np.sqrt(((x - part * along_x) ** 2 + (y - part * along_y) ** 2).min(axis=1))


def _to_the_middle(ink, size):
    """(right, down): how far ink of that size is moved so that its centre of mass is where MNIST has it.

    The ink stays on the paper.
    """
    middle = np.arange(SIDE) + 0.5
    centre = np.array([(ink.sum(axis=axis) * middle).sum() for axis in (0, 1)]) / ink.sum()
    margin = (SIDE - size) / 2
    return np.clip(MIDDLE - centre, -margin, margin)
