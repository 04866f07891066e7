"""LeNet-5 as the paper has it: its sizes, its 60,000 parameters, its gradients, and that it learns digits."""

import numpy as np
import pytest
from helpers import assert_relative

from cnnlib import data
from cnnlib.layers import Conv2D, ScaledTanh, Subsampling2D, TableConv2D
from cnnlib.losses import CodeLoss
from cnnlib.models import lenet5_1998
from cnnlib.training import train

DIGITS = data.load_digits()
X, Y = DIGITS.train_images, data.one_hot(DIGITS.train_labels)


def counts(net):
    found = [sum(array.size for array in layer.params.values()) for layer in net.layers]
    return [count for count in found if count]


def test_its_layers_have_the_sizes_and_the_parameters_of_the_paper():
    net, sizes = lenet5_1998(), [(1, 28, 28)]
    for layer in net.layers:
        sizes.append(layer.output_shape(sizes[-1]))
    different = [size for size, before in zip(sizes[1:], sizes, strict=False) if size != before]
    maps = [(1, 32, 32), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1)]
    assert different == [*maps, (120,), (84,), (10,)]
    assert counts(net) == [156, 12, 1516, 32, 48_120, 10_164] and sum(counts(net)) == 60_000


def test_its_parts_are_those_of_1998():
    net = lenet5_1998()
    kinds = [type(layer) for layer in net.layers]
    assert [kinds.count(kind) for kind in (TableConv2D, Subsampling2D, ScaledTanh, Conv2D)] == [1, 2, 6, 2]
    assert isinstance(net.loss, CodeLoss) and not net.layers[-1].params  # the codes stay as they are
    assert net.layers[-1].codes.shape == (10, 7 * 12)


@pytest.mark.parametrize("path", ["plain", "banded"])
def test_its_gradients_are_those_of_central_differences(path):
    net, rng = lenet5_1998(path=path, dtype=np.float64), np.random.default_rng(0)
    images, targets = X[:3].astype(np.float64), Y[:3]
    for layer in net.layers:  # no bias of 0, as after some training
        for name, array in layer.params.items():
            layer.params[name] = array + 0.05 * rng.standard_normal(array.shape)
    net.forward(images)
    net.backward(targets)
    for layer in net.layers:
        for name, array in layer.params.items():
            chosen = rng.choice(array.size, min(array.size, 12), replace=False)
            moved = []
            for at in chosen:
                values, epsilon = [], 1e-5
                for step in (epsilon, -epsilon):
                    array.flat[at] += step
                    values.append(net.loss.value(net.predict(images), targets))
                    array.flat[at] -= step
                moved.append((values[0] - values[1]) / (2 * epsilon))
            assert_relative(layer.grads[name].ravel()[chosen], np.array(moved), 1e-6)


def test_a_slice_that_is_not_connected_does_not_exist_and_both_paths_agree():
    images, targets = X[:4].astype(np.float64), Y[:4]
    passes = []
    for path in ("plain", "banded"):
        net = lenet5_1998(path=path, dtype=np.float64)
        net.forward(images)
        net.backward(targets)
        passes.append([array for layer in net.layers for array in layer.grads.values()])
    for plain, banded in zip(*passes, strict=True):
        assert_relative(plain, banded, 1e-10)
    assert passes[0][4].shape == (60, 5, 5)


def test_it_learns_digits():
    net = lenet5_1998()
    before = net.error_rate(DIGITS.test_images, DIGITS.test_labels)
    options = dict(batch_size=50, epochs=1, learning_rate=0.003, momentum=0.9, rng=np.random.default_rng(1))
    for step in train(net, X[:5000], Y[:5000], **options):
        last = step
    assert last.step == 100 and before > 0.8
    assert net.error_rate(DIGITS.test_images, DIGITS.test_labels) < 0.15
