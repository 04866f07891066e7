"""What a learner feels in a notebook: a step of each explorer, a frame of the training panel, a proof.

Explorers and frames are counted in time of this process, as `make explorers` and `make frames` count them.
"""

import gc
import statistics
import time

import numpy as np
from explorers import EXPLORERS, build, milliseconds
from goals import EXPLORER_STEP, PANEL_FRAME, PROOF
from rows import row

from cnnlib import adjoint, data
from cnnlib import symbolic as sym
from cnnlib.models import RECIPES

SIZES = (2, 3, 4, 5, 6, 7, 8)  # of the map; the kernel is 3×3, for the smallest 2×2


def explorer_rows(options):
    """The largest of all steps of each explorer; the README shows the slowest."""
    found = []
    for name in list(EXPLORERS)[: 2 if options.quick else None]:
        explorer = build(name)
        few = dict(combinations=5 if options.quick else 200)
        milliseconds(explorer, np.random.default_rng(1), combinations=5)  # the first time imports and caches
        gc.collect()
        gc.freeze()  # one explorer is open in a notebook, not twelve: the others' parts are not looked through
        spent = [ms for times in milliseconds(explorer, np.random.default_rng(0), **few).values() for ms in times]
        explorer.close()
        note = f"median {statistics.median(spent):.2g} ms of {len(spent)} steps"
        what = f"largest step of an explorer, {name}"
        found.append(row(what, max(spent), "ms", goal=EXPLORER_STEP, note=note))
    yield from _slowest_brief(found)


def frame_rows(options):
    """The panel's own work for a frame, a number chosen, for each of its nets; the README shows the slowest."""
    from panel import own_work

    digits, found = data.load_digits(), []
    for net in RECIPES:
        drawing, _ = own_work(digits, net, frames=5 if options.quick else 100)
        found.append(row(f"a frame of the panel, {net} net", drawing, "ms", goal=PANEL_FRAME))
    yield from _slowest_brief(found)


def _slowest_brief(found):
    """The rows, of which the slowest is one for the README."""
    slowest = max(found, key=lambda entry: entry["value"])
    return [entry | {"brief": True} if entry is slowest else entry for entry in found]


def proof_rows(options):
    """dX and dK for symbolic sizes; for maps of n×n symbols; and the training code run on n×n symbols."""
    claims = [(d, c, o) for d in (1, 2) for c in (False, True) for o in ("correlation", "convolution")]
    claims = claims[:1] if options.quick else claims
    provers = (sym.prove_input_gradient, sym.prove_kernel_gradient)
    seconds = _spent(lambda: [prove(*claim).holds for claim in claims for prove in provers])
    what = f"proof for symbolic sizes, dX and dK, {2 * len(claims)} cases"
    yield row(what, seconds, "s", goal=PROOF, brief=True)
    for n in SIZES[:2] if options.quick else SIZES:
        yield row(f"proof for {n}×{n} maps, index sums", _spent(lambda n=n: _prove(n)), "s", brief=n == SIZES[-1])
        yield row(f"the same by the training code on {n}×{n} symbols", _spent(lambda n=n: _run_code(n)), "s")


def _spent(action):
    started = time.process_time()
    found = action()
    if not np.all(found):
        raise RuntimeError("a proof does not hold")
    return time.process_time() - started


def _maps(n):
    """X (n, n), K and delta of X ⋆ K, as matrices of symbols."""
    k = 2 if n == 2 else 3
    return [sym.symbol_map(letter, m, m) for letter, m in (("x", n), ("k", k), ("delta", n - k + 1))]


def _prove(n):
    """SymPy's derivative of the index sum beside the full correlation with the turned kernel."""
    X, K, delta = _maps(n)
    dX = sym.gradient(sym.loss(delta, sym.correlate(X, K)), X)
    return sym.difference(dX, sym.correlate(delta, sym.rot180(K), "full")).is_zero_matrix


def _run_code(n):
    """The derivative beside what :mod:`cnnlib.adjoint` computes with the same symbols."""
    X, K, delta = _maps(n)
    dX = sym.gradient(sym.loss(delta, sym.correlate(X, K)), X)
    mine = adjoint.gather(*(np.array(M.tolist(), dtype=object) for M in (delta, K)), X.shape)
    return sym.difference(dX, type(X)(mine)).is_zero_matrix
