"""The last resort: a forward pass of no known kind, driven all the same, its gradients compared with differences.

Transposed, dilated or depthwise convolutions and layers that do several things at once have gradients, too.  What
the output is nobody judges; a way to drive the layer is believed only if one gradient at least agrees with central
differences of the forward pass.
"""

import itertools
import time
from dataclasses import replace

import numpy as np

from ..kinds import ANYTHING
from ..patient import calls, names
from ..patient.adapter import Adapter
from ..patient.axes import AnyLayout
from ..patient.plan import DescriptionError, Plan
from ..patient.ranks import gradient_rank
from ..reading.methods import method_name
from ..running import LayerError
from ..settings import CONV, PROBES, ROWS, Case, Setting
from ..truth import matches, measured
from .backward import somewhere
from .guess import Search
from .methods import backward_name, forward_names
from .own_weights import own_weights
from .probe import EXACT
from .sources import rated

PATIENCE = 1.2  # seconds of processor time
CUBE = Setting(2, 5, 3, 5, 5, 3, 3)  # channels, rows and columns agree: whatever mixes them up still runs
IMAGES = (PROBES[0], PROBES[1], PROBES[3], PROBES[6], CUBE)
FAILURES = (LayerError, DescriptionError, ValueError, KeyError, TypeError, IndexError, AttributeError)
MOST_MAKES, MOST_LAYOUTS, MOST_WAYS = 12, 6, 3


def adapt_anything(subject, given: dict, lr):
    """(adapter, settings, whether a gradient agrees) of a layer of no known kind; None where none can be driven."""
    stop, runs = time.process_time() + PATIENCE, None
    for probes, settings in ((IMAGES, (*CONV, CUBE)), ((*ROWS[:3], ROWS[4]), ROWS)):
        search = Search(subject, "convolution", {**given, "settings": given.get("settings") or probes}, lr or 1.0)
        maker = subject.maker()
        makes = search.options("make", maker)[:MOST_MAKES] if maker is not None else [{}]
        for probe, make, x in itertools.product(search.probes, makes, search.x[:MOST_LAYOUTS]):
            if time.process_time() > stop:
                return runs
            for adapter, agrees in _through(search, probe, make, x, given, lr) if x.fits(probe.shapes["X"]) else ():
                found = adapter, given.get("settings") or _settings(adapter.plan, settings), agrees
                if agrees:
                    return found
                runs = runs or found
    return runs


def _through(search, probe, make, x, given, lr):
    """(adapter, whether a gradient agrees) for each plan under which the layer goes forth and back."""
    for plan in _plans(search, probe, make, x):
        try:
            found = _driven(search.subject, plan, probe, given, lr)
        except FAILURES:
            continue
        if found is not None:
            yield found


def _plans(search, probe, make, x):
    """Every way to call a forward method, and to hand over or to find the weights."""
    plan = Plan(kind=ANYTHING, X=x, Z=AnyLayout(), make=make, lr=search.lr, takes_kernel=False, takes_bias=False)
    meanings = {meaning for meaning, _ in make.values()}
    layer = search.layer_with(plan, probe, "K" in meanings)
    known = layer is not None and (search.given.get("forward") or method_name(layer, names.FORWARDS, "forward"))
    for name in forward_names(search, layer) if known else ():  # any helper has gradients of its own
        method = search.subject.method(layer, name)
        back = backward_name(layer, name, search.given.get("backward")) or "backward"
        for way in search.options("forward", method)[:MOST_WAYS]:
            asked = meanings | {meaning for meaning, _ in way.values()} | calls.carried(method, way)
            named = plan.but(forward=way, forward_name=name, backward_name=back, takes_bias="b" in asked)
            if "K" in asked:
                for k, b in itertools.product(search.k, search.bias_layouts(named)[:2]):
                    if k.fits(probe.shapes["K"]):
                        yield named.but(takes_kernel=True, K=k, b=b)
            else:
                yield from (own for own in own_weights(search, named, probe, layer) if own.writes)
                yield named


def _driven(subject, plan, probe, given, lr):
    """(adapter, whether a gradient agrees), if the output depends on X and dX comes back; else None."""
    adapter = Adapter(subject, plan)
    Z, again, other = (adapter.output(Case.of(probe, seed)) for seed in (0, 0, 1))
    if (
        Z.shape != other.shape
        or not np.all(np.isfinite(Z))
        or np.array_equal(Z, other)
        or not np.allclose(Z, again)
    ):
        return None
    plan = somewhere(subject, plan, [probe], given)
    if plan is None:
        return None
    sure = {part: s for part, s in plan.sources.items() if s.how != "attribute" or gradient_rank(s.path) == 0}
    adapter = Adapter(subject, rated(subject, plan.but(sources=sure), lr), EXACT)
    run = adapter.run(Case.of(probe))
    if run.redrawn:  # what the forward pass writes is no weights: it keeps its input there
        return None
    right = measured(adapter, run)
    for part, got in run.gradients.items():
        wanted = getattr(right, part)
        if wanted is not None and got is not None and np.any(got) and matches(wanted, got, 1e-5):
            return adapter, True
    dX = run.gradients.get("dX")
    return (adapter, False) if dX is not None and dX.shape == run.case.X.shape else None


def _settings(plan, settings) -> tuple[Setting, ...]:
    """The settings with one image or channel where X has no axis for several."""
    letters = plan.X.letters
    cut = (replace(s, N=s.N if "N" in letters else 1, C=s.C if "C" in letters else 1) for s in settings)
    return tuple(dict.fromkeys(cut))
