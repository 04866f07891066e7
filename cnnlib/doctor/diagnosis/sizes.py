"""A gradient that is right but for a factor made of sizes, ÷(N·m), ×O, …, found setting by setting.

And one of a step that also shrinks the weights: got = c·predicted + λ·weights, c and λ the same in every setting.
"""

import functools
import itertools
import math
from dataclasses import replace

import numpy as np

from ..anatomy import agree
from ..mistakes.catalogue import CONSTANT, DECAY, SIZED
from ..prediction.sketches import decaying, proportional
from ..prediction.stages import predict
from ..view import View
from .single import Diagnosis, factor, none_or_one

SIZES = {
    "the number of images": lambda view: len(view.X),
    "the number of channels": lambda view: view.K.shape[1],
    "the number of output maps": lambda view: view.K.shape[0],
    "the height of Z": lambda view: view.given.shape[2],
    "the width of Z": lambda view: view.given.shape[3],
    "the height of X": lambda view: view.X.shape[2],
    "the width of X": lambda view: view.X.shape[3],
    "the height of the kernel": lambda view: view.K.shape[2],
    "the width of the kernel": lambda view: view.K.shape[3],
    "the stride": lambda view: view.s,
}
MOST = 3  # sizes in a product


@functools.cache
def _products():
    """Every product of up to three sizes, each multiplied or divided: ((size, ±1), …), the shortest first."""
    found = []
    for count in range(1, MOST + 1):
        for names in itertools.combinations(SIZES, count):
            found += [tuple(zip(names, signs, strict=True)) for signs in itertools.product((1, -1), repeat=count)]
    cells = ("the height of Z", "the width of Z")
    found += [
        (("the number of images", -1), (names, -1), *((cell, -1) for cell in cells)) for names in list(SIZES)[1:3]
    ]
    return found


def with_sizes(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """got = c·predicted, c a product of sizes that is the same product in every view; alone or with one mistake."""
    for mistakes, changes in none_or_one(proportional(telling, part, candidates)):
        first = factor(telling, part, changes)
        if first is None:
            continue
        factors = {0: first} | {n: _factor(view, part, changes) for n, view in enumerate(others, 1)}
        if any(c is None for c in factors.values()):
            continue
        views = dict(enumerate((telling, *others)))
        known = {n: c for n, c in factors.items() if not math.isnan(c)}
        if len({round(c, 9) for c in known.values()}) < 2 or len(known) < 3:
            continue
        words = _words({n: views[n] for n in known}, known)
        if words:
            sized = replace(SIZED, sentence=f"{SIZED.sentence}: it is {words}")
            return Diagnosis((*mistakes, sized), changes)
    return None


def _factor(view, part, changes) -> float | None:
    """The factor in one view: not a number where it cannot be told, None where there is none."""
    got, right = view.got(part), predict(view, part, list(changes))
    if got is None or right is None or np.shape(got) != right.shape:
        return None
    if not np.any(right):
        return math.nan if agree(got, right, view.rtol) else None
    return factor(view, part, changes)


def _words(views, factors) -> str | None:
    """The shortest product that gives every factor; where two are as short, both."""
    sizes = {n: {name: size(view) for name, size in SIZES.items()} for n, view in views.items()}
    found = []
    for product in _products():
        if found and len(product) > len(found[0]):
            break
        if all(abs(_value(sizes[n], product) - c) <= 1e-5 * abs(c) for n, c in factors.items()):
            found.append(product)
    return " (or ".join(map(_said, found[:2])) + ")" * (len(found[:2]) - 1) if found else None


def _value(sizes, product) -> float:
    return math.prod(float(sizes[name]) ** sign for name, sign in product)


def _said(product) -> str:
    times, over = ([name for name, sign in product if sign == wanted] for wanted in (1, -1))
    parts = [f"multiplied by {' times '.join(times)}"] * bool(times) + [
        f"divided by {' times '.join(over)}"
    ] * bool(over)
    return " and ".join(parts)


def with_decay(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """Weight decay beside one mistake at most, and a constant factor of the gradient."""
    if part not in ("dK", "db"):
        return None
    for mistakes, changes in none_or_one(decaying(telling, part, candidates)):
        found = _fitted(telling, part, changes)
        if found is None or not 1e-9 < abs(found[1]) < 1:
            continue
        rest = [_fitted(view, part, changes, found) for view in others]
        if all(one is not None for one in rest):
            if not mistakes and abs(found[0] - 1) < 1e-6:
                return None  # a convention, which is no mistake
            return Diagnosis((*mistakes, *named_step(found)), changes, found[0])
    return None


def only_decays(views, part: str) -> bool:
    """Whether the gradient is the predicted one with one multiple of the weights added to it in all views."""
    first = _fitted(views[0], part, ()) if part in ("dK", "db") else None
    if first is None or abs(first[0] - 1) > 1e-6:
        return False
    return all(_fitted(view, part, (), first) is not None for view in views[1:])


def named_step(step):
    """What a step (c, λ) has to say for itself."""
    return (*(() if abs(step[0] - 1) < 1e-6 else (CONSTANT,)), *(() if abs(step[1]) < 1e-9 else (DECAY,)))


def steps(view, part, candidates):
    """Every (c, λ) but (1, 0) with which one mistake at most explains a view."""
    seen = []
    for _, changes in none_or_one(decaying(view, part, candidates)):
        found = _fitted(view, part, changes)
        if found is None or abs(found[1]) >= 1 or (abs(found[0] - 1) < 1e-6 and abs(found[1]) < 1e-9):
            continue
        if not any(np.allclose(found, one, rtol=1e-6, atol=1e-9) for one in seen):
            seen.append(found)
            yield found


def _fitted(view, part, changes, wanted=None):
    """(c, λ) of one view by least squares, or ``wanted`` if it fits; None where nothing does."""
    got, right = view.got(part), predict(view, part, list(changes))
    weights = view.K if part == "dK" else view.case.b
    if got is None or right is None or not got.shape == right.shape == weights.shape:
        return None
    if got.size < 3 and not wanted:
        return None
    columns = np.stack([right.ravel(), weights.ravel()], axis=1)
    found = wanted or tuple(map(float, np.linalg.lstsq(columns, got.ravel(), rcond=None)[0]))
    if abs(found[0]) < 1e-9:
        return None
    return found if agree(got, found[0] * right + found[1] * weights, 10 * view.rtol) else None
