"""Layers that count the columns of an image like its rows: of other images they compute a square part alone.

Z then is the upper left square of the right one, n − h + 1 cells high and wide with the smaller n.  A layer that
refuses such images, is told one size alone, or whose code or comments speak of squares is not wrong for it.
"""

import inspect
import re

from ..anatomy import SIGNS, agree, linear_part, tolerance
from ..examination import RIGHT, WRONG
from ..mistakes.catalogue import CATALOGUE
from .single import Diagnosis

SAID = "for square images alone, as its code says: of others it computes the upper left square"


def with_squares(adapter, found, visits) -> None:
    """The forward pass is wrong off squares where it drops columns or rows without a word."""
    forward = found["forward"]
    cut = [v for v in visits if v.refused and v.run is not None and is_square_part(v.run, v.setting)]
    if not cut or forward.verdict != RIGHT or adapter.plan.kind != "convolution" or _told_one_size(adapter.plan):
        return
    if speaks_of_squares(adapter.subject.thing):
        forward.notes = [*forward.notes, SAID]
        return
    forward.verdict, forward.settings = WRONG, [v.setting for v in cut]
    counted = any(_is_higher(v) == _is_higher(one) for v in forward.visits for one in cut if _is_oblong(v))
    known = CATALOGUE["forward_row_lost" if counted else "square_part_only"]
    forward.diagnosis, forward.visits = Diagnosis((known,), ()), [*forward.visits, *cut]
    forward.notes = [f"Z has {_cells(v.run.Z)} cells a map, expected {_cells_of(v.setting)}" for v in cut[:1]]


def is_square_part(run, setting) -> bool:
    """Whether Z is the upper left square of X ⋆ K or X ∗ K, but for one number a map."""
    Z, (m_h, m_w) = run.Z, setting.output
    if Z.ndim != 4 or Z.shape[2] != Z.shape[3] or Z.shape[2] != min(m_h, m_w) or m_h == m_w or setting.flat:
        return False
    side = Z.shape[2]
    for operation in SIGNS:
        linear = linear_part(run.case, operation, setting.pads)
        rest = Z - linear[:, :, :side, :side] if linear.shape[:2] == Z.shape[:2] else None
        if rest is not None and agree(Z - rest.mean(axis=(0, 2, 3), keepdims=True), Z - rest, tolerance(run.dtype)):
            return True
    return False


def _is_oblong(visit_) -> bool:
    """Whether the layer gave maps that are no squares: it does count their rows and their columns."""
    return visit_.run.Z.ndim == 4 and visit_.run.Z.shape[2] != visit_.run.Z.shape[3]


def _is_higher(visit_) -> bool:
    return visit_.setting.H > visit_.setting.W


def speaks_of_squares(thing) -> bool:
    """Whether the code of a class or function, or the comment above it, has the word."""
    try:
        text = (inspect.getcomments(thing) or "") + inspect.getsource(thing)
    except (OSError, TypeError):
        return False
    return bool(
        re.search(
            r"\b(squared?|quadrat\w*|carr[ée]+e?s?|cuadrad\w*)\b[^\n]*(ima|mat|inp|map|only|shape|size)", text, re.I
        )
    )


def _told_one_size(plan) -> bool:
    """Whether the constructor is told the height of its images and no width."""
    told = {option if option[0] == "input shape" else option[0] for option in plan.make.values()}
    return ("input shape", 4) in told or len({"H", "W"} & told) == 1


def _cells(Z) -> str:
    return "×".join(map(str, Z.shape[2:]))


def _cells_of(setting) -> str:
    return "×".join(map(str, setting.output))
