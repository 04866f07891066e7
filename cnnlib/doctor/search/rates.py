"""The rate of a layer's steps: what was asked for, or what the layer uses of its own."""

import numpy as np

from ..anatomy import agree, tolerance
from ..patient.adapter import Adapter
from ..running import LayerError
from ..settings import PROBES, Case
from ..truth import expected, values_of


def rated(subject, plan, given, lr):
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
