"""Layers of other people's make at which the doctor itself once ended in a traceback."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import doctor


class AddsUpTheBatch:
    """Every image gets the sum over all images: with more images than maps no bias of an image can be meant."""

    def __init__(self, filters, kernel_size, weights=None, bias=None):
        self.filters, self.kernel_size, self.weights, self.bias = filters, kernel_size, weights, bias

    def forward(self, data):
        self.windows = sliding_window_view(data, self.kernel_size, axis=(1, 2))
        right = np.einsum("bwhcij,ijcf->bwhf", self.windows, self.weights)
        return np.broadcast_to(right.sum(axis=0, keepdims=True), right.shape) + self.bias

    def backward(self, delta):
        border = [(0, 0), *[(side - 1, side - 1) for side in self.kernel_size], (0, 0)]
        windows = sliding_window_view(np.pad(delta, border), self.kernel_size, axis=(1, 2))
        d_weights = np.einsum("bwhcij,bwhf->ijcf", self.windows, delta)
        d_data = np.einsum("bwhfij,ijcf->bwhc", windows, self.weights[::-1, ::-1])
        return d_data, d_weights, delta.sum(axis=(0, 1, 2))


def test_a_forward_pass_that_adds_up_the_batch_is_wrong():
    report = doctor.examine(AddsUpTheBatch, show=False)
    assert report["forward"].verdict == "wrong" and not report
