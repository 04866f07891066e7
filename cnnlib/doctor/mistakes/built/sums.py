"""Sums that start or end wrongly, or are divided: accumulators not set back, averages of overlaps, lost taps."""

import numpy as np

from ...view import cropped, gathered, scatter
from ..arrays import keeping
from ..kernels import CONV
from ..mistake import Mistake, same
from .words import said

ANY = ("convolution", "dense", "mean pooling", "max pooling")


def _running(axis):
    return lambda view, a: np.cumsum(a, axis=axis)


def _running_maps(view, d):
    """Each map's share is added once more with every later map."""
    return d * np.arange(d.shape[1], 0, -1)[:, None, None]


def _running_cells(order):
    """The number of a cell still has in it those of all cells before, in the order of the loops."""

    def change(view, X, H):
        from ....correlation import correlate_maps

        Z = correlate_maps(X, H, stride=view.strides)
        moved = Z.transpose(["noij".index(x) for x in order])
        return np.cumsum(moved).reshape(moved.shape).transpose([order.index(x) for x in "noij"])

    return change


def _overlaps(view, P):
    """How many windows each cell lies in."""
    ones = np.ones((1, 1, *view.given.shape[2:]))
    return scatter(view, ones, np.ones((1, 1, *view.K.shape[2:])), shape=(1, 1, *view.Xp.shape[2:]))


def _averaged(view, P):
    return cropped(view, P / np.maximum(_overlaps(view, P), 1))


def _dilated_more(core):
    def change(view, d, other):
        step = tuple(s + 1 if s > 1 else 1 for s in view.strides)
        return core(view, d, other, step=step)

    return change


def _one_direction(core, axis):
    return lambda view, d, other: core(
        view, d, other, step=tuple(s if a == axis else 1 for a, s in enumerate(view.strides))
    )


LOST = {
    "the last row": np.s_[..., :-1, :],
    "the last column": np.s_[..., :-1],
    "the last row and column": np.s_[..., :-1, :-1],
    "the first row and column": np.s_[..., 1:, 1:],
    "all but the middle": None,
}


def _lost(name):
    def change(view, G):
        if LOST[name] is None:
            k_h, k_w = G.shape[2:]
            return keeping(..., slice(k_h // 2, k_h // 2 + 1), slice(k_w // 2, k_w // 2 + 1))(view, G)
        return keeping(*LOST[name])(view, G)

    return said(name, change)


def _normalised(size, words):
    def change(view, a):
        length = size(a) if a.size > 1 else 0.0  # of a single number only the sign would be left
        return a / length if length > 1e-9 else None

    return said(words, change)


SIZES = [
    _normalised(np.linalg.norm, "divided by its norm"),
    _normalised(lambda a: np.max(np.abs(a)), "divided by its largest number"),
    _normalised(np.std, "divided by its standard deviation"),
]
CUTS = [
    said(f"cut off at ±{bound}", lambda view, a, bound=bound: np.clip(a, -bound, bound))
    for bound in (1, 5, 0.5, 10, 0.1)
]


def _one_sided(view, a):
    return np.maximum(a, 0)


MISTAKES = [
    Mistake(
        "not_set_back",
        "order",
        "a sum is not set back to zero: each image, map or cell still has in it what those before it got",
        "Start the sum from zero inside the loop that it belongs to.",
        {
            "dX": [
                ("post", said("images", _running(0))),
                ("post", said("channels", _running(1))),
                ("pre", said("maps", _running_maps)),
            ],
            "dK": [
                ("kernel", said("maps", _running(0))),
                ("kernel", said("channels", _running(1))),
                ("pre", said("images", lambda view, d: d * np.arange(len(d), 0, -1)[:, None, None, None])),
            ],
            "db": [("post", said("maps", _running(0)))],
            "forward": [
                ("post", said("images", _running(0))),
                ("post", said("maps", _running(1))),
                *(("core", said("cells", _running_cells(order))) for order in ("noij", "nijo", "oij" + "n")),
            ],
        },
        CONV,
        "08",
    ),
    Mistake(
        "overlaps_averaged",
        "scale",
        "where windows overlap their shares are averaged: every cell is divided by the number of its windows",
        "Add the shares of all windows; nothing is divided.",
        same("dX", "crop", _averaged),
        CONV,
        "06",
    ),
    Mistake(
        "dilated_once_more",
        "stride",
        "s zeros stand between the entries of delta where s − 1 belong",
        "Between two entries of delta stand s − 1 zeros: Dd[..., ::s, ::s] = delta.",
        {"dX": [("core", _dilated_more(scatter))], "dK": [("core", _dilated_more(gathered))]},
        CONV,
        "07",
    ),
    Mistake(
        "stride_in_one_direction",
        "stride",
        "the stride is used in one direction and forgotten in the other",
        "Row s·i and column s·j.",
        {
            part: [
                ("core", said(f"used for the {name}", _one_direction(core, axis)))
                for axis, name in enumerate(("rows", "columns"))
            ]
            for part, core in (("dX", scatter), ("dK", gathered))
        },
        CONV,
        "07",
    ),
    Mistake(
        "taps_left_out",
        "padding",
        "a part of the kernel is left out by a loop that ends too early or begins too late",
        "The loops run over every row and column of the kernel: range(k_h), range(k_w).",
        {"dX": [("kernel", _lost(name)) for name in LOST], "dK": [("kernel", _lost(name)) for name in LOST]}
        | {"forward": [("kernel", _lost(name)) for name in LOST]},
        CONV,
        "07",
    ),
    Mistake(
        "normalised",
        "scale",
        "the gradient is scaled by its own size",
        "The learning rate sets the size of a step; the gradient stays as it is.",
        same("dX dK db", "post", *SIZES),
        ANY,
    ),
    Mistake(
        "delta_cut_off",
        "ingredient",
        "delta is changed before it is used",
        "Use delta as it came: ∂L/∂Z.",
        same(
            "dX dK db",
            "pre",
            *CUTS,
            said("its absolute value", lambda view, d: np.abs(d)),
            said("its sign", lambda view, d: np.sign(d)),
            said("its square", lambda view, d: d * d),
            *SIZES,
        ),
        ANY,
    ),
]
