"""Windows and taps at other distances: the stride on the wrong of the two, in one direction, or on both.

Tap (u, v) of window (i, j) is right at row s·i + u, column s·j + v.  Each of the four numbers can stand with the
stride or without it.  What lies beyond the end of a row is zero, or read on in memory, as as_strided does.
"""

import itertools

import numpy as np

from ....correlation import correlate_maps
from ...anatomy import padded
from ...view import gathered, scatter
from ..arrays import keeping
from ..kernels import CONV
from ..mistake import Mistake
from .adding import own_bias
from .words import said

SIDES = tuple(itertools.product((True, False), repeat=4))  # whether i, j, u, v stand with the stride
RIGHT = (True, True, False, False)
SPREAD = [side for side in SIDES if side[2] or side[3]]  # the others have names of their own
INSIDE = 0.5  # of the cells of Z have to be read from X alone, where something is read past its end


def _steps(view, side):
    """The distances of windows and of taps: ((rows, columns), (rows, columns))."""
    s_h, s_w = view.strides
    numbers = [s if strided else 1 for strided, s in zip(side, (s_h, s_w, s_h, s_w), strict=True)]
    return tuple(numbers[:2]), tuple(numbers[2:])


def _words(side, on=False):
    i, j, u, v = (f"s·{letter}" if strided else letter for strided, letter in zip(side, "ijuv", strict=True))
    return f"row {i} + {u}, column {j} + {v}" + (", and on in memory where a row ends" if on else "")


def _tap(view, side, u, v):
    """(the first row and column of a tap, the distances from one window to the next)."""
    windows, (t_h, t_w) = _steps(view, side)
    return (t_h * u, t_w * v), windows


def _spread_windows(side):
    """Z from such windows, zeros beyond the edge."""

    def change(view, X, H):
        total = np.zeros(view.Z.shape)
        for u, v in np.ndindex(H.shape[2:]):
            total += np.einsum("ncij,oc->noij", _part(view, X, side, u, v), H[:, :, u, v])
        return total

    return change


def _part(view, X, side, u, v):
    """The cells of X that a tap of all windows meets."""
    (top, left), (a, b) = _tap(view, side, u, v)
    m_h, m_w = view.given.shape[2:]
    wide = padded(X, ((0, top + a * m_h), (0, left + b * m_w)))
    return wide[:, :, top : top + a * (m_h - 1) + 1 : a, left : left + b * (m_w - 1) + 1 : b]


def _spread_shares(side):
    """dX with the shares added there; what falls outside is dropped."""

    def change(view, d, H):
        if max(view.strides) == 1:
            return scatter(view, d, H)
        (m_h, m_w), (rows, cols) = d.shape[2:], view.Xp.shape[2:]
        room = max(view.strides)
        wide = np.zeros((len(d), H.shape[1], rows + room * (m_h + H.shape[2]), cols + room * (m_w + H.shape[3])))
        for u, v in np.ndindex(H.shape[2:]):
            (top, left), (a, b) = _tap(view, side, u, v)
            there = np.s_[:, :, top : top + a * (m_h - 1) + 1 : a, left : left + b * (m_w - 1) + 1 : b]
            wide[there] += np.einsum("noij,oc->ncij", d, H[:, :, u, v])
        return wide[:, :, :rows, :cols]

    return change


def _spread_products(side):
    """dK from such windows."""

    def change(view, d, X):
        if max(view.strides) == 1:
            return gathered(view, d, X)
        G = np.empty(view.K.shape)
        for u, v in np.ndindex(view.K.shape[2:]):
            G[:, :, u, v] = np.tensordot(d, _part(view, X, side, u, v), axes=([0, 2, 3], [0, 2, 3]))
        return G

    return change


def _read_on(side):
    """Z of windows in the layer's own memory; cells that read past the end of all of X stay as they came."""

    def change(view, Z):
        if view.anatomy.activation != "linear":
            return None
        laid = view.plan.X.lay_out(view.Xp)
        if not isinstance(laid, np.ndarray):
            return None
        place = view.plan.X.read(np.arange(laid.size).reshape(laid.shape), view.Xp.shape).astype(int)
        total, outside = _sum_of(view, side, laid.ravel(), place)
        if np.mean(outside) > 1 - INSIDE:
            return None
        return np.where(outside[:, None], view.Z, total + own_bias(view))

    return change


def _sum_of(view, side, flat, place):
    """(the sums over windows in memory, which of them read past its end); ``place`` is that of each cell of X."""
    (m_h, m_w), outside = view.Z.shape[2:], np.zeros((len(view.Z), *view.Z.shape[2:]), dtype=bool)
    row, col = (place[0, 0, 1, 0] - place[0, 0, 0, 0], place[0, 0, 0, 1] - place[0, 0, 0, 0])
    total = np.zeros(view.Z.shape)
    for u, v in np.ndindex(view.H.shape[2:]):
        (top, left), (a, b) = _tap(view, side, u, v)
        rows, cols = top + a * np.arange(m_h), left + b * np.arange(m_w)
        read = place[:, :, :1, :1] + rows[:, None] * row + cols * col
        outside |= (read >= flat.size).any(axis=1)
        total += np.einsum("ncij,oc->noij", flat[np.minimum(read, flat.size - 1)], view.H[:, :, u, v])
    return total, outside


STEPS = {
    "1": lambda s, k: 1,
    "h": lambda s, k: k,
    "s + 1": lambda s, k: s + 1,
    "s²": lambda s, k: s * s,
    "h − 1": lambda s, k: max(k - 1, 1),
    "2s": lambda s, k: 2 * s,
    "s": lambda s, k: s,
}
ROOMS = {
    "the padded map": lambda view: view.Xp.shape[2:],
    "the map without its padding": lambda view: view.X.shape[2:],
}


def _whole(view, d, step, room):
    """(delta at the windows that fit in whole, their distances)."""
    sizes = zip(view.strides, view.K.shape[2:], ROOMS[room](view), strict=True)
    found = [(STEPS[step](s, k), k, n) for s, k, n in sizes]
    rows, cols = (max(0, (n - k) // t + 1) for t, k, n in found)
    return keeping(..., slice(0, rows), slice(0, cols))(view, d), tuple(t for t, _, _ in found)


def _skipping(core, step, room):
    def change(view, d, *other):
        kept, distances = _whole(view, d, step, room)
        return core(view, kept, *other, step=distances) if other else kept

    return said(f"windows {step} apart, as far as they fit into {room}", change)


def _every(view, a):
    """The cells in every s-th row and column, zeros between them."""
    return keeping(..., slice(None, None, view.strides[0]), slice(None, None, view.strides[1]))(view, a)


def _every_sum(view, X, H):
    return _every(view, correlate_maps(X, H, stride=view.strides))


def _every_unstrided(core):
    return said("their windows at (i, j)", lambda view, d, other: core(view, _every(view, d), other, step=1))


AT_S = said("their windows at (s·i, s·j)", _every)
OTHERS = [one for one in itertools.product(STEPS, ROOMS) if one[0] != "s"]
MISTAKES = [
    Mistake(
        "every_sth_cell",
        "stride",
        "the loops go in steps of s over the cells of the output, so that the stride is used twice or at the wrong "
        "place: of s rows one is visited",
        "for i in range(m_h): i goes up by one, and the stride stands in the window alone, at row s·i.",
        {
            "forward": [
                ("core", said("the others have the bias alone", _every_sum)),
                ("post", said("the others are zero", _every)),
            ],
            "dX": [("pre", AT_S), ("core", _every_unstrided(scatter))],
            "dK": [("pre", AT_S), ("core", _every_unstrided(gathered))],
            "db": [("pre", AT_S)],
        },
        CONV,
        "07",
    ),
    Mistake(
        "other_distance",
        "stride",
        "the backward pass goes through other windows than the forward pass, and leaves out those that end outside",
        "The windows of the forward pass, all of them: row s·i, column s·j for every cell (i, j) of delta.",
        {},
        CONV,
        "07",
        rare={
            part: [("core", _skipping(core, *one)) for one in OTHERS]
            for part, core in (("dX", scatter), ("dK", gathered))
        }
        | {"db": [("pre", _skipping(None, *one)) for one in OTHERS]},
    ),
    Mistake(
        "stride_on_taps",
        "stride",
        "the stride stands at the wrong numbers: tap (u, v) of window (i, j) is taken at other rows and columns",
        "Row s·i + u, column s·j + v: the stride goes with the window, never with the tap; in as_strided the first "
        "two steps are times s, the last two are not.",
        {},
        CONV,
        "07",
        rare={
            "forward": [("core", said(_words(side), _spread_windows(side))) for side in SPREAD]
            + [("post", said(_words(side, True), _read_on(side))) for side in SIDES if side != RIGHT],
            "dX": [("core", said(_words(side), _spread_shares(side))) for side in SPREAD],
            "dK": [("core", said(_words(side), _spread_products(side))) for side in SPREAD],
        },
    ),
]
