"""Maps kept as one row of numbers, cell (i, j) at i·L + j: every other row length L that people write.

L has to be the number of columns of that map.  What is read past the end of a map is the next map's.
"""

import numpy as np

from ....correlation import correlate_maps
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

LENGTHS = {
    "i·rows + j": lambda i, j, a: i * a[0] + j,
    "j·columns + i": lambda i, j, a: j * a[1] + i,
    "j·rows + i": lambda i, j, a: j * a[0] + i,
    "i·(columns + 1) + j": lambda i, j, a: i * (a[1] + 1) + j,
    "i·(columns − 1) + j": lambda i, j, a: i * (a[1] - 1) + j,
    "i·(columns of X) + j": lambda i, j, a: i * a[2] + j,
    "i·(columns of Z) + j": lambda i, j, a: i * a[3] + j,
    "i·(columns of the kernel) + j": lambda i, j, a: i * a[4] + j,
    "i·j": lambda i, j, a: i * j,
    "i + j": lambda i, j, a: i + j,
}


def _places(view, name, rows, cols):
    sizes = (rows, cols, view.X.shape[3], view.given.shape[3], view.K.shape[3])
    i, j = np.arange(rows)[:, None], np.arange(cols)
    return LENGTHS[name](i, j, sizes)


def _read(name):
    """The array read so; None where a place lies past the end of the last map."""

    def change(view, a):
        rows, cols = a.shape[2:]
        place = _places(view, name, rows, cols) + rows * cols * np.arange(a.shape[1])[:, None, None]
        flat = a.reshape(len(a), -1)
        return None if place.max() >= flat.shape[1] else flat[:, place]

    return said(f"cell (i, j) is read at {name}", change)


def _written(name, add):
    """The array written so, one value over the other or added to it."""

    def change(view, a):
        (N, C, rows, cols), flat = a.shape, np.zeros(a.shape).reshape(len(a), -1)
        place = _places(view, name, rows, cols) + rows * cols * np.arange(C)[:, None, None]
        if place.max() >= flat.shape[1]:
            return None
        for n in range(N):
            if add:
                np.add.at(flat[n], place.ravel(), a[n].ravel())
            else:
                flat[n][place.ravel()] = a[n].ravel()
        return flat.reshape(a.shape)

    return said(f"cell (i, j) is {'added' if add else 'written'} at {name}", change)


def _inside(change):
    """The same for X as it came, padded afterwards."""

    def inner(view, X):
        (H, W), moved = view.X.shape[2:], X.copy()
        inside = np.s_[:, :, view.top : view.top + H, view.left : view.left + W]
        found = change(view, X[inside])
        if found is None:
            return None
        moved[inside] = found
        return moved

    return said(change.words, inner)


def _of_sums(change):
    """The same for the sums over windows, before the bias and the activation."""
    return said(change.words, lambda view, X, H: change(view, correlate_maps(X, H, stride=view.strides)))


READ = [_read(name) for name in LENGTHS]
WRITTEN = [_written(name, add) for name in LENGTHS for add in (False, True)]

MISTAKES = [
    Mistake(
        "row_length",
        "size",
        "a map is kept as one row of numbers, and its cells are looked for at wrong places",
        "Cell (i, j) of a map of m columns stands at i·m + j: the number of columns of that very map, not of rows.",
        {},
        CONV,
        "08",
        rare={
            "dX": [("pre", change) for change in READ] + [("post", change) for change in WRITTEN],
            "dK": [("pre", change) for change in READ]
            + [("maps", _inside(change)) for change in READ]
            + [("kernel", change) for change in WRITTEN],
            "db": [("pre", change) for change in READ],
            "forward": [("maps", _inside(change)) for change in READ]
            + [("core", _of_sums(change)) for change in WRITTEN]
            + [("post", change) for change in WRITTEN],
        },
    ),
]
