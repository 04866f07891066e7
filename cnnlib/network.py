"""A network is a list of layers and a loss: forward, backward, and the arrays that both passes keep.

Every layer has a name, its kind and its place among the layers of that kind: conv1, pool1, conv2, pool2, dense.
``net["conv2"]`` is the layer, ``net.activation("conv2")`` its output and ``net.delta("conv2")`` = ∂L/∂output; the
name "input" stands for the images.  The lists behind the names have one entry more than there are layers:
``activations[i]`` is the input of layer i and ``deltas[i]`` = ∂L/∂activations[i].  The nets of the course are in
:mod:`cnnlib.models`.
"""

import copy
import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import storage
from .console import carried
from .layers import Layer
from .losses import SoftmaxCrossEntropy, SquaredError
from .validation import as_array, not_finite, whole_number

INPUT = "input"  # the name of what goes into the first layer


class _ByName:
    """Lookup by layer name, for classes that have ``names``, ``activations`` and ``deltas``."""

    def activation(self, name: str) -> np.ndarray:
        """The output of the layer ``name``, or the images for "input"; KeyError for any other name."""
        return self._at(name, self.activations, "activations", "forward")

    def delta(self, name: str) -> np.ndarray | None:
        """∂L/∂activation(name): the delta at the output of that layer.  KeyError for an unknown name."""
        return self._at(name, self.deltas, "deltas", "backward")

    def _at(self, name, arrays, what, needed):
        place = _place(name, (INPUT, *self.names))
        if not arrays:
            raise ValueError(f"no {what} yet: call {needed} first")
        return arrays[place]


def _place(name, names):
    """The position of a name; a KeyError that lists the names otherwise."""
    if name not in names:
        raise KeyError(f"there is no layer {name!r}; there are {', '.join(names)}")
    return names.index(name)


def names_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """A name for each layer: its kind, numbered from 1 where the kind occurs more than once."""
    kinds = [layer.kind or type(layer).__name__.lower() for layer in layers]
    return tuple(
        kind if kinds.count(kind) == 1 else f"{kind}{kinds[: i + 1].count(kind)}" for i, kind in enumerate(kinds)
    )


class _Arrays(NamedTuple):
    activations: list  # len(layers) + 1 arrays; activations[0] is the input
    deltas: list  # len(layers) + 1 arrays; deltas[i] = ∂L/∂activations[i]
    grads: list  # one dict per layer, with the keys of its params
    loss: float  # or a SymPy expression, where the network runs on symbols
    names: tuple  # of the layers


class Trace(_ByName, _Arrays):
    """All arrays of one forward and backward pass, which the pictures of the course are drawn from."""

    def gradients(self, name: str) -> dict[str, np.ndarray]:
        """∂L/∂params of the layer ``name``, with the keys of its params.

        Raises
        ------
        KeyError
            For a name that no layer has.
        """
        return self.grads[_place(name, self.names)]


class Network(_ByName):
    """Layers one after the other, and a loss at the end.

    Inputs X are batches (N, C, n_h, n_w); one image is X[None].  Targets are (N, classes).

    Parameters
    ----------
    layers : layers
        From input to output.
    loss : SquaredError, SoftmaxCrossEntropy or another object with ``value`` and ``gradient``

    Raises
    ------
    ValueError
        From every method, naming the layer, for whatever does not fit, and for NaN, infinity and masked cells
        in the input.
    """

    def __init__(self, layers: Iterable[Layer], loss: SquaredError | SoftmaxCrossEntropy):
        self.layers = list(layers)
        if not self.layers:
            raise ValueError("Network: the list of layers is empty")
        # A layer keeps the last forward pass only, so one object in two places would mix up their gradients.
        for i, layer in enumerate(self.layers):
            first = next(j for j, other in enumerate(self.layers) if other is layer)
            if first < i:
                raise ValueError(f"Network: layers {first} and {i} are the same {layer}; build one for each place")
        self.loss = loss
        self.activations = []
        self.deltas = []

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the layers in order, such as ("conv1", "relu", "pool", "conv2", …)."""
        return names_of(self.layers)

    def __getitem__(self, name: str) -> Layer:
        """The layer of a name; KeyError, with the names there are, for any other.  By number: ``layers[i]``."""
        return self.layers[_place(name, self.names)]

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The outputs (N, classes); keeps every layer's activation for backward and for looking at."""
        A = as_array(X, "Network: the input")
        odd = not_finite(A)
        if odd:
            raise ValueError(f"Network: the input {A.shape} holds {odd}")
        self.activations, self.deltas = [A], []
        for name, layer in zip(self.names, self.layers, strict=True):
            try:
                A = layer.forward(A)
            except ValueError as error:
                raise ValueError(f"layer {name}, {error}") from error
            self.activations.append(A)
        return A

    def backward(self, targets: ArrayLike, *, input_gradient: bool = False) -> None:
        """Gradients of the loss into every layer's ``grads``, and ∂L/∂activations into ``deltas``.

        The gradient of the image is not needed for training.  It is computed only with ``input_gradient=True``;
        otherwise deltas[0] is None, and the kernels of the first convolutional layer are never turned.
        """
        if len(self.activations) != len(self.layers) + 1:
            raise ValueError("Network: backward without a forward; call forward(X) first")
        delta = self.loss.gradient(self.activations[-1], targets)
        deltas = [delta]
        for name, layer in reversed(list(zip(self.names, self.layers, strict=True))):
            try:
                delta = layer.backward(delta, need_dX=layer is not self.layers[0] or input_gradient)
            except ValueError as error:
                raise ValueError(f"layer {name}, {error}") from error
            deltas.append(delta)
        self.deltas = deltas[::-1]

    def predict(self, X: ArrayLike, batch_size: int = 500) -> np.ndarray:
        """The outputs (N, classes), batch by batch; leaves activations, caches and gradients as they are."""
        X, shadow = as_array(X, "predict: the input"), self._shadow()
        batch_size = whole_number(batch_size, "predict: batch_size", at_least=1)
        if X.size == 0 or X.ndim == 0:
            raise ValueError(f"predict: the input has shape {X.shape}, which holds no image")
        return np.concatenate([shadow.forward(X[i : i + batch_size]) for i in range(0, len(X), batch_size)])

    def error_rate(self, X: ArrayLike, labels: ArrayLike) -> float:
        """The share of images, 0 to 1, whose largest output is not at their label (N,) of whole numbers.

        See :func:`wrong_answers` for a net that has diverged.
        """
        labels = as_array(labels, "error_rate: labels")
        outputs = self.predict(X)
        classes = outputs.shape[1]
        if labels.shape != (len(outputs),) or labels.dtype.kind not in "iu":
            raise ValueError(
                f"error_rate: labels have shape {labels.shape} and hold {labels.dtype}; "
                f"{len(outputs)} images take ({len(outputs)},) whole numbers"
            )
        if labels.min() < 0 or labels.max() >= classes:
            wrong = labels[(labels < 0) | (labels >= classes)][0]
            raise ValueError(f"error_rate: the label {wrong} is outside 0–{classes - 1}")
        return float(np.mean(wrong_answers(outputs, labels)))

    def trace(self, X: ArrayLike, targets: ArrayLike) -> Trace:
        """One pass with all its arrays, the input gradient included; leaves caches and ``grads`` as they are."""
        shadow = self._shadow()
        loss = shadow.loss.value(shadow.forward(X), targets)
        shadow.backward(targets, input_gradient=True)
        grads = [layer.grads for layer in shadow.layers]
        return Trace(shadow.activations, shadow.deltas, grads, loss, shadow.names)

    def summary(self, input_shape: Sequence[int] = (1, 28, 28)) -> str:
        """A table, one layer a line: output shape and number of parameters."""
        shape = tuple(input_shape) if np.ndim(input_shape) == 1 else (input_shape,)
        rows, total = [(INPUT, "", shape, "")], 0
        for name, layer in zip(self.names, self.layers, strict=True):
            try:
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"layer {name}, {error}") from error
            count = sum(np.size(array) for array in layer.params.values())
            total += count
            rows.append((name, repr(layer), shape, f"{count:,}" if count else "–"))
        rows.append(("", "parameters in all", "", f"{total:,}"))
        wide, wider = (max(len(row[column]) for row in rows) for column in (0, 1))
        lines = (
            f"{name:<{wide}}  {words:<{wider}}  {'×'.join(map(str, shape)):<10} {count:>8}".rstrip()
            for name, words, shape, count in rows
        )
        return carried("\n".join(lines))

    def save(self, path: str | Path) -> None:
        """Write all parameters to an .npz file, completely or not at all."""
        storage.save_params(path, self.layers)

    def load(self, path: str | Path) -> None:
        """Read parameters that :meth:`save` wrote.

        Raises
        ------
        ValueError
            And nothing is changed, where they do not fit.
        """
        storage.load_params(path, self.layers)

    def _shadow(self):
        """This network with the same parameters, but caches and gradients of its own."""
        return Network([copy.copy(layer) for layer in self.layers], self.loss)

    def __repr__(self):
        return f"Network({len(self.layers)} layers, {self.loss!r})"


def __getattr__(name):  # models imports this module, so the nets it builds are looked up there when asked for
    if name in ("toolbox_net", "lenet"):
        return getattr(importlib.import_module(".models", __package__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def wrong_answers(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each image: is its largest output elsewhere than at its label?  Outputs (N, classes), labels (N,).

    Where an output is NaN there is no largest one: the answer is wrong.  (NumPy would call the NaN the largest.)
    """
    return (outputs.argmax(axis=1) != labels) | np.isnan(outputs).any(axis=1)
