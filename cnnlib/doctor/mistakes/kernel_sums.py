"""Mistakes in the sum over windows that makes dK: other windows, other factors, other divisors."""

import numpy as np

from ...correlation import correlate_maps
from ..view import gathered
from .arrays import flipped, keeping, repeated, scaled
from .kernels import BOTH, CONV
from .mistake import Mistake, same


def _first_corner(view, X):
    """X read without its padding: in the top left corner of the padded map."""
    moved = np.zeros_like(X)
    moved[:, :, : view.case.setting.H, : view.case.setting.W] = view.X
    return moved


def _without_padding(view, d, X):
    """Delta slides over unpadded X; as they are of one size for "same", one number then fills a map of dK."""
    if view.s > 1:
        return None
    G = correlate_maps(view.X.swapaxes(0, 1), d.swapaxes(0, 1)).swapaxes(0, 1)
    return np.broadcast_to(G, view.K.shape).copy()


def _step(function):
    return lambda view, d, X: gathered(view, d, X, step=function(view)) if view.s > 1 else gathered(view, d, X)


def _padded_twice(view, X):
    """Padded X padded once more: p rows and columns further down and to the right."""
    (top, bottom), (left, right) = view.anatomy.pads
    return np.pad(X, ((0, 0), (0, 0), (top, bottom), (left, right)))


def _as_a_kernel(view, d, X):
    """Delta slides over X with the stride, as a kernel does: δ[i, j] meets X[s·u + i, s·v + j]."""
    if view.s == 1:
        return gathered(view, d, X)
    (s_h, s_w), (k_h, k_w) = view.strides, view.K.shape[2:]
    return correlate_maps(X.swapaxes(0, 1), d.swapaxes(0, 1), stride=(s_h, s_w)).swapaxes(0, 1)[:, :, :k_h, :k_w]


def _whole_windows(strided):
    """Windows of X without its padding, read at (s·i, s·j) or at (i, j); those that leave the map are left out."""

    def change(view, d, X):
        if view.top == view.left == 0 and (strided or view.s == 1):
            return gathered(view, d, X)
        (s_h, s_w), (k_h, k_w), (H, W) = view.strides if strided else (1, 1), view.K.shape[2:], view.X.shape[2:]
        rows, cols = (H - k_h) // s_h + 1, (W - k_w) // s_w + 1
        return gathered(view, d[:, :, :rows, :cols], view.X, step=(s_h, s_w))

    return change


def _last_window(batch):
    def change(view, d, X):
        kept = keeping(slice(None) if batch else slice(-1, None), slice(None), slice(-1, None), slice(-1, None))
        return gathered(view, kept(view, d), X)

    return change


def _product_of_sums(whole):
    def change(view, d, X):
        sums = d.sum(axis=(2, 3))
        if whole:
            G = np.einsum("no,nc->oc", sums, X.sum(axis=(2, 3)))[:, :, None, None]
            return np.broadcast_to(G, (d.shape[1], *view.K.shape[1:])).copy()
        windows = np.stack([gathered(view, np.ones_like(d[n : n + 1, :1]), X[n : n + 1])[0] for n in range(len(d))])
        return np.einsum("no,ncuv->ocuv", sums, windows)

    return change


def _cut_off(bound):
    """None where of several cells none is left as it was: what is left are signs, which much else gives."""

    def change(view, a):
        return None if a.size > 1 and np.all(np.abs(a) >= bound) else np.clip(a, -bound, bound)

    return change


def _of_norm(most):
    """Scaled until its norm is ``most``; nothing where it is smaller anyway."""
    return lambda view, a: a * min(1.0, most / max(float(np.linalg.norm(a)), 1e-12))


def positions(view):
    return int(np.prod(view.given.shape[2:]))


def cells(view):
    return int(np.prod(view.K.shape[1:]))


def _all_of_X(view, d, X):
    """Dilated delta slides over all of padded X: one row of dK more for each row that no window reached."""
    wide = [n - view.s * (m - 1) for n, m in zip(X.shape[2:], d.shape[2:], strict=True)]
    return gathered(view, d, X, size=wide)


MISTAKES = [
    Mistake(
        "dK_padding_forgotten",
        "padding",
        "dK is taken from X without its padding",
        "Pad X as the forward pass did.",
        {"dK": [("maps", _first_corner), ("core", _without_padding), ("core", _whole_windows(True))]},
        CONV,
        "07",
    ),
    Mistake(
        "X_padded_twice",
        "padding",
        "X is padded again for dK though the forward pass has kept it padded",
        "Keep X as it came, or do not pad it a second time.",
        same("dK", "maps", _padded_twice),
        CONV,
        "07",
    ),
    Mistake(
        "X_of_one_image",
        "batch",
        "dK uses one image's X for the whole batch",
        "Index X by the image: X[n].",
        same("dK", "maps", repeated(0, 0), repeated(0, -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "X_turned",
        "orientation",
        "X is turned by 180° on the way to dK; under ∗ this is convolve2d(X, delta), with no turn behind it",
        "X stays as it is: dK = X ⋆ delta (correlate2d) under ⋆, and turned once afterwards under ∗.",
        same("dK", "maps", flipped(2, 3)),
        CONV,
    ),
    Mistake(
        "dK_stride_forgotten",
        "stride",
        "the stride is forgotten in dK: windows are read at (i, j) instead of (s·i, s·j)",
        "Read X at s·i + u, s·j + v.",
        same("dK", "core", _step(lambda view: 1), _whole_windows(False)),
        CONV,
        "07",
    ),
    Mistake(
        "dK_stride_twice",
        "stride",
        "the stride is used twice in dK",
        "Read X at s·i + u, once.",
        same("dK", "core", _step(lambda view: view.s**2)),
        CONV,
        "07",
    ),
    Mistake(
        "delta_as_kernel",
        "stride",
        "delta slides over X with the stride, as the kernel does in the forward pass",
        "dK[u, v] = Σ δ[i, j]·X[s·i + u, s·j + v]: dilate delta by s, then slide it with stride 1.",
        same("dK", "core", _as_a_kernel),
        CONV,
        "07",
    ),
    Mistake(
        "last_window_only",
        "padding",
        "dK comes from the last window alone: = stands where += belongs",
        "Add over all windows: dK[o] += delta[o, i, j] · window.",
        same("dK", "core", _last_window(True), _last_window(False)),
        CONV,
    ),
    Mistake(
        "product_of_sums",
        "ingredient",
        "sums are multiplied where products have to be summed: ΣX · Σδ",
        "Multiply every window by its own delta[i, j], then add.",
        same("dK", "core", _product_of_sums(True), _product_of_sums(False)),
        BOTH,
    ),
    Mistake(
        "dK_over_positions",
        "scale",
        "dK is divided by the number of positions",
        "The kernel is shared: its gradient is a sum.",
        same(
            "dK",
            "post",
            scaled(lambda view: 1 / positions(view)),
            scaled(lambda view: 1 / positions(view) / len(view.given)),
            scaled(lambda view: 1 / cells(view)),
            scaled(lambda view: 1 / np.prod(view.K.shape[2:])),
        ),
        CONV,
        "08",
    ),
    Mistake(
        "plus_weights",
        "ingredient",
        "the weights are added to their gradient: the sum starts from K instead of zeros",
        "np.zeros_like(K), not a copy of K.",
        same("dK", "post", lambda view, dK: dK + view.K),
        BOTH,
    ),
    Mistake(
        "weights_for_gradient",
        "ingredient",
        "the weights stand in the place of their gradient",
        "Return dK.",
        same("dK", "post", lambda view, dK: view.K.copy()),
        BOTH,
    ),
    Mistake(
        "times_weights",
        "ingredient",
        "dK is multiplied by K",
        "dK needs X and delta, not K.",
        same("dK", "post", lambda view, dK: dK * view.K),
        BOTH,
    ),
    Mistake(
        "clipped",
        "scale",
        "the gradient is clipped: its numbers are cut off at a bound, or all scaled until its norm is one",
        "Clip, if at all, in the update.",
        same("dX dK db", "post", *map(_cut_off, (1, 5, 10)), *map(_of_norm, (1, 5, 10))),
        BOTH,
    ),
    Mistake(
        "dK_remainder_left",
        "stride",
        "rows and columns of X that no window reached are left in: dK comes out larger than K",
        "Cut X to s·(m − 1) + h rows and columns first, or read one window of it for each delta[i, j].",
        same("dK", "core", _all_of_X),
        CONV,
        "07",
    ),
]
