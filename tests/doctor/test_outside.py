"""A view that leaves its array is seen whatever the memory behind it holds."""

from types import SimpleNamespace as Of

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from cnnlib.doctor.checks.outside import reads_past, views_outside

A = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    ("view", "leaves"),
    [
        (lambda: as_strided(A, (3, 4), A.strides), False),
        (lambda: as_strided(A, (2, 3, 2, 2), A.strides * 2), False),
        (lambda: as_strided(A, (3, 4, 2, 2), A.strides * 2), True),
        (lambda: np.lib.stride_tricks.as_strided(A, (4, 4), A.strides), True),
        (lambda: as_strided(A[1:], (2, 4), A.strides), False),  # inside of the whole
        (lambda: as_strided(A[1:], (3, 4), A.strides), True),
        (lambda: as_strided(A[::-1], (3, 4), A[::-1].strides), False),
        (lambda: as_strided(A[::-1], (4, 4), A[::-1].strides), True),
        (lambda: sliding_window_view(A, (2, 2)), False),
    ],
)
def test_whether_a_view_leaves_its_array(view, leaves):
    with views_outside() as outside:
        view()
    assert bool(outside) is leaves


def test_afterwards_nothing_is_watched_any_more():
    with views_outside() as outside:
        pass
    as_strided(A, (4, 4), A.strides)
    assert outside == []


@pytest.mark.parametrize("rows", [3, 4])
def test_a_gradient_reads_past_its_arrays_though_memory_makes_no_difference(rows):
    def run(_case, _delta):
        as_strided(A, (rows, 4), A.strides)
        return Of(gradients={"dX": A})

    assert reads_past(Of(run=run), "dX", Of(run=Of(case=None, delta=None), kept={})) is (rows == 4)
