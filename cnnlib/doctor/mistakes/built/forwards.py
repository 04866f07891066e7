"""Forward passes: a padding or a bias of their own rule, a stride in one direction, running sums."""

import numpy as np

from ....correlation import correlate_maps
from ...anatomy import padded, spread_bias
from ..arrays import summed
from ..kernels import BOTH, CONV
from ..mistake import Mistake
from .words import said


def _stride_of(axis):
    """Windows s apart in one direction, side by side in the other; as many of them as the stride leaves."""

    def change(view, X, H):
        m_h, m_w = view.Z.shape[2:]
        step = tuple(s if a == axis else 1 for a, s in enumerate(view.strides))
        return correlate_maps(X, H, stride=step)[:, :, :m_h, :m_w]

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


def _bias(words, of):
    """Z = total + of(b spread over the maps, view); None where it cannot be so, as ``of`` says by None."""

    def change(view, total):
        added = of(view, spread_bias(view.case.b))
        return None if added is None else total + added

    return ("bias", said(words, change))


def _only(axis, index):
    """The bias added at one image or map alone."""

    def of(view, b):
        kept = np.zeros(view.Z.shape)
        place = [slice(None)] * 4
        place[axis] = index
        kept[tuple(place)] = np.broadcast_to(b, view.Z.shape)[tuple(place)]
        return kept

    return of


def _of_image(view, b):
    return np.take(b.ravel(), np.arange(len(view.X)))[:, None, None, None] if b.size >= len(view.X) else None


def _last_map_often(view, b):
    return view.K.shape[1] * _only(1, -1)(view, b)


def _times(size):
    return lambda view, b: size(view) * b


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
    Mistake(
        "bias_misplaced",
        "bias",
        "the bias does not reach the cells that it belongs to",
        "Z[n, o, i, j] = … + b[o], behind all sums and in every image.",
        {
            "forward": [
                _bias("b[o − 1] for b[o]", lambda view, b: np.roll(b, 1, axis=1)),
                _bias("b[o + 1] for b[o]", lambda view, b: np.roll(b, -1, axis=1)),
                _bias("in reverse order", lambda view, b: b[:, ::-1]),
                _bias("only in the last image", _only(0, -1)),
                _bias("only in the first image", _only(0, 0)),
                _bias("only in the last map", _only(1, -1)),
                _bias("only in the first map", _only(1, 0)),
                _bias("only in the last map, once a channel", _last_map_often),
                _bias("b[n] for b[o]", _of_image),
                _bias("once an image", _times(lambda view: len(view.X))),
                _bias("once a map", _times(lambda view: view.K.shape[0])),
                _bias("once an output cell", _times(lambda view: int(np.prod(view.Z.shape[2:])))),
                _bias(
                    "once a channel, image and tap",
                    _times(lambda view: len(view.X) * int(np.prod(view.K.shape[1:]))),
                ),
                _bias("halved", _times(lambda view: 0.5)),
                _bias("the mean of all", lambda view, b: np.mean(b)),
            ]
        },
        BOTH,
        "08",
    ),
]
