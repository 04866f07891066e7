"""All mistakes that the doctor knows by name."""

from .. import ties
from . import (
    biases,
    cropping,
    deltas,
    failing,
    forward,
    kernel_gradient,
    kernel_sums,
    kernels,
    placing,
    results,
    windows,
)
from .built import (
    adding,
    buffers,
    dilated,
    flat,
    forwards,
    gathers,
    grids,
    indices,
    moved,
    products,
    rescaled,
    slopes,
    sums,
    taps,
)
from .mistake import Mistake
from .pooling import loops, plain

CONSTANT = Mistake(
    "constant_factor",
    "scale",
    "the gradient is right but for one constant factor",
    "Look for a rate, a 2 or a size that is multiplied in.",
    {},
    ("convolution", "dense", "mean pooling", "max pooling", "activation"),
)
DECAY = Mistake(
    "weights_added",
    "scale",
    "beside that the step adds a multiple of the weights (weight decay), which is a convention",
    "Leave it as it is, or add it outside of the layer.",
    {},
    ("convolution", "dense"),
)
UNCLEARED = Mistake(
    "memory_not_cleared",
    "padding",
    "the result starts from memory that nobody cleared, or reads past the end of an array",
    "np.zeros, not np.empty, where += follows; with as_strided check that the last window ends inside.",
    {},
    CONSTANT.kinds,
)
PAST_THE_END = Mistake(
    "memory_past_the_end",
    "padding",
    "a view reads past the end of its array, as as_strided makes it where the size does not fit: what lies there "
    "in memory is any number",
    "The last window has to end inside: (m − 1)·step + k ≤ n rows and columns of the array the view is made from.",
    {},
    CONSTANT.kinds,
    "07",
)
FORWARD_FIRST = Mistake(
    "forward_first",
    "forward",
    "this is the gradient of the forward pass that was meant; only the forward pass is wrong",
    "Mend the forward pass; leave this as it is.",
    {},
    ("convolution", "dense"),
)

SIZED = Mistake(
    "factor_of_sizes",
    "scale",
    "the gradient is right but for a factor that depends on the sizes",
    "Look for a division (a mean for a sum), or for a line that runs once too often in an outer loop.",
    {},
    CONSTANT.kinds,
    "08",
)

OWN_FACTORS = Mistake(
    "own_factors",
    "scale",
    "the gradient is a sum of the right shares, which do not all count alike",
    "Look for a product or a division inside the loop over them, or for a sum that is scaled anew in each turn.",
    {},
    CONSTANT.kinds,
    "08",
)

FORWARD_BEFORE = Mistake(
    "forward_before",
    "forward",
    "where the forward pass is wrong nothing more can be said of this gradient",
    "Mend the forward pass, then examine again.",
    {},
    ("convolution", "dense"),
    "02",
)

GROUPS = (
    kernels,
    cropping,
    placing,
    deltas,
    windows,
    kernel_gradient,
    kernel_sums,
    biases,
    forward,
    plain,
    loops,
    results,
    failing,
    slopes,
    sums,
    moved,
    products,
    forwards,
    adding,
    taps,
    grids,
    flat,
    gathers,
    dilated,
    buffers,
    indices,
    rescaled,
)
CATALOGUE = {mistake.key: mistake for group in GROUPS for mistake in group.MISTAKES}
CATALOGUE |= {
    mistake.key: mistake
    for mistake in (
        *(CONSTANT, SIZED, OWN_FACTORS, DECAY, UNCLEARED, PAST_THE_END, FORWARD_FIRST, FORWARD_BEFORE),
        *ties.MISTAKES,
    )
}


def known(part: str, kind: str) -> list[Mistake]:
    """The mistakes that can stand in this part of a layer of this kind, the likelier first."""
    return [
        mistake
        for mistake in CATALOGUE.values()
        if kind in mistake.kinds and mistake.all_variants(part) and mistake not in ties.MISTAKES
    ]
