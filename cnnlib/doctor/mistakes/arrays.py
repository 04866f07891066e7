"""Changes to one array that several mistakes share: lost rows, other images, buffers read in another order."""

import functools

import numpy as np

from ..patient.axes import Layout


def keeping(*index):
    """Zeros except at the cells of one index."""

    def change(view, a):
        kept = np.zeros_like(a)
        kept[index] = a[index]
        return kept

    return change


def scaled(factor):
    """Times factor(view); None where the factor is 1 and the mistake would show nothing."""
    return lambda view, a: a * factor(view)


def flipped(*axes):
    """The entries along these axes in reverse order."""
    return lambda view, a: np.flip(a, axes)


def maps_flipped(*axes):
    """A flip of axes of the kernel, among them maps or channels; none for a layer that has neither."""
    return lambda view, H: np.flip(H, axes) if {"O", "I"} & {*view.plan.K.letters} else None


def summed(axis, *, mean=False):
    """Every entry along the axis replaced by the sum (or mean) along it."""

    def change(view, a):
        total = a.mean(axis=axis, keepdims=True) if mean else a.sum(axis=axis, keepdims=True)
        return np.broadcast_to(total, a.shape).copy()

    return change


def repeated(axis, index):
    """Every entry along the axis replaced by one of them."""
    return lambda view, a: np.broadcast_to(np.take(a, [index], axis=axis), a.shape).copy()


def square_only(function):
    """A change that needs square maps or kernels; None elsewhere."""
    return lambda view, a: function(a) if a.shape[-1] == a.shape[-2] else None


ORDERS = {
    "NOHW": ("NHWO", "ONHW", "OHWN", "HWNO", "HWON", "NOWH", "NWHO"),
    "NCHW": ("NHWC", "CNHW", "CHWN", "HWNC", "HWCN", "NCWH", "NWHC"),
    "OIHW": ("IOHW", "IHWO", "HWIO", "HWOI", "OHWI", "OIWH", "IHOW"),
}


def rereadings(ours: str, of):
    """Changes that take an array's buffer, in the layer's own layout, for one in another order of axes.

    ``of(view)`` gives the layer's layout.  Both directions: the layer's layout read as another, and another read as
    the layer's, which is what a reshape instead of a transpose does.
    """

    def reading(text, back):
        def change(view, a):
            own, other = _layout(_full(of(view), ours), ours), _layout(text, ours)
            source, target = (other, own) if back else (own, other)
            if source.letters == target.letters:
                return a
            return target.read(source.lay_out(a).reshape(target.shape(a.shape)), a.shape)

        return change

    return [reading(text, back) for text in ORDERS[ours] + (ours,) for back in (False, True)]


@functools.cache
def _layout(text: str, ours: str) -> Layout:
    return Layout(text, ours)


def _full(layout, ours: str) -> str:
    """The layout's letters with the missing ones, whose axes have length 1, in front."""
    letters = layout.letters
    return "".join(letter for letter in ours if letter not in letters) + letters
