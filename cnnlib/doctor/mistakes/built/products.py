"""Other products than the one that is meant: of matrices instead of cells, or one number for a whole filter.

Summed over both indices, window @ kernel is Σ window[a, b]·r[b] with the row sums r of the kernel: it is what a
kernel gives that has r in each row.  Each of the four products has such a kernel, of row or of column sums.
"""

import numpy as np

from ..arrays import summed
from ..kernels import BOTH, CONV
from ..mistake import Mistake
from .words import said

PRODUCTS = {
    "window @ kernel": lambda H: H.sum(axis=3)[:, :, None, :],
    "window @ kernelᵀ": lambda H: H.sum(axis=2)[:, :, None, :],
    "kernel @ window": lambda H: H.sum(axis=2)[:, :, :, None],
    "kernelᵀ @ window": lambda H: H.sum(axis=3)[:, :, :, None],
}
SUMS = {
    "the sum over rows and columns": summed((2, 3)),
    "the sum over channels, rows and columns": summed((1, 2, 3)),
    "the mean over rows and columns": summed((2, 3), mean=True),
    "the mean over channels, rows and columns": summed((1, 2, 3), mean=True),
}


def _product(name, turned, back):
    """``back`` for dX: a gather reads turned what lies on a window."""

    def change(view, H):
        if H.shape[2] != H.shape[3]:
            return None
        K = H[..., ::-1, ::-1] if turned != back else H
        as_read = np.broadcast_to(PRODUCTS[name](K), H.shape)
        return as_read[..., ::-1, ::-1].copy() if back else as_read.copy()

    return ("kernel", said(f"{name}, of the {'turned' if turned else 'unturned'} kernel", change))


def _in_one_cell(index):
    """The sum of the kernel at one of its cells, zeros at the others."""

    def change(view, H):
        (k_h, k_w), alone = H.shape[2:], np.zeros_like(H)
        row, column = {"first": (0, 0), "middle": (k_h // 2, k_w // 2), "last": (-1, -1)}[index]
        alone[:, :, row, column] = H.sum(axis=(2, 3))
        return alone

    return ("kernel", said(f"the {index} cell of its window", change))


MISTAKES = [
    Mistake(
        "kernel_in_one_cell",
        "ingredient",
        "delta times the whole kernel is summed up into one cell; each cell of a window has a product of its own",
        "dX[s·i + u, s·j + v] += delta[i, j]·K[u, v]: nine cells for a kernel of 3×3, and no sum.",
        {"dX": [_in_one_cell(index) for index in ("first", "middle", "last")]},
        CONV,
        "03",
    ),
    Mistake(
        "matrix_product",
        "ingredient",
        "a matrix product of window and kernel is summed up where their cells have to be multiplied one by one",
        "np.sum(window * kernel): the star multiplies cell by cell, np.dot, np.matmul and @ do not.",
        {
            "dX": [_product(name, turned, True) for name in PRODUCTS for turned in (True, False)],
            "forward": [_product(name, turned, False) for name in PRODUCTS for turned in (False, True)],
        },
        CONV,
        "01",
    ),
    Mistake(
        "one_number_for_a_filter",
        "ingredient",
        "one number is added to all cells of a filter's gradient: the product of delta and window is summed before",
        "dK[o] += delta[o, i, j] * window: a window's cells stay apart, nothing is summed over them.",
        {"dK": [("kernel", said(words, change)) for words, change in SUMS.items()]},
        BOTH,
        "06",
    ),
]
