"""Mistakes in the forward pass: the channels, one axis, the padding, lost windows."""

import numpy as np

from ...correlation import correlate_maps
from .arrays import flipped, keeping, maps_flipped, repeated, rereadings, scaled, square_only, summed
from .kernels import BOTH, CONV, REVERSED
from .mistake import Mistake, same

AND_POOLS = ("convolution", "mean pooling", "max pooling")


def _quarter(times):
    return square_only(lambda H: np.rot90(H, times, axes=(-2, -1)))


def _own_number(view, X, H):
    """Z[c] from channel c and every kernel, zeros in the maps beyond the channels."""
    total = np.zeros(view.Z.shape)
    for c in range(X.shape[1]):
        total[:, c] = correlate_maps(X[:, [c]], H.sum(axis=0)[None, [c]], stride=view.s)[:, 0]
    return total


def _stride_on_output(view, X, H):
    """Every s-th cell of Z has the sum of the window at the same row and column; the others are zero."""
    total, plain, s = np.zeros(view.Z.shape), correlate_maps(X, H), view.s
    m_h, m_w = view.Z.shape[2:]
    total[:, :, ::s, ::s] = plain[:, :, :m_h:s, :m_w:s]
    return total


def _unstrided(view, X, H):
    """The sums of the windows at (i, j), as many as a stride would leave."""
    m_h, m_w = view.Z.shape[2:]
    return correlate_maps(X, H)[:, :, :m_h, :m_w]


def _corner(sides):
    """X in a corner of its padded map: all the padding behind it (0) or in front of it (2)."""

    def change(view, X):
        moved, (H, W) = np.zeros_like(X), view.X.shape[2:]
        top, left = (sides * view.top, sides * view.left)
        moved[:, :, top : top + H, left : left + W] = view.X
        return moved

    return change


def _with_kernel(key, sentence, advice, *changes, family="channels", kinds=BOTH, notebook="08"):
    return Mistake(key, family, sentence, advice, same("forward", "kernel", *changes), kinds, notebook)


MISTAKES = [
    Mistake(
        "batch_added",
        "bias",
        "the batch size is added to Z",
        "Z = X ⋆ K + b.",
        same("forward", "post", lambda view, Z: Z + len(view.X)),
        BOTH,
        "08",
    ),
    _with_kernel(
        "forward_one_axis",
        "the forward pass turns the kernel along one axis only, so it is neither ⋆ nor ∗",
        "Turn both axes (∗) or none (⋆).",
        flipped(2),
        flipped(3),
        family="orientation",
        kinds=CONV,
        notebook="01",
    ),
    _with_kernel(
        "forward_transposed",
        "the forward pass exchanges rows and columns of the kernel",
        "Use K[u, v] at row u, column v of the window.",
        square_only(lambda H: H.swapaxes(2, 3)),
        square_only(lambda H: H.swapaxes(2, 3)[..., ::-1, ::-1]),
        family="orientation",
        kinds=CONV,
        notebook="01",
    ),
    _with_kernel(
        "forward_quarter_turn",
        "the forward pass turns the kernel by 90°",
        "np.rot90(K, 2) turns by 180°.",
        _quarter(1),
        _quarter(3),
        family="orientation",
        kinds=CONV,
        notebook="01",
    ),
    _with_kernel(
        "forward_channels_reversed",
        "the forward pass reverses channels or maps: its turn takes those axes too",
        "Turn the two map axes alone.",
        *(maps_flipped(*axes) for axes in REVERSED),
    ),
    _with_kernel(
        "forward_reshaped",
        "the forward pass reshapes the kernel where its axes have to be moved",
        "Transpose, then reshape.",
        *rereadings("OIHW", lambda view: view.plan.K),
    ),
    Mistake(
        "output_reshaped",
        "channels",
        "the forward pass reshapes its output where the axes have to be moved",
        "Move the maps in front (transpose), then reshape.",
        same("forward", "post", *rereadings("NOHW", lambda view: view.plan.Z)),
        BOTH,
        "08",
    ),
    _with_kernel(
        "forward_one_channel",
        "the forward pass uses one input channel only: = stands where += belongs",
        "Add over the channels.",
        keeping(slice(None), slice(0, 1)),
        keeping(slice(None), slice(-1, None)),
    ),
    _with_kernel(
        "forward_channels_averaged",
        "the forward pass averages over the channels",
        "Sum over the channels.",
        lambda view, H: H / H.shape[1],
    ),
    _with_kernel(
        "forward_first_kernel",
        "every output map is that of the first kernel (or the last)",
        "Index the kernel by the map: K[o].",
        repeated(0, 0),
        repeated(0, -1),
    ),
    _with_kernel(
        "forward_same_kernel",
        "the kernel of the first channel (or the last) is used for all",
        "Index the kernel by the channel: K[o, c].",
        repeated(1, 0),
        repeated(1, -1),
        summed(1),
    ),
    Mistake(
        "forward_first_image",
        "batch",
        "every image gives the output of the first (or the last)",
        "Index X by the image.",
        same("forward", "maps", repeated(0, 0), repeated(0, -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "forward_one_image",
        "batch",
        "only one image of the batch is computed, the others stay zero",
        "Look for a return inside the loop.",
        same("forward", "post", keeping(slice(0, 1)), keeping(slice(-1, None))),
        BOTH,
        "08",
    ),
    Mistake(
        "forward_row_lost",
        "padding",
        "the last row or column of the output is never computed",
        "m = (n + 2p − k)//s + 1 rows.",
        same(
            "forward",
            "post",
            keeping(..., slice(0, -1), slice(None)),
            keeping(..., slice(0, -1)),
            keeping(..., slice(0, -1), slice(0, -1)),
        ),
        AND_POOLS,
        "02",
    ),
    Mistake(
        "forward_stride_on_output",
        "stride",
        "the stride counts cells of the output: with stride s most of Z stays zero, and windows lie at (i, j)",
        "Z[i, j] comes from the window at row s·i, column s·j; i and j go up by one.",
        same("forward", "core", _stride_on_output),
        CONV,
        "07",
    ),
    Mistake(
        "forward_stride_ignored",
        "stride",
        "Z has the size that a stride leaves, but its windows lie at (i, j), not at (s·i, s·j)",
        "Z[i, j] comes from the window at row s·i, column s·j.",
        same("forward", "core", _unstrided),
        CONV,
        "07",
    ),
    _with_kernel(
        "forward_kernels_summed",
        "every output map is the same: the sum runs over the output maps, too",
        "Sum over channels, rows and columns of one kernel K[o] alone.",
        summed(0),
    ),
    Mistake(
        "forward_rows_for_columns",
        "stride",
        "the number of rows is used for the columns too, or the other way round",
        "Two sizes, two names: m_h for the rows, m_w for the columns.",
        same(
            "forward",
            "post",
            lambda view, Z: keeping(..., slice(0, Z.shape[2]))(view, Z),
            lambda view, Z: keeping(..., slice(0, Z.shape[3]), slice(None))(view, Z),
        ),
        AND_POOLS,
        "02",
    ),
    Mistake(
        "forward_scaled",
        "scale",
        "the output is divided by the kernel's size or the batch size",
        "No division in the forward pass.",
        same(
            "forward",
            "post",
            scaled(lambda view: 1 / np.prod(view.K.shape[2:])),
            scaled(lambda view: 1 / np.prod(view.K.shape[1:])),
            scaled(lambda view: 1 / len(view.X)),
        ),
        BOTH,
        "02",
    ),
    Mistake(
        "forward_other_map",
        "channels",
        "output map c takes channel c from every kernel: Z[c] += X[c] ⋆ K[o, c] stands for Z[o] += X[c] ⋆ K[o, c]",
        "Two indices: o numbers the output map that is added to, c the channel that is read.",
        same("forward", "core", _own_number),
        CONV,
        "08",
    ),
    Mistake(
        "forward_padding_one_side",
        "padding",
        "the padding stands at one side only: X is not moved inwards by p rows and columns",
        "np.pad(X, ((0, 0), (0, 0), (p, p), (p, p))): p rows on either side.",
        same("forward", "maps", _corner(0), _corner(2)),
        CONV,
        "02",
    ),
]
