"""Layers that are called in other ways than forward and backward: with nothing told, right ones right."""

import ast
import re

import numpy as np
import pytest

from cnnlib import doctor

from .patients import styles


@pytest.mark.parametrize("name", styles.LAYERS)
def test_each_style_is_driven_with_nothing_told(name):
    layer, mistakes = styles.LAYERS[name]
    report = doctor.examine(*layer, guess=True, show=False)
    assert {part: report[part].mistake for part in report.parts if report[part].verdict == "wrong"} == mistakes
    assert report["dX"].verdict in ("right", "wrong") and report["dK"].verdict in ("right", "wrong")


def test_what_adds_up_until_it_is_reset_is_said_and_is_no_mistake():
    report = doctor.examine(styles.AccumulatingBoth, show=False)
    assert report and "set to zero before each step" in str(report["db"].said)


def test_an_object_whose_fields_are_set_is_examined_too():
    assert doctor.examine(styles.Node(2, 3, 3), show=False)["dK"].verdict == "right"


class Strange:
    """The third parameter has a name that nobody knows; what it is given is never used."""

    def __init__(self, rate, zeta, filters):
        self.rate, self.zeta, self.filters = rate, zeta, filters

    def forward(self, images):
        self.images = images
        return styles.correlated(images, self.filters, np.zeros(len(self.filters)))

    def backward(self, d):
        dX, self.dFilters, _ = styles.gradients(self.images, self.filters, d)
        return dX


def test_a_bias_that_only_stood_in_for_an_unknown_name_is_not_accused():
    report = doctor.examine(Strange, show=False)
    assert report["forward"].verdict == "right" and report["db"].verdict == "not supported"


class SameOnly:
    """Padding "same" by a word, no stride, always 3×3: the other settings are none of its business."""

    def __init__(self, channels, n_filters, padding="valid"):
        self.filters, self.padding = np.random.randn(n_filters, channels, 3, 3), padding

    def forward(self, x):
        self.p = int(self.padding == "same")
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p,) * 2, (self.p,) * 2))
        return styles.correlated(self.x, self.filters, np.zeros(len(self.filters)))

    def backward(self, d):
        dX, self.d_filters, _ = styles.gradients(self.x, self.filters, d)
        return dX[:, :, self.p : dX.shape[2] - self.p, self.p : dX.shape[3] - self.p]


def test_a_layer_that_is_told_no_stride_is_not_called_wrong_for_it():
    assert doctor.examine(SameOnly, show=False)


class Odd:
    """A required stride under a name that nobody knows, behind it the sizes."""

    def __init__(self, qq, in_channels, out_channels, kernel_size):
        if not isinstance(qq, int) or qq < 1 or qq > 2:
            raise ValueError("qq is 1 or 2")
        self.W, self.s = np.random.randn(out_channels, in_channels, kernel_size, kernel_size), (qq, qq)

    def forward(self, x):
        self.x = x
        return styles.correlated(x, self.W, np.zeros(len(self.W)), self.s)

    def backward(self, d):
        dX, self.dW, _ = styles.gradients(self.x, self.W, d, self.s)
        return dX


def odd_backward(d, cache, qq):
    X, W, _ = cache
    return styles.gradients(X, W, d, (qq, qq) if isinstance(qq, int) else qq if isinstance(qq, tuple) else None)


@pytest.mark.parametrize("layer", [(Odd,), (styles.pair_forward, odd_backward)], ids=["forward", "backward"])
def test_a_layer_that_cannot_be_driven_is_told_the_line_to_add_and_the_line_works(layer):
    with pytest.raises(doctor.DescriptionError) as caught:
        doctor.examine(*layer, guess=True, show=False)
    line = re.search(r"examine\(.*arguments=(\{.*?\})\)", str(caught.value))[1]
    assert "Tried in" in str(caught.value) or "tried" in str(caught.value)
    assert doctor.examine(*layer, arguments=ast.literal_eval(line.replace("…", '"stride"')), show=False)


class PerPair(styles.Accumulating):
    """One kernel and one bias for each pair of map and channel, kept in objects of their own; ReLU inside."""

    class Pair:
        def __init__(self, k):
            self.kernel, self.offset = np.random.randn(k, k), 1

    def __init__(self, in_channels, out_channels, k, act="relu"):
        self.pairs, self.act = [[self.Pair(k) for _ in range(in_channels)] for _ in range(out_channels)], act

    def forward(self, x):
        self.W = np.array([[pair.kernel for pair in row] for row in self.pairs])
        b = np.array([sum(pair.offset for pair in row) for row in self.pairs])
        self.x, self.a = x, np.maximum(styles.correlated(x, self.W, b), 0)
        return self.a

    def backward(self, d):
        dX, dK, _ = styles.gradients(self.x, self.W, d * (self.a > 0))
        for row, grads in zip(self.pairs, dK, strict=True):
            for pair, grad in zip(row, grads, strict=True):
                pair.grad = grad
        return dX


def test_a_bias_that_nobody_can_find_accuses_no_forward_pass():
    report = doctor.examine(PerPair, guess=True, show=False)
    assert report and report["dK"].verdict == "right"


class AddsBatch(styles.Accumulating):
    """Without a bias of its own; the batch size is added."""

    def __init__(self, in_channels, out_channels, k):
        self.W = np.random.randn(out_channels, in_channels, k, k)

    def forward(self, x):
        self.x = x
        return styles.correlated(x, self.W, np.full(len(self.W), float(len(x))))

    def backward(self, d):
        dX, self.dW, _ = styles.gradients(self.x, self.W, d)
        return dX


def test_but_the_batch_size_in_its_place_is_a_mistake():
    assert doctor.examine(AddsBatch, guess=True, show=False)["forward"].mistake == "batch_added"


class OtherMap:
    """One map at a time would be right: Z[c] takes channel c from every kernel."""

    def __init__(self, input_shape, kernel_size, depth):
        self.depth, (self.C, H, W), k = depth, input_shape, kernel_size
        self.kernels = np.random.randn(depth, self.C, k, k)
        self.biases = np.random.randn(depth, H - k + 1, W - k + 1)

    def forward(self, x):
        self.x, Z = x[None], np.copy(self.biases)
        for o, c in np.ndindex(self.depth, self.C):
            Z[c] += styles.correlated(x[None, [c]], self.kernels[None, o, [c]], np.zeros(1))[0, 0]
        return Z

    def backward(self, d, learning_rate):
        dX, dK, _ = styles.gradients(self.x, self.kernels, d[None])
        self.kernels -= learning_rate * dK
        self.biases -= learning_rate * d
        return dX[0]


def test_a_fit_to_a_single_map_does_not_hide_what_several_show():
    assert doctor.examine(OtherMap, guess=True, show=False)["forward"].mistake == "forward_other_map"


def deconv_forward(x, w, b):
    return x


def test_a_transposed_convolution_is_said_not_to_be_known():
    with pytest.raises(doctor.DescriptionError, match="transposed convolution by its name; known are convolution"):
        doctor.examine(deconv_forward, odd_backward)
