"""Mistakes of whole calls: a backward pass that fails in some settings, a second call that remembers the first."""

from .mistake import Mistake

ANY = ("convolution", "dense", "mean pooling", "max pooling", "activation")


def _fails(key, where, why, advice, kinds=("convolution", "mean pooling", "max pooling")):
    return Mistake(key, "size", f"the backward pass fails {where}: {why}", advice, {}, kinds, "07")


MISTAKES = (
    _fails(
        "fails_without_padding",
        "without padding",
        "it takes for granted that there is something to cut off",
        "dXp[..., p : p + H, p : p + W] holds for p = 0 too; [p:-p] is empty there.",
    ),
    _fails(
        "fails_off_squares",
        "where H and W differ",
        "one size is used for rows and columns",
        "Two sizes, two names: H for the rows, W for the columns.",
    ),
    _fails(
        "fails_with_remainder",
        "where the last window ends before the map does",
        "the rows that no window reached are not thought of",
        "dX has the shape of X; the remainder gets zeros.",
    ),
    _fails(
        "fails_with_stride",
        "with a stride",
        "sizes are used that are right for stride 1 only",
        "Place delta[i, j] at row s·i, column s·j; or dilate delta by s first.",
    ),
    _fails(
        "fails_beside_same_padding",
        "with a padding other than (h − 1)/2",
        "sizes are used that are right only where Z is as large as X",
        "The size of Z is (H + 2p − k)//s + 1; take it from delta.",
    ),
    _fails(
        "fails_beside_one_size",
        "with kernels of all sizes but one",
        "that size is written into a loop, a slice or a padding",
        "Take the size from the kernel: k = K.shape[-1].",
    ),
    _fails(
        "fails_with_points",
        "with kernels of one cell",
        "h − 1 is 0 there, and a slice [q:-q] with q = 0 is empty",
        "q : q + H instead of q : -q holds for q = 0, too.",
    ),
    _fails(
        "fails_always",
        "in every setting",
        "the line is given above",
        "Mend that line first; what comes behind it has never run.",
        ANY,
    ),
    _fails(
        "fails_with_padding",
        "with padding",
        "a size is used that has no padding in it",
        "Collect dX in an array of the padded size, then cut the padding off.",
    ),
    Mistake(
        "removed_from_numpy",
        "size",
        "something is asked for that NumPy no longer does: the line was written for an older one",
        "float for np.float, np.pad for np.lib.pad, b.item() for float(b); NumPy's release notes list them.",
        {},
        ANY,
        "07",
    ),
    Mistake(
        "cannot_run",
        "size",
        "this line fails whatever it is given, so that nothing behind it has ever run",
        "Mend it first, then examine the layer again: only then it is seen whether the rest is right.",
        {},
        ANY,
        "07",
    ),
    Mistake(
        "square_part_only",
        "size",
        "where H and W differ only a square part of Z is computed: the columns are counted like the rows",
        "Two sizes: (H + 2p − k)//s + 1 rows and (W + 2p − k)//s + 1 columns.",
        {},
        ("convolution", "mean pooling", "max pooling"),
        "02",
    ),
    Mistake(
        "weights_redrawn",
        "order",
        "the forward pass makes its weights anew: whatever a step has changed is lost in the next call",
        "Draw the weights once, in the constructor.",
        {},
        ("convolution", "dense"),
        "08",
    ),
    Mistake(
        "bias_overwritten",
        "order",
        "the output is the array of the biases itself: the sum is added to them, and the next call begins with it",
        "output = np.copy(self.biases), or add the biases at the end: output = X ⋆ K + b.",
        {},
        ("convolution", "dense"),
        "08",
    ),
    Mistake(
        "X_overwritten",
        "order",
        "the backward pass writes into X, which is the caller's: the next pass over these images gets others",
        "Collect dX in an array of its own: np.zeros_like(X), or a copy of X.",
        {},
        ANY,
        "08",
    ),
    Mistake(
        "adds_up_over_calls",
        "order",
        "it is right in the first call and added to what was there in the second: nobody sets it to zero",
        "Start it from zeros in every call.",
        {},
        ANY,
        "08",
    ),
    Mistake(
        "kept_from_first_call",
        "order",
        "the second call still uses what the first one kept: something is computed once only",
        "Compute it anew from the input of every call.",
        {},
        ANY,
        "08",
    ),
)
