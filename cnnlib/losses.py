"""The losses: how wrong a batch is as one number, and its gradient with respect to the net's outputs.

Both losses are means over the N images of a batch, so 1/N is in the gradient already and no layer divides
by N again.  outputs and targets (N, classes); targets are one-hot rows, or any probabilities.
"""

import numpy as np
from numpy.typing import ArrayLike

from .validation import as_array, holds_text


class SquaredError:
    """L = ½ Σ_n Σ_j (outputs[n, j] − targets[n, j])² / N, for floats and for SymPy symbols."""

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
    """L = −Σ_n Σ_j targets[n, j] · log softmax(outputs[n])[j] / N, for real numbers."""

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


class CodeLoss:
    """The loss of LeNet-5's output units, for real numbers.

    With y = −outputs, the squared distances to the codes::

        L = Σ_n ( y[n, t] + log(e^−j + Σ_i e^−y[n, i]) ) / N,   t the right class

    For targets in general the first term is Σ_i targets[n, i]·y[n, i].  It pulls the output towards the right
    code, the second pushes it from the others.  That is the cross-entropy of a softmax with one class more,
    "none of these", whose distance is the constant j: a digit further than j from every code is hardly pushed.
    Source: LeCun, Bottou, Bengio & Haffner (1998), equation 9; the paper does not give its j.

    Parameters
    ----------
    rubbish : squared distance
        The constant j, a positive number.

    Raises
    ------
    ValueError
        For any other ``rubbish``.
    """

    def __init__(self, rubbish: float = 10.0):
        number = np.asarray(rubbish)
        if number.ndim or number.dtype.kind not in "buif" or not 0 < number < np.inf:
            raise ValueError(f"CodeLoss: rubbish has to be a positive number, not {rubbish!r}")
        self.rubbish = float(rubbish)

    def value(self, outputs: ArrayLike, targets: ArrayLike) -> float:
        """L, one number."""
        outputs, targets = _fitting(outputs, targets, self, symbols=False)
        return self._with_one_more(SoftmaxCrossEntropy().value, outputs, targets)

    def gradient(self, outputs: ArrayLike, targets: ArrayLike) -> np.ndarray:
        """∂L/∂outputs = (e^−y / (e^−j + Σ e^−y) · Σ_i targets − targets) / N, shaped like outputs."""
        outputs, targets = _fitting(outputs, targets, self, symbols=False)
        return self._with_one_more(SoftmaxCrossEntropy().gradient, outputs, targets)[:, :-1]

    def _with_one_more(self, compute, outputs, targets):
        """Outputs and targets with one more class, at the distance j, which is never the target."""
        none_of_these = np.full_like(outputs, -self.rubbish, shape=(len(outputs), 1))
        return compute(np.hstack([outputs, none_of_these]), np.pad(targets, ((0, 0), (0, 1))))

    def __repr__(self):
        return f"CodeLoss({self.rubbish:g})"


def softmax(outputs: ArrayLike) -> np.ndarray:
    """e^{o_j} / Σ_k e^{o_k}, row by row: the class probabilities that SoftmaxCrossEntropy works with."""
    outputs = as_array(outputs, "softmax: outputs")
    if outputs.ndim != 2 or outputs.dtype.kind not in "buif":
        what = f"outputs {outputs.shape} hold {outputs.dtype}"
        raise ValueError(f"softmax: {what}; it takes real numbers (N, classes)")
    outputs = _wide_enough(outputs)
    with np.errstate(under="ignore"):  # the improbable classes get 0
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _wide_enough(outputs):
    """Whole numbers as float64, and float16, whose squares end at 65,504, as float32."""
    if outputs.dtype.kind in "bui":
        return outputs.astype(np.float64)
    return outputs.astype(np.float32) if outputs.dtype == np.float16 else outputs


def _fitting(outputs, targets, loss, *, symbols=True):
    """Both as arrays (N, classes) of the outputs' dtype; ValueError where they do not fit each other."""
    outputs, targets = as_array(outputs, loss, "outputs"), as_array(targets, loss, "targets")
    kinds = "buifO" if symbols else "buif"
    for name, array in (("outputs", outputs), ("targets", targets)):
        if array.dtype.kind not in kinds or holds_text(array):
            raise ValueError(f"{loss}: {name} hold {array.dtype}; they have to be real numbers")
    if outputs.ndim != 2 or outputs.shape != targets.shape or len(outputs) == 0:
        labels = outputs.ndim == 2 and targets.ndim == 1
        hint = "; turn labels into rows with data.one_hot(labels)" if labels else ""
        raise ValueError(
            f"{loss}: outputs {outputs.shape} and targets {targets.shape} have to be equal, (N, classes){hint}"
        )
    outputs = _wide_enough(outputs)
    return outputs, targets.astype(outputs.dtype, copy=False) if targets.dtype != object else targets
