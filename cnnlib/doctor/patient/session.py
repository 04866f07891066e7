"""One fresh layer in one case: built, given our weights, run forward, run backward.

Somebody else's code is called in here and nowhere else, by way of :mod:`..running`.
"""

import contextlib
import copy
import re

import numpy as np

from ..running import quietly
from . import calls, code, names
from .contents import arrays_in, at, is_number, kernel_lists, numbers_in, put
from .context import Context

RATES = ("lr", "learning_rate", "learningrate", "learn_rate", "learningRate", "eta", "LR", "l_rate")


class Session:
    """A fresh layer for one case.  ``case`` may change: weights that are only read replace ours."""

    def __init__(self, subject, plan, case):
        self.subject, self.plan, self.said, self.redrawn = subject, plan, [], False
        self.overwritten = False
        self.case = plan.with_its_bias(case)
        self.context = Context(self.case, plan)
        with quietly("the constructor", self.said):
            self.layer = self._built()
        self._set_rate()

    def _built(self):
        made = self.subject.fresh(self.plan, self.context)
        for name, option in self.plan.fields.items():
            setattr(made, name, self.context.value(*option, name))
        for step in self.plan.builds:
            name, told = (step, ()) if isinstance(step, str) else step
            function = getattr(made, name)
            shaped = re.search(r"input_?(shape|size|dim)", name.lower())
            meant = {p.name: "input shape" for p in calls.parameters(function)[:1] if shaped}
            images = [p.name for p in calls.parameters(function) if names.is_image(p.name)]
            meant |= dict.fromkeys([*code.read_of(function), *images], "X")  # what is read of: the layer before it
            meant |= dict(told)
            back = _first_call(function, calls.options("make", function, meant), self.context)
            made = back if hasattr(back, self.plan.forward_name) else made
        for name, (meaning, way) in self.plan.fields.items() if self.plan.builds else ():
            if meaning in ("K", "b"):  # what was called in between may have drawn others
                setattr(made, name, self.context.value(meaning, way, name))
        return made

    def _set_rate(self):
        for name in (one for one in RATES if isinstance(getattr(self.layer, one, None), float)):
            setattr(self.layer, name, self.plan.lr)

    def _write_weights(self):
        """Ours into the layer's own, or the layer's own into the case."""
        plan, arrays = self.plan, {}
        if plan.kernel_path:
            if plan.writes:
                put(self.layer, plan.kernel_path, plan.K.lay_out(self.case.K))
            arrays["K"] = plan.K.read(at(self.layer, plan.kernel_path), self.case.K.shape)
        if plan.bias_path:
            self.case = plan.with_its_bias(self.case, at(self.layer, plan.bias_path))
            if plan.writes:
                put(self.layer, plan.bias_path, plan.bias_layout.lay_out(self.case.b))
            b = at(self.layer, plan.bias_path)
            b = np.reshape(b, plan.bias_layout.shape(self.case.b.shape)) if is_number(b) else b
            arrays["b"] = plan.bias_layout.read(b, self.case.b.shape)
        if arrays:
            self.case = self.case.with_arrays(**{name: np.array(a, dtype=float) for name, a in arrays.items()})

    def _see_weights(self):
        """A kernel that the forward pass has changed is the one it has used."""
        if not self.plan.kernel_path:
            return
        now = np.array(self.plan.K.read(at(self.layer, self.plan.kernel_path), self.case.K.shape), dtype=float)
        if not np.array_equal(now, self.case.K, equal_nan=True) and not np.allclose(now, self.case.K, rtol=1e-3):
            self.redrawn, self.case = True, self.case.with_arrays(K=now)

    def _see_bias(self):
        """Whether Z is the array of the biases itself, to which the next call will add, or they are new ones."""
        own = at(self.layer, self.plan.bias_path) if self.plan.bias_path else None
        if not isinstance(own, np.ndarray):
            return
        if isinstance(self.Z, np.ndarray) and own.size == self.Z.size and np.may_share_memory(own, self.Z):
            self.overwritten, self.Z = True, self.Z.copy()
        elif own.size == self.case.b.size:
            now = np.array(self.plan.bias_layout.read(own, self.case.b.shape), dtype=float)
            if np.all(np.isfinite(now)) and not np.allclose(now, self.case.b, rtol=1e-3):
                self.redrawn, self.case = True, self.case.with_arrays(b=now)

    def turn_to(self, case):
        """Go on with the same layer in another case of the same setting."""
        kept, self.case = self.context.facts.get("carried", {}), self.plan.with_its_bias(case)
        self.context = Context(self.case, self.plan)
        for name, carrier in kept.items():  # the layer before, which the constructor was handed
            if getattr(carrier, "meaning", "") == "X":
                carrier.turn_to(self.context.value("X", 0, ""), self.context.value)
                self.context.facts.setdefault("carried", {})[name] = carrier

    def forward(self):
        """Z as the layer gives it; whatever else it returns is kept as its cache."""
        made = {}
        with quietly("the forward pass", self.said):
            if self.plan.kernel_path and (self.plan.warm or not self._has_weights()):
                self._call_forward()
            self._write_weights()
            with code.watched(self.subject.thing, self.subject.made_on_the_way, made):
                result = self._call_forward()
            self._see_weights()
        self.Z, cache = self._output(result)
        self._see_bias()
        self.context.facts["parts"] = made | self.context.facts.get("parts", {})
        self.context.facts.update({"Z": self.Z} | ({"cache": cache} if cache is not None else {}))
        return self.Z

    @property
    def dtype(self):
        """The coarsest floating type among Z and the weights: what the layer's numbers can be trusted to."""
        found = [np.dtype(getattr(self.Z, "dtype", float))]
        found += [np.asarray(at(self.layer, p)).dtype for p in (self.plan.kernel_path, self.plan.bias_path) if p]
        floating = [kind for kind in found if kind.kind == "f"]
        return min(floating, key=lambda kind: kind.itemsize, default=np.dtype(float))

    def _has_weights(self):
        try:
            return at(self.layer, self.plan.kernel_path) is not None
        except KeyError:
            return False

    def _call_forward(self):
        self.context.facts.pop("X", None)
        for name in (name for name, way in self.plan.fields.items() if way[0] == "X"):
            setattr(self.layer, name, self.context.value("X", 0, name))
        function = self.subject.method(self.layer, self.plan.forward_name)
        return calls.call(function, "forward", self.plan.forward, self.context)

    def _output(self, result):
        """Out of what the forward pass returned: Z, which is first or has Z's size, and the rest."""
        if isinstance(result, dict):
            names_, parts = list(result), list(result.values())
        elif isinstance(result, tuple):
            names_, parts = None, list(result)
        else:
            return (self._kept_output() if result is None else result), None
        size = int(np.prod(self.case.setting.shapes["Z"]))
        fits = [i for i, part in enumerate(parts) if isinstance(part, np.ndarray) and part.size == size]
        place = fits[0] if fits else 0
        rest = [part for i, part in enumerate(parts) if i != place]
        called = names_ or code.returned_names(self.subject.method(self.layer, self.plan.forward_name))
        self.context.facts["parts"] = {str(name).lower(): part for name, part in zip(called, parts, strict=False)}
        if names_:
            return parts[place], result
        return parts[place], rest[0] if len(rest) == 1 else tuple(rest)

    def _kept_output(self):
        """Z of a layer that keeps it in an attribute and returns nothing."""
        size = int(np.prod(self.case.setting.shapes["Z"]))
        found = {path.lower().lstrip("_"): a for path, a in self.arrays().items()}
        named = [found[name] for name in names.OUTPUT if name in found and found[name].size == size]
        same = [a for path, a in found.items() if a.size == size and not path.startswith("argument")]
        return next(iter(named + same), None)

    def backward(self, delta):
        """Call the backward pass; what it returned.  ``before`` holds copies of every array as it was."""
        self.context.facts["delta"] = delta
        self.before = {path: a.copy() for path, a in self.arrays().items()}
        function = self.subject.method(self.layer, self.plan.backward_name, backward=True)
        with quietly("the backward pass", self.said):
            self.returned = calls.call(function, "backward", self.plan.backward, self.context)
            for one in self.plan.steps:
                name, told = (one, ()) if isinstance(one, str) else one
                step = getattr(self.layer, name)
                ways = calls.combinations(calls.options("step", step, dict(told)))
                more = calls.call(step, "step", ways[0] if ways else {}, self.context)
                self.returned = self.returned if more is None else (self.returned, more)
        return self.returned

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array within reach: the layer's, and ours that were handed over ("argument.K")."""
        found = {} if callable(self.layer) and not hasattr(self.layer, "__dict__") else arrays_in(self.layer)
        if found or hasattr(self.layer, "__dict__"):
            found = kernel_lists(self.layer) | found
        for path in (self.plan.kernel_path, self.plan.bias_path):
            if path and path not in found and self._has_weights():
                found[path] = np.array(at(self.layer, path), dtype=float)
                found |= numbers_in(self.layer) if is_number(at(self.layer, path)) else {}
        for name in ("K", "b"):
            value = self.context.facts.get(name)
            if isinstance(value, np.ndarray):
                found[f"argument.{name}"] = value
        for name, carrier in self.context.facts.get("carried", {}).items():
            found |= {f"argument.{name}.{path}": a for path, a in arrays_in(carrier).items()}
        return found


def _first_call(function, options, context):
    """What the first of three ways to finish a layer gives that ends, or the last one."""
    ways = calls.combinations(options)[:3] or [{}]
    for way in ways[:-1]:
        with contextlib.suppress(IndexError, ValueError, TypeError):
            return calls.call(function, "make", way, context)
    return calls.call(function, "make", ways[-1], context)


class Subject:
    """What was handed over: how a fresh layer is had, and its two methods."""

    def __init__(self, thing, backward=None):
        self.thing, self.pair = thing, backward
        asked = {p.name for p in calls.parameters(backward)} if backward is not None else set()
        self.made_on_the_way = asked & {*code.local_names(thing)} if asked else set()  # variables asked for by name
        self.name = getattr(thing, "__name__", type(thing).__name__)
        self.is_instance = (backward is None and not callable(thing)) or (
            backward is None
            and not isinstance(thing, type)
            and any(hasattr(thing, name) for name in names.BACKWARDS)
        )

    def maker(self):
        """The function whose parameters a fresh layer takes, or None where none is made."""
        return None if self.pair is not None or self.is_instance else self.thing

    def fresh(self, plan, context):
        if self.pair is not None:
            return {"forward": self.thing, "backward": self.pair}
        if self.is_instance:
            return copy.deepcopy(self.thing)
        made = calls.call(self.thing, "make", plan.make, context)
        if isinstance(made, (tuple, list)) and len(made) == 2 and all(callable(part) for part in made):
            return dict(zip(("forward", "backward"), made, strict=True))
        if made is None:
            raise TypeError(f"{self.name} returned None where a layer was expected")
        return made

    def method(self, layer, name, *, backward=False):
        return layer["backward" if backward else "forward"] if isinstance(layer, dict) else getattr(layer, name)
