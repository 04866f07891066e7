"""Mistakes that are one choice of many: layers with choices that nobody has tried before, named all the same."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from cnnlib import doctor


def padded(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


class Right:
    """Windows of X times K; the methods below are what a slip is made in."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        self.W = np.random.randn(out_channels, in_channels, *size)
        self.b, self.s, self.p = np.zeros(out_channels), stride, padding

    def windows(self, xp):
        return sliding_window_view(xp, self.W.shape[2:], axis=(2, 3))[:, :, :: self.s, :: self.s]

    def forward(self, x):
        self.x, self.xp = x, padded(x, self.p)
        return np.einsum("ncijuv,ocuv->noij", self.windows(self.xp), self.W) + self.b[:, None, None]

    def delta(self, d):
        return d

    def dilated(self, d):
        h, w = self.W.shape[2:]
        wide = np.zeros((*d.shape[:2], self.xp.shape[2] - h + 1, self.xp.shape[3] - w + 1))
        wide[:, :, :: self.s, :: self.s] = d
        return wide

    def border(self):
        return [k - 1 for k in self.W.shape[2:]]

    def spread(self, d):
        a, b = self.border()
        around = np.pad(self.dilated(d), ((0, 0), (0, 0), (a, a), (b, b)))
        turned = self.W[:, :, ::-1, ::-1]
        full = np.einsum("noijuv,ocuv->ncij", sliding_window_view(around, turned.shape[2:], axis=(2, 3)), turned)
        return self.cut(full)

    def cut(self, full):
        H, W = self.x.shape[2:]
        return full[:, :, self.p : self.p + H, self.p : self.p + W]

    def backward(self, d):
        d = self.delta(d)
        self.dW = np.einsum(
            "noij,ncijuv->ocuv",
            d,
            sliding_window_view(self.xp, self.W.shape[2:], axis=(2, 3))[:, :, :: self.s, :: self.s],
        )
        self.db = d.sum(axis=(0, 2, 3))
        return self.spread(d)


class StrideOnTaps(Right):
    def windows(self, xp):
        (h, w), s = self.W.shape[2:], self.s
        size = [(n - k) // s + 1 for n, k in zip(xp.shape[2:], (h, w), strict=True)]
        n, c, y, x = xp.strides
        room = np.zeros(4 * xp.size)  # so that what is read past the end is this
        room[: xp.size] = xp.ravel()
        return as_strided(room, (*xp.shape[:2], *size, h, w), (n, c, y, x, s * y, s * x))


class BordersExchanged(Right):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(in_channels, out_channels, kernel_size)

    def border(self):
        return [k - 1 for k in self.W.shape[:1:-1]]

    def cut(self, full):
        return full


class RowsOfAnotherLength(Right):
    def delta(self, d):
        m, l = d.shape[2:]
        flat = d.reshape(len(d), -1)
        return flat[:, m * l * np.arange(d.shape[1])[:, None, None] + m * np.arange(m)[:, None] + np.arange(l)]


class DilatedLate(Right):
    def dilated(self, d):
        wide, s = super().dilated(0 * d), self.s
        there = wide[:, :, s - 1 :: s, s - 1 :: s]
        there[...] = d[:, :, : there.shape[2], : there.shape[3]]
        return wide


class RoundTheEdge(Right):
    def cut(self, full):
        return np.roll(super().cut(full), [1 - k for k in self.W.shape[2:]], axis=(2, 3))


class StridedAgain(Right):
    def cut(self, full):
        return super().cut(full)[:, :, :: self.s, :: self.s]


class CellsOfOneOutput(Right):
    def forward(self, x):
        Z = super().forward(x)
        kept = np.zeros_like(Z)
        kept[:, :, :: self.s, :: self.s] = Z[:, :, :: self.s, :: self.s]
        return kept


class WrittenAtProducts(Right):
    def forward(self, x):
        Z = super().forward(x) - self.b[:, None, None]
        flat = np.zeros((*Z.shape[:2], Z[0, 0].size))
        for i, j in np.ndindex(Z.shape[2:]):
            flat[:, :, i * j] += Z[:, :, i, j]
        return flat.reshape(Z.shape) + self.b[:, None, None]


class ColumnsShuffled(Right):
    """im2col with axes moved to places that no usual order has."""

    def forward(self, x):
        right = super().forward(x)
        n, (O, C, h, w), (m, l) = len(x), self.W.shape, right.shape[2:]
        patches = self.windows(self.xp).transpose(1, 2, 3, 4, 5, 0)
        columns = patches.transpose(2, 3, 0, 1, 4, 5).reshape(C * h * w, n * m * l)
        Z = (self.W.reshape(O, -1) @ columns).reshape(O, m, l, n).transpose(3, 0, 1, 2)
        return Z + self.b[:, None, None]


FIRST = {
    ColumnsShuffled: ("forward", "columns_reshaped"),
    StrideOnTaps: ("forward", "stride_on_taps"),
    BordersExchanged: ("dX", "border_of_delta"),
    RowsOfAnotherLength: ("dX", "row_length"),
    DilatedLate: ("dX", "dilated_wrongly"),
    RoundTheEdge: ("dX", "shares_moved"),
    StridedAgain: ("dX", "stride_twice"),
    CellsOfOneOutput: ("forward", "every_sth_cell"),
    WrittenAtProducts: ("forward", "row_length"),
}


@pytest.mark.parametrize("layer", FIRST, ids=lambda layer: layer.__name__)
def test_a_choice_of_many_is_named(layer):
    report, (part, key) = doctor.examine(layer, show=False), FIRST[layer]
    assert report[part].verdict == "wrong" and report[part].mistakes[0] == key


def test_without_a_slip_nothing_is_said():
    assert doctor.examine(Right, show=False)


class Convolutional:
    """∗ or ⋆ of one image, a bias for every place; ``start`` is where the output begins."""

    def __init__(self, input_shape, kernel_size, depth):
        channels, height, width = input_shape
        self.kernels = np.random.randn(depth, channels, kernel_size, kernel_size)
        self.biases = np.random.randn(depth, height - kernel_size + 1, width - kernel_size + 1)

    def forward(self, input):
        self.input, self.output = input, self.start()
        self.output += np.einsum(
            "cijuv,ocuv->oij", sliding_window_view(input, self.kernels.shape[2:], (1, 2)), self.kernels
        )
        return self.output

    def backward(self, output_gradient, learning_rate):
        k = self.kernels.shape[2] - 1
        around = sliding_window_view(np.pad(output_gradient, ((0, 0), (k, k), (k, k))), (k + 1, k + 1), (1, 2))
        input_gradient = np.einsum("oijuv,ocuv->cij", around, self.kernels[:, :, ::-1, ::-1])
        windows = sliding_window_view(self.input, output_gradient.shape[1:], (1, 2))
        self.kernels -= learning_rate * np.einsum("cuvij,oij->ocuv", windows, output_gradient)
        self.biases -= learning_rate * output_gradient
        return input_gradient


class Copied(Convolutional):
    def start(self):
        return np.copy(self.biases)


class Aliased(Convolutional):
    def start(self):
        return self.biases


def test_an_output_that_is_the_array_of_the_biases_is_seen():
    assert doctor.examine(Copied, show=False)
    report = doctor.examine(Aliased, show=False)
    assert report["forward"].mistake == "bias_overwritten"
    assert all(report[part].verdict == "right" for part in ("dX", "dK", "db"))


class Leaky:
    """A leaky ReLU inside, whose slope is called alpha, as rates are."""

    def __init__(self, n_in, n_out, size, alpha=0.1):
        self.w, self.b, self.alpha = np.random.randn(n_out, n_in, size, size), np.zeros(n_out), alpha

    def forward(self, x):
        self.x = x
        self.z = np.einsum("ncijuv,ocuv->noij", sliding_window_view(x, self.w.shape[2:], (2, 3)), self.w)
        self.z += self.b[:, None, None]
        return np.where(self.z > 0, self.z, self.alpha * self.z)

    def backward(self, grad):
        dz, k = grad * self.slope(), self.w.shape[2] - 1
        self.dw = np.einsum("noij,ncijuv->ocuv", dz, sliding_window_view(self.x, self.w.shape[2:], (2, 3)))
        self.db = dz.sum(axis=(0, 2, 3))
        around = np.pad(dz, ((0, 0), (0, 0), (k, k), (k, k)))
        return np.einsum(
            "noijuv,ocuv->ncij", sliding_window_view(around, (k + 1, k + 1), (2, 3)), self.w[:, :, ::-1, ::-1]
        )

    def slope(self):
        return np.where(self.z > 0, 1.0, self.alpha)


class Plain(Leaky):
    def slope(self):
        return self.z > 0


class Missing(Leaky):
    def slope(self):
        return 1.0


def test_an_alpha_that_the_forward_pass_reads_is_no_rate():
    assert doctor.examine(Leaky, show=False)
    assert doctor.examine(Plain, show=False)["dX"].mistake == "slope_formula"
    assert doctor.examine(Missing, show=False)["db"].mistake == "slope_missing"


class SameByWord:
    """Padding as a word; with "same" an even kernel has the wider border behind, and ``cut`` begins before it."""

    def __init__(self, filters, kernel_size, channels, padding="valid"):
        self.W, self.b = np.random.randn(filters, channels, kernel_size, kernel_size), np.zeros(filters)
        self.whole = kernel_size - 1 if padding == "same" else 0

    def forward(self, x):
        before = self.whole // 2
        sides = (before, self.whole - before)
        self.x, self.xp = x, np.pad(x, ((0, 0), (0, 0), sides, sides))
        windows = sliding_window_view(self.xp, self.W.shape[2:], axis=(2, 3))
        return np.einsum("ncijuv,ocuv->noij", windows, self.W) + self.b[:, None, None]

    def backward(self, d):
        k, (H, W) = self.W.shape[2] - 1, self.x.shape[2:]
        self.dW = np.einsum("noij,ncijuv->ocuv", d, sliding_window_view(self.xp, self.W.shape[2:], axis=(2, 3)))
        self.db = d.sum(axis=(0, 2, 3))
        around = sliding_window_view(np.pad(d, ((0, 0), (0, 0), (k, k), (k, k))), (k + 1, k + 1), (2, 3))
        full = np.einsum("noijuv,ocuv->ncij", around, self.W[:, :, ::-1, ::-1])
        cut = self.cut()
        return full[:, :, cut : cut + H, cut : cut + W]

    def cut(self):
        return self.whole // 2


class CutBefore(SameByWord):
    def cut(self):
        return self.whole - self.whole // 2


def test_same_by_word_is_tried_with_even_kernels():
    assert doctor.examine(SameByWord, show=False)
    report = doctor.examine(CutBefore, show=False)
    assert report["dX"].mistake == "border_swapped"
    assert {setting.k_w % 2 for setting in report["dX"].settings} == {0}


class Pool:
    """The maximum of each window; ``target`` says where its delta goes."""

    def __init__(self, size, stride):
        self.k, self.s = size, stride

    def forward(self, x):
        self.x = x
        return sliding_window_view(x, (self.k, self.k), (2, 3))[:, :, :: self.s, :: self.s].max(axis=(4, 5))

    def backward(self, d):
        dx, s, k = np.zeros(self.x.shape), self.s, self.k
        for n, c, i, j in np.ndindex(d.shape):
            window = self.x[n, c, s * i : s * i + k, s * j : s * j + k]
            u, v = np.unravel_index(np.argmax(window), window.shape)
            row, column = self.target(i, j, u, v)
            dx[n, c, row, column] += d[n, c, i, j]
        return dx

    def target(self, i, j, u, v):
        return self.s * i + u, self.s * j + v


class PoolExchanged(Pool):
    def target(self, i, j, u, v):
        return self.s * i + v, self.s * j + u


class PoolUnstrided(Pool):
    def target(self, i, j, u, v):
        return i + u, j + v


def test_a_choice_in_the_loop_of_a_pool_is_named():
    assert doctor.examine(Pool, show=False)
    for layer in (PoolExchanged, PoolUnstrided):
        assert doctor.examine(layer, show=False)["dX"].mistake == "pool_loop"


class TimesItself(Right):
    """The slope of no activation is 1, not the output."""

    def delta(self, d):
        return d * super().forward(self.x)


def test_a_slope_without_an_activation_is_named():
    report = doctor.examine(TimesItself, show=False)
    assert {report[part].mistake for part in ("dX", "dK", "db")} == {"slope_formula"}


class DrawnByInitial:
    """RIGHT; its weights are hidden, and drawn by a method that is told the size of X."""

    def __init__(self, kernel_size, filters):
        self.__k, self.__filters, self.__w, self.__b, self.__input_dim = kernel_size, filters, None, None, None

    def initial(self, input_dim):
        self.__input_dim, self.__b = input_dim, np.random.normal(size=[self.__filters])
        self.__w = np.random.normal(size=(self.__filters, input_dim[0], self.__k, self.__k))

    def weight_shape(self):
        return self.__w.shape, self.__b.shape

    def forward(self, x):
        if x.shape[0] != self.__input_dim[0] or x.shape[1] != self.__input_dim[1]:
            raise SystemExit(1)
        Z = np.einsum("cijuv,ocuv->oij", sliding_window_view(x, (self.__k, self.__k), (1, 2)), self.__w)
        return Z + self.__b[:, None, None]

    def backward(self, e):
        k = self.__k - 1
        around = sliding_window_view(np.pad(e, ((0, 0), (k, k), (k, k))), (k + 1, k + 1), (1, 2))
        return np.einsum("oijuv,ocuv->cij", around, self.__w[:, :, ::-1, ::-1])


def test_weights_that_a_method_draws_are_ours_again_afterwards():
    report = doctor.examine(DrawnByInitial, show=False)
    assert report["forward"].verdict == report["dX"].verdict == "right"
