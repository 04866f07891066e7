"""Layers with one wrong line in their backward pass, for the bug lab; :mod:`cnnlib.bugs` plants them.

Each is a subclass that changes nothing but that line: its forward pass is the right one.  The names say what is
wrong.  The last section spoils the update instead: there the gradient is right, and what is written is not.
"""

import numpy as np

from .. import adjoint
from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..losses import SquaredError
from ..ops import rot180

# ------------------------------------------------------------------------------ dX of a convolution


def gather_in(layer, delta, K, input_shape):
    """adjoint.gather with the settings of a layer and other kernels."""
    return adjoint.gather(delta, K, input_shape, **layer.geometry.settings(), operation=layer.operation)


class TurnedWrongly(Conv2D):
    """Another turn in the place of rot180.  Transposed and quarter turns need square kernels."""

    def input_gradient(self, delta):
        last, delta = self.recall(delta)
        undone = rot180(self.turn(last.K))  # gather turns it back, so that only ``turn`` is left
        return gather_in(self, delta, undone, last.X.shape)


class NotTurned(TurnedWrongly):
    """gather with K itself, where rot180(K) belongs."""

    turn = staticmethod(lambda K: K)


class QuarterTurned(TurnedWrongly):
    """gather with K turned by 90°; needs square kernels."""

    turn = staticmethod(lambda K: np.rot90(K, axes=(-2, -1)))


class Transposed(TurnedWrongly):
    """gather with rows and columns of K exchanged; needs square kernels."""

    turn = staticmethod(lambda K: K.swapaxes(-1, -2))


class OneAxis(TurnedWrongly):
    """gather with the rows of K reversed, and its columns as they are."""

    turn = staticmethod(lambda K: K[..., ::-1, :])


class OtherMap(Conv2D):
    """Each dX[i] takes delta[i] for every j; needs at least as many output maps as input maps."""

    def input_gradient(self, delta):
        last, delta = self.recall(delta)
        summed = last.K.sum(axis=0)  # Σ_j delta[i] ∗ K[j, i] = delta[i] ∗ Σ_j K[j, i]
        shape = (len(delta), 1, *last.X.shape[2:])
        maps = [(delta[:, i : i + 1], summed[None, i : i + 1]) for i in range(len(summed))]
        return np.concatenate([gather_in(self, d, k, shape) for d, k in maps], axis=1)


class Reshaped(Conv2D):
    """The channel axes get the right sizes, and the kernels stand in the wrong places."""

    def input_gradient(self, delta):
        last, delta = self.recall(delta)
        c_out, c_in, *size = last.K.shape
        mixed = last.K.reshape(c_in, c_out, *size).swapaxes(0, 1)  # gather swaps back
        return gather_in(self, delta, mixed, last.X.shape)


# ------------------------------------------------------------------------ dK and db of a convolution


class KernelGradientNotTurned(Conv2D):
    """Under ∗ the turn of X ⋆ delta, which gives dK, is left out.  Under ⋆ dK is turned though it must not be."""

    def kernel_gradient(self, delta):
        return rot180(super().kernel_gradient(delta))


class Mispaired(Conv2D):
    """The deltas of image n meet the maps of image N−1−n; a batch of one hides it."""

    def kernel_gradient(self, delta):
        last, delta = self.recall(delta)
        g = self.geometry
        return adjoint.kernel_gradient(last.X[::-1], delta, g.kernel, **g.settings(), operation=self.operation)


class BiasMean(Conv2D):
    """db is the mean over the positions of a map instead of the sum: too small by the factor m_h·m_w."""

    def bias_gradient(self, delta):
        _, delta = self.recall(delta)
        return delta.mean(axis=(2, 3)).sum(axis=0)


# ----------------------------------------------------------------- pooling, activation, flatten, loss


class NoShare(MeanPool2D):
    """Each cell of a block gets the whole delta instead of delta/s²: too large by the factor s²."""

    def backward(self, delta, *, need_dX=True):
        return super().backward(delta * self.scale[0] * self.scale[1], need_dX=need_dX)


class SharedTwice(MeanPool2D):
    """Each cell of a block gets delta/s⁴ instead of delta/s²: too small by the factor s²."""

    def backward(self, delta, *, need_dX=True):
        return super().backward(delta / (self.scale[0] * self.scale[1]), need_dX=need_dX)


class StrideOne(MeanPool2D):
    """The share of block (i, j) lands at row i, column j: the blocks overlap, and the far corner gets nothing."""

    def backward(self, delta, *, need_dX=True):
        dX = np.zeros_like(super().backward(delta))
        (s_h, s_w), (m_h, m_w) = self.scale, delta.shape[2:]
        for a, b in np.ndindex(s_h, s_w):
            dX[:, :, a : a + m_h, b : b + m_w] += delta / (s_h * s_w)
        return dX if need_dX else None


class SlopeAtPool(MeanPool2D):
    """What goes back is delta·P(1 − P), as if the means P were the output of a sigmoid."""

    def forward(self, X):
        self.means = super().forward(X)
        return self.means

    def backward(self, delta, *, need_dX=True):
        return super().backward(delta * self.means * (1 - self.means), need_dX=need_dX)


class NoSlope(Sigmoid):
    """σ′ taken as 1: delta goes back as if the sigmoid were not there."""

    @staticmethod
    def slope(A):
        return np.ones_like(A)


class OtherOrder(Flatten):
    """Flattened row after row, put back column after column; needs square maps."""

    def backward(self, delta, *, need_dX=True):
        dX = super().backward(delta, need_dX=need_dX)
        return dX if dX is None else dX.swapaxes(-1, -2)


class SummedSquaredError(SquaredError):
    """The gradient of the sum over the batch, o − y; the loss itself stays the mean."""

    def gradient(self, outputs, targets):
        return super().gradient(outputs, targets) * len(outputs)


# ----------------------------------------------------------------------------------------- the update


class _Elsewhere(dict):
    """What is written to b lands under another name, and b is never written."""

    def __setitem__(self, name, value):
        super().__setitem__("b2" if name == "b" else name, value)


class _Shrinking(dict):
    """b ← b − α·b with the article's α = 1, whatever the gradient says."""

    def __setitem__(self, name, value):
        super().__setitem__(name, value - value if name == "b" else value)


class BiasElsewhere(Dense):
    """The update of b is written to a name that no forward pass reads."""

    store = _Elsewhere


class ShrinkingConv(Conv2D):
    """A convolution whose update sets b to b − α·b."""

    store = _Shrinking


class ShrinkingDense(Dense):
    """A dense layer whose update sets b to b − α·b."""

    store = _Shrinking
