"""A network is a list of layers and a loss: forward, backward, and what the two leave behind.

``activations[i]`` is the input of layer i and ``deltas[i]`` = ∂L/∂activations[i], so that both lists have
one entry more than there are layers: the last activation is the output.  The nets of the course are in
:mod:`cnnlib.models`.
"""

import copy
import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import ops, storage
from .console import carried
from .layers import Layer
from .losses import SoftmaxCrossEntropy, SquaredError
from .validation import as_array, not_finite


class Trace(NamedTuple):
    """One forward and backward pass, laid open: what the pictures of the course are drawn from."""

    activations: list  # len(layers) + 1 arrays; activations[0] is the input
    deltas: list  # len(layers) + 1 arrays; deltas[i] = ∂L/∂activations[i]
    grads: list  # one dict per layer, with the keys of its params
    loss: float  # or a SymPy expression, where the network runs on symbols


class Network:
    """Layers one after the other, and a loss at the end.

    X is (N, C, n_h, n_w) — one image is X[None] —, targets are (N, classes).  ValueError, naming the layer,
    for whatever does not fit, and for NaN, infinity and masked cells in the input.
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

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The outputs (N, classes); keeps every layer's activation for backward and for looking at."""
        A = as_array(X, "Network: the input")
        odd = not_finite(A)
        if odd:
            raise ValueError(f"Network: the input {A.shape} holds {odd}")
        self.activations, self.deltas = [A], []
        for i, layer in enumerate(self.layers):
            try:
                A = layer.forward(A)
            except ValueError as error:
                raise ValueError(f"layer {i}, {error}") from error
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
        for i, layer in reversed(list(enumerate(self.layers))):
            try:
                delta = layer.backward(delta, need_dX=i > 0 or input_gradient)
            except ValueError as error:
                raise ValueError(f"layer {i}, {error}") from error
            deltas.append(delta)
        self.deltas = deltas[::-1]

    def predict(self, X: ArrayLike, batch_size: int = 500) -> np.ndarray:
        """The outputs (N, classes), batch by batch; leaves activations, caches and gradients as they are."""
        X, shadow = as_array(X, "predict: the input"), self._shadow()
        batch_size = ops.whole_number(batch_size, "predict: batch_size", at_least=1)
        if X.size == 0 or X.ndim == 0:
            raise ValueError(f"predict: the input has shape {X.shape}, which holds no image")
        return np.concatenate([shadow.forward(X[i : i + batch_size]) for i in range(0, len(X), batch_size)])

    def error_rate(self, X: ArrayLike, labels: ArrayLike) -> float:
        """The share of images, 0 to 1, whose largest output is not at their label (N,) of whole numbers."""
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
        return float(np.mean(outputs.argmax(axis=1) != labels))

    def trace(self, X: ArrayLike, targets: ArrayLike) -> Trace:
        """One pass for looking at, input gradient included; touches no cache and no ``grads`` of this network."""
        shadow = self._shadow()
        loss = shadow.loss.value(shadow.forward(X), targets)
        shadow.backward(targets, input_gradient=True)
        return Trace(shadow.activations, shadow.deltas, [layer.grads for layer in shadow.layers], loss)

    def summary(self, input_shape: Sequence[int] = (1, 28, 28)) -> str:
        """A table, one layer a line: output shape and number of parameters."""
        shape = tuple(input_shape) if np.ndim(input_shape) == 1 else (input_shape,)
        rows, total = [("", "input", shape, "")], 0
        for i, layer in enumerate(self.layers):
            try:
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"layer {i}, {error}") from error
            count = sum(np.size(array) for array in layer.params.values())
            total += count
            rows.append((i, repr(layer), shape, f"{count:,}" if count else "–"))
        rows.append(("", "parameters in all", "", f"{total:,}"))
        width = max(len(row[1]) for row in rows)
        lines = (
            f"{i!s:>3}  {name:<{width}}  {'×'.join(map(str, shape)):<10} {count:>8}".rstrip()
            for i, name, shape, count in rows
        )
        return carried("\n".join(lines))

    def save(self, path: str | Path) -> None:
        """Write all parameters to an .npz file, in one piece or not at all."""
        storage.save_params(path, self.layers)

    def load(self, path: str | Path) -> None:
        """Read parameters that :meth:`save` wrote; ValueError, and nothing changed, where they do not fit."""
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
