"""Stand-ins for the objects that layers are handed: contexts, nodes, optimisers, initialisers, activations."""

import dis
import re
import sys

import numpy as np

from . import likely, names

LABEL = "layer"  # what a layer is called that asks for a name


def _meant(name) -> list[str]:
    """What a key of a constructor's hyperparameters may mean."""
    if not isinstance(name, str):
        return []
    if name == LABEL:
        return ["K"]  # beside layer_b
    last = re.split(r"[_./:\d]+", name.strip("_."))[-1]  # conv1_W is W
    return (
        names.meanings("make", name)
        or likely.by_name("make", name)
        or names.meanings("make", last)
        or ["label"] * (name == "type")
    )


class Settings(dict):
    """Hyperparameters as keys and as attributes; a name that is not among them is asked for by its meaning."""

    ask, asked = None, ()  # what is asked for, and the only meanings that are answered
    read = ()  # the names under which somebody's code asks

    def __missing__(self, name):
        meant = _meant(name)
        if self.ask is None or not meant or (self.asked and meant[0] not in self.asked):
            raise KeyError(name)
        if meant[:2] == ["C", "O"] and self.read and not any(_meant(n)[:1] == ["O"] for n in self.read):
            meant = ["O"]  # the only number of maps is that of the output: those of the input show in X
        if len(meant) > 1 and meant[0] == "K" and not any(_meant(one)[:1] == ["b"] for one in self.read):
            meant = meant[1:]  # how many filters, rather than the filters
        value = self.ask(meant[0], 0, name)
        if meant[0] in ("K", "b"):
            self[name] = value  # kept: whoever changes it there changes what is read next
        return value

    def get(self, name, default=None):
        try:
            return self[name]
        except KeyError:
            return default

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Bag(Settings):
    """The ctx object that autograd functions keep things in: attributes, keys, saved arrays."""

    needs_input_grad = (True,) * 8
    asked = ("lr",)

    def __setattr__(self, name, value):
        self[name] = value

    def save_for_backward(self, *arrays):
        self["saved_tensors"] = self["saved"] = self["saved_arrays"] = self["saved_values"] = arrays

    save = save_for_later = save_for_backward

    def __getattr__(self, name):
        """What is not among its attributes: a method that puts arrays away, or one that gives them back."""
        if name not in self and re.match("(save|store|stash|keep)(?!d)", name):
            return self.save_for_backward
        if name not in self and "saved" in self and re.match("get|load|restore|retrieve|unpack", name):
            return lambda: self["saved"]
        return super().__getattr__(name)


class Node:
    """A node of a computational graph for the backward pass of an op: the inputs of its forward pass, in order."""

    def __init__(self, inputs, value):
        self.inputs = self.parents = self.args = inputs
        self.value = self.data = self.output = value


class Recorder:
    """Stands in for an optimiser: handed weights and gradients by any method, it makes a step of rate 1.

    What it returns is the weights after it; with ``in_place`` those that it was handed have changed as well.  It
    keeps what it is handed without them.
    """

    lr = learning_rate = alpha = 1.0

    def __init__(self, *_, in_place=False, bare=False, **__):
        self.in_place, self.bare, self.handed = in_place, bare, {}  # bare: whether it keeps arrays outside dicts

    def __call__(self, *arrays, **named):
        stepped = self._step(*arrays, **named)
        states = _unpacked(sys._getframe(1)) - 1  # w, v = update(w, v, gradient): what it keeps of steps before
        if states < 1 or isinstance(stepped, (list, tuple)):
            return stepped
        return (stepped, *[a for a in arrays if a is not None][1 : 1 + states])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self  # a method that makes the step, or what has one, as network.optimiser

    def __add__(self, number):
        return number  # what is counted in it, as parent.visited += 1, starts from nought

    def __deepcopy__(self, memo):
        return Recorder(in_place=self.in_place, bare=self.bare)

    def _step(self, *given, **named):
        """The weights after the step, a new array unless ``in_place``; of lists of both a list."""
        given = [*given, *named.values()]
        lists = [one for one in given if isinstance(one, (list, tuple)) and one]
        if len(lists) > 1 and len(lists[0]) == len(lists[1]):
            return [self._step(*pair) for pair in zip(lists[0], lists[1], strict=True)]
        arrays = [a for a in map(_only_array, given) if a is not None]
        if len(arrays) < 2 or arrays[0].shape != arrays[1].shape:
            self._keep(given)
            return arrays[0] if arrays else None
        alike = [a for a in arrays[1:] if a.shape == arrays[0].shape]
        gradient = next((a for a in alike if np.any(a)), alike[0])  # not a state that is nought as yet
        if self.in_place and arrays[0].flags.writeable and arrays[0].dtype.kind == "f":
            arrays[0] -= gradient
            return arrays[0]
        return arrays[0] - gradient

    def _keep(self, given):
        """What is handed over without the weights, as the gradients in a dict are, under its own names."""
        for place, part in enumerate(given):
            if self.bare and isinstance(part, np.ndarray):
                self.handed[str(place)] = part.copy()
            if isinstance(part, dict):
                self.handed.update({name: np.array(a) for name, a in part.items() if isinstance(a, np.ndarray)})


def _unpacked(caller) -> int:
    """Into how many names the line that is running in this frame unpacks what it called; 1 where it does not."""
    after = (one for one in dis.get_instructions(caller.f_code) if one.offset > caller.f_lasti)
    following = next((one for one in after if one.opname != "CACHE"), None)
    return following.arg if following is not None and following.opname == "UNPACK_SEQUENCE" else 1


def _only_array(value) -> np.ndarray | None:
    """An array, or the only one in a dict that describes it."""
    if isinstance(value, dict):
        inside = [part for part in value.values() if isinstance(part, np.ndarray)]
        value = inside[0] if len(inside) == 1 else None
    return value if isinstance(value, np.ndarray) else None


class Sink:
    """Stands in for a file or a logger: takes whatever is written, by any method."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


class Initialiser:
    """Stands in for whatever draws weights: called, or by any method, with a shape first or with its sizes."""

    def __call__(self, *shape, **named):
        shape = named.get("shape", shape[0] if shape and isinstance(shape[0], (tuple, list)) else shape)
        return np.random.standard_normal(tuple(int(size) for size in shape))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.__call__


class Identity:
    """Stands in for the activation of a layer: what it takes is what it gives; its derivative is 1."""

    __name__ = "linear"

    seen = None

    def __call__(self, z, *_, **__):
        self.seen = z
        return z

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._slope if re.search("deriv|grad|prime|slope", name.lower()) else self.__call__

    def _slope(self, *given, **named):
        """1; where delta is handed over beside what it was called with, their product: delta itself."""
        arrays = [a for a in (*given, *named.values()) if isinstance(a, np.ndarray)]
        if len(arrays) == 2 and arrays[0].shape == arrays[1].shape and self.seen is not None:
            others = [a for a in arrays if not np.all(np.isin(a, self.seen))]
            return others[0] if len(others) == 1 else arrays[1]
        return np.ones_like(arrays[0] if arrays else given[0])


class Slope(Identity):
    """Stands in for the derivative of that activation, where a layer asks for a function of its own for it."""

    def __call__(self, z, *_, **__):
        return np.ones_like(z)
