"""A gradient that is right but for a factor that each image, map or channel has of its own."""

from dataclasses import replace

import numpy as np

from ...anatomy import agree
from ...mistakes.arrays import keeping
from ...mistakes.catalogue import OWN_FACTORS
from ...prediction.stages import predict
from ...view import View
from ..single import Diagnosis

AXES = {
    "dX": {"image": 0, "output map": None, "channel": 1},
    "dK": {"image": None, "output map": 0, "channel": 1},
    "db": {"image": None},
}
"""The axis along which the shares lie side by side; None where they are added up."""
OF_DELTA = {"image": 0, "output map": 1}
SURE = 2  # numbers for each factor, at least


def with_own_factors(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """got = Σ over n of c_n·share_n in every view, with factors of images, maps or channels not all alike."""
    for name in AXES.get(part, ()):
        factors = _factors(telling, part, name)
        if factors is None or np.ptp(factors) < 1e-6:
            continue
        if all(_factors(view, part, name) is not None for view in others):
            listed = ", ".join(f"{factor:.4g}" for factor in factors)
            words = f"each {name} has a factor of its own, {listed} in {telling.case.setting}"
            return Diagnosis((replace(OWN_FACTORS, sentence=f"{OWN_FACTORS.sentence}: {words}"),), ())
    return None


def _factors(view, part, name):
    """The factors in one view by least squares; None where they do not give what came out."""
    got, shares = view.got(part), _shares(view, part, name)
    if got is None or shares is None or shares[0].shape != got.shape:
        return None
    columns = np.stack([share.ravel() for share in shares], axis=1)
    if len(shares) == 1 or columns.shape[0] < SURE * len(shares):
        return np.ones(len(shares)) if agree(got, sum(shares), view.rtol) else _one_factor(got, shares, view)
    factors = np.linalg.lstsq(columns, got.ravel(), rcond=None)[0]
    return factors if agree(got, (columns @ factors).reshape(got.shape), view.rtol) else None


def _one_factor(got, shares, view):
    """A single share's factor, of which several numbers speak."""
    if len(shares) > 1 or got.size < SURE:
        return None
    factor = float(np.sum(got * shares[0]) / max(np.sum(shares[0] ** 2), 1e-12))
    return np.array([factor]) if agree(got, factor * shares[0], view.rtol) else None


def _shares(view, part, name):
    axis = AXES[part][name]
    if axis is None:
        keep = OF_DELTA[name]
        places = range(view.delta.shape[keep])
        found = [predict(view, part, [("pre", keeping(*[slice(None)] * keep, slice(n, n + 1)))]) for n in places]
        return None if any(share is None for share in found) else found
    right = predict(view, part)
    if right is None:
        return None
    places = range(right.shape[axis])
    return [keeping(*[slice(None)] * axis, slice(n, n + 1))(view, right) for n in places]
