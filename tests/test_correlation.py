"""Batches and channels: sizes by counting, and correlate_maps against the definition."""

import numpy as np
import pytest
from helpers import assert_close, convolutions, normal, says
from hypothesis import given

from cnnlib import correlation, ops
from cnnlib.correlation import Geometry


def geometry_of(case):
    return Geometry.of(case.kernel_size, case.stride, case.padding, case.dilation)


def test_a_geometry_takes_whole_numbers_or_pairs():
    assert Geometry.of(3, 2, 1, 4) == ((3, 3), (2, 2), (1, 1), (4, 4))
    assert Geometry.of((2, 3), [1, 2], np.array([0, 1])) == ((2, 3), (1, 2), (0, 1), (1, 1))


@given(convolutions())
def test_span_and_tail_are_what_the_windows_cover_and_leave(case):
    geometry = geometry_of(case)
    for axis in (0, 1):
        taps = case.dilation[axis] * np.arange(case.kernel_size[axis])
        starts = case.stride[axis] * np.arange(geometry.output_size(case.input_size)[axis])
        room = case.input_size[axis] + 2 * case.padding[axis]
        assert geometry.span[axis] == taps[-1] + 1
        assert geometry.tail(case.input_size)[axis] == room - 1 - (starts[-1] + taps[-1])


@given(convolutions())
def test_the_backward_frame_makes_room_for_one_output_per_input_cell(case):
    geometry = geometry_of(case)
    spread = ops.dilate(np.ones(geometry.output_size(case.input_size)), case.stride)
    framed = ops.pad(spread, geometry.backward_frame(case.input_size))
    assert Geometry.of(case.kernel_size, dilation=case.dilation).output_size(framed.shape) == case.input_size


@given(convolutions(operations=["correlation"]))
def test_correlate_maps_is_the_definition(case):
    padded = ops.pad(case.X, case.padding)
    assert_close(
        correlation.correlate_maps(padded, case.K, stride=case.stride, dilation=case.dilation), case.forward()
    )


def test_every_output_map_sums_over_the_input_maps():
    X, K = normal(2, 3, 5, 6), normal(4, 3, 2, 3, seed=1)
    Z = correlation.correlate_maps(X, K)
    for n, o in np.ndindex(2, 4):
        assert_close(Z[n, o], sum(ops.correlate(X[n, c], K[o, c]) for c in range(3)))


def test_the_window_meets_the_kernel_under_correlation_and_its_turn_under_convolution():
    K = normal(2, 3, 2, 3)
    np.testing.assert_array_equal(correlation.effective_kernel(K, "correlation"), K)
    np.testing.assert_array_equal(correlation.effective_kernel(K, "convolution"), K[:, :, ::-1, ::-1])


@pytest.mark.parametrize("operation", ["convolve", "", None])
def test_an_unknown_operation_is_refused(operation):
    with says(repr(operation), "correlation, convolution"):
        correlation.effective_kernel(normal(1, 1, 2, 2), operation)
