"""The other half of the layers of :mod:`second_hand`, written in the same way."""

import numpy as np

from .second_hand import written

# 7 ------------------------------------------------ a function object with a context, as frameworks have it: right


class Context:
    def save_for_backward(self, *things):
        self.saved = things


@written("", "static methods with a context: right")
class ConvFunction:
    @staticmethod
    def forward(ctx, x, weight, bias, stride=1, padding=0):
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
        windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
        return np.einsum("nchwij,ocij->nohw", windows[:, :, ::stride, ::stride], weight) + bias[None, :, None, None]

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved
        s, p, (kh, kw) = ctx.stride, ctx.padding, weight.shape[2:]
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        n, o, oh, ow = grad_output.shape
        spread = np.zeros((n, o, padded.shape[2] + kh - 1, padded.shape[3] + kw - 1))
        spread[:, :, kh - 1 : kh - 1 + oh * s : s, kw - 1 : kw - 1 + ow * s : s] = grad_output
        windows = np.lib.stride_tricks.sliding_window_view(spread, (kh, kw), axis=(2, 3))
        grad_x = np.einsum("nohwij,ocij->nchw", windows, np.rot90(weight, 2, axes=(2, 3)))
        taps = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
        grad_w = np.einsum("nchwij,nohw->ocij", taps, grad_output)
        return grad_x[:, :, p : p + x.shape[2], p : p + x.shape[3]], grad_w, grad_output.sum((0, 2, 3)), None, None


# 8 --------------------------------------------------------- by Fourier transforms, the conjugate at two places


@written("dX", "Fourier transforms: the conjugate that belongs to the forward pass stands in dX as well")
class FourierConv:
    def __init__(self, channels, filters, k):
        self.w, self.b = np.random.randn(filters, channels, k, k), np.zeros(filters)

    def forward(self, x):
        self.x, k = x, self.w.shape[-1]
        self.size = x.shape[2:]
        self.xf = np.fft.rfft2(x)
        self.wf = np.fft.rfft2(self.w, self.size)
        z = np.fft.irfft2(np.einsum("ncuv,fcuv->nfuv", self.xf, self.wf.conj()), self.size)
        return z[:, :, : self.size[0] - k + 1, : self.size[1] - k + 1] + self.b.reshape(-1, 1, 1)

    def backward(self, dz):
        k = self.w.shape[-1]
        df = np.fft.rfft2(dz, self.size)
        dw = np.fft.irfft2(np.einsum("ncuv,nfuv->fcuv", self.xf, df.conj()), self.size)[:, :, :k, :k]
        dx = np.fft.irfft2(np.einsum("nfuv,fcuv->ncuv", df, self.wf.conj()), self.size)
        return dx, dw, dz.sum(axis=(0, 2, 3))


# 9 --------------------------------------------------------------------- NHWC, OHWI, a dictionary of gradients


@written(
    "dK",
    "einsum with two letters swapped: dK transposed",
    X="NHWC",
    K="OHWI",
    gradients=("gradients.kernel", "gradients.bias"),
)
class WindowedConv:
    def __init__(self, kernel_shape, stride=1, padding=0):
        self.weights = {"kernel": np.random.random(kernel_shape), "bias": np.random.random(kernel_shape[0])}
        self.gradients = {}
        self.stride, self.padding = stride, padding

    def forward_pass(self, x):
        kernel, p, s = self.weights["kernel"], self.padding, self.stride
        self.padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        self.windows = np.lib.stride_tricks.sliding_window_view(self.padded, kernel.shape[1:3], axis=(1, 2))[
            :, ::s, ::s
        ]
        return np.einsum("byxcij,oijc->byxo", self.windows, kernel, optimize=True) + self.weights["bias"]

    def backward_pass(self, gradient):
        kernel, p, s = self.weights["kernel"], self.padding, self.stride
        self.gradients["kernel"] = np.einsum("byxcij,byxo->ojic", self.windows, gradient, optimize=True)
        self.gradients["bias"] = np.einsum("byxo->o", gradient)
        result = np.zeros_like(self.padded)
        by_place = np.einsum("byxo,oijc->byxijc", gradient, kernel, optimize=True)
        for i in range(kernel.shape[1]):
            for j in range(kernel.shape[2]):
                rows, columns = slice(i, i + s * gradient.shape[1], s), slice(j, j + s * gradient.shape[2], s)
                result[:, rows, columns] += by_place[:, :, :, i, j]
        return result[:, p : result.shape[1] - p, p : result.shape[2] - p]


# 10 ------------------------------------------------------------------ rows of pixels in, rows of pixels out: right


@written("", "flat rows of pixels: right", X="N(CHW)", Z="N(OHW)")
class RowConv:
    def __init__(self, input_shape, n_filters, filter_size):
        self.c, self.h, self.w = input_shape
        self.W = np.random.randn(n_filters, self.c, filter_size, filter_size) / filter_size
        self.b = np.zeros(n_filters)
        self.oh, self.ow = self.h - filter_size + 1, self.w - filter_size + 1

    def forward(self, rows):
        self.images = rows.reshape(len(rows), self.c, self.h, self.w)
        f = self.W.shape[-1]
        out = np.zeros((len(rows), len(self.W), self.oh, self.ow))
        for i in range(f):
            for j in range(f):
                part = self.images[:, :, i : i + self.oh, j : j + self.ow]
                out += np.einsum("nchw,oc->nohw", part, self.W[:, :, i, j])
        return (out + self.b[:, None, None]).reshape(len(rows), -1)

    def backward(self, drows):
        d = drows.reshape(len(drows), len(self.W), self.oh, self.ow)
        f = self.W.shape[-1]
        dx, dW = np.zeros_like(self.images), np.zeros_like(self.W)
        for i in range(f):
            for j in range(f):
                part = self.images[:, :, i : i + self.oh, j : j + self.ow]
                dW[:, :, i, j] = np.einsum("nohw,nchw->oc", d, part)
                dx[:, :, i : i + self.oh, j : j + self.ow] += np.einsum("nohw,oc->nchw", d, self.W[:, :, i, j])
        return dx.reshape(len(drows), -1), dW, d.sum(axis=(0, 2, 3))


# 11 --------------------------------------------------- port of MATLAB code: HWCN, true convolution, means: right


def flipall(a):
    return a[tuple(slice(None, None, -1) for _ in a.shape)]


def convn_valid(a, k):
    k = flipall(k)
    h, w = a.shape[0] - k.shape[0] + 1, a.shape[1] - k.shape[1] + 1
    return np.array([[np.sum(a[i : i + k.shape[0], j : j + k.shape[1]] * k) for j in range(w)] for i in range(h)])


@written(
    "",
    "port of MATLAB code, HWCN, true convolution, means over the batch: right",
    X="HWCN",
    K="HWIO",
    gradients=("dk", "db"),
)
class CnnLayer:
    def __init__(self, inputmaps, outputmaps, kernelsize):
        self.k = np.random.uniform(-1, 1, (kernelsize, kernelsize, inputmaps, outputmaps))
        self.b = np.zeros(outputmaps)

    def ff(self, x):
        self.a = x
        n = x.shape[3]
        return np.stack(
            [
                np.stack(
                    [
                        sum(convn_valid(x[:, :, i, m], self.k[:, :, i, j]) for i in range(x.shape[2]))
                        for m in range(n)
                    ],
                    -1,
                )
                + self.b[j]
                for j in range(len(self.b))
            ],
            axis=2,
        )

    def bp(self, d):
        n, size = d.shape[3], self.k.shape[0]
        self.dk, self.db = np.zeros_like(self.k), np.zeros_like(self.b)
        back = np.zeros_like(self.a)
        for j in range(d.shape[2]):
            for i in range(self.a.shape[2]):
                for m in range(n):
                    wide = np.pad(d[:, :, j, m], size - 1)
                    back[:, :, i, m] += convn_valid(wide, np.rot90(self.k[:, :, i, j], 2))
                    self.dk[:, :, i, j] += convn_valid(flipall(self.a[:, :, i, m]), d[:, :, j, m]) / n
            self.db[j] = d[:, :, j].sum() / n
        return back


# 12 ------------------------------------------------------ seven loops over memory that was never cleared


@written("dX", "seven loops; the gradient starts from memory that nobody cleared")
class NaiveConv:
    def __init__(self, kernels, biases, stride, pad):
        self.kernels, self.biases, self.stride, self.pad = kernels, biases, stride, pad

    def forward(self, images):
        self.images = images
        (n, c, h, w), (f, _, k, _) = images.shape, self.kernels.shape
        s, p = self.stride, self.pad
        out = np.zeros((n, f, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1))
        for b in range(n):
            for m in range(f):
                for y in range(out.shape[2]):
                    for x in range(out.shape[3]):
                        total = self.biases[m]
                        for ch in range(c):
                            for dy in range(k):
                                for dx in range(k):
                                    row, col = y * s + dy - p, x * s + dx - p
                                    if 0 <= row < h and 0 <= col < w:
                                        total += images[b, ch, row, col] * self.kernels[m, ch, dy, dx]
                        out[b, m, y, x] = total
        return out

    def backward(self, out_grad):
        (n, c, h, w), (f, _, k, _) = self.images.shape, self.kernels.shape
        s, p = self.stride, self.pad
        in_grad, kernel_grad = np.empty_like(self.images), np.zeros_like(self.kernels)
        bias_grad = np.zeros(f)
        for b in range(n):
            for m in range(f):
                for y in range(out_grad.shape[2]):
                    for x in range(out_grad.shape[3]):
                        g = out_grad[b, m, y, x]
                        bias_grad[m] += g
                        for ch in range(c):
                            for dy in range(k):
                                for dx in range(k):
                                    row, col = y * s + dy - p, x * s + dx - p
                                    if 0 <= row < h and 0 <= col < w:
                                        in_grad[b, ch, row, col] += g * self.kernels[m, ch, dy, dx]
                                        kernel_grad[m, ch, dy, dx] += g * self.images[b, ch, row, col]
        return in_grad, kernel_grad, bias_grad
