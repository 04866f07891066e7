"""The same layer called twice: what only a second call shows, such as a sum that nobody sets back to zero."""

import numpy as np

from ..anatomy import agree, spread_bias, tolerance
from ..examination import RIGHT, WRONG, Visit
from ..mistakes.catalogue import CATALOGUE
from ..running import LayerError
from ..settings import Case
from ..truth import expected
from .conventions import MEAN
from .single import Diagnosis

ADDS_UP, KEPT = CATALOGUE["adds_up_over_calls"], CATALOGUE["kept_from_first_call"]
SAID = "right in the first call of a layer, wrong in the second call of the same layer"
RESET = "from the second call on it adds up; that is right only if it is set to zero before each step"


def second_calls(adapter, visits) -> dict[str, tuple[str | None, list[Visit]]]:
    """Part → (the mistake's key, None for a convention, and the second calls), for what the first leaves behind.

    The first setting says whether there is such; only then the others are tried.
    """
    ran = [v for v in visits if v.run.failed is None and v.expected.anatomy is not None]
    if adapter.subject.pair is not None or not ran:
        return {}
    found = {part: (key, [visit]) for part, (key, visit) in _left_behind(adapter, ran[0]).items()}
    for one in ran[1:] if any(key for key, _ in found.values()) else ():
        for part, (key, visit) in _left_behind(adapter, one).items():
            if found.get(part, (None,))[0] == key:
                found[part][1].append(visit)
    return found


def _left_behind(adapter, visit_) -> dict[str, tuple[str | None, Visit]]:
    """The same in one setting."""
    first = visit_.run.case
    second = first.with_arrays(X=Case.of(first.setting, first.seed + 1).X, seed=first.seed + 1)
    try:
        alone, later = adapter.run(second), adapter.run_again(first, second)
        mixed = adapter.run(first.with_arrays(seed=second.seed))
        repeated = adapter.run_again(first, second, back=False)
        right = expected(adapter, alone)
    except (LayerError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {}
    forward = _forward(adapter, visit_.run, alone, repeated)
    if forward and not _forward(
        adapter, visit_.run, alone, adapter.run_again(first, second, back=False, reset=True)
    ):
        return {}  # its net sets it back
    if forward:
        return {"forward": (forward, Visit(first.setting, repeated, repeated, right))}
    found = {part: _how(part, visit_.run, alone, later, mixed) for part in alone.gradients}
    weights = {found[part] for part in ("dK", "db") if part in found}
    agreed = [part for part in found if found[part] == ADDS_UP.key] if weights == {ADDS_UP.key} else []
    returned = getattr(adapter.plan.sources.get("dX"), "how", "") == "returned"
    agreed = agreed or _set_back_by_its_step(adapter, first, second, alone, found)
    agreed = [part for part in agreed if part != "dX" or not returned]  # what is handed on is never reset outside
    found |= dict.fromkeys(agreed)
    visit = Visit(first.setting, later, later, right)
    return {part: (key, visit) for part, key in found.items() if key or part in agreed}


def _set_back_by_its_step(adapter, first, second, alone, found) -> list[str]:
    """The gradients that add up, if they are right where the layer's own step has come in between the calls."""
    adding = [part for part, key in found.items() if key == ADDS_UP.key]
    try:
        again = adapter.run_again(first, second, step=True).gradients if adding else {}
    except (LayerError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return []
    rtol = max(tolerance(alone.dtype), 1e-6)
    return [part for part in adding if agree(again.get(part), alone.gradients[part], rtol)]


def _forward(adapter, first, alone, later) -> str | None:
    rest, rtol = later.Z - alone.Z, max(tolerance(first.dtype), 1e-6)
    if agree(rest, 0 * rest, rtol) or not np.any(first.Z):
        return None
    b = spread_bias(first.case.b) if adapter.plan.has_bias else 0.0
    return ADDS_UP.key if agree(rest, first.Z, rtol) or agree(rest, first.Z - b, rtol) else None


def _how(part, first, alone, later, mixed) -> str | None:
    """Whether the second call gives the sum of both, or what the first gave or its X gives; None for neither."""
    one, two, got = (run.gradients.get(part) for run in (first, alone, later))
    rtol = max(tolerance(first.dtype), 1e-6)
    if got is None or one is None or two is None or agree(got, two, rtol) or not np.any(one):
        return None
    if agree(got, one + two, rtol):
        return ADDS_UP.key
    return KEPT.key if agree(got, one, rtol) or agree(got, mixed.gradients.get(part), rtol) else None


def with_second_calls(adapter, found, visits) -> None:
    """Change the findings on parts that were right in every first call, and are not in a second."""
    if found["forward"].verdict != RIGHT:
        return
    for part, (key, calls) in second_calls(adapter, visits).items():
        finding = found.get(part)
        if finding is None or finding.verdict not in (RIGHT, MEAN):
            continue
        if key is None:
            finding.notes = [*finding.notes, RESET]
            continue
        finding.verdict = WRONG
        for visit in calls:
            visit.verdicts[part] = WRONG
        finding.settings, finding.visits, finding.notes = [visit.setting for visit in calls], calls, [SAID]
        finding.diagnosis = Diagnosis((CATALOGUE[key],), ())
