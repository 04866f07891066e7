"""Arrays that somebody's code takes out of something: a dict of maps, a box of weights, the layer before.

The layer before may also be asked for X by a method, and is handed dX by another.  Where a function reads of a
parameter what no array has (:func:`.code.read_of`), the array is handed over in a :class:`Carrier`; where it knows
no arrays at all, as nested lists.
"""

import re

import numpy as np

from . import likely, names
from .code import OF_ARRAYS, read_of
from .standins import Bag

CARRIED = ("X", "K", "b", "delta", "Z")  # meanings of what may come in a carrier
SIZES = ("C", "N", "H", "W", "input shape", "stride", "pad", "k", "O")
SLOPE, SLOPES = r"deriv|prime|slope", r"d_?[wkbx](_|$)|grad|diff|delta|shape"
FORTH = ("forward", "forward_pass", "forward_prop", "get_output", "feed_forward", "fprop", "propagate", "getOutput")
BACK = ("backward", "backward_pass", "backprop", "backward_prop", "back_prop", "bprop", "backpropagate", "back")
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


def axis_of_output(name: str) -> str | None:
    """What a size of the output of the layer before is for the layer after it: num_output is its C."""
    words = re.findall(r"[a-z]+", re.sub("([A-Z])", r"_\1", name).lower())
    if words in (["num"], ["batch", "size"], ["batch"]):
        return "N"
    if not {"output", "out", "num", "nb"} & {*words} or {"stride", "pad", "kernel"} & {*words}:
        return None
    found = {"h": "H", "height": "H", "w": "W", "width": "W", "shape": "input shape", "dim": "input shape"}
    return next((found[word] for word in words if word in found), "C" if len(words) > 1 else None)


def taken_out(function, ways, meaning: str) -> set[str]:
    """The names under which a function takes a meaning out of parameters that are filled so, as next.delta."""
    read = read_of(function)
    return {part for name, (meant, _) in ways.items() if meant == meaning for part in read.get(name, ())}


class Carrier(Bag):
    """An array under whatever name it is taken out, the sizes under theirs; with ``slopes`` gradients of zero."""

    def __init__(self, array, ask, meaning="X", methods=(), /, **known):
        super().__init__(known)
        object.__setattr__(self, "methods", methods)  # those by which it is asked
        object.__setattr__(self, "meaning", meaning)
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "slopes", meaning not in ("delta", "Z"))
        object.__setattr__(self, "ask", ask)

    def __missing__(self, name):
        if not isinstance(name, str):
            return self.array[name]
        low = name.lower()
        if self.slopes and name in FORTH:
            return lambda *_, **__: self.array
        if self.slopes and name in BACK:
            return self._take
        if name in self.methods and not re.search(SLOPE, low):
            return lambda *_, **__: self.array
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
            if self.slopes and (outward := axis_of_output(name)):
                sizes = [outward]
            elif sizes[:1] == ["O"]:  # its neurons are its output
                sizes = []
            if sizes:
                return self.ask(sizes[0], 0, name)
        return self.array

    def turn_to(self, array, ask):
        """Carry another array from now on, as the layer before does with the next images."""
        self.clear()
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "ask", ask)

    def _take(self, delta, *_, **__):
        """The backward pass of the layer before: what it is handed is kept."""
        self["dX"] = np.array(delta)

    def __setattr__(self, name, value):
        self[name] = value
        if self.slopes and np.shape(value) == np.shape(self.array):  # as prev.delta = …
            self["dX"] = np.array(value)

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
