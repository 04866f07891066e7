"""Mistakes in dK and db."""

import numpy as np

from .arrays import flipped, keeping, repeated, rereadings, scaled, square_only, summed
from .kernels import BOTH, CONV, REVERSED
from .mistake import Mistake, same
from .view import gathered


def _first_corner(view, X):
    """X read without its padding: in the top left corner of the padded map."""
    moved = np.zeros_like(X)
    moved[:, :, : view.case.setting.H, : view.case.setting.W] = view.X
    return moved


def _step(function):
    return lambda view, d, X: gathered(view, d, X, step=function(view)) if view.s > 1 else gathered(view, d, X)


def _own_number(view, d, X):
    """delta[c] for delta[o]: every kernel [o, c] meets delta[c]."""
    G = np.stack([gathered(view, d[:, [c % d.shape[1]]], X[:, [c]])[0, 0] for c in range(X.shape[1])])
    return np.broadcast_to(G, (d.shape[1], *G.shape)).copy()


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


def _maps_swapped(view, G):
    return G.swapaxes(0, 1) if G.shape[0] == G.shape[1] else None


def _positions(view):
    return int(np.prod(view.given.shape[2:]))


def _cells(view):
    return int(np.prod(view.K.shape[1:]))


def _bias_itself(view, db):
    return view.case.b.copy()


def _quarter(times):
    return square_only(lambda G: np.rot90(G, times, axes=(-2, -1)))


IN_dK = [
    Mistake("dK_not_turned", "orientation", "dK stands the wrong way round by 180°: turned under ⋆, or not turned though the forward "
            "pass turns the kernel (∗)", "Under ⋆ dK = X ⋆ delta without a turn; under ∗ turn it once: dK = rot180(X ⋆ delta).",
            same("dK", "kernel", flipped(2, 3)), CONV, "03"),
    Mistake("dK_quarter_turn", "orientation", "dK is turned by 90°", "Under ⋆ no turn; under ∗ one by 180°: np.rot90(…, 2).",
            same("dK", "kernel", _quarter(1), _quarter(3)), CONV),
    Mistake("dK_transposed", "orientation", "rows and columns of dK are exchanged", "dK has K's rows and columns.",
            same("dK", "kernel", square_only(lambda G: G.swapaxes(2, 3)), square_only(lambda G: G.swapaxes(2, 3)[..., ::-1, ::-1])), CONV),
    Mistake("dK_one_axis", "orientation", "dK is reversed along one axis", "Both axes (∗), or none (⋆).",
            same("dK", "kernel", flipped(2), flipped(3)), CONV),
    Mistake("dK_channels_reversed", "channels", "channels or maps of dK stand in reverse order", "Turn the two map axes alone.",
            same("dK", "kernel", *(flipped(*axes) for axes in REVERSED)), BOTH, "08"),
    Mistake("dK_reshaped", "channels", "dK is reshaped where its axes have to be moved, so its numbers stand in wrong kernels",
            "Transpose the matrix first, then reshape: (delta rows)ᵀ · windows has the maps in front.",
            same("dK", "kernel", *rereadings("OIHW", lambda view: view.plan.K)), BOTH, "08"),
    Mistake("dK_maps_swapped", "channels", "dK[c, o] and dK[o, c] are exchanged", "o numbers the output maps, c the channels.",
            same("dK", "kernel", _maps_swapped), BOTH, "08"),
    Mistake("dK_channels_summed", "channels", "every channel of dK is the sum over the channels", "dK[o, c] uses X[c] alone.",
            same("dK", "kernel", summed(1)), BOTH, "08"),
    Mistake("dK_channels_averaged", "channels", "every channel of dK is the mean over the channels", "dK[o, c] uses X[c] alone.",
            same("dK", "kernel", summed(1, mean=True)), BOTH, "08"),
    Mistake("dK_one_channel_for_all", "channels", "the first channel of X (or the last) is used for every channel of dK",
            "Index X by the channel: X[c].", same("dK", "kernel", repeated(1, 0), repeated(1, -1)), BOTH, "08"),
    Mistake("dK_one_channel_only", "channels", "one channel of dK is filled, the others stay zero", "Loop over the channels.",
            same("dK", "kernel", keeping(slice(None), slice(0, 1)), keeping(slice(None), slice(-1, None))), BOTH, "08"),
    Mistake("dK_other_map", "channels", "delta[c] stands where delta[o] belongs", "dK[o, c] pairs delta[o] with X[c].",
            same("dK", "core", _own_number), BOTH, "08"),
    Mistake("dK_padding_forgotten", "padding", "dK is taken from X without its padding", "Pad X as the forward pass did.",
            same("dK", "maps", _first_corner), CONV, "07"),
    Mistake("X_of_one_image", "batch", "dK uses one image's X for the whole batch", "Index X by the image: X[n].",
            same("dK", "maps", repeated(0, 0), repeated(0, -1)), BOTH, "08"),
    Mistake("X_turned", "orientation", "X is turned by 180° on the way to dK", "X stays as it is.",
            same("dK", "maps", flipped(2, 3)), CONV),
    Mistake("dK_stride_forgotten", "stride", "the stride is forgotten in dK: windows are read at (i, j) instead of (s·i, s·j)",
            "Read X at s·i + u, s·j + v.", same("dK", "core", _step(lambda view: 1)), CONV, "07"),
    Mistake("dK_stride_twice", "stride", "the stride is used twice in dK", "Read X at s·i + u, once.",
            same("dK", "core", _step(lambda view: view.s**2)), CONV, "07"),
    Mistake("last_window_only", "padding", "dK comes from the last window alone: = stands where += belongs",
            "Add over all windows: dK[o] += delta[o, i, j] · window.", same("dK", "core", _last_window(True), _last_window(False)), CONV),
    Mistake("product_of_sums", "ingredient", "sums are multiplied where products have to be summed: ΣX · Σδ",
            "Multiply every window by its own delta[i, j], then add.", same("dK", "core", _product_of_sums(True), _product_of_sums(False)), BOTH),
    Mistake("dK_over_positions", "scale", "dK is divided by the number of positions", "The kernel is shared: its gradient is a sum.",
            same("dK", "post", scaled(lambda view: 1 / _positions(view)), scaled(lambda view: 1 / _positions(view) / len(view.given)),
                 scaled(lambda view: 1 / _cells(view)), scaled(lambda view: 1 / np.prod(view.K.shape[2:]))), CONV, "08"),
    Mistake("plus_weights", "ingredient", "the weights are added to their gradient: the sum starts from K instead of zeros",
            "np.zeros_like(K), not a copy of K.", same("dK", "post", lambda view, dK: dK + view.K), BOTH),
    Mistake("weights_for_gradient", "ingredient", "the weights stand in the place of their gradient", "Return dK.",
            same("dK", "post", lambda view, dK: view.K.copy()), BOTH),
    Mistake("times_weights", "ingredient", "dK is multiplied by K", "dK needs X and delta, not K.",
            same("dK", "post", lambda view, dK: dK * view.K), BOTH),
    Mistake("clipped", "scale", "the gradient is cut off at ±1", "Clip, if at all, in the update.",
            same("dX dK db", "post", lambda view, a: np.clip(a, -1, 1)), BOTH),
]

IN_db = [
    Mistake("bias_mean", "bias", "db is the mean over the positions of a map instead of the sum", "b is added at every position: sum.",
            same("db", "core", lambda view, d: d.mean(axis=(2, 3)).sum(axis=0), lambda view, d: d.mean(axis=(0, 2, 3))), CONV, "08"),
    Mistake("bias_often", "bias", "db is multiplied by the number of channels or taps: it is added once a product",
            "b is added once an output cell, so db[o] = Σ delta[o].", same("db", "post", scaled(lambda view: view.K.shape[1]),
            scaled(_cells), scaled(lambda view: int(np.prod(view.K.shape[2:])))), CONV, "08"),
    Mistake("bias_last_cell", "bias", "db is the delta of one position alone: = stands where += belongs", "Sum over all positions.",
            same("db", "core", lambda view, d: d[:, :, -1, -1].sum(axis=0), lambda view, d: d[-1, :, -1, -1],
                 lambda view, d: d[:, :, 0, 0].sum(axis=0)), CONV, "08"),
    Mistake("bias_all_maps", "bias", "every db is the sum over all maps", "db[o] sums delta[o] alone.",
            same("db", "core", lambda view, d: np.full(d.shape[1], d.sum())), BOTH, "08"),
    Mistake("bias_shrinks", "bias", "the step of the bias is made with the bias itself, b − α·b", "b − α·db.",
            same("db", "post", _bias_itself), BOTH, "08"),
    Mistake("bias_counts", "bias", "db counts positions instead of adding delta", "db[o] = Σ delta[o].",
            same("db", "core", lambda view, d: np.full(d.shape[1], float(len(d) * _positions(view))),
                 lambda view, d: np.full(d.shape[1], float(len(d)))), BOTH, "08"),
    Mistake("bias_plus_batch", "bias", "the batch size is added to db", "db[o] = Σ delta[o].",
            same("db", "post", lambda view, db: db + len(view.given)), BOTH, "08"),
    Mistake("bias_squared", "bias", "db is summed from squared deltas", "db[o] = Σ delta[o].",
            same("db", "core", lambda view, d: (d**2).sum(axis=(0, 2, 3))), BOTH, "08"),
    Mistake("bias_absolute", "bias", "db is summed from absolute deltas", "db[o] = Σ delta[o].",
            same("db", "core", lambda view, d: np.abs(d).sum(axis=(0, 2, 3))), BOTH, "08"),
    Mistake("bias_plus_itself", "bias", "the bias is added to its gradient", "Start db from zeros.",
            same("db", "post", lambda view, db: db + view.case.b), BOTH, "08"),
]
MISTAKES = [*IN_dK, *IN_db]
