"""A layer that is there already: sizes are read off its weights, stride and padding off attributes or output.

An attribute called stride or pad (in one of the languages of :mod:`.likely`) is believed.  Where there is none, the
strides 1 to 4 are tried: only one fits the shape and the numbers of the output, which also show the padding.
"""

import itertools
from dataclasses import replace

import numpy as np

from ..kinds import has_kernel
from ..patient import likely
from ..patient.axes import Layout
from ..patient.contents import arrays_in
from ..patient.names import PAD, SIZE, STRIDE
from ..patient.ranks import kernel_rank
from ..settings import CONV, KINDS, PROBES, TALL, Setting
from .guess import Search

SIZES = ((3, 7, 8), (1, 7, 8), (2, 6, 7), (1, 5, 5), (3, 7, 7))  # N, H, W
STRIDES = (1, 2, 3, 4)


def number(layer, meaning: str, known) -> int | None:
    """The first attribute under one of these names that is a whole number, or a pair of equal ones; else None."""
    for name, value in vars(layer).items() if hasattr(layer, "__dict__") else ():
        if name.lower().replace("_", "") in known or likely.by_name("make", name)[:1] == [meaning]:
            value = value[0] if isinstance(value, (tuple, list)) and len(set(value)) == 1 else value
            if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
                return int(value)
    return None


def geometries(layer, stride: int | None, pad: int | None) -> list[tuple[int, int]]:
    """(stride, padding) as given or from the attributes; several strides where neither is known."""
    s = number(layer, "stride", STRIDE) if stride is None else stride
    p = number(layer, "pad", PAD) if pad is None else pad
    return [(one, p or 0) for one in (STRIDES if s is None else (s,))]


def settings_of(layer, kind: str, layouts: list[Layout], s: int, p: int) -> tuple[Setting, ...]:
    """The settings that this very layer can be run in; those of its kind for a layer without a kernel."""
    if not has_kernel(kind):
        return _pools(layer, kind, s) or KINDS[kind]
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


def fixed_settings(subject, kind: str, given: dict) -> tuple[Setting, ...] | None:
    """Settings for a class that fixes a size itself, as three channels; None for one that does not."""
    search, maker = Search(subject, kind, given), subject.maker()
    if maker is None or kind != "convolution":
        return None
    asked = {"O": PROBES[0].O, "I": PROBES[0].C, "H": PROBES[0].k_h, "W": PROBES[0].k_w}
    for make in search.options("make", maker)[:10]:
        if any(meaning == "K" for meaning, _ in make.values()):
            return None
        layer = search.layer_of(make, PROBES[0])
        found = arrays_in(layer) if layer is not None else {}
        for path, layout in itertools.product(sorted(found, key=kernel_rank), search.k):
            size = _sizes(layout, found[path].shape)
            fixed = {axis: n for axis, n in (size or {}).items() if n != asked[axis]}
            if size and fixed and (len(fixed) < 3 or not make):
                usual = (PROBES[0], PROBES[2], PROBES[5], *CONV, TALL)
                return tuple(dict.fromkeys(_resized(setting, fixed) for setting in usual))
    return None


def _sizes(layout, shape) -> dict[str, int] | None:
    """Axis → length of a kernel of this shape under a layout; None where it is none."""
    if len(shape) != len(layout.groups) or len(shape) < 3 or any(len(group) > 1 for group in layout.groups):
        return None
    size = {"O": 1, "I": 1, **dict(zip(layout.groups, shape, strict=True))}
    return size if size.get("H") == size.get("W") and size.keys() == set("OIHW") else None


def _resized(setting: Setting, fixed: dict[str, int]) -> Setting:
    """The setting with these lengths of the kernel's axes in the place of its own."""
    k = fixed.get("H")
    if k is not None:
        more = max(0, k - setting.k_h)
        setting = replace(setting, k_h=k, k_w=k, H=setting.H + more, W=setting.W + more)
    return replace(setting, C=fixed.get("I", setting.C), O=fixed.get("O", setting.O))


def _pools(layer, kind, s):
    """Settings of the one window that a pooling layer has; () where its size is not known."""
    k = number(layer, "k", SIZE) if "pooling" in kind else None
    s = k if number(layer, "stride", STRIDE) is None else s
    return (
        tuple(Setting(N, C, C, 2 * k + rest, 3 * k, k, k, s) for N, C, rest in ((2, 3, 0), (1, 2, 0), (2, 1, 1)))
        if k
        else ()
    )


def _setting(kind, size, s, p, N, H, W):
    if kind == "dense":
        return Setting(N, size["I"], size["O"], 1, 1, 1, 1)
    k = size["H"]
    H, W = (n + max(k - 3, 0) + 2 * (s - 1) for n in (H, W))
    return Setting(N, size["I"], size["O"], H, W, k, size["W"], s, p)
