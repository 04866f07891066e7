"""The description of a layer in full: how it is called, how its arrays are laid out, where its gradients end up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .axes import Layout, layout_of

MEANINGS = {
    "X": "the images",
    "K": "the kernels",
    "b": "the biases",
    "delta": "∂L/∂Z, as a backward pass is handed it",
    "cache": "what the forward pass returned beside Z",
    "lr": "the learning rate",
    "stride": "a number, or a pair where a pair is the default",
    "pad": "likewise",
    "mode": "the padding as a word, same or valid",
    "k": "the size of the kernel, or its shape",
    "C": "how many channels",
    "O": "how many maps",
    "H": "how many rows",
    "W": "how many columns",
    "N": "how many images",
    "Z": "the output",
    "input shape": "that of X",
}
"""What a parameter may be said to be."""
WORDS = ", ".join(f'"{meaning}"' for meaning in MEANINGS)


class DescriptionError(ValueError):
    """A description that cannot be that of the layer; the message says what was found and what was expected."""


class NoForwardError(DescriptionError):
    """No way to call the layer gave what a layer of its kind gives.

    ``certain`` is the error of a line that fails whatever it is given, if that is why.
    """

    def __init__(self, sentence, certain=None):
        super().__init__(sentence)
        self.certain = certain


@dataclass(frozen=True)
class Source:
    """Where a gradient is found: "returned" or "attribute" at a dotted path, or as a "step" of the weights.

    "stepped": what is returned are the weights after the step.  ``layout`` is its own, if not that of the weights.
    """

    how: str
    path: str = ""
    layout: Layout | None = None

    @property
    def is_step(self) -> bool:
        """Is it the step of the weights, so that the rate must be known?"""
        return self.how in ("step", "stepped")

    def __str__(self):
        if self.how == "returned":
            return f"returned[{self.path}]" if self.path else "returned"
        return {
            "attribute": f".{self.path}",
            "step": "a step of the weights",
            "stepped": "a step of the weights, which are returned",
            "cache": f"cache.{self.path}",
        }[self.how]


@dataclass(frozen=True)
class Plan:
    """Layouts, options of the calls, and sources; ``lr`` is the rate that is asked for."""

    kind: str = "convolution"
    X: Layout | None = None
    K: Layout | None = None
    Z: Layout | None = None
    b: Layout | None = None
    make: Mapping = field(default_factory=dict)
    forward: Mapping = field(default_factory=dict)
    backward: Mapping = field(default_factory=dict)
    forward_name: str = "forward"
    backward_name: str = "backward"
    builds: tuple[str, ...] = ()  # methods that are called before the first forward pass, in this order
    steps: tuple[str, ...] = ()  # methods that are called after the backward pass: a step, or what gives a gradient
    fields: Mapping = field(default_factory=dict)  # attributes that are set before those
    kernel_path: str | None = None  # where weights that the layer draws itself are kept
    bias_path: str | None = None
    writes: bool = True  # whether those are overwritten by ours; else they are read
    warm: bool = False  # whether a first forward pass draws the weights, which later ones keep
    takes_kernel: bool = True
    takes_bias: bool = True
    any_padding: bool = False  # the layer chooses its padding: whatever its output shows is taken
    sources: Mapping = field(default_factory=dict)
    lr: float = 1.0
    rate: float = 1.0  # what a step has to be divided by
    activation: str | None = None

    def but(self, **changes) -> "Plan":
        """The plan with some fields changed: what ``replace`` gives, in a fifth of its time."""
        new = object.__new__(Plan)
        vars(new).update(vars(self), **changes)
        return new

    @property
    def sites(self) -> tuple[Mapping, ...]:
        """How the parameters of the constructor, the forward and the backward pass are filled."""
        return (self.make, self.forward, self.backward)

    @property
    def has_bias(self) -> bool:
        return self.takes_bias or self.bias_path is not None

    @property
    def has_kernel(self) -> bool:
        return self.takes_kernel or self.kernel_path is not None

    @property
    def bias_layout(self):
        """That of b; one number a map where nothing else was told or found."""
        return self.b or layout_of("O", "O")

    def lay_out_bias(self, b):
        return self.bias_layout.lay_out(b)

    def with_its_bias(self, case, own=None):
        """The case with a number of b for every cell of the output, where it is laid out so; of ``own`` shape."""
        if not self.has_bias or self.bias_layout.ours != "OHW":
            return case
        shape = (case.setting.O, *case.setting.output)
        if own is not None:
            shape = self.bias_layout.read(np.asarray(own, dtype=float)).shape
        right = case.b.ndim == 3 if own is None else case.b.shape == shape
        return case if right else case.with_arrays(b=case.delta(shape))

    def in_our_order(self, raw, part: str, case) -> np.ndarray:
        """Ours from theirs, in the layout of its source; an array of another size as near as its axes allow."""
        layouts = {"dX": (self.X, case.X), "dK": (self.K, case.K), "db": (self.bias_layout, case.b)}
        layout, shape, own = layouts[part][0], layouts[part][1].shape, self.sources[part].layout
        raw = np.asarray(raw, dtype=float)
        layout = own if own is not None and raw.shape == own.shape(shape) else layout
        if raw.shape == layout.shape(shape):
            return layout.read(raw, shape)
        if raw.size == int(np.prod(shape)) and (part == "db" or raw.ndim != len(layout.groups)):
            return layout.read(raw.reshape(layout.shape(shape)), shape)
        try:
            return layout.read(raw)
        except ValueError:
            return raw

    def lines(self) -> list[str]:
        """The description in words, as ``guess=True`` prints it."""
        parts = [f"kind: {self.kind}", f'X="{self.X}"']
        if self.has_kernel:
            parts.append(f'K="{self.K}"' + (f" (its own, .{self.kernel_path})" if self.kernel_path else ""))
        if self.has_bias:
            parts.append(f'b="{self.bias_layout}"' + (f" (its own, .{self.bias_path})" if self.bias_path else ""))
        parts.append(f'Z="{self.Z}"')
        parts += [f"{part}: {source}" for part, source in self.sources.items()]
        if any(source.is_step for source in self.sources.values()):
            parts.append(f"step / {self.rate:.4g}")
        called = [one if isinstance(one, str) else one[0] for one in (*self.builds, *self._passes, *self.steps)]
        if called != ["forward", "backward"]:
            parts.append(f"methods: {', '.join(called)}")
        left = [name for name, (meaning, _) in self.make.items() if meaning == "leave"]
        return [*parts, *([f"left at its default: {', '.join(left)}"] if left else [])]

    @property
    def _passes(self) -> tuple[str, str]:
        return self.forward_name, self.backward_name
