"""All mistakes the doctor knows by name, and the one that has a number of its own: a constant factor."""

from . import deltas, forward, kernels, placing, pooling, weights
from .mistake import Mistake

CONSTANT = Mistake("constant_factor", "scale", "the gradient is right but for one constant factor",
                   "Look for a rate, a 2 or a size that is multiplied in.", {},
                   ("convolution", "dense", "mean pooling", "max pooling", "activation"))

CATALOGUE = {m.key: m for group in (kernels, placing, deltas, weights, forward, pooling) for m in group.MISTAKES}
CATALOGUE[CONSTANT.key] = CONSTANT


def known(part: str, kind: str) -> list[Mistake]:
    """The mistakes that can stand in this part of a layer of this kind, the likelier first."""
    return [m for m in CATALOGUE.values() if kind in m.kinds and m.variants(part)]
