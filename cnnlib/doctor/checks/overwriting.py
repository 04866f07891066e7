"""What a layer does to the arrays that it is handed: X, delta, the weights.

X belongs to the layer before, or is the data set itself: a backward pass that writes into it spoils the next pass
over the same images.  delta is used once as a rule, and weights may be stepped in place: those are told only.
"""

import contextlib

from ..diagnosis.conventions import MEAN
from ..diagnosis.single import Diagnosis
from ..examination import RIGHT, WRONG
from ..mistakes.catalogue import CATALOGUE
from ..running import LayerError
from ..settings import Case

FIRST = 2  # settings that are watched; all of them where X is overwritten in one
SPOILT = CATALOGUE["X_overwritten"]
NUMBERS_RIGHT = "its numbers are right; but after the backward pass the array X of the caller holds other ones"
DELTA = (
    "the backward pass writes into the delta that it is handed: hand over a copy where another layer uses it too"
)
STEPPED = "the backward pass has already changed the {0} it was handed: a step outside would be the second"
AHEAD = (
    "the forward pass writes into the X that it is handed: the layer before, or your data, has other numbers then"
)


def with_overwriting(adapter, found, visits) -> None:
    """Change the finding on dX where the caller's X is overwritten; say what happens to the other arrays."""
    watched = _watched(adapter, visits[:FIRST])
    if any("X" in run.written for run in watched.values()):
        watched |= _watched(adapter, visits[FIRST:])
    ended = [v for v in visits if id(v) in watched and v.run.failed is None]
    spoilt = [v for v in ended if "X" in watched[id(v)].written]
    dX, sources = found["dX"], adapter.plan.sources
    if spoilt and dX.verdict in (RIGHT, MEAN):
        for visit in spoilt:
            visit.verdicts["dX"] = WRONG
        dX.verdict, dX.settings, dX.visits = WRONG, [v.setting for v in spoilt], spoilt
        dX.notes, dX.diagnosis = [NUMBERS_RIGHT], Diagnosis((SPOILT,), ())
    elif spoilt:
        known = dX.diagnosis.mistakes if dX.diagnosis else ()
        dX.diagnosis = Diagnosis((*known, SPOILT), dX.diagnosis.changes if dX.diagnosis else ())
    elif any("delta" in watched[id(v)].written for v in ended) and dX.verdict == RIGHT:
        dX.notes = [*dX.notes, DELTA]
    if any("X" in run.written_ahead for run in watched.values()) and found["forward"].verdict == RIGHT:
        found["forward"].notes = [*found["forward"].notes, AHEAD]
    for part, name in (("dK", "K"), ("db", "b")):
        stepped = part in sources and sources[part].is_step
        if (
            not stepped
            and any(name in watched[id(v)].written for v in ended)
            and found[part].verdict in (RIGHT, MEAN)
        ):
            found[part].notes = [*found[part].notes, STEPPED.format("kernel" if name == "K" else "bias")]


def _watched(adapter, visits) -> dict:
    """A run of each visit's setting in which the caller's arrays are watched; without those that fail."""
    found = {}
    for visit in visits:
        with contextlib.suppress(LayerError, ValueError, KeyError, TypeError):
            found[id(visit)] = adapter.run(Case.of(visit.setting), watch=True)
    return found
