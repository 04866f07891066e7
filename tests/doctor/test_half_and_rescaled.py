"""Half precision, numbers brought to another scale, what is shared with a forward pass, zeros between delta."""

import numpy as np
import pytest

from cnnlib import doctor


class Half:
    """A right layer that computes in float16, with a ReLU inside and means over the batch."""

    kind = "float16"

    def __init__(self, in_channels, filters, kernel_size, stride=1):
        self.stride, self.k = stride, kernel_size
        self.weight = np.random.randn(filters, in_channels, kernel_size, kernel_size).astype(self.kind)
        self.bias = np.zeros(filters, dtype=self.kind)

    def windows(self, size):
        s = self.stride
        for i, j in np.ndindex(*size):
            yield i, j, (slice(s * i, s * i + self.k), slice(s * j, s * j + self.k))

    def forward(self, images):
        self.images = images
        rows, cols = ((n - self.k) // self.stride + 1 for n in images.shape[2:])
        Z = np.zeros((len(images), len(self.weight), rows, cols), dtype=self.kind)
        for i, j, (r, c) in self.windows((rows, cols)):
            for o, kernel in enumerate(self.weight):
                products = images[:, :, r, c] * kernel
                Z[:, o, i, j] = np.sum(products, axis=(1, 2, 3), dtype=self.kind) + self.bias[o]
        self.Z = np.maximum(0.0, Z)
        return self.Z

    def backward(self, delta):
        delta = (delta * (self.Z > 0)).astype(self.kind)
        self.dweight, self.dbias = np.zeros_like(self.weight), np.zeros_like(self.bias)
        dX = np.zeros(self.images.shape, dtype=self.kind)
        for i, j, (r, c) in self.windows(delta.shape[2:]):
            for o in range(len(self.weight)):
                d = delta[:, o, i, j][:, None, None, None]
                dX[:, :, r, c] += d * self.on_the_way_back(self.weight[o])
                self.dweight[o] += np.sum(d * self.images[:, :, r, c], axis=0, dtype=self.kind) / len(delta)
                self.dbias[o] += np.sum(delta[:, o, i, j], dtype=self.kind) / len(delta)
        return dX

    def on_the_way_back(self, kernel):
        return kernel


class HalfTurned(Half):
    def on_the_way_back(self, kernel):
        return kernel[:, ::-1, ::-1]


class HalfWithoutStride(Half):
    """Its windows lie side by side in the forward pass, whatever the stride."""

    def forward(self, images):
        stride, size = self.stride, [(n - self.k) // self.stride + 1 for n in images.shape[2:]]
        self.stride = 1
        whole = super().forward(images)
        self.stride = stride
        self.Z = whole[:, :, : size[0], : size[1]]
        return self.Z


def test_a_right_layer_in_half_precision_is_right():
    report = doctor.examine(Half, show=False)
    assert {part.verdict for part in report.parts.values()} <= {"right", "mean over the batch"}


def test_a_turned_kernel_is_named_in_half_precision():
    report = doctor.examine(HalfTurned, show=False)
    assert report["forward"].verdict == "right" and report["dX"].mistakes == ("no_turn",)


def test_rounding_is_no_slope_at_another_place():
    report = doctor.examine(HalfWithoutStride, show=False)
    assert report["forward"].mistakes == ("forward_stride_ignored",)
    assert {report[part].mistakes for part in ("dX", "dK", "db")} <= {(), ("forward_first",)}
    assert report["dK"].mistakes == ("forward_first",)


class HalfWithoutStrideTurned(HalfWithoutStride, HalfTurned):
    """Both of them."""


def test_the_mask_of_a_relu_is_that_of_the_output_the_layer_gave():
    report = doctor.examine(HalfWithoutStrideTurned, show=False)
    assert report["dX"].mistakes == ("no_turn", "forward_first")


class DoubledWithoutStride(HalfWithoutStride):
    """In double precision, and dK is twice what it should be."""

    kind = "float64"

    def backward(self, delta):
        dX = super().backward(delta)
        self.dweight *= 2
        return dX


def test_a_relu_has_the_same_slope_at_its_output():
    report = doctor.examine(DoubledWithoutStride, show=False)
    assert "constant_factor" in report["dK"].mistakes
    assert "slope_of_output" not in report["dK"].mistakes


class Plain:
    """A right layer; those below change one thing."""

    decay = 0.0

    def __init__(self, in_channels, filters, kernel_size):
        self.k = kernel_size
        self.weight = np.random.randn(filters, in_channels, kernel_size, kernel_size)
        self.bias = np.random.randn(filters)

    def forward(self, images):
        self.images = images
        rows, cols = (n - self.k + 1 for n in images.shape[2:])
        Z = np.zeros((len(images), len(self.weight), rows, cols))
        for i, j in np.ndindex(*self.reached(rows, cols)):
            window = images[:, :, i : i + self.k, j : j + self.k]
            Z[:, :, i, j] = np.einsum("ncuv,ocuv->no", window, self.weight) + self.bias
        return self.finished(Z)

    def reached(self, rows, cols):
        return rows, cols

    def finished(self, Z):
        return Z

    def backward(self, delta):
        dX = np.zeros_like(self.images)
        self.dweight = self.decay * self.weight
        self.dbias = delta.sum(axis=(0, 2, 3)) + self.decay * self.bias
        for i, j in np.ndindex(*delta.shape[2:]):
            d = delta[:, :, i, j]
            dX[:, :, i : i + self.k, j : j + self.k] += np.einsum("no,ocuv->ncuv", d, self.weight)
            window = self.images[:, :, i : i + self.k, j : j + self.k]
            self.dweight = self.dweight + np.einsum("no,ncuv->ocuv", d, window)
        return dX


class Unreached(Plain):
    """The number of rows bounds both loops of the forward pass, and the weights decay."""

    decay = 0.02

    def reached(self, rows, cols):
        return rows, min(rows, cols)


class UnreachedAndTurned(Unreached):
    """The forward pass turns the kernel over in one direction besides, which the backward pass does as well."""

    def forward(self, images):
        kept, self.weight = self.weight, self.weight.swapaxes(2, 3)
        Z = super().forward(images)
        self.weight = kept
        return Z

    def backward(self, delta):
        kept, self.weight = self.weight, self.weight.swapaxes(2, 3)
        dX = super().backward(delta)
        self.weight, self.dweight = kept, self.dweight.swapaxes(2, 3)
        return dX


@pytest.mark.parametrize("layer", [Unreached, UnreachedAndTurned])
def test_what_only_undoes_the_mistake_of_the_forward_pass_is_not_named(layer):
    report = doctor.examine(layer, show=False)
    assert "forward_rows_for_columns" in report["forward"].mistakes
    for part in ("dX", "dK", "db"):
        assert report[part].verdict == "wrong" and report[part].mistakes == ("forward_first",), part


class UnreachedAndDoubled(Unreached):
    """dK is twice what it should be, beside all that."""

    def backward(self, delta):
        dX = super().backward(delta)
        self.dweight = 2 * self.dweight
        return dX


def test_a_mistake_beside_that_is_named_alone():
    report = doctor.examine(UnreachedAndDoubled, show=False)
    assert report["dK"].mistakes == ("constant_factor", "weights_added", "forward_first")


class Rescaled(Plain):
    def finished(self, Z):
        return Z / np.max(np.abs(Z))


class RescaledImages(Plain):
    def finished(self, Z):
        return (Z - Z.mean(axis=(1, 2, 3), keepdims=True)) / Z.std(axis=(1, 2, 3), keepdims=True)


@pytest.mark.parametrize(
    ("layer", "words"),
    [(Rescaled, "the output divided by its largest"), (RescaledImages, "each image brought to mean 0")],
)
def test_an_output_on_a_scale_of_its_own_is_named(layer, words):
    report = doctor.examine(layer, show=False)
    assert report["forward"].mistakes == ("output_rescaled",) and words in " ".join(str(report).split())
    assert all(report[part].mistakes == ("forward_first",) for part in ("dX", "dK", "db"))


class RescaledAndTurned(Rescaled):
    def backward(self, delta):
        kept, self.weight = self.weight, self.weight[..., ::-1, ::-1]
        dX = super().backward(delta)
        self.weight = kept
        return dX


def test_a_mistake_beside_a_rescaled_output_is_named():
    report = doctor.examine(RescaledAndTurned, show=False)
    assert report["dX"].mistakes == ("no_turn", "forward_first")


class Stepping:
    """Takes its step in the backward pass, and divides every kernel by its largest number afterwards."""

    def __init__(self, in_channels, filters, kernel_size):
        self.k, self.kernels = kernel_size, np.random.randn(filters, in_channels, kernel_size, kernel_size)

    def forward(self, images):
        self.images, (rows, cols) = images, (n - self.k + 1 for n in images.shape[2:])
        Z = np.zeros((len(images), len(self.kernels), rows, cols))
        for i, j in np.ndindex(rows, cols):
            Z[:, :, i, j] = np.einsum("ncuv,ocuv->no", images[:, :, i : i + self.k, j : j + self.k], self.kernels)
        return Z

    def backward(self, delta, learning_rate):
        dX, dK = np.zeros_like(self.images), np.zeros_like(self.kernels)
        for i, j in np.ndindex(*delta.shape[2:]):
            r, c = slice(i, i + self.k), slice(j, j + self.k)
            dX[:, :, r, c] += np.einsum("no,ocuv->ncuv", delta[:, :, i, j], self.kernels)
            dK += np.einsum("no,ncuv->ocuv", delta[:, :, i, j], self.images[:, :, r, c])
        self.kernels = self.kernels - learning_rate * dK
        self.kernels /= np.max(np.abs(self.kernels), axis=(2, 3), keepdims=True)
        return dX


def test_weights_that_are_rescaled_after_the_step_are_named():
    report = doctor.examine(Stepping, show=False)
    assert report["forward"].verdict == report["dX"].verdict == "right"
    assert report["dK"].mistakes == ("weights_rescaled",)


class OneZero:
    """A layer of rows that puts one zero between the numbers of delta, whatever the stride."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1):
        self.k, self.stride = kernel_size, stride
        self.weight = np.random.randn(out_channels, in_channels, kernel_size)

    def forward(self, x):
        self.x, m = x, (x.shape[2] - self.k) // self.stride + 1
        taps = np.arange(m)[:, None] * self.stride + np.arange(self.k)
        return np.einsum("ncmk,ock->nom", x[:, :, taps], self.weight)

    def backward(self, delta):
        (N, O, m), n, k = delta.shape, self.x.shape[2], self.k
        taps = np.arange(m)[:, None] * self.stride + np.arange(k)
        self.dweight = np.einsum("ncmk,nom->ock", self.x[:, :, taps], delta)
        step = 2 if self.stride > 1 else 1
        wide = np.zeros((N, O, max(n, step * m) + 2 * k))
        wide[:, :, k - 1 : k - 1 + step * m : step] = delta
        turned = self.weight[:, :, ::-1]
        return np.einsum("nouk,ock->ncu", wide[:, :, np.arange(n)[:, None] + np.arange(k)], turned)


def test_one_zero_between_whatever_the_stride_is_named():
    report = doctor.examine(OneZero, show=False)
    assert report["dK"].verdict == "right" and report["dX"].mistakes == ("one_zero_between",)


class ColumnsFirst:
    """A right layer of one kernel a map whose arrays have the columns before the rows: (W, H, C, N)."""

    def __init__(self, kernel_size, filters):
        self.k, self.weights = kernel_size, np.random.randn(kernel_size, kernel_size, filters)

    def forward(self, M):
        [width, height, _, images] = M.shape
        self.M, self.output = M, np.zeros((width - self.k + 1, height - self.k + 1, self.weights.shape[2], images))
        for y in range(min(self.output.shape[:2])):
            for x in range(self.output.shape[0]):
                window = M[x : x + self.k, y : y + self.k]
                self.output[x, y] = np.einsum("xycn,xyo->on", window, self.weights)
        return self.output

    def backward(self, delta):
        dM, self.dweights = np.zeros_like(self.M), np.zeros_like(self.weights)
        for x, y in np.ndindex(*delta.shape[:2]):
            r, c = slice(x, x + self.k), slice(y, y + self.k)
            dM[r, c] += np.einsum("on,xyo->xyn", delta[x, y], self.weights)[:, :, None]
            self.dweights += np.einsum("on,xycn->xyo", delta[x, y], self.M[r, c])
        return dM


def test_a_kernel_is_read_with_its_columns_first_where_the_input_is():
    report = doctor.examine(ColumnsFirst, X="WHCN", Z="WHON", guess=True, show=False)
    assert report.plan.K.text == "WHO"
    assert "forward_transposed" not in report["forward"].mistakes
