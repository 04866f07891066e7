"""The matrix of columns (im2col) written in one order of its six axes and read in another: every order, at once.

The product of what comes out with a random array R is Σ A·B over taps of windows: A are the taps of X (or the
shares of delta) as they are written, B is what R meets there.  All orders of A against the usual ones of B, and
the other way round, make two products of matrices.
"""

import itertools

import numpy as np

from ..mistakes.built.adding import own_bias
from ..mistakes.built.buffers import SHUFFLED, USUAL, columns, pairs_of_taps
from ..mistakes.built.words import in_words
from ..prediction.sketches import to_be_met
from ..view import View
from .single import Diagnosis, explains

ORDERS = ["".join(order) for order in itertools.permutations("nijcuv")]
MOST_CELLS = 4000  # taps of windows, beyond which it takes too long
MOST = 20  # orders that are tried cell by cell


def any_order(telling: View, others, part: str, _) -> Diagnosis | None:
    """One pair of orders, written and read, that explains every view."""
    if telling.plan.kind != "convolution" or part not in ("dX", "dK", "forward"):
        return None
    if part == "forward" and telling.anatomy.activation != "linear":
        return None
    if np.shape(telling.got(part)) != {"dX": telling.X, "dK": telling.K, "forward": telling.Z}[part].shape:
        return None
    for source, target in itertools.islice(_fitting(telling, part), MOST):
        change = columns(part, source, target)
        if all(explains(view, part, [change]) for view in (telling, *others)):
            return Diagnosis((in_words(SHUFFLED, change),), (change,))
    return None


def _fitting(view, part):
    """(order written, order read), by the sketches."""
    directions, wanted, allowed = to_be_met(view, part, own_bias(view) if part == "forward" else 0.0)
    taps, duals = pairs_of_taps(view, part, directions)
    if taps.size > MOST_CELLS:
        return
    for all_of_source in (True, False):
        sources, targets = (ORDERS, USUAL) if all_of_source else (USUAL, ORDERS)
        written = np.stack([taps.transpose(_places(order)).ravel() for order in sources])
        read = [np.stack([dual.transpose(_places(order)).ravel() for order in targets]) for dual in duals]
        off = [
            np.abs(written @ one.T - value) <= most for one, value, most in zip(read, wanted, allowed, strict=True)
        ]
        for n, m in np.argwhere(np.all(off, axis=0)):
            yield sources[n], targets[m]


def _places(order):
    return ["nijcuv".index(letter) for letter in order]
