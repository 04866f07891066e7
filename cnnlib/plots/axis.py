"""An axis of a drawn chart, linear or logarithmic: where a value lies on it, and the numbers beside it."""

from typing import NamedTuple

import numpy as np

from .number_format import percent as in_percent
from .number_format import power_of_ten, written


class Axis(NamedTuple):
    """An axis from the least to the largest value that it shows; the ends of a logarithmic axis are positive."""

    least: float
    largest: float
    logarithmic: bool = False
    percent: bool = False

    def share(self, values: np.ndarray) -> np.ndarray:
        """Where values lie, 0 at the least and 1 at the largest; what lies beyond stays at the edge."""
        values = np.asarray(values, dtype=float)
        if self.logarithmic:
            values, ends = np.log10(np.maximum(values, self.least)), np.log10([self.least, self.largest])
        else:
            ends = self.least, self.largest
        return np.clip((values - ends[0]) / (ends[1] - ends[0]), 0, 1)

    def ticks(self, every: int = 2) -> list[tuple[float, str]]:
        """(value, text) of the numbers at the axis: every so many powers of ten, or both ends and the middle."""
        if self.logarithmic:
            powers = range(round(np.log10(self.least)), round(np.log10(self.largest)) + 1, every)
            return [(10.0**k, power_of_ten(k) if k else "1") for k in powers]
        values = [self.least + part * (self.largest - self.least) for part in (0, 0.5, 1)]
        return [(value, in_percent(value, 0) if self.percent else written(value, ".1f")) for value in values]
