"""Layers that read memory nobody wrote: run over differently dirty memory, they give different numbers."""

import contextlib

import numpy as np

from .settings import Setting

DIRT = (0.0, 1e3)
UNSTEADY = (
    "two runs gave two outputs: memory is read that nobody wrote, or chance is at work",
    "right in one run and wrong in the next: memory is read that nobody wrote",
    "it differs from run to run: memory is read that nobody wrote",
)


@contextlib.contextmanager
def dirty_memory(value: float, setting: Setting):
    """Freed memory full of one value: an array that is only allocated shows it."""
    shapes = setting.shapes
    sizes = {int(np.prod(shape)) for shape in shapes.values()} | {
        int(np.prod(shapes["X"][:2])) * (setting.H + 2 * a) * (setting.W + 2 * a) for a in (1, 2)
    }
    blocks = [np.full(size, value) for size in sizes for _ in range(4)]
    del blocks
    yield


def dirt_shows(visit_, part) -> bool:
    """Whether the two runs differ by as much as the dirt that was left in memory, which chance would not."""
    if visit_.notes.get(part) not in UNSTEADY:
        return False
    runs = (visit_.run, visit_.again)
    first, second = (run.Z if part == "forward" else run.gradients.get(part) for run in runs)
    if first is None or second is None or first.shape != second.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.nanmax(np.abs(second - first), initial=0) > 0.1 * abs(DIRT[1] - DIRT[0]))
