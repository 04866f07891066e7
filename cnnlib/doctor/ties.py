"""Equal maxima in one window of max pooling: who gets delta?  Random arrays never have any, so they are made here.

A layer may give delta to the first maximum, to the last, to all in equal parts, or to each in full: the slope of a
maximum does not exist there, and each is a usual choice.  To give delta to cells that are no maximum of their
window, or to lose it, is a mistake.
"""

from dataclasses import dataclass

import numpy as np

from .anatomy import agree, tolerance
from .kinds import pooled
from .mistakes.mistake import Mistake, same
from .running import LayerError
from .settings import Case

KIND = ("max pooling",)


def _spread(share):
    """dX where every window's delta is multiplied by share(is_maximum), an array like the window."""

    def dX_of(case, delta):
        setting, s = case.setting, case.setting.s
        dX = np.zeros(case.X.shape)
        for n, c, i, j in np.ndindex(delta.shape):
            window = np.s_[n, c, s * i : s * i + setting.k_h, s * j : s * j + setting.k_w]
            dX[window] += delta[n, c, i, j] * share(case.X[window] == case.X[window].max())
        return dX

    return dX_of


def _one(place):
    def share(is_maximum):
        chosen = np.zeros(is_maximum.size)
        chosen[np.flatnonzero(is_maximum)[place]] = 1
        return chosen.reshape(is_maximum.shape)

    return share


def _first_column(is_maximum):
    return _one(0)(is_maximum.T).T


CONVENTIONS = {
    "the first maximum gets delta": _spread(_one(0)),
    "the first maximum, column by column, gets delta": _spread(_first_column),
    "the last maximum gets delta": _spread(_one(-1)),
    "every maximum gets the whole delta (once more than it came in for each tie)": _spread(lambda hit: hit * 1.0),
    "all maxima share delta equally": _spread(lambda hit: hit / hit.sum()),
}


def _by_value(case, delta):
    """Every cell of the map that equals a window's maximum gets that window's delta."""
    Z = pooled(case.X, "max pooling", (case.setting.k_h, case.setting.k_w), case.setting.s)
    equal = case.X[:, :, :, :, None, None] == Z[:, :, None, None]
    return np.einsum("nchwij,ncij->nchw", equal, delta)


def _over_cells(hit):
    return hit / hit.size if hit.sum() > 1 else hit * 1.0


MISTAKES = [
    Mistake(
        "ties_by_value",
        "ingredient",
        "cells of other windows that happen to equal the maximum get its delta too",
        "Look for the maximum inside its own window, not by its value in the whole map.",
        same("dX", "ties", _by_value),
        KIND,
        "09",
    ),
    Mistake(
        "ties_lost",
        "ingredient",
        "where two cells of a window are equal maxima, neither gets delta",
        "Take one of them (argmax), or all: compare with >=, not with >.",
        same("dX", "ties", _spread(lambda hit: hit * (hit.sum() == 1.0))),
        KIND,
        "09",
    ),
    Mistake(
        "ties_over_cells",
        "scale",
        "equal maxima get delta divided by the window's size, not by their number",
        "Divide by the number of maxima in the window: mask / mask.sum().",
        same("dX", "ties", _spread(_over_cells)),
        KIND,
        "09",
    ),
]


@dataclass(frozen=True)
class Ties:
    """What a layer does with equal maxima: a usual choice in words, or the mistake (None for an unknown one)."""

    said: str
    wrong: bool = False
    mistake: Mistake | None = None
    example: str | None = None


def with_ties(setting) -> Case:
    """Maps of the numbers 0, 1 and 2, so that most windows hold their maximum several times."""
    case = Case.of(setting)
    rng = np.random.default_rng([7, *case.X.shape])
    return case.with_arrays(X=rng.integers(0, 3, case.X.shape).astype(float))


def examine_ties(adapter, settings) -> Ties | None:
    """What becomes of delta where maxima are equal; None where no such run succeeds."""
    runs = []
    for setting in settings:
        try:
            run = adapter.run(with_ties(setting))
        except (LayerError, ValueError, KeyError, TypeError):
            continue
        if run.failed is None and run.gradients.get("dX") is not None:
            runs.append(run)
    if not runs:
        return None

    def explained(formula):
        return all(agree(r.gradients["dX"], formula(r.case, r.delta), tolerance(r.dtype)) for r in runs)

    for said, formula in CONVENTIONS.items():
        if explained(formula):
            return Ties(said)
    for mistake in MISTAKES:
        if any(explained(formula) for _, formula in mistake.variants("dX")):
            return Ties(mistake.sentence, True, mistake, _example(runs))
    apart = [run for run in runs if run.case.setting.s >= max(run.case.setting.k_h, run.case.setting.k_w)]
    if apart and all(_shared_among_maxima(run) for run in apart):
        return Ties("one or several of the maxima get delta, and together exactly delta")
    return Ties(
        "where maxima are equal, delta goes to cells that are none, or some of it is lost",
        True,
        None,
        _example(runs),
    )


def _example(runs) -> str | None:
    """One window that shows it: its cells, delta, and what the layer put there; None where windows overlap."""
    for run in runs:
        setting, s = run.case.setting, run.case.setting.s
        for n, c, i, j in np.ndindex(run.delta.shape if s >= max(setting.k_h, setting.k_w) else (0,) * 4):
            window = np.s_[n, c, s * i : s * i + setting.k_h, s * j : s * j + setting.k_w]
            cells, got, d = run.case.X[window], run.gradients["dX"][window], run.delta[n, c, i, j]
            hit = cells == cells.max()
            if hit.sum() > 1 and (np.any(got[~hit]) or not np.isclose(got.sum(), d)):
                rows = ["; ".join(" ".join(f"{x:.3g}" for x in row) for row in part) for part in (cells, got)]
                return f"for instance the window [{rows[0]}] with δ = {d:.3g}: your layer gave it [{rows[1]}]"
    return None


def _shared_among_maxima(run) -> bool:
    """Whether each window passes on exactly its delta, and to maxima only (windows that do not overlap)."""
    every = _spread(lambda hit: hit * 1.0)(run.case, np.ones(run.Z.shape)) > 0
    dX, setting = run.gradients["dX"], run.case.setting
    totals = pooled(dX, "mean pooling", (setting.k_h, setting.k_w), setting.s) * setting.k_h * setting.k_w
    return not np.any(dX[~every]) and agree(totals, run.delta, max(tolerance(run.dtype), 1e-7))
