"""The loop over the windows of a pool as a product of choices: which corner, whose maximum, which cell, what share.

Up to two of the choices are wrong at once.
"""

import itertools

import numpy as np

from ..built.words import said
from ..mistake import Mistake

CORNERS = {
    "": lambda i, j, s, k: (s * i, s * j),
    "the window's corner is (i, j)": lambda i, j, s, k: (i, j),
    "the window's corner is (h·i, h·j)": lambda i, j, s, k: (k * i, k * j),
    "the window's corner is (s·j, s·i)": lambda i, j, s, k: (s * j, s * i),
}
OWNERS = {
    "": lambda n, c: (n, c),
    "the maximum is looked for in image 0": lambda n, c: (0, c),
    "the maximum is looked for in the last image": lambda n, c: (-1, c),
    "the maximum is looked for in channel 0": lambda n, c: (n, 0),
    "the maximum is looked for in the last channel": lambda n, c: (n, -1),
}
CELLS = {
    "": lambda u, v: (u, v),
    "row and column of the maximum are exchanged": lambda u, v: (v, u),
}
VALUES = {
    "": lambda d, x, k: d,
    "the value stands in the place of delta": lambda d, x, k: x,
    "a 1 stands in the place of delta": lambda d, x, k: 1.0,
    "delta is multiplied by the value": lambda d, x, k: d * x,
}
SIZES = {
    "": lambda k, s: k,
    "a window of s × s cells gets it": lambda k, s: s,
    "a window of one row and column less gets it": lambda k, s: k - 1,
    "a window of one row and column more gets it": lambda k, s: k + 1,
}
SHARES = {
    "": lambda d, x, k: d / k**2,
    "it is not divided": lambda d, x, k: d,
    "it is divided by h": lambda d, x, k: d / k,
}
WRITTEN = {"": True, "= stands for +=": False}


def _loop(corner, owner, cell, value, size, written, mean):
    """dX of one loop over windows with these choices; None where a cell lies outside."""

    def change(view, d):
        setting, dX = view.case.setting, np.zeros(view.X.shape)
        k, s = setting.k_h, view.s
        if mean is not (view.plan.kind == "mean pooling") or not setting.square or not setting.even:
            return None
        for n, c, i, j in np.ndindex(d.shape):
            top, left = CORNERS[corner](i, j, s, k)
            if mean:
                extent = SIZES[size](k, s)
                part = dX[n, c, top : top + extent, left : left + extent]
                share = SHARES[value](d[n, c, i, j], 0.0, k)
            else:
                block = view.X[OWNERS[owner](n, c)][s * i : s * i + k, s * j : s * j + k]
                u, v = CELLS[cell](*np.unravel_index(np.argmax(block), block.shape))
                part = dX[n, c, top + u : top + u + 1, left + v : left + v + 1]
                share = VALUES[value](d[n, c, i, j], block.max(), k)
            part[...] = part + share if WRITTEN[written] else share
        return dX

    words = [word for word in (corner, owner, cell, size, value, written) if word]
    return said(" and ".join(words), change)


def _loops(mean):
    """Those with one choice that is wrong, then those with two."""
    choices = (CORNERS, SIZES, SHARES, WRITTEN) if mean else (CORNERS, OWNERS, CELLS, VALUES, WRITTEN)
    ways = [way for way in itertools.product(*choices) if 0 < sum(map(bool, way)) < 3]
    for way in sorted(ways, key=lambda way: sum(map(bool, way))):
        corner, *rest = way
        yield (
            ("core", _loop(corner, "", "", rest[1], rest[0], rest[2], True))
            if mean
            else ("core", _loop(corner, *rest[:3], "", rest[3], False))
        )


ASSIGNED = said("one cell of each", _loop("", "", "", "", "", "= stands for +=", False))
"""One cell a window, where the later of two windows wins."""

MISTAKES = [
    Mistake(
        "pool_loop",
        "ingredient",
        "something in the loop over the windows of a pool is another thing than it should be",
        "Window (i, j) begins at row s·i, column s·j; its delta goes to the place of its maximum, a mean's to "
        "all of its cells in equal shares, and is added to what is there.",
        {},
        ("mean pooling", "max pooling"),
        "09",
        rare={"dX": [*_loops(False), *_loops(True)]},
    ),
]
