"""Wrong orientations of a kernel, and the mistakes that follow: turned, mirrored, transposed, wrapped around."""

from collections.abc import Callable

import numpy as np

from ..ops import rot180

TURNS = {
    "not turned": lambda K: K,
    "turned by 180°": rot180,
    "turned by 90°": lambda K: np.rot90(K, 1, axes=(-2, -1)),
    "turned by 90°, clockwise": lambda K: np.rot90(K, -1, axes=(-2, -1)),
    "turned along one axis only: its rows are reversed": lambda K: K[..., ::-1, :],
    "turned along one axis only: its columns are reversed": lambda K: K[..., ::-1],
    "transposed": lambda K: np.swapaxes(K, -1, -2),
    "mirrored at its other diagonal": lambda K: rot180(np.swapaxes(K, -1, -2)),
    "turned by negative indices, [−u, −v], where −0 is 0": lambda K: np.roll(rot180(K), (1, 1), axis=(-2, -1)),
}


def wrong_turns(make: Callable, right: str, sentence: str) -> dict[str, Callable]:
    """Diagnosis → mistake, for every orientation but the ``right`` one.

    ``make`` takes a function that turns a kernel and returns what a learner who used it would have written;
    ``sentence`` has a gap for the way the kernel lies.
    """
    return {sentence.format(way): make(turn) for way, turn in TURNS.items() if way != right}
