"""Forward passes: a padding of their own rule, a stride in one direction or never used, images summed."""

import numpy as np

from ....correlation import correlate_maps
from ...anatomy import padded
from ..arrays import summed
from ..kernels import BOTH, CONV
from ..mistake import Mistake
from .adding import own_bias
from .words import said


def _stride_of(axis):
    """Windows s apart in one direction, side by side in the other; as many of them as the stride leaves."""

    def change(view, X, H):
        m_h, m_w = view.Z.shape[2:]
        step = tuple(s if a == axis else 1 for a, s in enumerate(view.strides))
        return correlate_maps(X, H, stride=step)[:, :, :m_h, :m_w]

    return change


def _of_stride_one(filled):
    """Z with a cell for every place of a window; with ``filled`` only as many are written as the stride leaves."""

    def change(view, Z):
        setting = view.case.setting
        total = correlate_maps(padded(view.X, setting.pads), view.H) + own_bias(view)
        if setting.s > 1 and filled:
            m_h, m_w = setting.output
            total[:, :, m_h:], total[..., m_w:] = 0.0, 0.0
        return total if setting.s > 1 else Z

    return change


def _of_neither(view, X, H):
    """Z of X as it came with stride 1, where that has as many cells as Z."""
    total = correlate_maps(view.X, H)
    return total if total.shape == view.Z.shape else None


def _unpadded(view, Z):
    """Z as large as the padding asks for, its upper left part filled by windows of X as it came."""
    inner = correlate_maps(view.X, view.H, stride=view.strides) + own_bias(view)
    total = np.zeros(Z.shape)
    total[:, :, : inner.shape[2], : inner.shape[3]] = inner[:, :, : Z.shape[2], : Z.shape[3]]
    return total


def _unpadded_sums(fewer):
    """The same with the bias everywhere; the loops may end so many rows and columns early."""

    def change(view, X, H):
        if view.top == view.left == 0:
            return None
        inner = correlate_maps(view.X, H, stride=view.strides)
        rows, cols = (max(0, min(a - fewer, b)) for a, b in zip(inner.shape[2:], view.Z.shape[2:], strict=True))
        total = np.zeros(view.Z.shape)
        total[:, :, :rows, :cols] = inner[:, :, :rows, :cols]
        return total

    return change


def _tiled(view, Z):
    """The rows of the windows numbered 0, 1, …, m_h − 1 over and over, as their columns are."""
    m_h, m_w = Z.shape[2:]
    cell = np.arange(m_h * m_w)
    return Z[:, :, cell % m_h, cell % m_w].reshape(Z.shape)


WIDTHS = {
    "0": lambda p, k: 0,
    "1": lambda p, k: 1,
    "2": lambda p, k: 2,
    "⌊h/2⌋": lambda p, h: h // 2,
    "h − 1": lambda p, h: h - 1,
    "h": lambda p, h: h,
    "2p": lambda p, k: 2 * p,
    "p + 1": lambda p, k: p + 1,
    "p − 1": lambda p, k: max(p - 1, 0),
}


def _border(name):
    """X with another border; of that as many windows as the output has."""

    def change(view, X):
        p, k = view.top, view.K.shape[2]
        width, (rows, cols) = WIDTHS[name](p, k), X.shape[2:]
        wide = padded(view.X, ((width, rows), (width, cols)))
        return wide[:, :, :rows, :cols]

    return said(f"{name} rows and columns", change)


def _edge(mode):
    def change(view, X):
        (top, bottom), (left, right) = view.anatomy.pads
        return np.pad(view.X, ((0, 0), (0, 0), (top, bottom), (left, right)), mode=mode)

    return change


MISTAKES = [
    Mistake(
        "forward_border",
        "padding",
        "the forward pass gives X a border of another width than it is told",
        "Pad by the p that the layer was given, and take the size of the output from it.",
        {"forward": [("maps", _border(name)) for name in WIDTHS]},
        CONV,
        "02",
    ),
    Mistake(
        "forward_stride_in_one_direction",
        "stride",
        "the stride is used in one direction and forgotten in the other",
        "Z[i, j] comes from the window at row s·i, column s·j.",
        {
            "forward": [
                ("core", said("used for the rows", _stride_of(0))),
                ("core", said("used for the columns", _stride_of(1))),
            ]
        },
        CONV,
        "07",
    ),
    Mistake(
        "forward_images_summed",
        "batch",
        "every image gets the sum over all images: the sum runs over the batch, too",
        "Sum over channels, rows and columns of one image alone.",
        {"forward": [("maps", summed(0))]},
        BOTH,
        "08",
    ),
    Mistake(
        "padding_of_the_output_only",
        "padding",
        "the padding makes Z larger, and X is not padded: the last rows and columns of Z stay zero",
        "Pad X by p on either side first, then take its windows.",
        {
            "forward": [
                ("post", _unpadded),
                ("core", said("they have the bias alone", _unpadded_sums(0))),
                ("core", said("they have the bias alone, and the loops end one early", _unpadded_sums(1))),
            ]
        },
        CONV,
        "02",
    ),
    Mistake(
        "forward_stride_never_used",
        "stride",
        "Z has as many cells as stride 1 gives: the stride is never used",
        "Z has (n + 2p − h)//s + 1 rows, and row i comes from the window at row s·i.",
        {
            "forward": [
                ("post", said("all of them are filled", _of_stride_one(False))),
                ("post", said("only as many are filled as the stride leaves", _of_stride_one(True))),
                ("core", said("nor is the padding", _of_neither)),
            ]
        },
        CONV,
        "07",
    ),
    Mistake(
        "rows_tiled",
        "padding",
        "the rows of windows are numbered like their columns: cell q of Z is of the window (q mod m_h, q mod m_w)",
        "np.repeat(np.arange(m_h), m_w) for the rows, np.tile(np.arange(m_w), m_h) for the columns.",
        {"forward": [("post", _tiled)]},
        CONV,
        "07",
    ),
    Mistake(
        "border_not_zero",
        "padding",
        "the border of X is no border of zeros",
        "np.pad(X, …) with its default, zeros; or carry the border's gradient back to the cells it copies.",
        {
            "forward": [
                ("maps", said(words, _edge(mode)))
                for mode, words in (
                    ("edge", "the outermost cells are repeated"),
                    ("reflect", "the map is mirrored there"),
                    ("symmetric", "the map is mirrored there, its edge included"),
                    ("wrap", "the map begins anew there"),
                )
            ]
        },
        CONV,
        "02",
    ),
]
