"""How wrong a batch is: one number, and its gradient with respect to the net's outputs.

Both losses are means over the N images of a batch, so 1/N is in the gradient already and no layer divides
by N again.  outputs and targets (N, classes); targets are one-hot rows, or any probabilities.
"""

import numpy as np
from numpy.typing import ArrayLike


class SquaredError:
    """L = ½ Σ_n Σ_j (outputs[n, j] − targets[n, j])² / N.   Floats, or SymPy symbols."""

    def value(self, outputs: ArrayLike, targets: ArrayLike) -> float:
        """L, one number."""
        outputs, targets = _fitting(outputs, targets, self)
        E = outputs - targets
        return (E * E).sum() / (2 * len(E))

    def gradient(self, outputs: ArrayLike, targets: ArrayLike) -> np.ndarray:
        """∂L/∂outputs = (outputs − targets) / N, shaped like outputs."""
        outputs, targets = _fitting(outputs, targets, self)
        return (outputs - targets) / len(outputs)

    def __repr__(self):
        return "SquaredError"


class SoftmaxCrossEntropy:
    """L = −Σ_n Σ_j targets[n, j] · log softmax(outputs[n])[j] / N.   Real numbers only."""

    def value(self, outputs: ArrayLike, targets: ArrayLike) -> float:
        """L, one number."""
        outputs, targets = _fitting(outputs, targets, self, symbols=False)
        shifted = outputs - outputs.max(axis=1, keepdims=True)  # the largest exponent is 0: no overflow
        with np.errstate(under="ignore"):
            log_sum = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return (targets * (log_sum - shifted)).sum() / len(outputs)

    def gradient(self, outputs: ArrayLike, targets: ArrayLike) -> np.ndarray:
        """∂L/∂outputs = (softmax(outputs) · Σ_j targets − targets) / N; the sum is 1 for probabilities."""
        outputs, targets = _fitting(outputs, targets, self, symbols=False)
        return (softmax(outputs) * targets.sum(axis=1, keepdims=True) - targets) / len(outputs)

    def __repr__(self):
        return "SoftmaxCrossEntropy"


def softmax(outputs: ArrayLike) -> np.ndarray:
    """e^{o_j} / Σ_k e^{o_k}, row by row: the class probabilities that SoftmaxCrossEntropy works with."""
    outputs = np.asarray(outputs)
    if outputs.ndim != 2 or outputs.dtype.kind not in "buif":
        what = f"outputs {outputs.shape} hold {outputs.dtype}"
        raise ValueError(f"softmax: {what}; it takes real numbers (N, classes)")
    if outputs.dtype.kind != "f":
        outputs = outputs.astype(np.float64)
    with np.errstate(under="ignore"):  # the improbable classes get 0
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _fitting(outputs, targets, loss, *, symbols=True):
    """Both as arrays (N, classes) of the outputs' dtype; ValueError where they do not fit each other."""
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    kinds = "buifO" if symbols else "buif"
    for name, array in (("outputs", outputs), ("targets", targets)):
        if array.dtype.kind not in kinds:
            raise ValueError(f"{loss}: {name} hold {array.dtype}; they have to be real numbers")
    if outputs.ndim != 2 or outputs.shape != targets.shape or len(outputs) == 0:
        labels = outputs.ndim == 2 and targets.ndim == 1
        hint = "; turn labels into rows with data.one_hot(labels)" if labels else ""
        raise ValueError(
            f"{loss}: outputs {outputs.shape} and targets {targets.shape} have to be equal, (N, classes){hint}"
        )
    if outputs.dtype.kind in "bui":
        outputs = outputs.astype(np.float64)
    return outputs, targets.astype(outputs.dtype, copy=False) if targets.dtype != object else targets
