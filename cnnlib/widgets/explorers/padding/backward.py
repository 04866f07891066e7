"""The padding explorer backwards, for notebook 07: δ with all its zeros, the turned kernel, and dX.

:func:`backward` computes what ``PaddingExplorer(view=backward)`` shows of dX for a :class:`Setting` of the forward
pass.  It uses no widget.  The windows lie on δ, dilated by the stride and framed; every zero that the rule adds
is hatched.  Row a of that map is where a window of the forward pass starts: δ of output i stands in row s·i.
"""

import numpy as np

from cnnlib import adjoint, ops
from cnnlib.correlation import Geometry
from cnnlib.plots.number_format import MINUS
from cnnlib.widgets.parts.window_cells import window

from .forward import View
from .settings import Setting, fits

DELTAS = 1 + np.array([[(5 * i + 2 * j + i * j) % 9 for j in range(12)] for i in range(12)])  # one digit each
NAMES = (("δ with its zeros", "delta", ("a", "b")), ("dX", "input", ("p", "q")),
         ("times used", "input", ("p", "q")))  # fmt: skip


def backward(setting: Setting) -> View:
    """dX of the forward pass Z = X ⋆ K as a :class:`View`; ValueError, in words, where nothing fits."""
    fits(setting)
    n, h, p, s, d = setting
    geometry, K = Geometry.of(h, s, p, d), np.arange(1, h * h + 1).reshape(h, h)
    m, _ = geometry.output_size((n, n))
    delta, frame = DELTAS[:m, :m], geometry.backward_frame((n, n))
    framed = ops.pad(ops.dilate(delta, s), frame)
    real = ops.pad(ops.dilate(np.ones_like(delta), s), frame) == 1
    dX = adjoint.gather(delta, K, (n, n), stride=s, padding=p, dilation=d)
    windows = [window(cell, (h, h), d) for cell in np.ndindex(n, n)]
    used = np.array([sum(real[cell] for cell in cells) for cells in windows]).reshape(n, n)
    cut = m * m - real.sum()
    return View(framed, ~real, -frame[0][0], ops.rot180(K), windows, dX, used, NAMES, formula(setting),
                remark(setting, used, cut), mark="turned")  # fmt: skip


def formula(setting):
    """The frame of δ and the dropped tail, with the numbers put in."""
    n, h, p, s, d = setting
    frame, tail = d * (h - 1) - p, (n + 2 * p - d * (h - 1) - 1) % s
    return (f"border d(h−1) − pad = {d}·({h}−1) − {p} = {frame},  tail r = (n + 2 pad − d(h−1) − 1) mod s = "
            f"({n} + 2·{p} − {d}·({h}−1) − 1) mod {s} = {tail}").replace("= -", f"= {MINUS}")  # fmt: skip


def remark(setting, used, cut):
    """What is special about a setting: the tail's zeros, a frame that crops, inputs that no delta reaches."""
    n, h, p, s, d = setting
    frame, tail = d * (h - 1) - p, (n + 2 * p - d * (h - 1) - 1) % s
    lines = "row and column" if tail == 1 else "rows and columns"
    sentences = [f"Tail: {tail} {lines} of zeros, below and right only."] if tail else []
    if frame < 0:
        sentences.append(f"Crop: {cut} deltas that saw padding only.")
    if unseen := (used == 0).sum():
        sentences.append(f"{unseen} of {used.size} inputs in no window: dX = 0.")
    return " ".join(sentences)
