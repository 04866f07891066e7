"""Files in the styles of public repositories, written without a look at the doctor or its catalogue.

``FIRST`` and ``SECOND`` are two sets.  What the doctor said of each at first look stands in RECORD.md one folder
up; what failed was mended, so these are blind no longer.  Entries: file → (names, {part: mistake}).
"""

RIGHT = {}
FIRST = {
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
    "same": ("Conv2D", {"dX": "border_not_that_of_forward"}),  # (k - 1) // 2 is cut, less was padded
    "padding_in_cache": ("conv_naive conv_naive_back", {"dX": "empty_without_padding"}),
    "params": ("Conv", {"forward": "bias_added_often", "db": "forward_first"}),
    "single_precision": ("Conv2DLayer", RIGHT),
}
SECOND = {
    "another_border": (
        "conv_forward conv_backward",
        {"dX": "border_not_that_of_forward", "dK": "border_not_that_of_forward"},
    ),
    "two_in_one": ("vl_conv", RIGHT),
    "vectorized": ("Conv2D", {"dX": "channels_reversed"}),
    "tanh_inside": ("ConvLayer", {"db": "slope_missing"}),
    "real_convolution": ("ConvLayer", RIGHT),
    "lenet_maps": ("C1", {"dX": "transposed"}),
    "batch_conv": ("ConvolutionLayer", {"dK": "X_of_one_image"}),
    "filter_objects": ("FilterBank", {"dK": "last_image_only", "db": "last_image_only"}),
    "gray_images": ("cnnConvolve cnnGrad", RIGHT),
    "lists_of_maps": ("MapLayer", {"forward": "bias_added_often", "db": "forward_first"}),
    "error_tensor": ("Conv", {"dX": "channels_reversed"}),
}
