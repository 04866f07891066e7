"""Bad input gets a clear error: who complains, what was given, what would fit.  And nothing is lost."""

import numpy as np
import pytest
from helpers import normal, params_of, says, small_batch, small_net, table

from cnnlib import data, network
from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, ReLU, Sigmoid, Tanh

IMAGES = normal(2, 1, 28, 28)


# --- single layers


@table(
    (
        "kernel larger than its input",
        lambda: Conv2D(1, 2, 5).forward(normal(1, 1, 4, 6)),
        ["Conv2D(1→2, 5×5", "(1, 4, 6)", "kernel of 5", "input of 4", "padding 1 or more"],
    ),
    (
        "kernel larger than its padded input",
        lambda: Conv2D(1, 2, 7, padding=1).forward(normal(1, 1, 4, 9)),
        ["Conv2D(1→2, 7×7", "(1, 4, 9)", "padding 1 (6 cells)", "padding 2 or more"],
    ),
    (
        "dilated kernel larger than its input",
        lambda: Conv2D(1, 2, 3, dilation=2).forward(normal(1, 1, 9, 4)),
        ["Conv2D(1→2, 3×3", "(1, 9, 4)", "spans 5", "input of 4"],
    ),
    (
        "wrong channel count",
        lambda: Conv2D(3, 2, 5).forward(normal(2, 1, 28, 28)),
        ["Conv2D(3→2", "(2, 1, 28, 28)", "1 channels", "(N, 3, rows, columns)"],
    ),
    (
        "an image without a batch axis",
        lambda: Conv2D(1, 2, 5).forward(IMAGES[0]),
        ["Conv2D(1→2", "(1, 28, 28)", "(N, 1, rows, columns)", "X[None]"],
    ),
    (
        "no rows",
        lambda: Conv2D(1, 2, 5).forward(normal(2, 1, 0, 28)),
        ["Conv2D(1→2", "(2, 1, 0, 28)", "(N, 1, rows, columns)"],
    ),
    ("wrong width", lambda: Dense(4, 2).forward(normal(3, 5)), ["Dense(4→2)", "(3, 5)", "(N, 4)"]),
    (
        "maps into a dense layer",
        lambda: Dense(4, 2).forward(IMAGES),
        ["Dense(4→2)", "(2, 1, 28, 28)", "(N, 4)"],
    ),
    ("rows of two lengths", lambda: Dense(2, 2).forward([[1, 2], [3]]), ["Dense(2→2)", "differ in length"]),
    ("one vector", lambda: Flatten().forward(normal(4)), ["Flatten", "(4,)", "batch"]),
    (
        "scale that does not divide",
        lambda: MeanPool2D((2, 3)).forward(IMAGES),
        ["MeanPool2D(2×3)", "28×28", "multiples of 2×3", "drop_tail=True"],
    ),
    *[
        (
            f"{word} into {layer!r}",
            lambda layer=layer, A=A: layer.forward(A),
            [repr(layer), word, "real numbers"],
        )
        for layer, shape in (
            (Conv2D(1, 2, 3), (2, 1, 4, 4)),
            (Dense(4, 2), (2, 4)),
            (Sigmoid(), (2, 4)),
            (Tanh(), (2,)),
        )
        for word, A in (
            ("complex", np.zeros(shape, complex)),
            ("text", np.full(shape, "7")),
            ("objects", np.zeros(shape, object)),
            ("datetime64", np.zeros(shape, "datetime64[s]")),
        )
    ],
    (
        "symbols into a float layer",
        lambda: Conv2D(1, 2, 3).forward(np.zeros((1, 1, 4, 4), object)),
        ["Conv2D(1→2", "objects", "dtype=object"],
    ),
    (
        "complex into an object layer",
        lambda: Dense(1, 1, dtype=object).forward([[1j]]),
        ["Dense(1→1)", "complex"],
    ),
)
def test_a_layer_refuses_what_does_not_fit(wrong, words):
    with says(*words):
        wrong()


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU()], ids=repr)
def test_a_layer_without_a_dtype_does_not_advise_one(layer):
    with pytest.raises(ValueError) as raised:
        layer.forward(np.zeros((2, 2), object))
    assert "dtype=object" not in str(raised.value)


# --- networks


def net():
    return network.toolbox_net()


def forward_then(X, act):
    made = net()
    made.forward(X)
    return act(made)


def with_nan():
    X = IMAGES.copy()
    X[1, 0, 3, 4:6] = np.nan
    return X


@table(
    ("NaN", lambda: net().forward(with_nan()), ["Network", "(2, 1, 28, 28)", "NaN in 2 places"]),
    ("NaN to predict", lambda: net().predict(with_nan()), ["NaN in 2 places"]),
    (
        "too small",
        lambda: net().forward(IMAGES[..., :4, :4]),
        ["layer conv1, Conv2D(1→6, 5×5", "(1, 4, 4)", "kernel of 5", "padding 1 or more"],
    ),
    (
        "does not fit further up",
        lambda: net().forward(IMAGES[..., 1:, 1:]),
        ["layer pool1, MeanPool2D(2×2)", "23×23", "multiples of 2×2", "drop_tail=True"],
    ),
    (
        "too large",
        lambda: net().forward(normal(1, 1, 32, 32)),
        ["layer dense, Dense(192→10)", "(1, 300)", "(N, 192)"],
    ),
    (
        "wrong channels",
        lambda: net().forward(normal(1, 3, 28, 28)),
        ["layer conv1, Conv2D(1→6", "3 channels", "(N, 1,"],
    ),
    ("one image", lambda: net().forward(IMAGES[0]), ["layer conv1, Conv2D", "(1, 28, 28)", "X[None]"]),
    ("complex", lambda: net().forward(IMAGES * 1j), ["layer conv1, Conv2D(1→6", "complex128", "real numbers"]),
    (
        "text",
        lambda: net().forward(np.full((1, 1, 28, 28), "7")),
        ["layer conv1, Conv2D(1→6", "text", "real numbers"],
    ),
    ("objects", lambda: net().forward(IMAGES.astype(object)), ["layer conv1, Conv2D(1→6", "objects"]),
    ("backward without forward", lambda: net().backward(np.zeros((2, 10))), ["Network", "forward(X) first"]),
    (
        "targets of another batch",
        lambda: forward_then(IMAGES, lambda net: net.backward(np.zeros((3, 10)))),
        ["SquaredError", "(2, 10)", "(3, 10)"],
    ),
    (
        "labels as targets",
        lambda: forward_then(IMAGES, lambda net: net.backward(np.array([3, 5]))),
        ["SquaredError", "(2,)", "one_hot"],
    ),
    ("no images", lambda: net().predict(IMAGES[:0]), ["predict", "(0, 1, 28, 28)"]),
    ("a number to predict", lambda: net().predict(3.0), ["predict", "()"]),
    ("batches of 0", lambda: net().predict(IMAGES, 0), ["predict", "batch_size", "at least 1"]),
    ("a number to summary", lambda: net().summary(28), ["layer conv1, Conv2D(1→6", "28", "(1, rows, columns)"]),
    (
        "a summary that ends further up",
        lambda: net().summary((1, 30, 30)),
        ["layer pool2, MeanPool2D(2×2)", "9×9", "multiples of 2×2"],
    ),
    (
        "wrong size to summary",
        lambda: net().summary((3, 28, 28)),
        ["Conv2D(1→6", "(3, 28, 28)", "(1, rows, columns)"],
    ),
)
def test_a_network_names_the_layer_and_both_shapes(wrong, words):
    with says(*words):
        wrong()


def test_backward_after_a_forward_that_failed_is_refused():
    made = net()
    made.forward(IMAGES)
    with says("layer pool1"):
        made.forward(IMAGES[..., 1:, 1:])
    with says("Network", "forward(X) first"):
        made.backward(np.zeros((2, 10)))


def test_a_single_layer_takes_only_the_delta_of_its_last_forward():
    layer = Conv2D(1, 2, 3)
    with says("Conv2D(1→2", "without a forward"):
        layer.backward(normal(2, 2, 26, 26))
    layer.forward(IMAGES)
    for act in (layer.backward, layer.input_gradient, layer.kernel_gradient, layer.bias_gradient):
        with says("Conv2D(1→2", "(1, 2, 26, 26)", "(2, 2, 26, 26)"):
            act(normal(1, 2, 26, 26))


def test_bad_input_changes_no_parameter_and_no_gradient():
    made, (X, Y) = small_net(), small_batch()
    made.forward(X)
    made.backward(Y)
    before, grads = params_of(made), [dict(layer.grads) for layer in made.layers]
    for bad in (X * 1j, X[:, :1], X[..., 1:], X[0], X * np.nan, X[:0]):
        with pytest.raises(ValueError):
            made.forward(bad)
    np.testing.assert_equal(params_of(made), before)
    np.testing.assert_equal([layer.grads for layer in made.layers], grads)


# --- labels


@table(
    ("a label of 10", lambda: net().error_rate(IMAGES, [3, 10]), ["error_rate", "label 10", "0–9"]),
    ("a negative label", lambda: net().error_rate(IMAGES, [-1, 3]), ["error_rate", "label -1", "0–9"]),
    ("too few labels", lambda: net().error_rate(IMAGES, [3]), ["error_rate", "(1,)", "2 images", "(2,)"]),
    ("fractions", lambda: net().error_rate(IMAGES, [3.0, 5.0]), ["error_rate", "float64", "whole numbers"]),
    ("rows", lambda: net().error_rate(IMAGES, np.eye(10, dtype=int)[:2]), ["error_rate", "(2, 10)", "(2,)"]),
    ("one_hot of 10", lambda: data.one_hot([3, 10]), ["one_hot", "0 to 9", "10 at index 1"]),
    ("one_hot of −1", lambda: data.one_hot([-1]), ["one_hot", "0 to 9", "-1 at index 0"]),
    ("one_hot of no class", lambda: data.one_hot([1], 0), ["one_hot", "n_classes", "at least 1", "not 0"]),
    ("one_hot of half a class", lambda: data.one_hot([1], 2.5), ["one_hot", "n_classes", "2.5"]),
    ("one_hot of fractions", lambda: data.one_hot([0.5]), ["one_hot", "integers", "0.5"]),
)
def test_labels_outside_the_classes_are_refused(wrong, words):
    with says(*words):
        wrong()
