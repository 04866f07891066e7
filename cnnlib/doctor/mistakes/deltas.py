"""Mistakes made with delta before anything else: images, maps or windows lost, a slope missing, axes mixed up."""

from .arrays import flipped, keeping, repeated, rereadings, scaled, summed
from .mistake import Mistake, same

ALL = "dX dK db"
EVERY = ("convolution", "dense", "mean pooling", "max pooling")
MAPS = ("convolution", "mean pooling", "max pooling")


def _columns_beyond_rows(view, d):
    """Both loops run to m_h: the columns j ≥ m_h are never visited."""
    return keeping(..., slice(0, d.shape[2]))(view, d)


def _rows_beyond_columns(view, d):
    return keeping(..., slice(0, d.shape[3]), slice(None))(view, d)


def _sigmoid_slope_of_output(view, d):
    return d * view.Z * (1 - view.Z)


def _given(view, d):
    return view.given if view.anatomy.activation != "linear" else d


MISTAKES = [
    Mistake("slope_missing", "ingredient", "σ′ is missing: delta goes on as if no activation stood behind the layer",
            "Multiply delta by σ′(Z) before anything else.", same(ALL, "pre", _given), notebook="03"),
    Mistake("slope_twice", "ingredient", "delta is multiplied by σ′ twice", "Multiply by σ′ once, here or outside.",
            same(ALL, "pre", lambda view, d: d * view.slope)),
    Mistake("masked_by_output", "ingredient", "delta is masked by Z > 0, though the forward pass has no ReLU",
            "Leave the mask to the layer that has the ReLU.", same(ALL, "pre", lambda view, d: d * (view.Z > 0)), EVERY),
    Mistake("sigmoid_slope_not_there", "ingredient", "delta is multiplied by Z(1 − Z), though the layer has no sigmoid",
            "Leave the slope to the layer that has the sigmoid.", same(ALL, "pre", _sigmoid_slope_of_output), EVERY),
    Mistake("masked_by_delta", "ingredient", "delta is masked by its own sign: the ReLU's slope is taken at delta, not at Z",
            "A slope is taken at the layer's output, never at delta.", same(ALL, "pre", lambda view, d: d * (d > 0)), EVERY),
    Mistake("first_image_only", "batch", "only the first image of the batch is used",
            "Look for a return inside the loop over the images, and for an index 0 that should be n.",
            same(ALL, "pre", keeping(slice(0, 1))), EVERY, "08"),
    Mistake("last_image_only", "batch", "only the last image of the batch is used",
            "Look for = where += belongs in the loop over the images, or a line outside the loop.",
            same(ALL, "pre", keeping(slice(-1, None))), EVERY, "08"),
    Mistake("first_image_for_all", "batch", "every image gets the delta of the first", "Index delta by the image, delta[n].",
            same(ALL, "pre", repeated(0, 0)), EVERY, "08"),
    Mistake("last_image_for_all", "batch", "every image gets the delta of the last", "Index delta by the image, delta[n].",
            same(ALL, "pre", repeated(0, -1)), EVERY, "08"),
    Mistake("batch_summed", "batch", "every image gets the sum of all deltas", "Sum over the batch in dK and db only.",
            same("dX dK", "pre", summed(0)), EVERY, "08"),
    Mistake("batch_averaged", "batch", "every image gets the mean of all deltas", "Keep the images apart in dX.",
            same("dX dK", "pre", summed(0, mean=True)), EVERY, "08"),
    Mistake("mispaired", "batch", "the batch axis is reversed: image n meets the delta of image N−1−n",
            "Turn the two map axes alone, never the batch axis.", same("dX dK", "pre", flipped(0)), EVERY, "08"),
    Mistake("first_map_only", "channels", "only the first output map sends anything back", "Sum over all output maps.",
            same(ALL, "pre", keeping(slice(None), slice(0, 1))), EVERY, "08"),
    Mistake("last_map_only", "channels", "only the last output map counts: = stands where += belongs in the loop over maps",
            "Set the array to zero before the loop over the maps, and add inside it.",
            same(ALL, "pre", keeping(slice(None), slice(-1, None))), EVERY, "08"),
    Mistake("maps_summed", "channels", "every output map gets the sum of all delta maps", "Index delta by the output map.",
            same(ALL, "pre", summed(1)), EVERY, "08"),
    Mistake("first_map_for_all", "channels", "the delta of the first map is used for every map", "Index delta by the output map.",
            same(ALL, "pre", repeated(1, 0), repeated(1, -1)), EVERY, "08"),
    Mistake("maps_reversed", "channels", "the output maps stand in reverse order: a turn has reversed that axis too",
            "Turn the last two axes alone: K[..., ::-1, ::-1].", same(ALL, "pre", flipped(1)), EVERY, "08"),
    Mistake("last_row_lost", "padding", "the last row of delta is never visited: a loop ends one too early",
            "The loops run over every row and column of delta: range(m_h), range(m_w).",
            same(ALL, "pre", keeping(..., slice(0, -1), slice(None))), MAPS, "07"),
    Mistake("last_column_lost", "padding", "the last column of delta is never visited: a loop ends one too early",
            "The loops run over every row and column of delta: range(m_h), range(m_w).",
            same(ALL, "pre", keeping(..., slice(0, -1))), MAPS, "07"),
    Mistake("last_row_and_column_lost", "padding", "the last row and the last column of delta are never visited",
            "The loops run over every row and column of delta: range(m_h), range(m_w).",
            same(ALL, "pre", keeping(..., slice(0, -1), slice(0, -1))), MAPS, "07"),
    Mistake("first_row_and_column_lost", "padding", "the first row and the first column of delta are never visited",
            "The loops start at 0.", same(ALL, "pre", keeping(..., slice(1, None), slice(1, None))), MAPS, "07"),
    Mistake("rows_for_columns", "stride", "the number of rows is used for the columns too: columns beyond it are never visited",
            "Two sizes, two names: m_h for the rows, m_w for the columns.", same(ALL, "pre", _columns_beyond_rows), MAPS, "07"),
    Mistake("columns_for_rows", "stride", "the number of columns is used for the rows too: rows beyond it are never visited",
            "Two sizes, two names: m_h for the rows, m_w for the columns.", same(ALL, "pre", _rows_beyond_columns), MAPS, "07"),
    Mistake("delta_turned", "orientation", "delta is turned by 180° on the way in", "Delta stays as it is; under ⋆ only the "
            "kernel appears turned, in the gather form of dX.", same(ALL, "pre", flipped(2, 3)), MAPS, "03"),
    Mistake("delta_one_axis", "orientation", "delta is reversed along one of its two map axes", "Leave delta as it is.",
            same("dX dK", "pre", flipped(2), flipped(3)), MAPS, "03"),
    Mistake("delta_transposed", "orientation", "rows and columns of delta are exchanged",
            "Index delta by [row, column], in the order of the forward pass.",
            same("dX dK", "pre", lambda view, d: d.swapaxes(2, 3).reshape(d.shape),
                 lambda view, d: d.reshape(*d.shape[:2], d.shape[3], d.shape[2]).swapaxes(2, 3)), MAPS, "03"),
    Mistake("delta_reshaped", "channels", "delta is reshaped where its axes have to be moved: its numbers reach wrong maps or places",
            "Move the axes first (transpose), then reshape.",
            same(ALL, "pre", *rereadings("NOHW", lambda view: view.plan.Z)), EVERY, "08"),
    Mistake("delta_over_N", "batch", "delta is divided by the batch size, though 1/N is already in it",
            "1/N belongs into the loss, once; or into dK and db, never into dX.",
            same("dX", "pre", scaled(lambda view: 1 / len(view.given))), EVERY, "08"),
]

__all__ = ["EVERY", "MAPS", "MISTAKES"]
