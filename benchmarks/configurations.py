"""Random configurations of a convolutional layer: what the oracle and a test of the suite run through alike.

Everything varies on its own for both axes, and the sizes are drawn from the output backwards, so that the
expected output size and dropped tail are known here without asking cnnlib.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

OPERATIONS = ("correlation", "convolution")


class Configuration(NamedTuple):
    """The shapes and settings of one layer; each pair is (vertical, horizontal), in cells."""

    batch: int
    channels: tuple[int, int]  # (in, out)
    output_size: tuple[int, int]
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    tail: tuple[int, int]  # the last rows and columns that no window reaches
    operation: str

    @property
    def input_size(self) -> tuple[int, int]:
        """n = s(m−1) + d(k−1) + 1 + r − 2p along each axis."""
        pairs = (self.output_size, self.kernel_size, self.stride, self.padding, self.dilation, self.tail)
        return tuple(
            s * (m - 1) + d * (k - 1) + 1 + r - 2 * p for m, k, s, p, d, r in zip(*pairs, strict=True)
        )

    @property
    def settings(self) -> dict:
        """The keyword arguments that Conv2D and the functions of cnnlib.adjoint take."""
        names = ("stride", "padding", "dilation", "operation")
        return {name: getattr(self, name) for name in names}

    @property
    def features(self) -> set[str]:
        """What is unusual about it: the words that coverage is counted in."""
        axes = list(zip(self.kernel_size, self.stride, self.padding, self.dilation, self.tail, strict=True))
        four = {
            "stride over 1": any(s > 1 for _, s, *_ in axes),
            "padding": any(p > 0 for _, _, p, *_ in axes),
            "dilation over 1": any(d > 1 and k > 1 for k, _, _, d, _ in axes),
            "dropped tail": any(r > 0 for *_, r in axes),
        }
        told = four | {
            "these four at once": all(four.values()),
            "tail of two cells": any(r > 1 for *_, r in axes),
            "cropped delta": any(p > d * (k - 1) for k, _, p, d, _ in axes),
            "even kernel": any(k % 2 == 0 for k, *_ in axes),
            "rectangular kernel": axes[0][0] != axes[1][0],
            "two axes, two settings": any(a != b for a, b in (self.stride, self.padding, self.dilation)),
            "batch over 1": self.batch > 1,
            "channels differ": self.channels[0] != self.channels[1],
        }
        return {self.operation} | {name for name, is_so in told.items() if is_so}

    def arrays(self, numbers) -> tuple[np.ndarray, ...]:
        """X, K, b and delta, each drawn by ``numbers(shape)``."""
        c_in, c_out = self.channels
        shapes = ((self.batch, c_in, *self.input_size), (c_out, c_in, *self.kernel_size), (c_out,))
        return tuple(map(numbers, (*shapes, (self.batch, c_out, *self.output_size))))


def draw(count: int, seed: int = 0) -> list[Configuration]:
    """That many configurations, half of them under each operation; the same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    return [_one(rng, OPERATIONS[i % 2]) for i in range(count)]


def coverage(configurations: Iterable[Configuration]) -> Counter:
    """How many of them have each feature."""
    return Counter(feature for configuration in configurations for feature in sorted(configuration.features))


def _one(rng, operation):
    axes = list(zip(_axis(rng), _axis(rng), strict=True))  # (output, kernel, stride, padding, dilation, tail)
    batch, *channels = rng.integers(1, [4, 4, 4]).tolist()
    return Configuration(batch, tuple(channels), *axes, operation)


def _axis(rng):
    """Sizes and settings along one axis; the padding leaves at least one cell of input."""
    m, k, s, d = rng.integers(1, [4, 5, 4, 4]).tolist()
    r = int(rng.integers(s))
    room = s * (m - 1) + d * (k - 1) + 1 + r
    p = int(rng.integers(min(4, (room - 1) // 2) + 1))
    return m, k, s, p, d, r
