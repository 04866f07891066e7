"""Mistakes made with the kernel on the way to dX: turned wrongly, channels mixed up, other numbers in its place."""

import numpy as np

from ..view import scatter
from .arrays import flipped, keeping, maps_flipped, repeated, rereadings, square_only, summed
from .built.words import said
from .mistake import Mistake, same

BOTH = ("convolution", "dense")
CONV = ("convolution",)


def _quarter(times):
    return square_only(lambda H: np.rot90(H, times, axes=(-2, -1)))


def _maps_swapped(view, H):
    """K[c, o] for K[o, c]; beyond the channels no map is read, and with fewer maps than channels it fails."""
    swapped, C = np.zeros_like(H), H.shape[1]
    if len(H) < C:
        return None
    swapped[:C] = H[:C].swapaxes(0, 1)
    return swapped


def _summed_over_channels(view, H):
    """Σ over c of delta[c]·K[o, c]: dX has as many channels as there are maps; a single one stands for all."""
    return H.swapaxes(0, 1) if len(H) == H.shape[1] or 1 in H.shape[:2] else None


def _updated(view, H):
    after = view.run.K_after
    return None if after is None or after.shape != H.shape else view.on_window(after)


def _old_and_new(view, H):
    after = _updated(view, H)
    return None if after is None or np.array_equal(after, H) else H + after


def _gradient(view, H):
    dK = view.run.gradients.get("dK")
    return None if dK is None or dK.shape != H.shape else view.on_window(dK)


REVERSED = [
    (0,),
    (1,),
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 2),
    (1, 3),
    (0, 2, 3),
    (1, 2, 3),
    (0, 1, 2),
    (0, 1, 3),
    (0, 1, 2, 3),
]


def _added(step):
    def change(view, d, H):
        return scatter(view, np.ones_like(d), H, step) + scatter(view, d, np.ones_like(H), step)

    return change


MISTAKES = [
    Mistake(
        "never_written",
        "padding",
        "only zeros come back: the result is computed elsewhere, or never written",
        "Look for a buffer that is filled and not returned.",
        same("dX dK db", "post", lambda view, a: np.zeros_like(a)),
        ("convolution", "dense", "mean pooling", "max pooling", "activation"),
        "07",
    ),
    Mistake(
        "no_turn",
        "orientation",
        "the kernel stands the wrong way round by 180°: dX is what delta gives with the other turn of the kernel",
        "A scatter or col2im pastes the kernel as the forward pass used it, without a turn; a gather over the "
        "padded delta reads it turned by 180°, once.",
        same("dX", "kernel", flipped(2, 3)),
        CONV,
    ),
    Mistake(
        "quarter_turn",
        "orientation",
        "the kernel is turned by 90°: np.rot90 turns a quarter unless it is told 2",
        "np.rot90(K, 2), or K[..., ::-1, ::-1]; look for a result of np.rot90 that is thrown away.",
        same("dX", "kernel", _quarter(1), _quarter(3)),
        CONV,
    ),
    Mistake(
        "transposed",
        "orientation",
        "the kernel is transposed: rows and columns are exchanged",
        "A turn by 180° reverses both axes; a transpose exchanges them.",
        same(
            "dX",
            "kernel",
            square_only(lambda H: H.swapaxes(-1, -2)),
            square_only(lambda H: H.swapaxes(-1, -2)[..., ::-1, ::-1]),
        ),
        CONV,
    ),
    Mistake(
        "one_axis",
        "orientation",
        "the kernel is reversed along one axis, not along both",
        "Reverse both: K[..., ::-1, ::-1].",
        same("dX", "kernel", flipped(2), flipped(3)),
        CONV,
    ),
    Mistake(
        "channels_reversed",
        "channels",
        "a turn has reversed the channels or maps too: a flip without axes turns all of them",
        "Name the two map axes: np.flip(K, axis=(-2, -1)) for OIHW, (0, 1) for HWIO.",
        same("dX", "kernel", *(maps_flipped(*axes) for axes in REVERSED)),
        BOTH,
        "08",
    ),
    Mistake(
        "reshaped",
        "channels",
        "the kernel is reshaped where its axes have to be exchanged: numbers stand in wrong kernels",
        "swapaxes or transpose moves axes; reshape only reads the same numbers in another grid.",
        same("dX", "kernel", *rereadings("OIHW", lambda view: view.plan.K)),
        BOTH,
        "08",
    ),
    Mistake(
        "maps_swapped",
        "channels",
        "K[c, o] is used where K[o, c] belongs; it shows only where both counts agree, and fails elsewhere",
        "dX[c] sums over the output maps o with K[o, c].",
        same(
            "dX",
            "kernel",
            _maps_swapped,
            said("the sum runs over channels, so that dX has as many as there are maps", _summed_over_channels),
        ),
        BOTH,
        "08",
    ),
    Mistake(
        "channels_summed",
        "channels",
        "every input channel gets the same dX, the sum over the channels",
        "dX[c] uses K[:, c] alone; do not sum over c.",
        same("dX", "kernel", summed(1)),
        BOTH,
        "08",
    ),
    Mistake(
        "channels_averaged",
        "channels",
        "every input channel gets the same dX, the mean over the channels",
        "dX[c] uses K[:, c] alone.",
        same("dX", "kernel", summed(1, mean=True)),
        BOTH,
        "08",
    ),
    Mistake(
        "first_channel_for_all",
        "channels",
        "the kernel of the first channel (or the last) is used for every channel",
        "Index the kernel by the channel: K[o, c].",
        same("dX", "kernel", repeated(1, 0), repeated(1, -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "one_channel_only",
        "channels",
        "one input channel alone gets a gradient, the others stay zero",
        "Loop over the channels, and add into dX[c].",
        same("dX", "kernel", keeping(slice(None), slice(0, 1)), keeping(slice(None), slice(-1, None))),
        BOTH,
        "08",
    ),
    Mistake(
        "first_kernel_for_all",
        "channels",
        "the kernel of the first map (or the last) is used for every map",
        "Index the kernel by the map: K[o].",
        same("dX", "kernel", repeated(0, 0), repeated(0, -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "kernels_summed",
        "channels",
        "every delta map meets the sum of all kernels",
        "Index the kernel by the map: K[o].",
        same("dX", "kernel", summed(0)),
        BOTH,
        "08",
    ),
    Mistake(
        "update_before_dX",
        "order",
        "the weights are updated before dX is taken, so dX is that of the new weights",
        "First dX, then the step; or keep the old weights until dX is there.",
        same(
            "dX",
            "kernel",
            _updated,
            said("the shares of the old weights and of the new are added", _old_and_new),
        ),
        BOTH,
    ),
    Mistake(
        "kernel_missing",
        "ingredient",
        "the kernel is missing: delta is spread over the window as it is",
        "Multiply by the kernel's entry: dX[s·i+u, s·j+v] += delta[i, j]·K[u, v].",
        same("dX", "kernel", lambda view, H: np.ones_like(H)),
        BOTH,
    ),
    Mistake(
        "gradient_for_kernel",
        "ingredient",
        "dK is used in the place of K on the way to dX",
        "dX needs the weights of the forward pass, not their gradient.",
        same("dX", "kernel", _gradient),
        BOTH,
    ),
    Mistake(
        "kernel_squared",
        "ingredient",
        "the kernel is multiplied by itself",
        "One factor K in each product.",
        same("dX", "kernel", lambda view, H: H * H),
        BOTH,
    ),
    Mistake(
        "added_for_product",
        "ingredient",
        "kernel and delta are added where they have to be multiplied",
        "dX[window] += K[o] * delta[o, i, j].",
        same("dX", "core", _added(None), _added(1)),
        CONV,
    ),
]
