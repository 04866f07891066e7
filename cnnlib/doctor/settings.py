"""The settings that a layer is examined in, and the random arrays of each.

The first six caught 41 of 42 faulty layers: one image in the plain case, a batch with remainder rows and padding,
padding alone, one channel and map with several images, a remainder, and one channel with several maps.  The others
tell mistakes apart that look alike there.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Setting:
    """Images N, channels C, output maps O, map size H×W, kernel k_h×k_w, stride s and padding p, in cells."""

    N: int
    C: int
    O: int
    H: int
    W: int
    k_h: int
    k_w: int
    s: int = 1
    p: int = 0
    s_w: int | None = None  # the horizontal stride where it differs
    p_w: int | None = None  # the padding of columns where it differs

    def __str__(self):
        words = [
            f"N={self.N}",
            f"{self.C}→{self.O} maps",
            f"{self.H}×{self.W}",
            f"k={self.k_h}×{self.k_w}",
            f"s={self.s}" if self.even else f"s={self.s}×{self.s_w}",
            f"p={self.p}" if self.p_w is None else f"p={self.p}×{self.p_w}",
        ]
        return " ".join(words)

    @property
    def strides(self) -> tuple[int, int]:
        """(vertical, horizontal)."""
        return (self.s, self.s if self.s_w is None else self.s_w)

    @property
    def flat(self) -> bool:
        """Whether the maps are rows: one axis of positions, as for sequences."""
        return self.H == self.k_h == 1 and self.k_w > 1

    @property
    def pads(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(top, bottom), (left, right)."""
        beside = self.p if self.p_w is None else self.p_w
        return ((0, 0) if self.flat else (self.p, self.p), (beside, beside))

    @property
    def square(self) -> bool:
        """Whether the kernel is as high as it is wide, or a row."""
        return self.flat or self.k_h == self.k_w

    @property
    def even(self) -> bool:
        """Whether both strides are the same."""
        return self.strides[0] == self.strides[1]

    @property
    def rest(self) -> tuple[int, int]:
        """The rows and columns that the last window leaves over, (n + 2p − k) mod s."""
        sizes = zip((self.H, self.W), (self.k_h, self.k_w), self.strides, self.pads, strict=True)
        rows, columns = ((n + sum(pads) - k) % s for n, k, s, pads in sizes)
        return (0 if self.flat else rows, columns)

    @property
    def output(self) -> tuple[int, int]:
        """(m_h, m_w) of the usual rule, ⌊(n + 2p − k)/s⌋ + 1."""
        (s_h, s_w), ((top, _), (left, _)) = self.strides, self.pads
        return ((self.H + 2 * top - self.k_h) // s_h + 1, (self.W + 2 * left - self.k_w) // s_w + 1)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of X, K, b and Z in our order."""
        return {
            "X": (self.N, self.C, self.H, self.W),
            "K": (self.O, self.C, self.k_h, self.k_w),
            "b": (self.O,),
            "Z": (self.N, self.O, *self.output),
        }


def _conv(*numbers):
    N, C, O, H, W, k, s, p = numbers
    return Setting(N, C, O, H, W, k, k, s, p)


CONV = (
    _conv(1, 2, 3, 5, 5, 3, 1, 0),
    _conv(2, 2, 3, 6, 7, 3, 2, 1),
    _conv(1, 2, 3, 5, 5, 3, 1, 1),
    _conv(2, 1, 1, 5, 5, 3, 1, 0),
    _conv(1, 2, 3, 6, 6, 3, 2, 0),
    _conv(1, 1, 3, 5, 5, 3, 1, 0),
    _conv(2, 2, 3, 6, 7, 3, 1, 0),
    _conv(2, 3, 2, 5, 6, 3, 1, 1),
    _conv(2, 2, 2, 7, 5, 3, 2, 0),
    _conv(3, 2, 2, 5, 5, 2, 1, 0),
    _conv(2, 2, 3, 6, 5, 2, 2, 0),
    _conv(1, 2, 2, 7, 7, 5, 1, 2),
    _conv(1, 2, 3, 7, 7, 5, 1, 1),
    _conv(1, 2, 3, 7, 8, 5, 1, 0),
    Setting(2, 2, 3, 6, 6, 3, 2),
)
UNEVEN = (Setting(1, 2, 3, 7, 6, 3, 3, 1, 0, 2), Setting(2, 2, 3, 8, 7, 3, 3, 2, 0, 1))
"""For layers whose stride is a pair: the strides of rows and columns differ."""
TALL = _conv(1, 2, 3, 7, 6, 3, 1, 0)
"""For layers that ran on no image that is higher than it is wide, as those for one size of kernels."""
POINTS = _conv(2, 2, 3, 4, 5, 1, 1, 0)
"""Kernels of one cell hide most mistakes: this counts where a gradient is wrong that was right elsewhere."""
NARROW = (Setting(1, 2, 3, 6, 5, 3, 1, 1, 1, p_w=0), Setting(2, 2, 3, 5, 6, 1, 3, 1, 0, p_w=1))
"""For layers whose padding is a pair, or a word: kernels one cell wide or high, padded in one direction alone."""
EVEN = (_conv(2, 2, 3, 5, 6, 2, 1, 1), _conv(1, 2, 3, 7, 6, 4, 1, 2))
"""For layers that are told their padding as a word: "same" with kernels of even size, one side a cell wider."""
ROWS = tuple(
    Setting(N, C, O, 1, W, 1, k, s, p)
    for N, C, O, W, k, s, p in (
        (3, 2, 4, 8, 3, 1, 0),
        (1, 2, 4, 8, 3, 1, 0),
        (3, 2, 4, 8, 3, 1, 1),
        (1, 1, 4, 8, 3, 1, 0),
        (1, 1, 1, 8, 3, 1, 0),
        (1, 1, 1, 8, 3, 1, 1),
        (2, 2, 3, 7, 2, 1, 0),
        (2, 3, 2, 8, 3, 2, 0),
        (2, 2, 2, 9, 5, 1, 2),
        (2, 2, 3, 9, 3, 2, 0),
        (2, 2, 3, 7, 3, 2, 1),
        (1, 2, 3, 8, 3, 2, 1),
        (1, 2, 3, 8, 2, 3, 0),
        (1, 2, 3, 6, 2, 2, 0),
    )
)
"""Sequences: maps of one row, with strides that fit and that leave a rest, with and without padding."""
DENSE = (
    Setting(3, 4, 2, 1, 1, 1, 1),
    Setting(1, 3, 5, 1, 1, 1, 1),
    Setting(2, 3, 3, 1, 1, 1, 1),
    Setting(4, 1, 2, 1, 1, 1, 1),
)
POOL = (
    Setting(2, 3, 3, 4, 6, 2, 2, 2),
    Setting(1, 2, 2, 6, 6, 2, 2, 2),
    Setting(1, 1, 1, 4, 4, 2, 2, 2),
    Setting(2, 2, 2, 6, 6, 3, 3, 3),
    Setting(1, 2, 2, 5, 7, 2, 2, 2),
    Setting(2, 2, 2, 5, 5, 3, 3, 2),
    Setting(1, 2, 2, 4, 5, 2, 2, 1),
    Setting(1, 2, 2, 6, 7, 3, 3, 2),
)
WINDOWS = (Setting(1, 2, 2, 6, 6, 3, 2, 2), Setting(2, 2, 2, 6, 7, 2, 3, 2, 0, 3))
"""For pools whose window may be higher or wider: two of these, the second with a stride of its size."""
ACTIVATION = (Setting(2, 3, 3, 4, 5, 1, 1), Setting(1, 1, 1, 3, 3, 1, 1), Setting(3, 4, 4, 1, 1, 1, 1))
KINDS = {"convolution": CONV, "dense": DENSE, "mean pooling": POOL, "max pooling": POOL, "activation": ACTIVATION}

PROBES = (
    _conv(3, 2, 4, 7, 8, 3, 1, 0),
    _conv(3, 2, 4, 7, 7, 3, 1, 0),
    _conv(1, 2, 4, 7, 8, 3, 1, 0),
    _conv(1, 2, 4, 7, 7, 3, 1, 0),
    _conv(3, 2, 4, 7, 7, 3, 1, 1),
    _conv(1, 1, 4, 7, 8, 3, 1, 0),
    _conv(3, 1, 1, 7, 8, 3, 1, 0),
    _conv(1, 1, 1, 7, 8, 3, 1, 0),
)
"""Settings with a different length on every axis, so that shapes alone tell most layouts apart."""


@functools.lru_cache(maxsize=512)
def _arrays(setting: Setting, seed: int) -> tuple[np.ndarray, ...]:
    """X, K and b of a case, drawn once: to be copied, since a layer may write into what it is given."""
    rng = np.random.default_rng([seed, *(n for n in vars(setting).values() if n is not None)])
    return tuple(rng.standard_normal(setting.shapes[name]) for name in "XKb")


@functools.lru_cache(maxsize=512)
def _delta(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng([seed, 99, *shape]).standard_normal(shape)


@dataclass(frozen=True)
class Case:
    """One setting with its random arrays, in our order: X, K, b, and the uneven delta for whatever Z comes out."""

    setting: Setting
    X: np.ndarray
    K: np.ndarray
    b: np.ndarray
    seed: int

    @classmethod
    def of(cls, setting: Setting, seed: int = 0) -> "Case":
        """Standard normal arrays: no symmetry, no two cells alike, no ones."""
        return cls(setting, *(array.copy() for array in _arrays(setting, seed)), seed)

    def delta(self, shape) -> np.ndarray:
        """∂L/∂Z for an output of this shape."""
        return _delta(self.seed, tuple(shape)).copy()

    def with_arrays(self, **arrays) -> "Case":
        return replace(self, **arrays)
