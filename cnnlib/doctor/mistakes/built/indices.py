"""Channels and maps numbered by the wrong letter: every way to write the indices of one product inside the loops.

dX[L] += delta[D] spread with K[A, B], dK[L, M] += delta[D] · X[E] and Z[L] += X[E] ⋆ K[A, B], for every map o and
channel c; each letter is o, c, the first or the last.  With = for += the last product stays.
"""

import functools
import itertools

import numpy as np

from ....correlation import correlate_maps
from ...view import gathered, scatter
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

LETTERS = {"o": lambda o, c: o, "c": lambda o, c: c, "0": lambda o, c: 0, "−1": lambda o, c: -1}


def _remembered(view, name, place, compute):
    """One product, kept in the view: the rules share them."""
    key = ("indices", name, *place)
    if key not in view.cache:
        view.cache[key] = compute()
    return view.cache[key]


def _part(made, index):
    return None if made is None else made[index]


def _sized(array, name):
    """Which arrays the products of a rule were taken from: a pair may have changed them."""
    return (name, id(array))


def _collect(shape, axes, rule, add, maps, channels, product):
    """Fill an array of this shape: at the places of the rule, the products of the rule; None without one."""
    total = np.zeros(shape)
    for o, c in itertools.product(range(maps), range(channels)):
        place, factors = (tuple(LETTERS[letter](o, c) for letter in letters) for letters in rule)
        try:
            target, part = total[place] if axes == 0 else total[:, place[0]], product(*factors)
        except IndexError:  # a layer that runs nevertheless leaves it out
            continue
        if part is None:  # the other mistake of a pair does not apply here
            return None
        target[...] = target + part if add else part
    return total


def _spread(rule, add):
    def change(view, d, H, base=scatter):
        def product(D, A, B):
            return _remembered(
                view,
                _sized(d, "dX"),
                (base, id(H), D, A, B),
                lambda: _part(base(view, d[:, [D]], H[A, B][None, None]), np.s_[:, 0]),
            )

        view.cache.setdefault(("kept", id(d), id(H)), (d, H))  # so that no other array takes their place in memory
        return _collect(view.Xp.shape, 1, rule, add, *H.shape[:2], product)

    change.is_rule = True
    return change


def _gathered(rule, add):
    def change(view, d, X, base=gathered):
        def product(D, E):
            return _remembered(
                view,
                _sized(d, "dK"),
                (base, id(X), D, E),
                lambda: _part(base(view, d[:, [D]], X[:, [E]]), np.s_[0, 0]),
            )

        view.cache.setdefault(("kept", id(d), id(X)), (d, X))
        return _collect(view.K.shape, 0, rule, add, *view.K.shape[:2], product)

    change.is_rule = True
    return change


def _correlated(rule, add):
    def change(view, X, H):
        def product(E, A, B):
            return _remembered(
                view,
                _sized(X, "Z"),
                (id(H), E, A, B),
                lambda: correlate_maps(X[:, [E]], H[A, B][None, None], stride=view.strides)[:, 0],
            )

        view.cache.setdefault(("kept", id(X), id(H)), (X, H))
        return _collect(view.Z.shape, 1, rule, add, *H.shape[:2], product)

    return change


def _written(letters):
    return ", ".join(letters)


@functools.cache
def _rules(places, factors, right):
    """((letters of the places, letters of the factors), whether they add up) for all that is not right."""
    for letters in itertools.product(LETTERS, repeat=places + factors):
        for add in (True, False):
            if add and "".join(letters) == right:
                continue
            if any(letter in letters for letter in "oc"):
                yield (letters[:places], letters[places:]), add


def _all(make, places, factors, right, sentence):
    return [
        ("core", said(sentence(place, factor, "+=" if add else "="), make((place, factor), add)))
        for (place, factor), add in _rules(places, factors, right)
    ]


DX = _all(_spread, 1, 3, "cooc", lambda p, f, sign: f"dX[{p[0]}] {sign} δ[{f[0]}] with K[{f[1]}, {f[2]}]")
DK = _all(_gathered, 2, 2, "ococ", lambda p, f, sign: f"dK[{p[0]}, {p[1]}] {sign} δ[{f[0]}] · X[{f[1]}]")
FORWARD = _all(
    _correlated, 1, 3, "ococ"[:1] + "coc", lambda p, f, sign: f"Z[{p[0]}] {sign} X[{f[0]}] ⋆ K[{f[1]}, {f[2]}]"
)

MISTAKES = [
    Mistake(
        "other_index",
        "channels",
        "inside the loops over maps o and channels c other indices are written than the formula has",
        "dX[c] += δ[o] with K[o, c]; dK[o, c] = δ[o] · X[c]; Z[o] += X[c] ⋆ K[o, c].",
        {},
        CONV,
        "08",
        rare={"dX": DX, "dK": DK, "forward": FORWARD},
    ),
]
