"""Seven tests of a backward pass, and what each of them says about a planted bug: it sees it, or it is blind.

All of them work on one small net, 2c3-2s-3c3-2s with asymmetric kernels, two images of 14×14 and float64.  A
verdict is always measured, never looked up; the sentence beside it gives the reason.  :func:`verdicts` runs all
tests on one bug.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .. import gradcheck
from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..losses import SquaredError
from ..network import Network
from . import catalogue as bugs
from .update_effect import parameter_names, steps

NOTICED = 1e-6  # relative to the right number: far above rounding, far below any of the bugs
LINEAR = (Conv2D, MeanPool2D, Flatten, Dense)
INNER = 3  # the layer whose dX is looked at: the second convolution, the only one that hands a delta down


class Verdict(NamedTuple):
    """What one test says about one bug, and why."""

    test: str
    sees: bool
    reason: str


class Lab(NamedTuple):
    """A small net and a batch to try it on: X (2, 1, 14, 14), Y (2, 3)."""

    network: Network
    X: np.ndarray
    Y: np.ndarray


@functools.cache
def lab(symmetric: bool = False) -> Lab:
    """The same numbers every time; ``symmetric`` kernels are multiples of one that no turn changes."""
    rng = np.random.default_rng(13)
    layers = [Conv2D(1, 2, 3, operation="convolution", rng=rng, dtype=float), Sigmoid(), MeanPool2D(2),
              Conv2D(2, 3, 3, operation="convolution", rng=rng, dtype=float), Sigmoid(), MeanPool2D(2),
              Flatten(), Dense(12, 3, rng=rng, dtype=float), Sigmoid()]  # fmt: skip
    for layer in layers:
        for name, array in layer.params.items():
            layer.params[name] = rng.standard_normal(array.shape) / 2
            if symmetric and name == "K":
                layer.params[name] = layer.params[name][..., :1, :1] * np.outer([1, 2, 1], [1, 2, 1]) / 4
    return Lab(Network(layers, SquaredError()), rng.standard_normal((2, 1, 14, 14)), np.eye(3)[[2, 0]])


def verdicts(key: str) -> tuple[Verdict, ...]:
    """What every test says about the bug ``key``, in the order of TESTS.

    Raises
    ------
    ValueError
        For an unknown bug.
    """
    return tuple(Verdict(test, *ask(key)) for test, ask in TESTS.items())


# ------------------------------------------------------------------- what a net with a bug computes


@functools.cache
def gradients(key: str, symmetric: bool = False) -> dict[str, np.ndarray]:
    """{parameter: its gradient} in the net with the bug."""
    net = _passed(key, symmetric)
    return {name: net.layers[i].grads[k] for name, (i, k) in parameter_names(net).items()}


@functools.cache
def input_gradient(key: str) -> np.ndarray:
    """dX of the second convolution, (2, 2, 6, 6), in the net with the bug."""
    return _passed(key).deltas[INNER]


@functools.cache
def slopes() -> dict[str, np.ndarray]:
    """{parameter: ∂L/∂parameter} by central differences: the forward pass only, no formula."""
    network, X, Y = lab()
    copy = bugs.plant(network, bugs.NONE)

    def loss_with(layer, k):
        def loss(values):
            layer.params[k] = values
            return copy.loss.value(copy.forward(X), Y)

        return loss

    measured = {}
    for name, (i, k) in parameter_names(copy).items():
        layer, before = copy.layers[i], copy.layers[i].params[k]
        measured[name] = gradcheck.central_difference(loss_with(layer, k), before)
        layer.params[k] = before
    return measured


def _passed(key, symmetric=False):
    network, X, Y = lab(symmetric)
    net = bugs.plant(network, key)
    net.forward(X)
    net.backward(Y)
    return net


# ----------------------------------------------------------------------------------------- the tests


_UPDATE = "the gradient is right; the update comes later"
_OUT_OF_SIGHT = {  # what the bug spoils → why the adjoint test cannot see it
    "dK": "it asks about dX; dK is another gradient",
    "db": "it asks about dX; db is another gradient",
    "slope": "σ is not linear, so the test leaves it out",
    "scale": "the loss is no linear layer, so the test leaves it out",
    "update": _UPDATE,
}


def _by_one_number(measure: Callable[[np.ndarray], float], name: str, kept: str):
    def ask(key):
        right, wrong = measure(input_gradient(bugs.NONE)), measure(input_gradient(key))
        if abs(wrong / right - 1) > NOTICED:
            return True, f"it is {wrong / right:.3g} times the right {name}"
        return False, kept if _spoils(key) == "turn" else "it looks at dX alone, and this dX is right"

    return ask


def not_zero(key: str) -> tuple[bool, str]:
    """Is some gradient zero throughout?"""
    zero = [name for name, gradient in gradients(key).items() if not gradient.any()]
    return bool(zero), f"{zero[0]} is 0" if zero else "no gradient is 0; a wrong one is not 0 either"


def symmetric_kernels(key: str) -> tuple[bool, str]:
    """Every gradient, elementwise, in a net whose kernels no turn changes."""
    name, gap = _largest_gap(gradients(key, True), gradients(bugs.NONE, True))
    if gap > NOTICED:
        return True, _off(name, gap)
    turn = _spoils(key) == "turn"
    return False, "these kernels look the same after any turn" if turn else _UPDATE


def gradient_check(key: str) -> tuple[bool, str]:
    """Every gradient, elementwise, against central differences."""
    name, gap = _largest_gap(gradients(key), slopes())
    return (True, _off(name, gap)) if gap > NOTICED else (False, _UPDATE)


def adjoint_test(key: str) -> tuple[bool, str]:
    """⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩ with random x and y, for every linear layer of the net."""
    net, worst, where = _passed(key), 0.0, ""
    for i, layer in enumerate(net.layers):
        if isinstance(layer, LINEAR):
            x_shape, y_shape = net.activations[i].shape, net.activations[i + 1].shape
            bias, rng = layer.forward(np.zeros(x_shape)), np.random.default_rng(0)
            linear = lambda x, layer=layer, bias=bias: layer.forward(x) - bias  # noqa: E731
            gap = gradcheck.adjoint_gap(linear, layer.backward, x_shape, y_shape, rng)
            if gap > max(worst, NOTICED):
                worst, where = gap, next(kind.__name__ for kind in LINEAR if isinstance(layer, kind))
    if where:
        return True, f"{where}: ⟨A·x, y⟩ and ⟨x, Aᵀ·y⟩ are {worst:.2g} apart"
    return False, _OUT_OF_SIGHT[_spoils(key)]


def _largest_gap(mine, reference):
    """(the parameter whose gradient differs most, the difference as a share of its largest entry)."""
    gaps = {name: np.abs(mine[name] - right).max() / np.abs(right).max() for name, right in reference.items()}
    gaps = {name: gap if np.isfinite(gap) else np.inf for name, gap in gaps.items()}  # NaN: the largest difference
    name = max(gaps, key=gaps.get)
    return name, gaps[name]


def _off(name, gap):
    return f"{name}: an entry is off by {gap:.0%} of the largest"


def _spoils(key):
    return bugs.BUGS[key].spoils if key in bugs.BUGS else "nothing"


def one_step(key: str) -> tuple[bool, str]:
    """The change that one update makes, against central differences."""
    name, gap = _largest_gap(steps(lab().network, key, lab().X, lab().Y), slopes())
    return gap > NOTICED, f"{name}: a step is off by {gap:.0%} of the largest"


TESTS: dict[str, Callable[[str], tuple[bool, str]]] = {
    "mean of dX": _by_one_number(np.mean, "mean", "a turn only moves the kernel's entries; their sum stays"),
    "norm of dX": _by_one_number(np.linalg.norm, "norm", ""),
    "not zero": not_zero,
    "symmetric kernels": symmetric_kernels,
    "gradient check": gradient_check,
    "adjoint test": adjoint_test,
    "one step": one_step,
}
