"""Arrays that somebody's code takes out of something: a dict of maps, a box of weights, the layer before.

Where a function reads of a parameter what no array has (:func:`.code.read_of`), the array is handed over in a
:class:`Carrier`; where it knows no arrays at all, as nested lists.
"""

import re

import numpy as np

from . import likely, names
from .code import OF_ARRAYS
from .standins import Bag

CARRIED = ("X", "K", "b", "delta", "Z")  # meanings of what may come in a carrier
SIZES = ("C", "N", "H", "W", "input shape", "stride", "pad", "k", "O")
SLOPE, SLOPES = r"deriv|prime|slope", r"d_?[wkbx](_|$)|grad|diff|delta|shape"
HEIGHT, WIDTH = r"haut|h(oe|ö)he|altura|altezza|^alto$", r"larg|breit|ancho|anchura"


def weights_in(read) -> dict[str, str]:
    """The names under which K and b are taken out of a box: by their meanings, else in the order of the code."""
    found, left = {}, []
    for name in read:
        meant = (names.meanings("make", name) or likely.by_name("make", name))[:1]
        if meant in (["K"], ["b"]):
            found.setdefault(meant[0], name)
        elif not meant and not re.match(SLOPES, name.lower()):
            left.append(name)
    for meaning in ("K", "b"):
        if meaning not in found and left:
            found[meaning] = left.pop(0)
    return {meaning: found[meaning] for meaning in ("K", "b") if meaning in found}


class Carrier(Bag):
    """An array under whatever name it is taken out, the sizes under theirs; with ``slopes`` gradients of zero."""

    def __init__(self, array, ask, *, slopes=True, **known):
        super().__init__(known)
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "slopes", slopes)
        object.__setattr__(self, "ask", ask)

    def __missing__(self, name):
        if not isinstance(name, str):
            return self.array[name]
        low = name.lower()
        if re.search(SLOPE, low):
            return lambda z, *_, **__: np.ones_like(z)
        if self.slopes and re.match(SLOPES, low):
            self[name] = np.zeros_like(self.array)  # a gradient that is added up there
            return self[name]
        for meaning, part in (("H", HEIGHT), ("W", WIDTH)):
            if re.search(part, low):
                return self.ask(meaning, 0, name)
        if names.squeezed(name) not in (*names.WRAPPERS, *names.OUTPUT):
            sizes = [m for m in names.meanings("make", name) or likely.by_name("make", name) if m in SIZES]
            if sizes:
                return self.ask(sizes[0], 0, name)
        return self.array

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self or name == "data" or name not in OF_ARRAYS:
            return self[name]
        return getattr(self.array, name)


def in_lists(value):
    """Arrays as nested lists, also inside tuples."""
    if isinstance(value, tuple):
        return tuple(map(in_lists, value))
    return value.tolist() if isinstance(value, np.ndarray) else value
