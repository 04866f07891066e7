"""The forward pass of one map as the padding explorer shows it: padded input, windows, output, uses of each cell.

:func:`forward` computes all of that for a setting of the sliders (:mod:`.settings`), without any widget.  The same
explorer shows another pass if it is given another function that returns a :class:`View`.
"""

from typing import NamedTuple

import numpy as np

from cnnlib import ops
from cnnlib.correlation import correlate_maps
from cnnlib.widgets.parts.window_cells import window

from .settings import fits

DIGITS = np.array([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8], [9, 7, 9, 3, 2, 3],
                   [8, 4, 6, 2, 6, 4], [3, 3, 8, 3, 2, 7], [9, 5, 0, 2, 8, 8]])  # fmt: skip


class View(NamedTuple):
    """What the explorer shows of one pass: arrays and words, no widget."""

    source: np.ndarray  # the map that the windows lie on, its padding included
    hatched: np.ndarray  # which of its cells are padding
    first: int  # the index of its first row and column
    taps: np.ndarray  # what lies on a window
    windows: list  # the cells of each window, in the order of the result's cells
    result: np.ndarray
    used: np.ndarray  # how often each cell of the unpadded map lies in a window
    names: tuple  # (symbol, role, indices) of source, result and used
    formula: str  # the size formula with the numbers put in
    remark: str
    mark: str  # where K[0,0] lies in the taps: "as_is" or "turned"


def forward(setting):
    """The forward pass Z = X ⋆ K of one map as a :class:`View`; ValueError, in words, where nothing fits."""
    fits(setting)
    n, h, p, s, d = setting
    X, K = DIGITS[:n, :n], np.arange(1, h * h + 1).reshape(h, h)
    padded = ops.pad(X, p)
    Z = correlate_maps(padded[None, None], K[None, None], stride=s, dilation=d)[0, 0]
    windows = [window((s * i, s * j), (h, h), d) for i, j in np.ndindex(Z.shape)]
    names = (("X", "input", ("p", "q")), ("Z = X ⋆ K", "output", ("i", "j")), ("times used", "input", ("p", "q")))
    hatched = ops.pad(np.ones_like(X), p) == 0
    used = ops.pad(times_used(padded.shape, windows), -p)
    texts = formula(setting), remark(setting, used)
    return View(padded, hatched, -p, K, windows, Z, used, names, *texts, mark="as_is")


def times_used(shape, windows):
    """In how many windows each cell of a map lies."""
    used = np.zeros(shape, dtype=int)
    rows, columns = np.transpose([cell for cells in windows for cell in cells])
    np.add.at(used, (rows, columns), 1)
    return used


def formula(setting):
    """The size of the output, with the numbers put in."""
    n, h, p, s, d = setting
    m = ops.output_size(n, h, stride=s, padding=p, dilation=d)
    return f"m = ⌊(n + 2 pad − d(h−1) − 1) / s⌋ + 1 = ⌊({n} + 2·{p} − {d}·({h}−1) − 1) / {s}⌋ + 1 = {m}"


def remark(setting, used):
    """What is special about a setting: its mode by name, windows of zeros, a dropped tail, unused cells."""
    n, h, p, s, d = setting
    span = d * (h - 1) + 1
    modes = {0: "valid", (span - 1) / 2: "same", span - 1: "full"}
    sentences = [f"This is mode {modes[p]}." if s == 1 and span > 1 and p in modes else ""]
    sentences += ["The first window holds nothing but padding."] if p >= span else []
    if tail := (n + 2 * p - span) % s:
        sentences.append(f"The last {'row and column' if tail == 1 else f'{tail} rows and columns'} "
                    f"of the {'padded ' if p else ''}map are in no window.")  # fmt: skip
    if unseen := (used == 0).sum():
        sentences.append(f"{unseen} of the {used.size} cells of X {'is' if unseen == 1 else 'are'} never used.")
    return " ".join(filter(None, sentences))
