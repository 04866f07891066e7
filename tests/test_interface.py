"""The public names, their arguments and defaults: what notebooks and other people's code rely on."""

import inspect

import numpy as np
import pytest

from cnnlib import adjoint, data, gradcheck, layers, losses, network, ops, training

SIGNATURES = {  # annotations left out
    ops.rot180: "(K)",
    ops.dilate: "(X, s)",
    ops.pad: "(X, p)",
    ops.correlate: "(X, K, mode='valid')",
    ops.convolve: "(X, K, mode='valid')",
    ops.correlate_loops: "(X, K, mode='valid')",
    ops.convolve_loops: "(X, K, mode='valid')",
    ops.output_size: "(n, k, *, stride=1, padding=0, dilation=1)",
    layers.Conv2D: "(in_channels, out_channels, kernel_size, *, stride=1, padding=0, dilation=1, groups=1, "
    "operation='correlation', path='auto', init=glorot_uniform, rng=None, dtype=float32)",
    layers.Dense: "(n_in, n_out, *, init=glorot_uniform, rng=None, dtype=float32)",
    layers.MeanPool2D: "(scale, *, drop_tail=False)",
    layers.MaxPool2D: "(scale, *, drop_tail=False)",
    layers.Flatten: "()",
    layers.Sigmoid: "()",
    layers.Tanh: "()",
    layers.ReLU: "()",
    losses.SquaredError: "()",
    losses.SoftmaxCrossEntropy: "()",
    losses.SquaredError.value: "(self, outputs, targets)",
    losses.SquaredError.gradient: "(self, outputs, targets)",
    losses.SoftmaxCrossEntropy.value: "(self, outputs, targets)",
    losses.SoftmaxCrossEntropy.gradient: "(self, outputs, targets)",
    network.Network: "(layers, loss)",
    network.Network.forward: "(self, X)",
    network.Network.backward: "(self, targets, *, input_gradient=False)",
    network.Network.predict: "(self, X, batch_size=500)",
    network.Network.error_rate: "(self, X, labels)",
    network.Network.trace: "(self, X, targets)",
    network.Network.summary: "(self, input_shape=(1, 28, 28))",
    network.Network.save: "(self, path)",
    network.Network.load: "(self, path)",
    network.toolbox_net: "(*, operation='convolution', path='auto', rng=None, dtype=float32)",
    network.lenet: "(kind='tanh', *, path='auto', rng=None, dtype=float32)",
    training.train: "(network, X, Y, *, batch_size=50, learning_rate=1.0, momentum=None, epochs=1, rng, "
    "optimiser=None, after=None)",
    gradcheck.central_difference: "(f, x, *, epsilon=1e-05)",
    gradcheck.adjoint_gap: "(forward, adjoint, x_shape, y_shape, rng)",
    gradcheck.compare: "(name, mine, reference, *, tolerance=None)",
    data.load_digits: "()",
    data.load_mnist: "(folder=None)",
    data.one_hot: "(labels, n_classes=10)",
}
LAYERS = [
    function for function in SIGNATURES if inspect.isclass(function) and issubclass(function, layers.Layer)
]


class Named(str):
    """A default that is a function or a type, shown by its name."""

    __repr__ = str.__str__


def signature(function):
    shown = []
    for parameter in inspect.signature(function).parameters.values():
        default = parameter.default
        if callable(default) and default is not parameter.empty:
            default = Named(default.__name__)
        shown.append(parameter.replace(annotation=parameter.empty, default=default))
    return str(inspect.Signature(shown))


@pytest.mark.parametrize("function", SIGNATURES, ids=lambda function: function.__qualname__)
def test_signature_is_as_promised(function):
    assert signature(function) == SIGNATURES[function]


@pytest.mark.parametrize("function", SIGNATURES, ids=lambda function: function.__qualname__)
def test_it_says_what_it_does(function):
    assert inspect.getdoc(function)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_the_same_methods(layer):
    assert signature(layer.forward) == "(self, X)"
    assert signature(layer.backward) == "(self, delta, *, need_dX=True)"
    assert signature(layer.output_shape) == "(self, input_shape)"


def test_a_convolution_gives_each_gradient_on_its_own():
    for method in (layers.Conv2D.input_gradient, layers.Conv2D.kernel_gradient, layers.Conv2D.bias_gradient):
        assert signature(method) == "(self, delta)"


def test_records_have_the_promised_fields():
    assert network.Trace._fields == ("activations", "deltas", "grads", "loss", "names")
    assert training.Step._fields == ("step", "epoch", "loss", "smoothed_loss", "learning_rate", "indices")
    assert data.Digits._fields == ("train_images", "train_labels", "test_images", "test_labels")


@pytest.mark.parametrize(
    "layer, shapes",
    [
        (layers.Conv2D(2, 3, (4, 5)), {"K": (3, 2, 4, 5), "b": (3,)}),
        (layers.Dense(7, 4), {"W": (4, 7), "b": (4,)}),
        *[
            (layer, {})
            for layer in (layers.MeanPool2D(2), layers.MaxPool2D(2), layers.Flatten(), layers.Sigmoid())
        ],
    ],
    ids=lambda value: repr(value) if isinstance(value, layers.Layer) else "",
)
def test_parameters_have_the_promised_names_shapes_and_dtype(layer, shapes):
    assert {key: array.shape for key, array in layer.params.items()} == shapes
    assert all(array.dtype == np.float32 for array in layer.params.values())
    assert layer.grads == {}


def test_the_four_ways_share_one_signature():
    ways = (adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im)
    promised = "(delta, K, input_shape, *, stride=1, padding=0, dilation=1, operation='correlation')"
    assert {signature(way) for way in ways} == {promised}
