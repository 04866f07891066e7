"""Fifteen layers in the styles of public repositories, with nothing told; ten have one mistake."""

import importlib

import pytest

from cnnlib import doctor

from .patients import strangers

RIGHT = {}
PATIENTS = {  # file: (names, {part: mistake})
    "course": ("conv_forward conv_backward", {"dX": "stride_forgotten", "dK": "dK_stride_forgotten"}),
    "assignment": ("conv_forward_im2col conv_backward_im2col", RIGHT),
    "optimizer_inside": ("Conv2D", {"dX": "update_before_dX"}),
    "feature_maps": ("ConvolutionLayer", {"dX": "last_map_only"}),
    "ops": ("Conv", RIGHT),
    "from_a_book": ("Convolution", {"dK": "dK_reshaped"}),
    "one_image": ("Conv", {"db": "maps_summed"}),
    "lr_in_backward": ("Convolutional", RIGHT),
    "port_of_blobs": ("ConvolutionLayer", {"db": "last_image_only"}),
    "hwio": ("conv2d conv2d_grad", {"dX": "over_N"}),
    "tuples": ("Conv2d", RIGHT),
    "same": ("Conv2D", {"dX": "border_swapped"}),  # the same numbers: (k - 1) // 2 is cut, less was padded
    "padding_in_cache": ("conv_naive conv_naive_back", {"dX": "empty_without_padding"}),
    "params": ("Conv", {"forward": "bias_added_often", "db": "forward_first"}),
    "single_precision": ("Conv2DLayer", RIGHT),
}


@pytest.mark.parametrize("file", PATIENTS)
def test_each_is_handled_with_nothing_told(file):
    names, mistakes = PATIENTS[file]
    module = importlib.import_module(f"{strangers.__name__}.{file}")
    report = doctor.examine(*(getattr(module, name) for name in names.split()), guess=True, show=False)
    wrong = {part: report[part].mistake for part in report.parts if report[part].verdict == "wrong"}
    assert wrong == mistakes and bool(report) is not bool(mistakes)
