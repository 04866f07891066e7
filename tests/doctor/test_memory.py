"""Views that leave their array, and what is wrong beside that: delta's border, or rows the stride leaves over."""

import itertools

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from cnnlib import doctor

from .test_neighbours import Right, padded


def in_memory(array, value):
    """The array where this value lies behind it in memory, which belongs to nobody."""
    cells = np.concatenate([array.ravel(), np.full(5 * array.size + 500, value)])
    return np.frombuffer(cells.tobytes(), count=array.size).reshape(array.shape)


class NarrowBorder(Right):
    """A border of p for h − 1 − p, and windows as many as X has cells, wherever they end."""

    behind = itertools.cycle([500.0, 1500.0])

    def around(self, d):
        for axis in (2, 3) if self.s > 1 else ():
            d = np.insert(d, range(1, d.shape[axis]), 0, axis=axis)
        return self.bordered(d)

    def bordered(self, d):
        return np.pad(d, [(0, 0), (0, 0), *((self.width(k), self.width(k)) for k in self.W.shape[2:])])

    def width(self, k):
        return self.p or k - 1

    def spread(self, d):
        wide = in_memory(self.around(d), next(self.behind))
        n, o, y, x = wide.strides
        shape = (*d.shape[:2], *self.x.shape[2:], *self.W.shape[2:])
        windows = as_strided(wide, shape, (n, o, y, x, y, x))
        return np.einsum("noijuv,ocuv->ncij", windows, self.W[:, :, ::-1, ::-1])


class BorderFirst(NarrowBorder):
    """The border stands around delta before the zeros, which then are put in among its first rows."""

    def around(self, d):
        wide = self.bordered(d)
        for axis in (2, 3) if self.s > 1 else ():
            wide = np.insert(wide, range(1, d.shape[axis]), 0, axis=axis)
        return wide


class BesideNothing(BorderFirst):
    """What lies behind is no number."""

    behind = itertools.repeat(np.nan)


class BesideTheSame(NarrowBorder):
    """What lies behind is the same in every run."""

    behind = itertools.repeat(7.0)


class NotFilledUp(NarrowBorder):
    """The right border, but nothing for the rows that the stride leaves over."""

    def width(self, k):
        return max(k - 1 - self.p, 0)


class ZerosForTheRest(Right):
    """The product lacks the rows that the stride leaves over; zeros are put around it."""

    def spread(self, d):
        (m, l), s, k = d.shape[2:], self.s, self.W.shape[2]
        wide = np.zeros((*d.shape[:2], (m - 1) * s + 1, (l - 1) * s + 1))
        wide[:, :, ::s, ::s] = d
        windows = sliding_window_view(padded(wide, k - 1 - self.p), (k, k), axis=(2, 3))
        full = np.einsum("noijuv,ocuv->ncij", windows, self.W[:, :, ::-1, ::-1])
        return np.pad(full, [(0, 0), (0, 0), *map(self.lacking, self.x.shape[2:], full.shape[2:])])

    def lacking(self, wanted, there):
        return 0, wanted - there


class ZerosAround(ZerosForTheRest):
    def lacking(self, wanted, there):
        return (wanted - there) // 2, wanted - there - (wanted - there) // 2


class Uncleared(Right):
    def spread(self, d):
        dX = np.empty(self.x.shape)
        dX += super().spread(d)
        return dX


NARROW = [NarrowBorder, BorderFirst, BesideNothing, BesideTheSame]


@pytest.mark.parametrize("layer", NARROW, ids=lambda layer: layer.__name__)
def test_a_border_that_makes_views_leave_delta_is_named_before_the_memory(layer):
    report = doctor.examine(layer, show=False)
    assert report["dX"].mistakes == ("border_of_delta", "memory_past_the_end")
    assert "chance is at work" not in str(report)
    assert {name for name in report.parts if report[name].verdict == "wrong"} == {"dX"}


def test_a_view_that_leaves_its_array_is_no_array_that_nobody_cleared():
    report = doctor.examine(NotFilledUp, show=False)
    assert report["dX"].mistakes == ("delta_without_remainder", "memory_past_the_end")
    assert doctor.examine(Uncleared, show=False)["dX"].mistakes == ("memory_not_cleared",)


@pytest.mark.parametrize("layer", [ZerosForTheRest, ZerosAround], ids=lambda layer: layer.__name__)
def test_rows_that_the_stride_leaves_over_are_no_border(layer):
    report = doctor.examine(layer, show=False)
    assert report["dX"].mistakes == ("delta_without_remainder",)
