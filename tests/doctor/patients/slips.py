"""Right layers in eight styles, and the lines of each that people get wrong.

A slip is a list of replacements in the text of a right layer, so that nothing but that line is at fault.  They were
written without a look at the catalogue, after public layers and their threads had been read.  An entry of SLIPS is
(style, the parts that come out wrong, what is wrong in words, replacements).
"""

import numpy as np

STYLES = {}
SLIPS = []


def slip(style, parts, words, *replacements):
    SLIPS.append((style, parts, words, replacements))


def layer_of(style, replacements=()):
    """The layer of this style after the replacements, each of which must be found in its text once."""
    names, text = STYLES[style]
    for old, new in replacements:
        assert text.count(old) == 1, (style, old, text.count(old))
        text = text.replace(old, new)
    namespace = {"np": np}
    exec(compile(text, f"<{style}>", "exec"), namespace)  # our own text, given above
    return tuple(namespace[name] for name in names)


STYLES["naive"] = (
    ("conv_forward", "conv_backward"),
    """
def conv_forward(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    out_h, out_w = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((N, F, out_h, out_w))
    for n in range(N):
        for f in range(F):
            for i in range(out_h):
                for j in range(out_w):
                    out[n, f, i, j] = np.sum(xp[n, :, i * s:i * s + HH, j * s:j * s + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    rows, cols = dout.shape[2], dout.shape[3]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(cols):
                    patch = xp[n, :, i * s:i * s + HH, j * s:j * s + WW]
                    dw[f] += patch * dout[n, f, i, j]
                    dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += w[f] * dout[n, f, i, j]
            db[f] += np.sum(dout[n, f])
    dx = dxp[:, :, p:p + H, p:p + W]
    return dx, dw, db
""",
)
DX_LINE = "dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += w[f] * dout[n, f, i, j]"
slip(
    "naive",
    "dX",
    "the stride is missing where dx is added, not where dw is read",
    (DX_LINE, "dxp[n, :, i:i + HH, j:j + WW] += w[f] * dout[n, f, i, j]"),
)
slip("naive", "db", "db of a map sums all maps", ("np.sum(dout[n, f])", "np.sum(dout[n])"))
slip(
    "naive",
    "dX dK",
    "the rows of dout counted for its columns",
    ("rows, cols = dout.shape[2], dout.shape[3]", "rows = cols = min(dout.shape[2:])"),
)
slip(
    "naive",
    "dK",
    "dout[i, i] for dout[i, j] in dw",
    ("dw[f] += patch * dout[n, f, i, j]", "dw[f] += patch * dout[n, f, i, min(i, cols - 1)]"),
)
slip(
    "naive",
    "dX",
    "the buffer of one image is not set back: image n also gets what the images before it got",
    ("dxp = np.zeros_like(xp)", "dxp, one = np.zeros_like(xp), np.zeros_like(xp[0])"),
    (DX_LINE, "one[:, i * s:i * s + HH, j * s:j * s + WW] += w[f] * dout[n, f, i, j]"),
    ("            db[f] += np.sum(dout[n, f])", "            db[f] += np.sum(dout[n, f])\n        dxp[n] = one"),
)
slip("naive", "dX", "cut from p to H instead of p + H", ("dxp[:, :, p:p + H, p:p + W]", "dxp[:, :, p:H, p:W]"))
slip(
    "naive",
    "dX",
    "the row of the window read for its column",
    (DX_LINE, "dxp[n, :, i * s:i * s + HH, i * s:i * s + WW] += w[f] * dout[n, f, i, j]"),
)
slip(
    "naive",
    "dX",
    "w[f] summed over the channels before it is pasted",
    (DX_LINE, DX_LINE.replace("w[f] *", "w[f].sum(axis=0) *")),
)
slip("naive", "dK", "dw is divided by the number of maps", ("return dx, dw, db", "return dx, dw / F, db"))
slip(
    "naive",
    "dX",
    "dx pasted turned, and the padding not cut off",
    (DX_LINE, DX_LINE.replace("w[f] *", "w[f][:, ::-1, ::-1] *")),
    ("dxp[:, :, p:p + H, p:p + W]", "dxp"),
)
slip(
    "naive",
    "dX dK db",
    "return inside the loop over images, after the first",
    (
        "            db[f] += np.sum(dout[n, f])",
        "            db[f] += np.sum(dout[n, f])\n        return dxp[:, :, p:p + H, p:p + W], dw, db",
    ),
)
slip(
    "naive",
    "dX dK",
    "the loops over dout start at 1",
    ("for i in range(rows):", "for i in range(1, rows):"),
    ("for j in range(cols):", "for j in range(1, cols):"),
)
slip("naive", "forward db", "the forward pass adds the bias of the next map", ("+ b[f]\n", "+ b[f - 1]\n"))
slip(
    "naive",
    "forward dX dK",
    "the forward pass strides over rows only, so that columns are read side by side",
    ("xp[n, :, i * s:i * s + HH, j * s:j * s + WW] * w[f]", "xp[n, :, i * s:i * s + HH, j:j + WW] * w[f]"),
)
slip(
    "naive",
    "forward dX dK",
    "the forward pass divides by the number of channels",
    ("* w[f]) + b[f]", "* w[f]) / C + b[f]"),
)

STYLES["scipy"] = (
    ("ConvLayer",),
    """
from scipy import signal


class ConvLayer:
    def __init__(self, input_shape, kernel_size, depth):
        self.input_depth, height, width = input_shape
        self.depth, self.input_shape = depth, input_shape
        self.output_shape = (depth, height - kernel_size + 1, width - kernel_size + 1)
        self.kernels = np.random.randn(depth, self.input_depth, kernel_size, kernel_size)
        self.biases = np.random.randn(*self.output_shape)

    def forward(self, input):
        self.input = input
        self.output = np.copy(self.biases)
        for i in range(self.depth):
            for j in range(self.input_depth):
                self.output[i] += signal.correlate2d(self.input[j], self.kernels[i, j], "valid")
        return self.output

    def backward(self, output_gradient, learning_rate):
        kernels_gradient = np.zeros(self.kernels.shape)
        input_gradient = np.zeros(self.input_shape)
        for i in range(self.depth):
            for j in range(self.input_depth):
                kernels_gradient[i, j] = signal.correlate2d(self.input[j], output_gradient[i], "valid")
                input_gradient[j] += signal.convolve2d(output_gradient[i], self.kernels[i, j], "full")
        self.kernels -= learning_rate * kernels_gradient
        self.biases -= learning_rate * output_gradient
        return input_gradient
""",
)
FULL = 'signal.convolve2d(output_gradient[i], self.kernels[i, j], "full")'
slip(
    "scipy",
    "dK",
    "dK by convolve2d",
    ("kernels_gradient[i, j] = signal.correlate2d", "kernels_gradient[i, j] = signal.convolve2d"),
)
slip(
    "scipy",
    "dX",
    "the kernel turned, and convolve2d",
    (FULL, FULL.replace("self.kernels[i, j]", "np.rot90(self.kernels[i, j], 2)")),
)
slip(
    "scipy",
    "dX",
    "correlate2d with a kernel turned a quarter",
    (FULL, 'signal.correlate2d(output_gradient[i], np.rot90(self.kernels[i, j]), "full")'),
)
slip(
    "scipy",
    "db",
    "one mean of delta for every bias",
    ("learning_rate * output_gradient", "learning_rate * np.mean(output_gradient)"),
)
slip(
    "scipy",
    "dK",
    "dK averaged over the maps",
    ("learning_rate * kernels_gradient", "learning_rate * kernels_gradient.mean(axis=0)"),
)
slip(
    "scipy",
    "dX",
    "only the last kernel counts, and it is not turned",
    ("input_gradient[j] += " + FULL, "input_gradient[j] = " + FULL.replace("convolve2d", "correlate2d")),
)
slip(
    "scipy",
    "dX dK",
    "delta of map j for delta of map i in both",
    ("self.input[j], output_gradient[i]", "self.input[j], output_gradient[j % self.depth]"),
    (FULL, FULL.replace("output_gradient[i]", "output_gradient[j % self.depth]")),
)
slip(
    "scipy",
    "dX",
    "the arguments of convolve2d with mode same and a border added afterwards",
    (
        FULL,
        'np.pad(signal.convolve2d(output_gradient[i], self.kernels[i, j], "valid" if False else "same"), '
        "((0, self.kernels.shape[2] - 1), (0, self.kernels.shape[3] - 1)))",
    ),
)
slip(
    "scipy",
    "dX db",
    "the update uses the bias in place of delta, and dX the updated kernels",
    (
        "        self.biases -= learning_rate * output_gradient\n        return input_gradient",
        "        self.biases -= learning_rate * self.biases\n        return sum_up(self, output_gradient)",
    ),
    (
        "class ConvLayer:",
        """def sum_up(layer, delta):
    dX = np.zeros(layer.input_shape)
    for i in range(layer.depth):
        for j in range(layer.input_depth):
            dX[j] += signal.convolve2d(delta[i], layer.kernels[i, j], "full")
    return dX


class ConvLayer:""",
    ),
)

STYLES["im2col"] = (
    ("Convolution",),
    """
def im2col(x, fh, fw, stride, pad):
    n, c, h, w = x.shape
    oh, ow = (h + 2 * pad - fh) // stride + 1, (w + 2 * pad - fw) // stride + 1
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    col = np.zeros((n, c, fh, fw, oh, ow))
    for y in range(fh):
        for x_ in range(fw):
            col[:, :, y, x_] = img[:, :, y:y + stride * oh:stride, x_:x_ + stride * ow:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(col, shape, fh, fw, stride, pad):
    n, c, h, w = shape
    oh, ow = (h + 2 * pad - fh) // stride + 1, (w + 2 * pad - fw) // stride + 1
    col = col.reshape(n, oh, ow, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((n, c, h + 2 * pad + stride - 1, w + 2 * pad + stride - 1))
    for y in range(fh):
        for x_ in range(fw):
            img[:, :, y:y + stride * oh:stride, x_:x_ + stride * ow:stride] += col[:, :, y, x_]
    return img[:, :, pad:h + pad, pad:w + pad]


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        fn, c, fh, fw = self.W.shape
        n, _, h, w = x.shape
        oh, ow = (h + 2 * self.pad - fh) // self.stride + 1, (w + 2 * self.pad - fw) // self.stride + 1
        self.x, self.col = x, im2col(x, fh, fw, self.stride, self.pad)
        self.col_W = self.W.reshape(fn, -1).T
        out = self.col @ self.col_W + self.b
        return out.reshape(n, oh, ow, -1).transpose(0, 3, 1, 2)

    def backward(self, dout):
        fn, c, fh, fw = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, fn)
        self.db = np.sum(dout, axis=0)
        self.dW = (self.col.T @ dout).transpose(1, 0).reshape(fn, c, fh, fw)
        dcol = dout @ self.col_W.T
        return col2im(dcol, self.x.shape, fh, fw, self.stride, self.pad)
""",
)
slip(
    "im2col",
    "dX",
    "the columns read as (fh, fw, c) in col2im",
    (
        "col.reshape(n, oh, ow, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)",
        "col.reshape(n, oh, ow, fh, fw, c).transpose(0, 5, 3, 4, 1, 2)",
    ),
)
slip(
    "im2col",
    "dX",
    "the columns read as (n, c, fh, fw, oh, ow) at once",
    ("col.reshape(n, oh, ow, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)", "col.reshape(n, c, fh, fw, oh, ow)"),
)
slip("im2col", "dX", "= in col2im", ("x_:x_ + stride * ow:stride] += col", "x_:x_ + stride * ow:stride] = col"))
slip(
    "im2col",
    "dX",
    "rows and columns of the taps exchanged in col2im",
    ("+= col[:, :, y, x_]", "+= col[:, :, x_, y]"),
)
slip(
    "im2col",
    "dK",
    "dW over all positions",
    ("fn, c, fh, fw)\n        dcol", "fn, c, fh, fw) / len(dout)\n        dcol"),
)
slip(
    "im2col",
    "dX dK db",
    "dout reshaped without the transpose",
    ("dout.transpose(0, 2, 3, 1).reshape", "dout.reshape"),
)
slip(
    "im2col",
    "dX",
    "overlapping windows are averaged: divided by how many windows a cell lies in",
    (
        "        return col2im(dcol, self.x.shape, fh, fw, self.stride, self.pad)",
        "        args = (self.x.shape, fh, fw, self.stride, self.pad)\n"
        "        return col2im(dcol, *args) / np.maximum(col2im(np.ones_like(dcol), *args), 1)",
    ),
)
slip(
    "im2col",
    "dX",
    "col2im cuts the padding only at the top and left",
    ("img[:, :, pad:h + pad, pad:w + pad]", "img[:, :, pad:h + 2 * pad, pad:w + 2 * pad]"),
)
slip(
    "im2col",
    "dK",
    "dW reshaped as (c, fh, fw, fn) without the transpose, and a mean over positions",
    (
        "(self.col.T @ dout).transpose(1, 0).reshape(fn, c, fh, fw)",
        "(self.col.T @ dout).reshape(fn, c, fh, fw) / len(dout)",
    ),
)
slip(
    "im2col",
    "forward dX dK db",
    "the forward pass reshapes its output without the transpose",
    ("out.reshape(n, oh, ow, -1).transpose(0, 3, 1, 2)", "out.reshape(n, fn, oh, ow)"),
)
slip(
    "im2col",
    "forward",
    "the columns stand as (fh, fw, c), the kernel as (c, fh, fw)",
    (
        "col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)",
        "col.transpose(0, 4, 5, 2, 3, 1).reshape(n * oh * ow, -1)",
    ),
    (
        "col.reshape(n, oh, ow, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)",
        "col.reshape(n, oh, ow, fh, fw, c).transpose(0, 5, 3, 4, 1, 2)",
    ),
)
slip(
    "im2col",
    "forward dX",
    "columns stand as (fh, fw, c) in the forward pass alone",
    (
        "col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)",
        "col.transpose(0, 4, 5, 2, 3, 1).reshape(n * oh * ow, -1)",
    ),
)

STYLES["gather"] = (
    ("Conv2D",),
    """
from numpy.lib.stride_tricks import sliding_window_view as windows_of


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.weight = np.random.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.1
        self.bias = np.zeros(out_channels)
        self.k, self.s, self.p = kernel_size, stride, padding

    def forward(self, x):
        s, p = self.s, self.p
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.win = windows_of(self.xp, (self.k, self.k), axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,ocij->nohw", self.win, self.weight) + self.bias[None, :, None, None]

    def backward(self, grad):
        k, s, p = self.k, self.s, self.p
        n, o, h, w = grad.shape
        self.dw = np.einsum("nchwij,nohw->ocij", self.win, grad)
        self.db = grad.sum(axis=(0, 2, 3))
        wide = np.zeros((n, o, (h - 1) * s + 1, (w - 1) * s + 1))
        wide[:, :, ::s, ::s] = grad
        wide = np.pad(wide, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        flipped = self.weight[:, :, ::-1, ::-1]
        full = np.einsum("nohwij,ocij->nchw", windows_of(wide, (k, k), axis=(2, 3)), flipped)
        dxp = np.zeros_like(self.xp)
        dxp[:, :, :full.shape[2], :full.shape[3]] = full
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]
""",
)
slip(
    "gather",
    "dX",
    "s zeros between the entries of delta instead of s - 1",
    (
        "(h - 1) * s + 1, (w - 1) * s + 1",
        "(h - 1) * (s + 1) + 1 if s > 1 else h, (w - 1) * (s + 1) + 1 if s > 1 else w",
    ),
    ("wide[:, :, ::s, ::s] = grad", "wide[:, :, ::s + (s > 1), ::s + (s > 1)] = grad"),
    (
        "dxp[:, :, :full.shape[2], :full.shape[3]] = full",
        "dxp[...] = full[:, :, :dxp.shape[2], :dxp.shape[3]] if full.shape[2] >= dxp.shape[2] else 0",
    ),
)
slip(
    "gather",
    "dX",
    "delta padded by k instead of k - 1: everything one row and one column later",
    ("(k - 1, k - 1), (k - 1, k - 1)", "(k, k), (k, k)"),
    (
        "dxp[:, :, :full.shape[2], :full.shape[3]] = full",
        "dxp[...] = np.pad(full, ((0, 0), (0, 0), (0, s), (0, s)))[:, :, :dxp.shape[2], :dxp.shape[3]]",
    ),
)
slip(
    "gather",
    "dX",
    "the kernel reversed in its channels as well",
    ("self.weight[:, :, ::-1, ::-1]", "self.weight[:, ::-1, ::-1, ::-1]"),
)
slip(
    "gather",
    "dX",
    "the kernel not turned, rows and columns exchanged",
    ("self.weight[:, :, ::-1, ::-1]", "self.weight.transpose(0, 1, 3, 2)"),
)
slip(
    "gather",
    "dX",
    "not turned, and shifted by the padding",
    ("self.weight[:, :, ::-1, ::-1]", "self.weight"),
    ("dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]", "dxp[:, :, :self.shape[2], :self.shape[3]]"),
)
slip(
    "gather",
    "dK",
    "delta turned in dK",
    ('"nchwij,nohw->ocij", self.win, grad', '"nchwij,nohw->ocij", self.win, grad[:, :, ::-1, ::-1]'),
)
slip(
    "gather",
    "dX",
    "dX also divided by the batch and the kernel not turned",
    ("self.weight[:, :, ::-1, ::-1]", "self.weight / n"),
)
slip(
    "gather",
    "dX dK",
    "delta clipped before it is used",
    (
        "n, o, h, w = grad.shape\n",
        "n, o, h, w = grad.shape\n        self.db = grad.sum(axis=(0, 2, 3))\n"
        "        grad = np.clip(grad, -1, 1)\n",
    ),
    ("        self.db = grad.sum(axis=(0, 2, 3))\n        wide", "        wide"),
)
slip(
    "gather",
    "dX dK",
    "every image meets the mean delta of the batch",
    (
        "n, o, h, w = grad.shape\n",
        "n, o, h, w = grad.shape\n        grad = np.repeat(grad.mean(axis=0, keepdims=True), n, axis=0)\n",
    ),
)
slip(
    "gather",
    "forward dX dK",
    "the forward pass turns kernels and channels (np.flip without axes on each kernel)",
    ("self.win, self.weight) + self.bias", "self.win, self.weight[:, ::-1, ::-1, ::-1]) + self.bias"),
)
slip(
    "gather",
    "forward dX",
    "padded by 1 whatever the padding is asked, the size cut to what was asked",
    (
        "self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))",
        "self.xp = np.pad(x, ((0, 0), (0, 0), (1, 2 * p), (1, 2 * p)))"
        "[:, :, :x.shape[2] + 2 * p, :x.shape[3] + 2 * p]",
    ),
)

STYLES["regions"] = (
    ("ConvHWC",),
    """
class ConvHWC:
    def __init__(self, num_filters, size, channels):
        self.num_filters, self.size = num_filters, size
        self.filters = np.random.randn(num_filters, size, size, channels) / size ** 2

    def iterate_regions(self, image):
        h, w, _ = image.shape
        for i in range(h - self.size + 1):
            for j in range(w - self.size + 1):
                yield image[i:i + self.size, j:j + self.size], i, j

    def forward(self, image):
        self.last_input = image
        h, w, _ = image.shape
        output = np.zeros((h - self.size + 1, w - self.size + 1, self.num_filters))
        for region, i, j in self.iterate_regions(image):
            output[i, j] = np.sum(region * self.filters, axis=(1, 2, 3))
        return output

    def backprop(self, d_L_d_out, learn_rate):
        d_L_d_filters = np.zeros(self.filters.shape)
        d_L_d_input = np.zeros(self.last_input.shape)
        for region, i, j in self.iterate_regions(self.last_input):
            for f in range(self.num_filters):
                d_L_d_filters[f] += d_L_d_out[i, j, f] * region
                d_L_d_input[i:i + self.size, j:j + self.size] += d_L_d_out[i, j, f] * self.filters[f]
        self.filters -= learn_rate * d_L_d_filters
        return d_L_d_input
""",
)
PASTE = "d_L_d_input[i:i + self.size, j:j + self.size] += d_L_d_out[i, j, f] * self.filters[f]"
slip(
    "regions",
    "dX",
    "the region's own values in the place of the filter",
    (PASTE, PASTE.replace("self.filters[f]", "region")),
)
slip(
    "regions",
    "dX",
    "d_L_d_input multiplied by the input",
    ("return d_L_d_input", "return d_L_d_input * self.last_input"),
)
slip(
    "regions",
    "dX",
    "the filter transposed",
    (PASTE, PASTE.replace("self.filters[f]", "self.filters[f].transpose(1, 0, 2)")),
)
slip(
    "regions",
    "dX",
    "pasted at [j, i] where the map is square",
    (PASTE, PASTE.replace("[i:i + self.size, j:j + self.size]", "[j:j + self.size, i:i + self.size]")),
)
slip("regions", "dK", "every filter gets the gradient of all filters", ("d_L_d_filters[f] +=", "d_L_d_filters +="))
slip(
    "regions",
    "dK",
    "the region's mean over its channels",
    ("d_L_d_out[i, j, f] * region", "d_L_d_out[i, j, f] * region.mean(axis=2, keepdims=True)"),
)
slip(
    "regions",
    "dX",
    "the filters stepped first, and the filter turned",
    ("        self.filters -= learn_rate * d_L_d_filters\n", ""),
    (
        "            for f in range(self.num_filters):\n",
        "            for f in range(self.num_filters):\n                pass\n"
        "        self.step(d_L_d_filters, d_L_d_out, learn_rate)\n"
        "        for region, i, j in self.iterate_regions(self.last_input):\n"
        "            for f in range(self.num_filters):\n",
    ),
    ("                d_L_d_filters[f] += d_L_d_out[i, j, f] * region\n", ""),
    (PASTE, PASTE.replace("self.filters[f]", "self.filters[f, ::-1, ::-1]")),
    (
        "    def backprop",
        """    def step(self, gradient, d_L_d_out, learn_rate):
        for region, i, j in self.iterate_regions(self.last_input):
            for f in range(self.num_filters):
                gradient[f] += d_L_d_out[i, j, f] * region
        self.filters -= learn_rate * gradient

    def backprop""",
    ),
)

STYLES["sigmoid"] = (
    ("SigmoidConv",),
    """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class SigmoidConv:
    def __init__(self, c_in, c_out, k):
        self.W = np.random.randn(c_out, c_in, k, k) * 0.1
        self.b = np.zeros((c_out, 1))

    def forward(self, x):
        k = self.W.shape[2]
        n, c, h, w = x.shape
        self.x = x
        z = np.zeros((n, len(self.W), h - k + 1, w - k + 1))
        for u in range(k):
            for v in range(k):
                z += np.einsum("ncij,oc->noij", x[:, :, u:u + h - k + 1, v:v + w - k + 1], self.W[:, :, u, v])
        self.z = z + self.b[None, :, :, None]
        self.a = sigmoid(self.z)
        return self.a

    def backward(self, da):
        k, (m, q) = self.W.shape[2], da.shape[2:]
        dz = da * self.a * (1 - self.a)
        dx, self.dW = np.zeros(self.x.shape), np.zeros(self.W.shape)
        for u in range(k):
            for v in range(k):
                dx[:, :, u:u + m, v:v + q] += np.einsum("noij,oc->ncij", dz, self.W[:, :, u, v])
                self.dW[:, :, u, v] = np.einsum("noij,ncij->oc", dz, self.x[:, :, u:u + m, v:v + q])
        self.db = dz.sum(axis=(0, 2, 3))[:, None]
        return dx
""",
)
slip("sigmoid", "dX dK db", "1 - a alone for a(1 - a)", ("da * self.a * (1 - self.a)", "da * (1 - self.a)"))
slip(
    "sigmoid",
    "dX dK db",
    "the derivative of a of a",
    ("da * self.a * (1 - self.a)", "da * sigmoid(self.a) * (1 - sigmoid(self.a))"),
)
slip("sigmoid", "dX dK db", "a in the place of its derivative", ("da * self.a * (1 - self.a)", "da * self.a"))
slip("sigmoid", "dX dK db", "z(1 - z) for a(1 - a)", ("da * self.a * (1 - self.a)", "da * self.z * (1 - self.z)"))
slip(
    "sigmoid",
    "dX",
    "dX without the derivative, and the kernel turned",
    (
        '+= np.einsum("noij,oc->ncij", dz, self.W[:, :, u, v])',
        '+= np.einsum("noij,oc->ncij", da, self.W[:, :, k - 1 - u, k - 1 - v])',
    ),
)
slip(
    "sigmoid",
    "db",
    "db without the derivative, and a mean over the positions",
    ("dz.sum(axis=(0, 2, 3))", "da.mean(axis=(2, 3)).sum(axis=0)"),
)

STYLES["indices"] = (
    ("conv2d", "conv2d_grad"),
    """
def get_indices(shape, kh, kw, stride, pad):
    n, c, h, w = shape
    oh, ow = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), c)
    j0 = np.tile(np.arange(kw), kh * c)
    i1 = stride * np.repeat(np.arange(oh), ow)
    j1 = stride * np.tile(np.arange(ow), oh)
    ch = np.repeat(np.arange(c), kh * kw).reshape(-1, 1)
    return ch, i0.reshape(-1, 1) + i1.reshape(1, -1), j0.reshape(-1, 1) + j1.reshape(1, -1), oh, ow


def conv2d(X, W, b, stride=1, padding=0):
    f, c, kh, kw = W.shape
    ch, i, j, oh, ow = get_indices(X.shape, kh, kw, stride, padding)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = Xp[:, ch, i, j]
    cols = cols.transpose(1, 2, 0).reshape(c * kh * kw, -1)
    out = W.reshape(f, -1) @ cols + b.reshape(-1, 1)
    out = out.reshape(f, oh, ow, len(X)).transpose(3, 0, 1, 2)
    return out, (X, W, b, stride, padding, cols)


def conv2d_grad(dout, cache):
    X, W, b, stride, padding, cols = cache
    f, c, kh, kw = W.shape
    n, _, h, w = X.shape
    db = np.sum(dout, axis=(0, 2, 3))
    flat = dout.transpose(1, 2, 3, 0).reshape(f, -1)
    dW = (flat @ cols.T).reshape(W.shape)
    dcols = W.reshape(f, -1).T @ flat
    dXp = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    ch, i, j, _, _ = get_indices(X.shape, kh, kw, stride, padding)
    dcols = dcols.reshape(c * kh * kw, -1, n).transpose(2, 0, 1)
    np.add.at(dXp, (slice(None), ch, i, j), dcols)
    dX = dXp if padding == 0 else dXp[:, :, padding:-padding, padding:-padding]
    return dX, dW, db
""",
)
slip(
    "indices",
    "dX",
    "+= with an index array in the place of np.add.at",
    ("np.add.at(dXp, (slice(None), ch, i, j), dcols)", "dXp[:, ch, i, j] += dcols"),
)
slip(
    "indices",
    "dX",
    "the images stand in front in dcols, not behind",
    (
        "dcols.reshape(c * kh * kw, -1, n).transpose(2, 0, 1)",
        "dcols.reshape(c * kh * kw, n, -1).transpose(1, 0, 2)",
    ),
)
slip(
    "indices",
    "dX dK",
    "delta flattened with the images in front",
    ("dout.transpose(1, 2, 3, 0).reshape(f, -1)", "dout.transpose(1, 0, 2, 3).reshape(f, -1)"),
)
slip(
    "indices",
    "dX",
    "the padding of dX not cut off",
    ("dX = dXp if padding == 0 else dXp[:, :, padding:-padding, padding:-padding]", "dX = dXp"),
)
slip(
    "indices",
    "dX dK",
    "rows and columns of the kernel exchanged in the reshape of W and dW",
    ("(flat @ cols.T).reshape(W.shape)", "(flat @ cols.T).reshape(W.shape).swapaxes(2, 3)"),
    ("W.reshape(f, -1).T @ flat", "W.swapaxes(2, 3).reshape(f, -1).T @ flat"),
)
slip(
    "indices",
    "db",
    "db summed with keepdims over the wrong axes, then divided by n",
    ("np.sum(dout, axis=(0, 2, 3))", "np.sum(dout, axis=(0, 2, 3)) / (dout.shape[2] * n)"),
)
slip(
    "indices",
    "dX",
    "stride 1 in the backward indices",
    (
        "get_indices(X.shape, kh, kw, stride, padding)\n    dcols",
        "get_indices((n, c, h - (stride - 1) * (dout.shape[2] - 1), "
        "w - (stride - 1) * (dout.shape[3] - 1)), kh, kw, 1, padding)\n    dcols",
    ),
)

slip(
    "indices",
    "forward",
    "the rows of the windows tiled where they are to be repeated",
    ("i1 = stride * np.repeat(np.arange(oh), ow)", "i1 = stride * np.tile(np.arange(oh), ow)"),
)

STYLES["sequence"] = (
    ("Conv1D",),
    """
class Conv1D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1):
        self.W = np.random.randn(out_channels, in_channels, kernel_size)
        self.b = np.zeros(out_channels)
        self.stride = stride

    def forward(self, x):
        self.x, k, s = x, self.W.shape[2], self.stride
        length = (x.shape[2] - k) // s + 1
        out = np.zeros((len(x), len(self.W), length))
        for t in range(length):
            out[:, :, t] = np.einsum("nck,ock->no", x[:, :, t * s:t * s + k], self.W) + self.b
        return out

    def backward(self, delta):
        x, k, s = self.x, self.W.shape[2], self.stride
        self.dW, dx = np.zeros_like(self.W), np.zeros_like(x)
        for t in range(delta.shape[2]):
            self.dW += np.einsum("no,nck->ock", delta[:, :, t], x[:, :, t * s:t * s + k])
            dx[:, :, t * s:t * s + k] += np.einsum("no,ock->nck", delta[:, :, t], self.W)
        self.db = delta.sum(axis=(0, 2))
        return dx
""",
)
slip(
    "sequence",
    "dX",
    "the taps reversed",
    ('"no,ock->nck", delta[:, :, t], self.W)', '"no,ock->nck", delta[:, :, t], self.W[:, :, ::-1])'),
)
slip(
    "sequence",
    "dX dK",
    "delta read backwards in both",
    (
        "for t in range(delta.shape[2]):",
        "delta, whole = delta[:, :, ::-1], delta\n        for t in range(delta.shape[2]):",
    ),
)
slip(
    "sequence",
    "dX",
    "pasted one step late",
    ("dx[:, :, t * s:t * s + k] +=", "dx[:, :, t * s + 1:t * s + k + 1] +="),
    ("delta[:, :, t], self.W)", "delta[:, :, t], self.W)[:, :, :max(0, min(k, dx.shape[2] - t * s - 1))]"),
)
slip(
    "sequence",
    "db",
    "db of the last step alone",
    ("self.db = delta.sum(axis=(0, 2))", "self.db = delta[:, :, -1].sum(axis=0)"),
)
slip(
    "sequence",
    "dK",
    "the mean over the steps",
    ("        self.db =", "        self.dW /= delta.shape[2]\n        self.db ="),
)
