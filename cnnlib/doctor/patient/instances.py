"""A layer that is there already: its sizes are read off its weights, its stride and padding off its attributes."""

import numpy as np

from ..kinds import has_kernel
from ..settings import KINDS, Setting
from .axes import Layout
from .contents import arrays_in
from .names import PAD, STRIDE, kernel_rank

SIZES = ((3, 7, 8), (1, 7, 8), (2, 6, 7), (1, 5, 5), (3, 7, 7))  # N, H, W


def number(layer, known, default: int) -> int:
    """The first attribute under one of these names that is a whole number, or a pair of equal ones."""
    for name, value in vars(layer).items() if hasattr(layer, "__dict__") else ():
        if name.lower().replace("_", "") in known:
            value = value[0] if isinstance(value, (tuple, list)) and len(set(value)) == 1 else value
            if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
                return int(value)
    return default


def settings_of(layer, kind: str, layouts: list[Layout]) -> tuple[Setting, ...]:
    """The settings that this very layer can be run in; those of its kind for a layer without a kernel."""
    if not has_kernel(kind):
        return KINDS[kind]
    s, p = number(layer, STRIDE, 1), number(layer, PAD, 0)
    found = arrays_in(layer)
    for path in sorted(found, key=kernel_rank):
        for layout in layouts:
            shape = found[path].shape
            if len(shape) != len(layout.groups) or len(shape) < 2 or any(len(group) > 1 for group in layout.groups):
                continue
            size = {"O": 1, "I": 1, "H": 1, "W": 1, **dict(zip(layout.groups, shape, strict=True))}
            if "H" in layout.letters and size["H"] != size["W"]:
                continue
            return tuple(_setting(kind, size, s, p, *numbers) for numbers in SIZES)
    return KINDS[kind]


def _setting(kind, size, s, p, N, H, W):
    if kind == "dense":
        return Setting(N, size["I"], size["O"], 1, 1, 1, 1)
    k = size["H"]
    return Setting(
        N, size["I"], size["O"], H + k - 3 if k > 3 else H, W + k - 3 if k > 3 else W, k, size["W"], s, p
    )
