"""Mistakes made with a gradient that was right until then: scaled, masked, turned, summed, never written."""

import numpy as np

from .arrays import flipped, keeping, rereadings, scaled, summed
from .kernels import CONV
from .mistake import Mistake, same

ANY = ("convolution", "dense", "mean pooling", "max pooling", "activation")


def _all_into_first(view, dX):
    return keeping(slice(0, 1))(view, summed(0)(view, dX))


def _slope_of(*kept):
    """σ′ of one map or one image for all of them."""
    return lambda view, d: d if view.anatomy.activation == "linear" else view.given * view.slope[kept]


def _batch(view):
    return len(view.given)


def _as_many_as_maps(view, dX):
    """A dX with an axis of maps for that of channels: a single channel is added to each of them."""
    C, O = dX.shape[1], view.K.shape[0]
    return dX if C == O else np.repeat(dX, O, axis=1) if C == 1 else None


MISTAKES = [
    Mistake(
        "maps_for_channels",
        "channels",
        "dX is made with as many channels as there are output maps",
        "dX has the shape of X: np.zeros_like(X).",
        same("dX", "post", _as_many_as_maps),
        CONV,
        "08",
    ),
    Mistake(
        "over_N",
        "batch",
        "dX is divided by the batch size",
        "1/N is already in delta, or belongs into dK and db; dX of one image has nothing to do with the others.",
        same("dX", "post", scaled(lambda view: 1 / _batch(view))),
        ANY,
        "08",
    ),
    Mistake(
        "times_N",
        "batch",
        "the gradient is multiplied by the batch size",
        "Add over the images once.",
        same("dX dK db", "post", scaled(_batch)),
        ANY,
        "08",
    ),
    Mistake(
        "all_into_first",
        "batch",
        "all images are added into image 0",
        "Index dX by the image: dX[n] += …",
        same("dX", "post", _all_into_first),
        ANY,
        "08",
    ),
    Mistake(
        "sign",
        "scale",
        "the sign is reversed",
        "δ is ∂L/∂Z; check output − target.",
        same("dX dK db", "post", scaled(lambda view: -1)),
        ANY,
    ),
    Mistake(
        "starts_as_X",
        "ingredient",
        "the sum starts from X instead of zeros",
        "np.zeros_like(X), not a copy of X.",
        same("dX", "post", lambda view, dX: dX + view.X),
        ANY,
    ),
    Mistake(
        "starts_as_ones",
        "ingredient",
        "the sum starts from ones instead of zeros",
        "np.zeros, not np.ones.",
        same("dX dK db", "post", lambda view, a: a + 1),
        ANY,
    ),
    Mistake(
        "value_for_slope",
        "ingredient",
        "delta is multiplied by max(Z, 0): the ReLU itself stands where its derivative was meant",
        "The ReLU's slope is 1 or 0: (Z > 0); and it belongs to the layer that has the ReLU.",
        same("dX dK db", "pre", lambda view, d: d * np.maximum(view.Z, 0)),
        ANY[:4],
    ),
    Mistake(
        "slope_of_last_map",
        "ingredient",
        "σ′ is that of the last output map (or of the last image) for all: it is kept in a loop that overwrites it",
        "Keep the whole Z, and take σ′ at each cell.",
        same("dX dK db", "pre", _slope_of(slice(None), slice(-1, None)), _slope_of(slice(-1, None))),
        notebook="09",
    ),
    Mistake(
        "masked_by_input",
        "ingredient",
        "dX is masked by X > 0: the ReLU's slope of the layer before is applied here",
        "That slope belongs to the ReLU's own backward pass.",
        same("dX", "post", lambda view, dX: dX * (view.X > 0)),
        ANY,
    ),
    Mistake(
        "slope_of_input",
        "ingredient",
        "dX is multiplied by X(1 − X): the sigmoid's slope of the layer before is applied here",
        "That slope belongs to the sigmoid's own backward pass.",
        same("dX", "post", lambda view, dX: dX * view.X * (1 - view.X)),
        ANY,
    ),
    Mistake(
        "times_input",
        "ingredient",
        "dX is multiplied by X",
        "dX needs K and delta, not X.",
        same("dX", "post", lambda view, dX: dX * view.X),
        ANY,
    ),
    Mistake(
        "dX_turned",
        "orientation",
        "every map of dX comes out turned by 180°",
        "Turn the kernel, not the result.",
        same("dX", "post", flipped(2, 3)),
        ANY,
    ),
    Mistake(
        "dX_transposed",
        "orientation",
        "rows and columns of dX are exchanged",
        "Index dX by [row, column].",
        same("dX", "post", lambda view, dX: dX.swapaxes(2, 3)),
        ANY,
    ),
    Mistake(
        "dX_reshaped",
        "channels",
        "dX is reshaped where its axes have to be moved",
        "Move the axes (transpose), then reshape.",
        same("dX", "post", *rereadings("NCHW", lambda view: view.plan.X)),
        ANY,
        "08",
    ),
    Mistake(
        "dX_over_positions",
        "scale",
        "dX is divided by the number of positions, or by the kernel's size",
        "No division: every window adds its share.",
        same(
            "dX",
            "post",
            scaled(lambda view: 1 / np.prod(view.given.shape[2:])),
            scaled(lambda view: 1 / np.prod(view.K.shape[2:])),
            scaled(lambda view: 1 / np.prod(view.K.shape[1:])),
        ),
        CONV,
    ),
]
