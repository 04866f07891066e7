"""The initial weights.  An initialiser is a function (shape, fan_in, fan_out, rng) -> float64 array.

fan_in is the number of inputs that one output sums, fan_out the number of outputs that one input
reaches, pooling not counted (as in the toolbox).
"""

from collections.abc import Sequence

import numpy as np


def glorot_uniform(shape: Sequence[int], fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """Uniform in ±√(6 / (fan_in + fan_out)), for sigmoid and tanh.  Source: Glorot & Bengio (2010)."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, shape)


def he_normal(shape: Sequence[int], fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """Normal with variance 2 / fan_in, for ReLU.  Source: He, Zhang, Ren & Sun (2015)."""
    return rng.normal(0, np.sqrt(2 / fan_in), shape)


def fan_in_uniform(shape: Sequence[int], fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """Uniform in ±2.4 / fan_in, as LeNet-5 began.  Source: LeCun, Bottou, Bengio & Haffner (1998), appendix A."""
    return rng.uniform(-2.4 / fan_in, 2.4 / fan_in, shape)
