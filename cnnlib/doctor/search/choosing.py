"""The layout of a gradient that is kept in another shape than its weights, as im2col's columns are.

A kernel laid out "OIHW" may have its gradient in an attribute shaped (C·h·w, O): read off as the kernel is, its
numbers stand in wrong places.  Only such attributes are read in other layouts, and only where they are then right.
"""

from dataclasses import replace

import numpy as np

from ..anatomy import agree, tolerance
from ..patient.adapter import Adapter
from ..patient.axes import K_GUESSES, K_ROWS, layout_of
from ..patient.contents import at
from ..running import LayerError
from ..settings import Case
from ..truth import expected
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
