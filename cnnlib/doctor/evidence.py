"""Evidence for a wrong gradient in numbers: one cell by hand, the structure of the error, an impulse."""

from dataclasses import dataclass

import numpy as np

from .anatomy import agree, gradients_of, tolerance
from .diagnosis.finding import Finding
from .examination import Visit, view_of
from .kinds import has_kernel
from .running import UNSTEADY, LayerError
from .settings import Case
from .truth import values_of
from .view import View


@dataclass(frozen=True)
class Terms:
    """A cell of a gradient as a sum of products: the cell's name, (factor name, factor) pairs, and the sum."""

    cell: str
    products: list[tuple[str, float, str, float]]
    total: float
    got: float | None

    def __str__(self):
        shown = self.products[:4]
        left = len(self.products) - len(shown)
        named = " + ".join(f"{a}·{b}" if b else a for a, _, b, _ in shown)
        worked = " + ".join(f"{_number(x)}·{_number(y)}" if b else _number(x) for _, x, b, y in shown)
        more = f" + … ({left} more)" if left else ""
        gave = "nothing" if self.got is None else f"{self.got:.4f}"
        return f"{self.cell} = {named}{more} = {worked}{more} = {self.total:.4f}; your layer gave {gave}"


def _number(x: float) -> str:
    return f"({x:.3f})" if x < 0 else f"{x:.3f}"


def plainest(finding: Finding) -> Visit | None:
    """The first visit with wrong numbers; the settings begin with the simplest."""
    wrong = (v for v in finding.visits if v.setting in finding.settings and v.run is not None)
    return next((v for v in wrong if v.run.failed is None), None)


def evidence_of(finding: Finding, adapter):
    """(pattern of the error, one cell by hand, impulse) of a wrong part, in the plainest of its wrong settings.

    Nothing where no such setting has numbers; of a forward pass there is nothing to compare with.
    """
    visit = plainest(finding)
    if visit is None or finding.part == "forward":
        return [], None, None
    shown = impulse(adapter, visit) if finding.part == "dX" else None
    return structure(finding, visit), by_hand(finding, view_of(visit, adapter.plan), visit), shown


def numbers(finding: Finding, visit: Visit):
    """(got, wanted) of a part in one visit; wanted None for a forward pass that nothing can be compared with."""
    if finding.part == "forward":
        return visit.run.Z, None
    return visit.run.gradients.get(finding.part), values_of(getattr(visit.expected.gradients, finding.part))


def wrong_cells(got, wanted, dtype=float) -> np.ndarray | None:
    """True where a cell is wrong; None where the shapes differ."""
    if got is None or wanted is None or got.shape != wanted.shape:
        return None
    scale = max(float(np.max(np.abs(wanted))), 1e-3)
    with np.errstate(all="ignore"):
        return ~(np.abs(got - wanted) <= tolerance(dtype) * scale)


def by_hand(finding: Finding, view: View, visit: Visit) -> Terms | None:
    """One wrong number worked out: the wrong cell with the fewest products."""
    if not has_kernel(view.plan.kind) or finding.part == "forward":
        return None
    got, wanted = numbers(finding, visit)
    mask = wrong_cells(got, wanted, visit.run.dtype)
    places = np.argwhere(mask) if mask is not None else np.argwhere(np.ones(wanted.shape, dtype=bool))
    listed = {"dX": _terms_of_dX, "dK": _terms_of_dK, "db": _terms_of_db}[finding.part]
    found = [(tuple(int(i) for i in place), listed(view, tuple(place))) for place in places[:60]]
    found = [pair for pair in found if _adds_up(pair[1], wanted[pair[0]])]  # not where the forward pass is wrong
    found = [pair for pair in found if len(pair[1]) > 1] or [pair for pair in found if pair[1]]
    if not found:
        return None
    place, products = min(found, key=lambda pair: len(pair[1]))
    name = f"{finding.part}[{', '.join(map(str, place))}]"
    return Terms(name, products, float(wanted[place]), None if mask is None else float(got[place]))


def _adds_up(products, total) -> bool:
    return abs(sum(x * y for _, x, _, y in products) - float(total)) <= 1e-3 * max(abs(float(total)), 1.0)


def _terms_of_dX(view, place):
    (n, c, p, q), s, (k_h, k_w), found = place, view.s, view.K.shape[2:], []
    for u, v in np.ndindex(k_h, k_w):
        i, j = p + view.top - u, q + view.left - v
        if i % s or j % s or not (0 <= i // s < view.delta.shape[2] and 0 <= j // s < view.delta.shape[3]):
            continue
        for o in range(view.delta.shape[1]):
            row, col = (u, v) if view.H is view.K else (k_h - 1 - u, k_w - 1 - v)
            found.append(
                (
                    f"δ[{n},{o},{i // s},{j // s}]",
                    float(view.delta[n, o, i // s, j // s]),
                    f"K[{o},{c},{row},{col}]",
                    float(view.K[o, c, row, col]),
                )
            )
    return found


def _terms_of_dK(view, place):
    (o, c, row, col), s, (k_h, k_w), found = place, view.s, view.K.shape[2:], []
    u, v = (row, col) if view.H is view.K else (k_h - 1 - row, k_w - 1 - col)
    for n, i, j in np.ndindex(len(view.delta), *view.delta.shape[2:]):
        p, q = s * i + u - view.top, s * j + v - view.left
        if 0 <= p < view.X.shape[2] and 0 <= q < view.X.shape[3]:
            found.append(
                (
                    f"δ[{n},{o},{i},{j}]",
                    float(view.delta[n, o, i, j]),
                    f"X[{n},{c},{p},{q}]",
                    float(view.X[n, c, p, q]),
                )
            )
    return found


def _terms_of_db(view, place):
    if len(place) > 1:
        return [
            (f"δ[{n},{','.join(map(str, place))}]", float(view.delta[(n, *place)]), "", 1.0)
            for n in range(len(view.delta))
        ]
    return [
        (f"δ[{n},{place[0]},{i},{j}]", float(view.delta[n, place[0], i, j]), "", 1.0)
        for n, i, j in np.ndindex(len(view.delta), *view.delta.shape[2:])
    ]


AXES = {
    "dX": ("image", "channel", "row", "column"),
    "dK": ("map", "channel", "row", "column"),
    "db": ("map", "row", "column"),
}


def structure(finding: Finding, visit: Visit) -> list[str]:
    """The pattern of the error: which cells, along which axis, in which ratio, of which rank."""
    got, wanted = numbers(finding, visit)
    if got is None or wanted is None:
        return []
    if got.shape != wanted.shape:
        return [f"the shape is {got.shape}, expected {wanted.shape}"]
    mask, pattern = wrong_cells(got, wanted, visit.run.dtype), []
    if not mask.any():
        unsteady = ["every cell is right in the run shown, and some are wrong in another"]
        return unsteady if visit.notes.get(finding.part) in UNSTEADY else []
    pattern.append(f"{int(mask.sum())} of {mask.size} cells are wrong")
    for axis, name in enumerate(AXES[finding.part][: mask.ndim]):
        hit = np.flatnonzero(mask.any(axis=tuple(a for a in range(mask.ndim) if a != axis)))
        if 0 < len(hit) < mask.shape[axis]:
            pattern.append(f"only in {name} {', '.join(map(str, hit))} of 0–{mask.shape[axis] - 1}")
    if not np.any(got):
        return [*pattern, "all numbers are zero"]
    with np.errstate(all="ignore"):
        ratio = got[mask] / wanted[mask]
    if np.all(np.isfinite(ratio)) and np.ptp(ratio) <= 1e-6 * abs(ratio[0]):
        pattern.append(f"wrong cells are {ratio[0]:.6g} times the right ones")
    elif not np.all(np.isfinite(got)):
        pattern.append("some numbers are infinite, or none at all")
    elif mask.ndim == 4 and min(mask.shape[2:]) > 1:
        rank = np.linalg.matrix_rank((got - wanted)[0, 0], tol=1e-9)
        pattern.append(f"the error of the first map has rank {rank} of {min(mask.shape[2:])}")
    if agree(np.sort(got.ravel()), np.sort(wanted.ravel()), 1e-7):
        pattern.append("the numbers are the right ones, in wrong places")
    elif abs(float(got.sum() - wanted.sum())) <= 1e-7 * float(np.abs(wanted).sum()):
        pattern.append("the sum over all cells is right, so a check of sums would not see it")
    return pattern


@dataclass(frozen=True)
class Impulse:
    """delta is a single 1 at row i, column j of map 0: what dX is then, beside K, and what it has to be."""

    place: tuple[int, int]
    dX: np.ndarray
    wanted: np.ndarray
    K: np.ndarray
    fits: bool


def impulse(adapter, visit: Visit) -> Impulse | None:
    """The impulse picture of channel 0 in one setting; None for layers without a kernel, or that fail on it."""
    if visit is None or not has_kernel(adapter.plan.kind) or visit.run.Z.ndim != 4 or visit.expected is None:
        return None
    delta = np.zeros(visit.run.Z.shape)
    place = tuple(size // 2 for size in delta.shape[2:])
    delta[(0, 0, *place)] = 1.0
    try:
        run = adapter.run(Case.of(visit.setting), delta)
    except (LayerError, ValueError):
        return None
    dX, anatomy = run.gradients.get("dX"), visit.expected.anatomy
    if dX is None or dX.ndim != 4 or anatomy is None:
        return None
    wanted = gradients_of(run.case, anatomy, delta).dX
    return Impulse(place, dX[0, 0], wanted[0, 0], run.case.K[0, 0], agree(dX, wanted, 1e-6))
