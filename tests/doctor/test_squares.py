"""Images that are not square, and kernels of one cell: what is wrong there alone."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients.styles import correlated, gradients
from .test_carried import wrong


class Counted:
    """A right layer for all images; the classes below change one line."""

    cells = staticmethod(lambda Z: Z)

    def __init__(self, channels, filters, k):
        self.W, self.b = np.random.randn(filters, channels, k, k), np.zeros(filters)

    def forward(self, x):
        self.x = x
        return self.cells(correlated(x, self.W, self.b))

    def backward(self, dout):
        d = np.zeros((len(dout), len(self.W), *(n - self.W.shape[2] + 1 for n in self.x.shape[2:])))
        d[:, :, : dout.shape[2], : dout.shape[3]] = dout
        dX, self.dW, self.db = gradients(self.x, self.W, d)
        return dX


class ColumnsLikeRows(Counted):
    cells = staticmethod(lambda Z: Z[:, :, :, : Z.shape[2]])


class SquareOnly(ColumnsLikeRows):
    """For square images only."""


class LastRowsZero(Counted):
    @staticmethod
    def cells(Z):
        return Z * (np.arange(Z.shape[2]) < Z.shape[3])[:, None]


class Cropped(Counted):
    """dX is cut by k // 2 at both ends, which leaves nothing of it where k is 1."""

    def forward(self, x):
        p = self.p = self.W.shape[2] // 2
        return super().forward(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))))

    def backward(self, dout):
        return super().backward(dout)[:, :, self.p : -self.p, self.p : -self.p]


class DividedOnce(Counted):
    """(n − h + 1) / s windows, rounded down: one row too few where the stride leaves nothing over."""

    def __init__(self, channels, filters, k, stride=1):
        super().__init__(channels, filters, k)
        self.s = stride

    def forward(self, x):
        Z = super().forward(x)
        rows, cols = (n // self.s for n in Z.shape[2:])
        return Z[:, :, :: self.s, :: self.s][:, :, :rows, :cols]

    def backward(self, dout):
        s = self.s
        d = np.zeros((*dout.shape[:2], *(s * n for n in dout.shape[2:])))
        d[:, :, ::s, ::s] = dout
        return super().backward(d)


class Halved(DividedOnce):
    """Padded by (k − 1)/2, so that one row too few looks like less padding, and kernels of even size show it."""

    def forward(self, x):
        p = self.p = (self.W.shape[2] - 1) // 2
        return super().forward(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))))

    def backward(self, dout):
        dX, p = super().backward(dout), self.p
        return dX[:, :, p : dX.shape[2] - p, p : dX.shape[3] - p]


@pytest.mark.parametrize("layer", [DividedOnce, Halved], ids=["plain", "same"])
def test_rows_that_a_stride_loses_are_no_square_part(layer):
    report = doctor.examine(layer, show=False)
    assert wrong(report)["forward"] == "forward_row_lost"


def test_columns_that_are_dropped_without_a_word_are_wrong():
    report = doctor.examine(ColumnsLikeRows, show=False)
    assert wrong(report) == {"forward": "square_part_only"} and "cells a map, expected" in str(report)
    assert all(setting.H < setting.W for setting in report["forward"].settings)
    assert doctor.examine(Counted, show=False)


def test_a_layer_that_says_so_is_not_wrong_for_it():
    report = doctor.examine(SquareOnly, show=False)
    assert report and "for square images alone, as its code says" in str(report)


def test_an_image_that_is_higher_than_wide_is_tried():
    class ThreeByThree(LastRowsZero):
        def __init__(self, channels, filters):
            super().__init__(channels, filters, 3)

    report = doctor.examine(ThreeByThree, show=False)
    assert wrong(report)["forward"] == "forward_rows_for_columns"


def test_a_kernel_of_one_cell_counts_where_it_alone_shows_something():
    report = doctor.examine(Cropped, show=False)
    assert wrong(report) == {"dX": "empty_without_padding"} and [s.k_h for s in report["dX"].settings] == [1]
    visits = doctor.examine(Counted, show=False)["dX"].finding.visits
    assert visits and all(visit.setting.k_h > 1 for visit in visits)


class FirstPlaceOnly:
    """A layer on sequences whose db takes the first place alone."""

    def __init__(self, in_channels, out_channels, k):
        self.W, self.b = np.random.randn(out_channels, in_channels, k), np.zeros(out_channels)

    def forward(self, x):
        self.n, self.w = x.shape[2], np.lib.stride_tricks.sliding_window_view(x, self.W.shape[2], axis=2)
        return np.einsum("ncti,oci->not", self.w, self.W) + self.b[:, None]

    def backward(self, dout):
        self.dW, self.db = np.einsum("ncti,not->oci", self.w, dout), dout.sum(0)[:, 0]
        dX = np.zeros((len(dout), self.W.shape[1], self.n))
        for i in range(self.W.shape[2]):
            dX[:, :, i : i + dout.shape[2]] += np.einsum("not,oc->nct", dout, self.W[:, :, i])
        return dX


def test_of_sequences_nobody_counts_the_rows():
    assert wrong(doctor.examine(FirstPlaceOnly, X="NCW", show=False)) == {"db": "bias_last_cell"}
