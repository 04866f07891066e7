"""Buffers read in another order of axes than they were written in: columns of im2col, and any array between layers.

A reading is a pair of orders: the buffer was laid out in the first and is read in the second.
"""

import functools
import itertools

import numpy as np

from ...anatomy import padded
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

COLUMNS = (
    "nijcuv",
    "nijuvc",
    "cuvnij",
    "cuvijn",
    "uvcnij",
    "uvcijn",
    "ncuvij",
    "nuvcij",
    "ijncuv",
    "ijnuvc",
    "ncijuv",
    "cnijuv",
    "nuvijc",
    "uvnijc",
)
NAMES = {"noij": "NOHW", "ncij": "NCHW", "ocuv": "OIHW"}


def reread(a, letters: str, source: str, target: str):
    """The array with axes ``letters``, laid out in the order ``source`` and read as if in the order ``target``."""
    sizes = dict(zip(letters, a.shape, strict=True))
    flat = a.transpose([letters.index(x) for x in source])
    read = np.ascontiguousarray(flat).reshape([sizes[x] for x in target])
    return read.transpose([target.index(x) for x in letters])


def _windows(view, X):
    """Every tap of every window: axes n, i, j, c, u, v."""
    (s_h, s_w), (k_h, k_w), (m_h, m_w) = view.strides, view.K.shape[2:], view.given.shape[2:]
    X = padded(X, ((0, s_h * m_h + k_h), (0, s_w * m_w + k_w)))
    taps = np.empty((len(X), m_h, m_w, X.shape[1], k_h, k_w))
    for u, v in np.ndindex(k_h, k_w):
        part = X[:, :, u : u + s_h * (m_h - 1) + 1 : s_h, v : v + s_w * (m_w - 1) + 1 : s_w]
        taps[..., u, v] = part.transpose(0, 2, 3, 1)
    return taps


def _pasted(view, taps):
    (s_h, s_w), (_, m_h, m_w, C, k_h, k_w) = view.strides, taps.shape
    wide = np.zeros((len(taps), C, view.Xp.shape[2] + s_h * m_h, view.Xp.shape[3] + s_w * m_w))
    for u, v in np.ndindex(k_h, k_w):
        wide[:, :, u : u + s_h * m_h : s_h, v : v + s_w * m_w : s_w] += taps[..., u, v].transpose(0, 3, 1, 2)
    return wide[:, :, : view.Xp.shape[2], : view.Xp.shape[3]]


def _columns_of_delta(source, target):
    def change(view, d, H):
        taps = np.einsum("noij,ocuv->nijcuv", d, H)
        return _pasted(view, reread(taps, "nijcuv", source, target))

    return change


def _columns_of_X(source, target):
    def change(view, d, X):
        return np.einsum("noij,nijcuv->ocuv", d, reread(_windows(view, X), "nijcuv", source, target))

    return change


def _columns_forward(source, target):
    def change(view, X, H):
        return np.einsum("nijcuv,ocuv->noij", reread(_windows(view, X), "nijcuv", source, target), H)

    return change


def pairs_of_taps(view, part, directions):
    """(A, [B of each direction R]), axes n, i, j, c, u, v: ΣA·B is the product of R with what the core gives."""
    if part == "dX":
        return np.einsum("noij,ocuv->nijcuv", view.delta, view.H), [_windows(view, R) for R in directions]
    if part == "dK":
        duals = [np.einsum("noij,ocuv->nijcuv", view.delta, R) for R in directions]
    else:
        duals = [np.einsum("noij,ocuv->nijcuv", R, view.H) for R in directions]
    return _windows(view, view.Xp), duals


def columns(part, source, target):
    """The change of one pair of orders."""
    make = {"dX": _columns_of_delta, "dK": _columns_of_X, "forward": _columns_forward}[part]
    return ("core", said(f"written as {source}, read as {target}", make(source, target)))


USUAL = ("nijcuv", "nijuvc", "ijncuv", "ijnuvc", "cuvnij", "cuvijn", "uvcnij", "uvcijn")
"""The orders that a product of matrices takes: windows by taps, or taps by windows."""


def _of_columns(make):
    return [
        ("core", said(f"written as {source}, read as {target}", make(source, target)))
        for source, target in itertools.permutations(COLUMNS, 2)
    ]


@functools.cache
def _readings(letters: str):
    """Pairs of orders of four axes that read differently, each kind once."""
    probe = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    orders = ["".join(order) for order in itertools.permutations(letters)]
    kinds = {}
    for source, target in itertools.permutations(orders, 2):
        kinds.setdefault(reread(probe, letters, source, target).tobytes(), (source, target))
    return list(kinds.values())[1:]  # the first reads all as it was


def any_reading(stage: str, letters: str):
    """A change for every way to read an array of four axes wrongly."""

    def reading(source, target):
        names = dict(zip(letters, NAMES[letters], strict=True))
        words = f"laid out {''.join(map(names.get, source))}, read as {''.join(map(names.get, target))}"
        return said(words, lambda view, a: reread(a, letters, source, target))

    return [(stage, reading(*pair)) for pair in _readings(letters)]


def _of_the_turned(reading):
    """The same reading of a kernel that was turned before: it is turned, read, and turned back to where it lies."""
    stage, change = reading
    words = f"turned, {change.words}"
    return stage, said(words, lambda view, H: change(view, H[..., ::-1, ::-1])[..., ::-1, ::-1])


KERNELS = any_reading("kernel", "ocuv")
SHUFFLED = Mistake(
    "columns_reshaped",
    "channels",
    "the matrix of columns (im2col) is reshaped where its axes have to be moved",
    "Write and read it in one order: transpose, then reshape (images n, cells i, j, channels c, taps u, v).",
    {},
    CONV,
    "07",
    rare={
        "dX": _of_columns(_columns_of_delta),
        "dK": _of_columns(_columns_of_X),
        "forward": _of_columns(_columns_forward),
    },
)
MISTAKES = [
    SHUFFLED,
    Mistake(
        "buffer_misread",
        "channels",
        "an array is reshaped where its axes have to be moved: its numbers reach wrong images, maps or places",
        "Move the axes first (transpose), then reshape.",
        {},
        CONV,
        "08",
        rare={
            "dX": any_reading("pre", "noij")
            + KERNELS
            + [_of_the_turned(reading) for reading in KERNELS]
            + any_reading("post", "ncij"),
            "dK": any_reading("pre", "noij") + KERNELS,
            "db": any_reading("pre", "noij"),
            "forward": KERNELS + any_reading("post", "noij"),
        },
    ),
    Mistake(
        "X_misread",
        "channels",
        "X is reshaped where its axes have to be moved: its numbers stand in wrong images, channels or places",
        "Move the axes first (transpose), then reshape.",
        {},
        CONV,
        "08",
        rare={part: any_reading("maps", "ncij") for part in ("dK", "forward")},
    ),
]
