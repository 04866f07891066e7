"""Which of many changes could explain a view, told by three numbers of each prediction and not by all its cells.

The sketch of an array is its products with three random arrays R.  Equal arrays have equal sketches: a prediction
with another sketch than what the layer gave is no explanation; what is left is compared cell by cell elsewhere.

Sketches are cheap because dX, dK and Z come from one trilinear form, T(δ, X, H) = Σ δ·X·H over all taps of all
windows.  The product of dX with R is T(δ, R, H), that of dK is T(δ, X, R), that of Z is T(R, X, H): the derivative
of T by a further operand, computed once, gives the sketches of all changes of that operand.
"""

import numpy as np

from ..anatomy import padded
from ..kinds import has_kernel
from ..view import View, gathered, scatter
from .stages import Stage, attempt, correlated

DIRECTIONS = 3
NOTHING = np.full(DIRECTIONS, np.nan)  # where a formula does not apply, or gives another shape


@np.errstate(all="ignore")
def agreeing(view: View, part: str, candidates, those=(), *, before: bool = False) -> list:
    """The (mistake, change) that may explain a view together with ``those`` changes."""
    found = sketched(view, part, candidates, those, before)
    return _chosen(candidates, np.abs(found - _of_given(view, part)) <= _allowed(view, part))


@np.errstate(all="ignore")
def proportional(view: View, part: str, candidates) -> list:
    """The (mistake, change) whose prediction times a constant may explain a view."""
    found, given = sketched(view, part, candidates), _of_given(view, part)
    off = np.linalg.norm(np.cross(found, given), axis=1)  # |found|·|given|·sin of the angle between them
    return _chosen(candidates, off <= np.linalg.norm(_allowed(view, part)) * np.linalg.norm(found, axis=1))


@np.errstate(all="ignore")
def decaying(view: View, part: str, candidates) -> list:
    """The (mistake, change) that may explain a view as c·prediction + λ·weights."""
    weights = view.K if part == "dK" else view.case.b
    if np.shape(view.got(part)) != weights.shape:
        return []
    plane = np.cross(sketched(view, part, candidates), sketch(view, part, weights))
    off, size = np.abs(plane @ _of_given(view, part)), np.linalg.norm(plane, axis=1)
    return _chosen(candidates, (off <= 10 * np.linalg.norm(_allowed(view, part)) * size) | (size < 1e-9))


def _chosen(candidates, fits):
    fits = fits.all(axis=1) if fits.ndim > 1 else fits
    return [candidates[n] for n in np.flatnonzero(fits)]


def to_be_met(view: View, part: str, beside=0.0):
    """(R at the core, the sketch of what the layer gave without ``beside``, how far another may be from it)."""
    shape = np.shape(view.got(part))
    given = _of_given(view, part) - sketch(view, part, np.broadcast_to(beside, shape))
    return _at_core(view, part), given, _allowed(view, part)


def directions(view: View, part: str) -> np.ndarray:
    """The random arrays R, one after the other, of the shape of what the layer gave."""
    shape = np.shape(view.got(part))
    key = ("directions", part, shape)
    if key not in view.cache:
        view.cache[key] = np.random.default_rng(len(shape)).standard_normal((DIRECTIONS, *shape))
    return view.cache[key]


def sketch(view: View, part: str, value) -> np.ndarray:
    """The products of an array with the three directions."""
    R = directions(view, part)
    if value is None or np.shape(value) != R.shape[1:]:
        return NOTHING
    return R.reshape(DIRECTIONS, -1) @ np.ravel(value)


def _of_given(view, part):
    return sketch(view, part, view.got(part))


def _allowed(view, part):
    """How far the sketches of arrays that agree can lie apart, direction by direction."""
    largest = max(float(np.max(np.abs(view.got(part)), initial=0)), 1e-3)
    return 1.02 * view.rtol * largest * np.abs(directions(view, part)).reshape(DIRECTIONS, -1).sum(axis=1)


def sketched(view: View, part: str, candidates, those=(), before: bool = False) -> np.ndarray:
    """(candidate, direction) → its sketch beside ``those`` changes, each computed once for a view."""
    known = view.cache.setdefault(("sketches", part, tuple(those), before), {})
    new = {}
    for _, (stage, change) in candidates:
        if (stage, change) not in known:
            new.setdefault(stage, []).append((stage, change))
    with np.errstate(all="ignore"):
        for stage, changes in new.items():
            known.update(zip(changes, _at_one_stage(Stage(view, part, stage, those), changes, before), strict=True))
    return np.array([known[change] for _, change in candidates]).reshape(-1, DIRECTIONS)


def _at_one_stage(place: Stage, changes, before) -> np.ndarray:
    """The sketches of changes of one stage: by the derivative at once where there is one, else one by one."""
    values = [_after(place, change, before) for _, change in changes]
    found, left = np.full((len(changes), DIRECTIONS), np.nan), range(len(changes))
    slopes = attempt(_derivative, place) if _is_linear(place) else None
    if slopes is not None:
        same = [n for n, value in enumerate(values) if np.shape(value) == place.beside.shape]
        moved = np.array([values[n] - place.beside for n in same]).reshape(len(same), place.beside.size)
        found[same] = sketch(place.view, place.part, attempt(place.rest, place.beside)) + moved @ slopes.T
        left = sorted(set(left) - set(same))
    for n in left:
        found[n] = sketch(place.view, place.part, attempt(place.rest, values[n]))
    return found


def _after(place: Stage, change, before):
    """The array after a change; that of an operand alone, which many combinations share, is kept."""
    if place.there or place.name not in place.operands:
        return attempt(place.after, change, before)
    key = ("after", place.part, place.name, change)
    if key not in place.view.cache:
        place.view.cache[key] = attempt(place.after, change)
    return place.view.cache[key]


def _is_linear(place: Stage) -> bool:
    """Whether what comes out is a linear function, and a constant, of the array at this stage."""
    linear = place.part != "forward" or place.view.anatomy.activation == "linear"
    linear = linear and has_kernel(place.view.plan.kind)
    return linear and (place.part, place.name) in BY_OPERAND and set(place.by_stage) <= set(place.operands)


BY_OPERAND = {  # the derivative of T, with R in the place of what comes out, by one operand, with the other at hand
    ("dX", "pre"): lambda view, R, H: _by_delta(view, R, H),
    ("dX", "kernel"): lambda view, R, d: gathered(view, d, R),
    ("dK", "pre"): lambda view, R, X: _by_delta(view, X, R),
    ("dK", "maps"): lambda view, R, d: scatter(view, d, R),
    ("forward", "maps"): lambda view, R, H: scatter(view, R, H),
    ("forward", "kernel"): lambda view, R, X: gathered(view, R, X),
    ("db", "pre"): lambda view, R: R,
}


def _derivative(place: Stage) -> np.ndarray | None:
    """(direction, cell): the derivatives of the sketch by the array at a stage; None where T has not its shape."""
    others = [array for name, array in place.operands.items() if name != place.name]
    if any(array is None for array in others):
        return None  # a change beside this stage does not apply
    by_cell = BY_OPERAND[place.part, place.name]
    slopes = np.array([by_cell(place.view, R, *others) for R in _at_core(place.view, place.part)])
    return slopes.reshape(DIRECTIONS, -1) if slopes.shape[1:] == np.shape(place.beside) else None


def _at_core(view, part):
    """R carried back from what comes out to what the core gives."""
    R = directions(view, part)
    if part == "dX":
        wide, setting = np.zeros((DIRECTIONS, *view.Xp.shape)), view.case.setting
        wide[..., view.top : view.top + setting.H, view.left : view.left + setting.W] = R
        return wide
    if part == "db":
        R = R[:, None, :, None, None] if R.ndim == 2 else R[:, None]
        return np.broadcast_to(R, (DIRECTIONS, *view.delta.shape))
    return view.on_window(R) if part == "dK" else R


def _by_delta(view, X, H):
    """X ⋆ H in as many cells as delta has; zeros stand beyond X's edge."""
    (s_h, s_w), (m_h, m_w), (k_h, k_w) = view.strides, view.delta.shape[2:], H.shape[2:]
    wide = padded(X, ((0, s_h * m_h + k_h), (0, s_w * m_w + k_w)))
    return correlated(view, wide, H)[:, :, :m_h, :m_w]
