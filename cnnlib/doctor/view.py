"""What a mistake's formula sees of one run, and the sums over windows that the formulas are made of.

H is what lies on a window: K under ⋆, rot180(K) under ∗.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..ops import rot180
from ..validation import as_pair
from .anatomy import ACTIVATIONS, STAR, Anatomy, padded, slope_of, tolerance
from .kinds import has_kernel

Change = tuple[str, Callable]  # a stage and the function that takes (view, array) there


@dataclass
class View:
    """One run: its case, Z and delta, the anatomy of its forward pass, the plan's layouts, and what came out.

    With ``mean`` the gradients that came out are taken N times, as those of a mean over the batch.  ``base`` are
    changes that are no mistakes of the backward pass: what it has to share with a wrong forward pass.  ``step``
    (c, λ) says that what came out is c times the gradient and λ times the weights: both are taken off.
    """

    run: object
    anatomy: Anatomy
    plan: object
    cache: dict = field(default_factory=dict)
    mean: bool = False
    base: tuple[Change, ...] = ()
    step: tuple[float, float] = (1.0, 0.0)

    def __post_init__(self):
        case = self.run.case
        self.case, self.s, self.strides, self.Z = case, case.setting.s, case.setting.strides, self.run.Z
        self.X, self.K, self.given = case.X, case.K, self.run.delta
        self.slope = slope_of(case, self.anatomy) if has_kernel(self.plan.kind) else np.ones_like(self.given)
        self.delta = self.given * self.slope
        self.H = self.on_window(case.K)
        self.Xp = padded(case.X, self.anatomy.pads) if has_kernel(self.plan.kind) else case.X
        self.top, self.left = self.anatomy.pads[0][0], self.anatomy.pads[1][0]

    def on_window(self, K):
        """K under ⋆, rot180(K) under ∗; its own inverse."""
        return K if self.anatomy.operation == STAR else rot180(K)

    def slope_at(self, z):
        """σ′ of the layer's activation."""
        return ACTIVATIONS[self.anatomy.activation][1](z)

    @property
    def rtol(self) -> float:
        """The accuracy to which a formula is compared with the numbers."""
        return max(tolerance(self.run.dtype), 1e-6)

    def got(self, part):
        """What the layer gave: Z, or a gradient as ``mean`` and ``step`` say it is to be taken."""
        found = self.run.Z if part == "forward" else self.run.gradients.get(part)
        if found is None or part not in ("dK", "db"):
            return found
        weights, (factor, decay) = self.K if part == "dK" else self.case.b, self.step
        if decay and found.shape == weights.shape:
            found = found - decay * weights
        return found * (len(self.X) if self.mean else 1) / factor


def scatter(view, d, H, step=None, shape=None) -> np.ndarray:
    """Add d[n, o, i, j]·H[o] onto the window at (s·i, s·j) of a padded map; what falls outside is dropped."""
    s_h, s_w = view.strides if step is None else as_pair(step, "step")
    N, _, rows, cols = view.Xp.shape if shape is None else shape
    (m_h, m_w), (k_h, k_w) = d.shape[2:], H.shape[2:]
    wide = np.zeros((N, H.shape[1], max(rows, s_h * (m_h - 1) + k_h), max(cols, s_w * (m_w - 1) + k_w)))
    taps = np.tensordot(H, d, axes=(0, 1)).transpose(1, 2, 3, 0, 4, 5)  # (u, v, n, c, i, j)
    for u, v in np.ndindex(k_h, k_w):
        wide[:, :, u : u + s_h * (m_h - 1) + 1 : s_h, v : v + s_w * (m_w - 1) + 1 : s_w] += taps[u, v]
    return wide[:, :, :rows, :cols]


def gathered(view, d, X, step=None, size=None) -> np.ndarray:
    """The gradient of H: Σ over n, i, j of d[n, o, i, j]·X[n, c, s·i + u, s·j + v], zeros beyond X's edge."""
    (k_h, k_w), (m_h, m_w) = size or view.K.shape[2:], d.shape[2:]
    s_h, s_w = view.strides if step is None else as_pair(step, "step")
    X = padded(X, ((0, s_h * m_h + k_h), (0, s_w * m_w + k_w)))
    W = sliding_window_view(X, (k_h, k_w), axis=(2, 3))[:, :, : s_h * m_h : s_h, : s_w * m_w : s_w]
    return np.tensordot(d, W, axes=([0, 2, 3], [0, 2, 3]))


def cropped(view, P) -> np.ndarray:
    """dX out of a padded map P: the cells of X alone."""
    return P[:, :, view.top : view.top + view.case.setting.H, view.left : view.left + view.case.setting.W]


def shared(view, d) -> np.ndarray:
    """dX of a pooling layer: equal shares of a mean, all of it to the place of a maximum."""
    setting, dX = view.case.setting, np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block = view.X[window]
        if view.plan.kind == "mean pooling":
            dX[window] += d[place] / (setting.k_h * setting.k_w)
        else:
            first = np.unravel_index(np.argmax(block), block.shape)
            dX[window][first] += d[place]
    return dX


def windows_of(view, d):
    """((n, c, i, j), the slices of its window) for every output cell."""
    setting, s = view.case.setting, view.s
    for n, c, i, j in np.ndindex(d.shape):
        yield (n, c, i, j), (n, c, slice(s * i, s * i + setting.k_h), slice(s * j, s * j + setting.k_w))
