"""How a gradient that was found is to be read: by which rate a step is divided, in which layout an array lies.

A kernel laid out "OIHW" may have its gradient in an attribute shaped (C·h·w, O), as im2col's columns are: read off
as the kernel is, its numbers stand in wrong places.  Only such attributes are read in other layouts, and only where
they are then right.
"""

from dataclasses import replace

import numpy as np

from ..anatomy import agree, tolerance
from ..patient.adapter import Adapter
from ..patient.axes import K_GUESSES, K_ROWS, layout_of
from ..patient.contents import at
from ..running import LayerError
from ..settings import PROBES, Case
from ..truth import expected, values_of
from .backward import ran


def with_own_layout(subject, plan, probe):
    """The plan, with the layout of dK where an attribute of another shape than the kernel holds it."""
    source = plan.sources.get("dK")
    if source is None or source.how != "attribute" or not probe.C > 1 < probe.O:
        return plan
    try:
        session, adapter = ran(subject, plan, probe), Adapter(subject, plan)
        raw = np.asarray(at(session.layer, source.path), dtype=float)
        shape = session.case.K.shape
        if raw.size != np.prod(shape) or raw.shape == plan.K.shape(shape):
            return plan
        run = adapter.run(Case.of(probe))
        right = expected(adapter, run)
    except (LayerError, ValueError, KeyError, TypeError):
        return plan
    wanted, rtol = right.gradients.dK, max(tolerance(run.dtype), 1e-6)
    if right.anatomy is None or agree(run.gradients["dK"], wanted, rtol):
        return plan
    layouts = [layout_of(text, "OIHW") for text in (K_ROWS if probe.flat else K_GUESSES)]
    for layout in (one for one in layouts if one.fits(shape) and one.shape(shape) == raw.shape):
        got = layout.read(raw, shape)
        if any(agree(times * got, wanted, rtol) for times in (1, probe.N)):
            return plan.but(sources={**plan.sources, "dK": replace(source, layout=layout)})
    return plan


def rated(subject, plan, lr):
    """The rate of steps: what was asked for, or what the layer uses of its own, read off where it is one number."""
    if not any(source.is_step for source in plan.sources.values()):
        return plan
    plan = plan.but(rate=plan.lr)
    if lr is not None:
        return plan
    for probe in (PROBES[2], *PROBES):
        if not plan.X.fits(probe.shapes["X"]) or not plan.K.fits(probe.shapes["K"]):
            continue
        adapter = Adapter(subject, plan)
        try:
            run = adapter.run(Case.of(probe))
        except (LayerError, ValueError):
            continue
        rates = _rates(run, expected(adapter, run))
        meanings = {m for site in (plan.make, plan.forward, plan.backward) for m, _ in site.values()}
        sure = len(rates) == 2 and abs(rates[0] - rates[1]) <= 1e-5 * rates[0]  # as a momentum's first step
        if rates and (sure or "lr" not in meanings):
            return plan.but(rate=rates[0] * plan.rate)
        break
    return plan


def _rates(run, right) -> list[float]:
    """The factors between the steps of K and b and their gradients, where there is one."""
    found = []
    for part in ("dK", "db"):
        got, wanted = run.gradients.get(part), values_of(getattr(right.gradients, part)) if right else None
        if got is None or wanted is None or got.shape != wanted.shape or np.size(wanted) < 2 or not np.any(wanted):
            continue
        rate = float(np.sum(got * wanted) / np.sum(wanted * wanted))
        if rate > 0 and agree(got / rate, wanted, max(tolerance(run.dtype), 1e-6)):
            found.append(rate)
    return found
