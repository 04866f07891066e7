import numpy as np


def get_windows(a, out_hw, k, padding=0, stride=1, dilate=0):
    """strided view (n, c, oh, ow, k, k) of a, after dilation with zeros and padding"""
    if dilate:
        n, c, h, w = a.shape
        d = np.zeros((n, c, (h - 1) * (dilate + 1) + 1, (w - 1) * (dilate + 1) + 1), dtype=a.dtype)
        d[:, :, :: dilate + 1, :: dilate + 1] = a
        a = d
    if padding:
        a = np.pad(a, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, _, _ = a.shape
    oh, ow = out_hw
    sn, sc, sh, sw = a.strides
    return np.lib.stride_tricks.as_strided(a, (n, c, oh, ow, k, k), (sn, sc, sh * stride, sw * stride, sh, sw))


class Conv2D:
    """
    in_channels, out_channels, kernel_size (square), padding=0, stride=1
    (input size has to fit the stride)
    """

    def __init__(self, in_channels, out_channels, kernel_size=3, padding=0, stride=1):
        self.k, self.padding, self.stride = kernel_size, padding, stride
        self.weight = 1e-1 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.cache = None

    def forward(self, x):
        n, c, h, w = x.shape
        oh = (h - self.k + 2 * self.padding) // self.stride + 1
        ow = (w - self.k + 2 * self.padding) // self.stride + 1
        windows = get_windows(x, (oh, ow), self.k, self.padding, self.stride)
        out = np.einsum("bihwkl,oikl->bohw", windows, self.weight)
        out += self.bias[None, :, None, None]
        self.cache = x, windows
        return out

    def backward(self, dout):
        x, windows = self.cache
        # undo the crop by padding the (dilated) gradient
        padding = self.k - 1 - self.padding
        dout_windows = get_windows(dout, x.shape[2:], self.k, padding=padding, stride=1, dilate=self.stride - 1)
        rot_kern = np.rot90(self.weight, 2)

        db = np.sum(dout, axis=(0, 2, 3))
        dw = np.einsum("bihwkl,bohw->oikl", windows, dout)
        dx = np.einsum("bohwkl,oikl->bihw", dout_windows, rot_kern)
        return db, dw, dx
