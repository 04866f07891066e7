"""Sizes and names that cannot be, when a layer is built or an operation is called: a clear error at once."""

import numpy as np
import pytest
from helpers import normal, says, table

from cnnlib import network, ops
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, Tanh
from cnnlib.losses import SquaredError
from cnnlib.network import Network

# --- building


def twice(layer):
    return Network([layer, Dense(2, 2), layer], SquaredError())


@table(
    ("kernel size 0", lambda: Conv2D(1, 2, 0), ["Conv2D", "kernel size", "at least 1", "not 0"]),
    ("negative kernel size", lambda: Conv2D(1, 2, (3, -3)), ["Conv2D", "kernel size", "at least 1", "-3"]),
    ("fractional kernel size", lambda: Conv2D(1, 2, 2.5), ["Conv2D", "kernel size", "whole number", "2.5"]),
    ("three sizes", lambda: Conv2D(1, 2, (3, 3, 3)), ["Conv2D", "kernel size", "pair", "(3, 3, 3)"]),
    ("size as text", lambda: Conv2D(1, 2, "3"), ["Conv2D", "kernel size", "whole number", "'3'"]),
    ("a truth value", lambda: Conv2D(1, 2, 3, stride=True), ["Conv2D", "stride", "whole number", "True"]),
    ("stride 0", lambda: Conv2D(1, 2, 3, stride=0), ["Conv2D", "stride", "at least 1", "not 0"]),
    ("negative padding", lambda: Conv2D(1, 2, 3, padding=-1), ["Conv2D", "padding", "at least 0", "-1"]),
    ("dilation 0", lambda: Conv2D(1, 2, 3, dilation=(1, 0)), ["Conv2D", "dilation", "at least 1", "not 0"]),
    ("no input channel", lambda: Conv2D(0, 2, 3), ["Conv2D", "in_channels", "at least 1", "not 0"]),
    ("negative output channels", lambda: Conv2D(1, -2, 3), ["Conv2D", "out_channels", "at least 1", "-2"]),
    (
        "unknown operation",
        lambda: Conv2D(1, 2, 3, operation="conv"),
        ["Conv2D", "'conv'", "correlation, convolution"],
    ),
    (
        "whole-number dtype",
        lambda: Conv2D(1, 2, 3, dtype=int),
        ["Conv2D", "int64", "float32, float64 or object"],
    ),
    (
        "complex dtype",
        lambda: Dense(2, 3, dtype=complex),
        ["Dense", "complex128", "float32, float64 or object"],
    ),
    ("no inputs", lambda: Dense(0, 3), ["Dense", "n_in", "at least 1", "not 0"]),
    ("negative outputs", lambda: Dense(2, -3), ["Dense", "n_out", "at least 1", "-3"]),
    ("mean pool of 0", lambda: MeanPool2D(0), ["MeanPool2D", "scale", "at least 1", "not 0"]),
    ("negative max pool", lambda: MaxPool2D((2, -1)), ["MaxPool2D", "scale", "at least 1", "-1"]),
    ("unknown LeNet", lambda: network.lenet("alex"), ["lenet", "'alex'", "tanh", "modern"]),
    ("a seed for rng", lambda: Conv2D(1, 2, 3, rng=0), ["Conv2D(1→2", "default_rng(0)", "not 0"]),
    ("a seed for a net", lambda: network.toolbox_net(rng=5), ["Conv2D(1→6", "default_rng(0)", "not 5"]),
    ("a dense layer's seed", lambda: Dense(4, 2, rng=3), ["Dense(4→2)", "default_rng(0)", "not 3"]),
    ("init by name", lambda: Dense(4, 2, init="glorot"), ["Dense(4→2)", "glorot_uniform", "'glorot'"]),
    (
        "init of another shape",
        lambda: Conv2D(1, 2, 3, init=lambda *_: np.ones(3)),
        ["Conv2D(1→2", "init", "(3,)", "(2, 1, 3, 3)"],
    ),
    ("unknown dtype", lambda: Conv2D(1, 2, 3, dtype="foo"), ["Conv2D", "'foo'", "float32, float64 or object"]),
    ("one layer twice", lambda: twice(Tanh()), ["Network", "layers 0 and 2", "the same Tanh"]),
    ("no layers", lambda: Network([], SquaredError()), ["Network", "empty"]),
)
def test_building_with_what_cannot_be(wrong, words):
    with says(*words):
        wrong()


@pytest.mark.parametrize("layer", [Conv2D(1, 2, 3), MeanPool2D(2), MaxPool2D(2), Dense(4, 2), Flatten()], ids=repr)
@pytest.mark.parametrize("shape", [28, (), (1, -4, -4), (1, 4.0, 4), (1, 0, 4), "444"], ids=repr)
def test_an_output_shape_of_an_input_that_cannot_be(layer, shape):
    with says(repr(layer)):
        layer.output_shape(shape)


def test_a_map_smaller_than_one_block_is_told_the_block():
    with says("MeanPool2D(4×3, drop_tail)", "2×9", "4×3"):
        MeanPool2D((4, 3), drop_tail=True).output_shape((1, 2, 9))


# --- operations


@table(
    ("turning a row", lambda: ops.rot180([1, 2]), ["rot180", "(2,)", "two spatial axes"]),
    ("dilating a row", lambda: ops.dilate([1, 2], 2), ["dilate", "(2,)", "two spatial axes"]),
    ("padding a row", lambda: ops.pad([1, 2], 1), ["pad", "(2,)", "two spatial axes"]),
    ("spacing 0", lambda: ops.dilate([[1]], 0), ["dilate", "at least 1", "not 0"]),
    ("half a cell", lambda: ops.pad([[1]], 0.5), ["pad", "whole number", "0.5"]),
    ("three amounts", lambda: ops.pad([[1]], (1, 2, 3)), ["pad", "pair", "(1, 2, 3)"]),
    ("an amount and a pair", lambda: ops.pad([[1]], (1, (2, 3))), ["pad", "(2, 3)"]),
    ("cropping too much", lambda: ops.pad(np.ones((3, 4)), -2), ["pad", "3×4", "-1×0"]),
    ("input size 0", lambda: ops.output_size(0, 1), ["input size", "at least 1", "not 0"]),
    ("negative kernel", lambda: ops.output_size(4, -1), ["kernel size", "at least 1", "-1"]),
    ("negative padding", lambda: ops.output_size(4, 1, padding=-1), ["padding", "at least 0", "-1"]),
    ("no window", lambda: ops.windows(np.ones((3, 3)), 0), ["kernel size", "at least 1", "not 0"]),
    ("kernel too large", lambda: ops.output_size(3, 5), ["kernel of 5", "input of 3", "padding 1 or more"]),
)
def test_operations_say_what_they_take(wrong, words):
    with says(*words):
        wrong()


@pytest.mark.parametrize(
    "slide", [ops.correlate, ops.convolve, ops.correlate_loops, ops.convolve_loops], ids=lambda f: f.__name__
)
@table(
    (
        "a batch",
        lambda slide: slide(normal(2, 1, 28, 28), np.ones((3, 3))),
        ["{slide}: X", "(2, 1, 28, 28)", "(rows, columns)"],
    ),
    ("a row", lambda slide: slide(np.ones((3, 3)), np.ones(3)), ["{slide}: K", "(3,)", "(rows, columns)"]),
    ("an empty map", lambda slide: slide(np.ones((0, 3)), np.ones((1, 1))), ["{slide}: X", "(0, 3)"]),
    ("text", lambda slide: slide([["a"]], [[1]]), ["{slide}: X", "numbers or symbols"]),
    ("unknown mode", lambda slide: slide([[1]], [[1]], "half"), ["'half'", "valid, same, full"]),
    (
        "kernel too large",
        lambda slide: slide(np.ones((3, 4)), np.ones((4, 2))),
        ["valid", "4×2 kernel", "3×4 map", "full"],
    ),
)
def test_sliding_says_what_it_takes(slide, wrong, words):
    with says(*(word.format(slide=slide.__name__) for word in words)):
        wrong(slide)
