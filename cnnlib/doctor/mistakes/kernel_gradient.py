"""Mistakes in dK."""

import numpy as np

from ..anatomy import padded
from ..view import gathered
from .arrays import flipped, keeping, maps_flipped, repeated, rereadings, summed
from .kernels import BOTH, CONV, REVERSED
from .mistake import Mistake, same


def _own_number(view, d, X):
    """delta[c] for delta[o]: every kernel [o, c] meets delta[c]."""
    G = np.stack([gathered(view, d[:, [c % d.shape[1]]], X[:, [c]])[0, 0] for c in range(X.shape[1])])
    return np.broadcast_to(G, (d.shape[1], *G.shape)).copy()


def _maps_swapped(view, G):
    return G.swapaxes(0, 1) if G.shape[0] == G.shape[1] else None


def _quarter(times):
    return lambda view, G: np.rot90(G, times, axes=(-2, -1))


def _of_dX(view, X):
    dX = view.run.gradients.get("dX")
    return None if dX is None or dX.shape != view.X.shape else padded(dX, view.anatomy.pads)


MISTAKES = [
    Mistake(
        "dK_rows_summed",
        "ingredient",
        "every row of a kernel's gradient is the sum over its rows (or every column the sum over its columns)",
        "delta[i, j] times the window, cell by cell: no sum over the window's rows.",
        same("dK", "kernel", summed(2), summed(3)),
        CONV,
        "06",
    ),
    Mistake(
        "dK_not_turned",
        "orientation",
        "dK stands the wrong way round by 180°: turned under ⋆, or not turned though the forward "
        "pass turns the kernel (∗)",
        "Under ⋆ dK = X ⋆ delta without a turn; under ∗ turn it once: dK = rot180(X ⋆ delta).",
        same("dK", "kernel", flipped(2, 3)),
        CONV,
        "03",
    ),
    Mistake(
        "dK_quarter_turn",
        "orientation",
        "dK is turned by 90°",
        "Under ⋆ no turn; under ∗ one by 180°: np.rot90(…, 2).",
        same("dK", "kernel", _quarter(1), _quarter(3)),
        CONV,
    ),
    Mistake(
        "dK_transposed",
        "orientation",
        "rows and columns of dK are exchanged",
        "dK has K's rows and columns.",
        same(
            "dK",
            "kernel",
            lambda view, G: G.swapaxes(2, 3),
            lambda view, G: G.swapaxes(2, 3)[..., ::-1, ::-1],
        ),
        CONV,
    ),
    Mistake(
        "dK_one_axis",
        "orientation",
        "dK is reversed along one axis",
        "Both axes (∗), or none (⋆).",
        same("dK", "kernel", flipped(2), flipped(3)),
        CONV,
    ),
    Mistake(
        "dK_channels_reversed",
        "channels",
        "channels or maps of dK stand in reverse order",
        "Turn the two map axes alone.",
        same("dK", "kernel", *(maps_flipped(*axes) for axes in REVERSED)),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_reshaped",
        "channels",
        "dK is reshaped where its axes have to be moved, so its numbers stand in wrong kernels",
        "Transpose the matrix first, then reshape: (delta rows)ᵀ · windows has the maps in front.",
        same("dK", "kernel", *rereadings("OIHW", lambda view: view.plan.K)),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_maps_swapped",
        "channels",
        "dK[c, o] and dK[o, c] are exchanged",
        "o numbers the output maps, c the channels.",
        same("dK", "kernel", _maps_swapped),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_channels_summed",
        "channels",
        "every channel of dK is the sum over the channels",
        "dK[o, c] uses X[c] alone.",
        same("dK", "kernel", summed(1)),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_channels_averaged",
        "channels",
        "every channel of dK is the mean over the channels",
        "dK[o, c] uses X[c] alone.",
        same("dK", "kernel", summed(1, mean=True)),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_one_channel_for_all",
        "channels",
        "the first channel of X (or the last) is used for every channel of dK",
        "Index X by the channel: X[c].",
        same("dK", "kernel", repeated(1, 0), repeated(1, -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_one_channel_only",
        "channels",
        "one channel of dK is filled, the others stay zero",
        "Loop over the channels.",
        same("dK", "kernel", keeping(slice(None), slice(0, 1)), keeping(slice(None), slice(-1, None))),
        BOTH,
        "08",
    ),
    Mistake(
        "dK_other_map",
        "channels",
        "delta[c] stands where delta[o] belongs",
        "dK[o, c] pairs delta[o] with X[c].",
        same("dK", "core", _own_number),
        BOTH,
        "08",
    ),
    Mistake(
        "dX_for_X",
        "ingredient",
        "dX stands where X belongs: dK pairs delta with the gradient of X",
        "dK pairs delta with the X of the forward pass.",
        same("dK", "maps", _of_dX),
        BOTH,
    ),
]
