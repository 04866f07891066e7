"""The arrays of the article's net in one pass, as the explorer of notebook 10 shows them.  No widget here.

A place is an array of the forward pass or its gradient.  Both have one shape, so one is drawn under the other.
"""

from typing import NamedTuple

import numpy as np

from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..ops import rot180
from ..plots import image_grid

LAYERS = (Conv2D, Sigmoid, MeanPool2D, Conv2D, Sigmoid, MeanPool2D, Flatten, Dense, Sigmoid)
ABOVE = ("X", "K¹", "A¹", "A²", "K²", "A³", "A⁴", "fv", "W", "z", "o")
BELOW = ("", "dK¹", "δ¹", "δ²", "dK²", "δ³", "δ⁴", "fvd", "dW", "od", "e")  # the gradient of what stands above
MAPS = (("¹", 2, 1), ("²", 3, 3), ("³", 5, 4), ("⁴", 6, 6))  # where A and δ stand in a trace


class Place(NamedTuple):
    """One array of the pass and how it is drawn."""

    array: np.ndarray  # as the net holds it, one image
    maps: np.ndarray  # the same numbers as (count, h, w)
    columns: int  # maps beside each other; 0: as many as give the largest picture
    colours: str
    role: str  # "input", "kernel", "output" or "delta"

    @property
    def limit(self):
        """The end of the colour scale."""
        return image_grid.scale_limit(self.array) if self.colours == "signed" else 1.0

    @property
    def scale(self):
        """The colour scale in words."""
        return {"signed": image_grid.limit_text(self.limit), "unit": "0 to 1", "ink": "ink on paper"}[self.colours]

    @property
    def size(self):
        """12×6×5×5."""
        return "×".join(map(str, self.array.shape))

    def minus(self, gradient):
        """This place after an update with α = 1."""
        return self._replace(array=self.array - gradient.array, maps=self.maps - gradient.maps)


def places(net, trace):
    """Every place by its name, from a trace of one image; deltas are per image, because N = 1."""
    A, D, count = trace.activations, trace.deltas, trace.activations[6].shape[1]
    found = {"X": Place(A[0][0], A[0][0], 0, "ink", "input")}
    for number, a, d in MAPS:
        found[f"A{number}"] = Place(A[a][0], A[a][0], 0, "unit", "map")
        found[f"δ{number}"] = Place(D[d][0], D[d][0], 0, "signed", "delta")
    for number, layer in (("¹", "conv1"), ("²", "conv2")):
        found[f"K{number}"] = _kernels(net[layer].params["K"])
        found[f"dK{number}"] = _kernels(trace.gradients(layer)["K"])
    for name, W in (("W", net["dense"].params["W"]), ("dW", trace.gradients("dense")["W"])):
        maps = W.reshape(-1, *A[6].shape[2:])  # a line of maps for each output
        found[name] = Place(W, maps, count, "signed", "kernel")
    for name, row, colours in (("fv", A[7][0], "unit"), ("fvd", D[7][0], "signed")):
        found[name] = Place(row, row.reshape(1, count, -1), 1, colours, _role(name))
    for name, row, colours in (("z", A[8][0], "signed"), ("o", A[9][0], "unit"), ("od", D[8][0], "signed"),
                               ("e", D[9][0], "signed")):  # fmt: skip
        bars = row.reshape(1, -1, 1).repeat(3, axis=2)  # a column of ten cells, wide enough to be seen
        found[name] = Place(row, bars, 1, colours, _role(name))
    return found


def _kernels(K):
    """The slices of K as a table: a row for each input map, a column for each output map."""
    out, into, h, w = K.shape
    return Place(K, K.swapaxes(0, 1).reshape(-1, h, w), out if into > 1 else 0, "signed", "kernel")


def _role(name):
    return "output" if name in ABOVE else "delta"


def place_picture(name, place, box):
    """The maps of a place as one picture, as large as its box (height, width) in pixels allows."""
    count, h, w = place.maps.shape

    def scale(columns):
        rows = -(-count // columns)
        return min((box[0] - 2 * rows) // (rows * h), (box[1] - 2 * columns) // (columns * w))

    columns = place.columns or max(range(1, count + 1), key=lambda columns: (scale(columns), -columns))
    look = dict(colours=place.colours, limit=place.limit, gap=1 if count > 12 else 2)
    alt = f"{name}, {place.size}, {place.scale}"
    return image_grid.picture(place.maps, columns=columns, scale=max(1, scale(columns)), alt=alt, **look)


def slices(net, step):
    """How a step lays its first kernel slice on the maps: [(what, slice, is it turned?)]; [] for other steps.

    On the path "banded" no kernel slides: there it is how the slice lies in the banded matrix, forward and back.
    """
    layer = {"A¹": 0, "A³": 3, "δ²": 3}.get(step.fills[-1])
    if layer is None:
        return []
    conv = net.layers[layer]
    k, under_convolution = conv.params["K"][0, 0], conv.operation == "convolution"
    as_forward = rot180(k) if under_convolution else k
    if conv.path == "banded":
        return [("k", k, False), ("in the band", as_forward, under_convolution)]
    if step.fills[-1] == "δ²":
        lies = not under_convolution
        return [("k", k, False), ("rot180(k)", rot180(k), True), ("on δ³", rot180(k) if lies else k, lies)]
    return [("k", k, False), ("on the map", as_forward, under_convolution)]
