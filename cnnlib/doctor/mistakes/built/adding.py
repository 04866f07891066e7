"""Forward passes that add the bias at other cells or more often, or count the sum twice."""

import numpy as np

from ...anatomy import spread_bias
from ..kernels import BOTH
from ..mistake import Mistake
from .words import said


def _bias(words, of):
    """Z = total + of(b spread over the maps, view); None where it cannot be so, as ``of`` says by None."""

    def change(view, total):
        added = of(view, spread_bias(view.case.b))
        return None if added is None else total + added

    return ("bias", said(words, change))


def own_bias(view):
    """What the bias adds to each cell of Z."""
    return spread_bias(view.case.b) if view.plan.has_bias else 0.0


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


def _running_bias(order, vector):
    """Z += b inside the loops that write Z: at each step b[o], or all of b, is added to every cell."""

    def change(view, total):
        if not view.plan.has_bias or view.case.b.ndim != 1:
            return None
        axes = ["noij".index(letter) for letter in order]
        steps = np.broadcast_to(spread_bias(view.case.b), total.shape).transpose(axes)
        if vector:  # one step for all maps, which come last
            later = np.arange(steps[..., 0].size, 0, -1).reshape(steps.shape[:-1])[..., None]
            return total + (later * steps).transpose(np.argsort(axes))
        later = np.cumsum(steps.ravel()[::-1])[::-1].reshape(steps.shape)
        return total + later.transpose(np.argsort(axes))

    return change


def _times(size):
    return lambda view, b: size(view) * b


MISTAKES = [
    Mistake(
        "forward_doubled",
        "scale",
        "the sum is counted twice",
        "Z = X ⋆ K + b, or Z += …, once: not Z += Z + …",
        {
            "forward": [
                ("bias", said("before the bias is added", lambda view, total: 2 * total + own_bias(view))),
                ("bias", said("with the bias", lambda view, total: 2 * (total + own_bias(view)))),
            ]
        },
        BOTH,
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
                ("bias", said("added to all of Z at every step, maps inside", _running_bias("nijo", False))),
                ("bias", said("added to all of Z at every step, maps outside", _running_bias("noij", False))),
                ("bias", said("added to all of Z at every window", _running_bias("nijo", True))),
            ]
        },
        BOTH,
        "08",
    ),
]
