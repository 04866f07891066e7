"""Mistakes made with delta before anything else: images, maps or windows lost, a slope missing, axes mixed up."""

from .arrays import flipped, keeping, repeated, summed
from .mistake import Mistake, same

ALL = "dX dK db"
EVERY = ("convolution", "dense", "mean pooling", "max pooling")
MAPS = ("convolution", "mean pooling", "max pooling")


def _sigmoid_slope_of_output(view, d):
    return d * view.Z * (1 - view.Z)


def _slope_of_output(view, d):
    """σ′(σ(z)) for σ′(z): the derivative, written as a function of z, is taken at what σ gave."""
    if view.anatomy.activation == "linear":
        return d
    if "relu" in view.anatomy.activation:
        return None  # σ keeps every sign, so that its slope is the same at both
    return view.given * view.slope_at(view.Z)


def _formula_on_input(view, d):
    """a(1 − a) and 1 − a² with the input in the place of a."""
    x = view.X
    return {"sigmoid": d * x * (1 - x), "tanh": d * (1 - x**2)}.get(view.anatomy.activation)


def _not_squared(view, d):
    return d * (1 - view.Z) if view.anatomy.activation == "tanh" else None


def _given(view, d):
    return view.given if view.anatomy.activation != "linear" else d


MISTAKES = [
    Mistake(
        "slope_missing",
        "ingredient",
        "σ′ is missing: delta goes on as if no activation stood behind the layer",
        "Multiply delta by σ′(Z) before anything else.",
        same(ALL, "pre", _given),
        notebook="03",
    ),
    Mistake(
        "slope_of_output",
        "ingredient",
        "σ′ is taken at the layer's output, as if it were the sum before σ: σ′(σ(z)) stands for σ′(z)",
        "Hand σ′ the sum z, or write it by the output a: a(1 − a) for the sigmoid, 1 − a² for tanh.",
        same(ALL, "pre", _slope_of_output),
        notebook="09",
    ),
    Mistake(
        "slope_twice",
        "ingredient",
        "delta is multiplied by σ′ twice",
        "Multiply by σ′ once, here or outside.",
        same(ALL, "pre", lambda view, d: d * view.slope),
    ),
    Mistake(
        "masked_by_output",
        "ingredient",
        "delta is masked by Z > 0, though the forward pass has no ReLU",
        "Leave the mask to the layer that has the ReLU.",
        same(ALL, "pre", lambda view, d: None if "relu" in view.anatomy.activation else d * (view.Z > 0)),
        EVERY,
    ),
    Mistake(
        "sigmoid_slope_not_there",
        "ingredient",
        "delta is multiplied by Z(1 − Z), though the layer has no sigmoid",
        "Leave the slope to the layer that has the sigmoid.",
        same(ALL, "pre", _sigmoid_slope_of_output),
        EVERY,
    ),
    Mistake(
        "masked_by_delta",
        "ingredient",
        "delta is masked by its own sign: the ReLU's slope is taken at delta, not at Z",
        "A slope is taken at the layer's output, never at delta.",
        same(ALL, "pre", lambda view, d: d * (d > 0)),
        EVERY,
    ),
    Mistake(
        "first_image_only",
        "batch",
        "only the first image of the batch is used",
        "Look for a return inside the loop over the images, and for an index 0 that should be n.",
        same(ALL, "pre", keeping(slice(0, 1))),
        EVERY,
        "08",
    ),
    Mistake(
        "last_image_only",
        "batch",
        "only the last image of the batch is used",
        "Look for = where += belongs in the loop over the images, or a line outside the loop.",
        same(ALL, "pre", keeping(slice(-1, None))),
        EVERY,
        "08",
    ),
    Mistake(
        "first_image_for_all",
        "batch",
        "every image gets the delta of the first",
        "Index delta by the image, delta[n].",
        same(ALL, "pre", repeated(0, 0)),
        EVERY,
        "08",
    ),
    Mistake(
        "last_image_for_all",
        "batch",
        "every image gets the delta of the last",
        "Index delta by the image, delta[n].",
        same(ALL, "pre", repeated(0, -1)),
        EVERY,
        "08",
    ),
    Mistake(
        "batch_summed",
        "batch",
        "every image gets the sum of all deltas",
        "Sum over the batch in dK and db only.",
        same("dX dK", "pre", summed(0)),
        EVERY,
        "08",
    ),
    Mistake(
        "batch_averaged",
        "batch",
        "every image gets the mean of all deltas",
        "Keep the images apart in dX.",
        same("dX dK", "pre", summed(0, mean=True)),
        EVERY,
        "08",
    ),
    Mistake(
        "mispaired",
        "batch",
        "the batch axis is reversed: image n meets the delta of image N−1−n",
        "Turn the two map axes alone, never the batch axis.",
        same("dX dK", "pre", flipped(0)),
        EVERY,
        "08",
    ),
    Mistake(
        "first_map_only",
        "channels",
        "only the first output map sends anything back",
        "Sum over all output maps.",
        same(ALL, "pre", keeping(slice(None), slice(0, 1))),
        EVERY,
        "08",
    ),
    Mistake(
        "last_map_only",
        "channels",
        "only the last output map counts: = stands where += belongs in the loop over maps",
        "Set the array to zero before the loop over the maps, and add inside it.",
        same(ALL, "pre", keeping(slice(None), slice(-1, None))),
        EVERY,
        "08",
    ),
    Mistake(
        "maps_summed",
        "channels",
        "every output map gets the sum of all delta maps",
        "Index delta by the output map.",
        same(ALL, "pre", summed(1)),
        EVERY,
        "08",
    ),
    Mistake(
        "first_map_for_all",
        "channels",
        "the delta of the first map is used for every map",
        "Index delta by the output map.",
        same(ALL, "pre", repeated(1, 0), repeated(1, -1)),
        EVERY,
        "08",
    ),
    Mistake(
        "maps_reversed",
        "channels",
        "the output maps stand in reverse order: a turn has reversed that axis too",
        "Turn the last two axes alone: K[..., ::-1, ::-1].",
        same(ALL, "pre", flipped(1)),
        EVERY,
        "08",
    ),
]

ACTIVATION_SLOPES = [
    (
        "activation_passed_on",
        "delta is handed on as it came: σ′ is missing",
        "Multiply delta by σ′ of the input.",
        lambda view, d: d,
    ),
    (
        "activation_of_output",
        "σ′ is taken at the output, as if it were the input: σ′(σ(x)) stands for σ′(x)",
        "Hand σ′ the input x, or write it by the output a: a(1 − a) for the sigmoid, 1 − a² for tanh.",
        lambda view, d: d * view.slope_at(view.Z),
    ),
    (
        "activation_formula_on_input",
        "the formula by the output, a(1 − a) or 1 − a², is given the input",
        "Keep the output a of the forward pass and use it here.",
        _formula_on_input,
    ),
    (
        "activation_twice",
        "delta is multiplied by σ′ twice",
        "Multiply by σ′ once.",
        lambda view, d: d * view.slope_at(view.X) ** 2,
    ),
    (
        "activation_value",
        "delta is multiplied by the function's value, not by its slope",
        "σ′(x), not σ(x).",
        lambda view, d: d * view.Z,
    ),
    (
        "activation_by_delta",
        "delta is masked by its own sign: the ReLU's slope is taken at delta",
        "A slope is taken at the input, never at delta.",
        lambda view, d: d * (d > 0),
    ),
    (
        "activation_cut_off",
        "negative inputs get no delta, though the function has a slope there",
        "Below zero a leaky ReLU has its small slope, not 0.",
        lambda view, d: d * (view.X > 0),
    ),
    (
        "activation_not_squared",
        "1 − a stands where tanh has 1 − a²",
        "The slope of tanh is 1 − tanh².",
        _not_squared,
    ),
]

MISTAKES += [
    Mistake(key, "ingredient", sentence, advice, same("dX", "core", change), ("activation",), "09")
    for key, sentence, advice, change in ACTIVATION_SLOPES
]
