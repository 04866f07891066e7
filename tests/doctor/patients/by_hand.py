"""Faulty layers in the styles people write them in, put down before the doctor's catalogue existed.

Each entry of FAULTY is (layer, description, wrong parts, fault in words).  They stay as they were written: what the
doctor says about them is measured, and is not circular as cases made from its own catalogue are.
"""

import numpy as np

FAULTY = []


def faulty(parts, words, **description):
    def keep(layer):
        FAULTY.append((layer, description, parts.split(), words))
        return layer

    return keep


# 1 ---------------------------------------------------------------- a course's pair of functions, NHWC, hparameters


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    n_H, n_W = (n_H_prev - f + 2 * pad) // stride + 1, (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    window = A_prev_pad[i, h * stride : h * stride + f, w * stride : w * stride + f, :]
                    Z[i, h, w, c] = np.sum(window * W[..., c]) + float(b[0, 0, 0, c])
    return Z, (A_prev, W, b, hparameters)


def conv_backward_crop(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    A_prev_pad, dA_prev_pad = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(len(dZ)):
        for h in range(dZ.shape[1]):
            for w in range(dZ.shape[2]):
                for c in range(dZ.shape[3]):
                    rows, cols = slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)
                    dA_prev_pad[i, rows, cols] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += A_prev_pad[i, rows, cols] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
        dA_prev[i] = dA_prev_pad[i, pad:-pad, pad:-pad, :] if pad else dA_prev[i]
    return dA_prev, dW, db


def conv_backward_no_stride(dZ, cache):
    A_prev, W, b, hparameters = cache
    pad = hparameters["pad"]
    f = W.shape[0]
    dW, db = np.zeros(W.shape), np.sum(dZ, axis=(0, 1, 2)).reshape(b.shape)
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    for i in range(len(dZ)):
        for h in range(dZ.shape[1]):
            for w in range(dZ.shape[2]):
                for c in range(dZ.shape[3]):
                    dA_prev_pad[i, h : h + f, w : w + f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += A_prev_pad[i, h : h + f, w : w + f] * dZ[i, h, w, c]
    size = A_prev.shape
    return dA_prev_pad[:, pad : pad + size[1], pad : pad + size[2]], dW, db


FAULTY.append(
    (
        (conv_forward, conv_backward_crop),
        dict(X="NHWC", K="HWIO"),
        ["dX"],
        "without padding the buffer is never copied back: zeros",
    )
)
FAULTY.append(
    (
        (conv_forward, conv_backward_no_stride),
        dict(X="NHWC", K="HWIO"),
        ["dX", "dK"],
        "stride forgotten on the way back, in dX and dK",
    )
)

# 2 ------------------------------------------------------------------------------- im2col classes, NCHW


def im2col(X, k, s, p):
    X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    N, C, H, W = X.shape
    out_h, out_w = (H - k) // s + 1, (W - k) // s + 1
    col = np.zeros((N, C, k, k, out_h, out_w))
    for y in range(k):
        for x in range(k):
            col[:, :, y, x] = X[:, :, y : y + s * out_h : s, x : x + s * out_w : s]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


def col2im(col, shape, k, s, p, add=True):
    N, C, H, W = shape
    out_h, out_w = (H + 2 * p - k) // s + 1, (W + 2 * p - k) // s + 1
    col = col.reshape(N, out_h, out_w, C, k, k).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * p + s - 1, W + 2 * p + s - 1))
    for y in range(k):
        for x in range(k):
            if add:
                img[:, :, y : y + s * out_h : s, x : x + s * out_w : s] += col[:, :, y, x]
            else:
                img[:, :, y : y + s * out_h : s, x : x + s * out_w : s] = col[:, :, y, x]
    return img[:, :, p : H + p, p : W + p]


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad
        self.dW = self.db = None

    def forward(self, x):
        FN, _, FH, _ = self.W.shape
        N, _, H, W = x.shape
        out_h, out_w = (H + 2 * self.pad - FH) // self.stride + 1, (W + 2 * self.pad - FH) // self.stride + 1
        self.x, self.col = x, im2col(x, FH, self.stride, self.pad)
        self.col_W = self.W.reshape(FN, -1).T
        out = self.col @ self.col_W + self.b
        return out.reshape(N, out_h, out_w, -1).transpose(0, 3, 1, 2)

    def rows(self, dout):
        return dout.transpose(0, 2, 3, 1).reshape(-1, len(self.W))

    def backward(self, dout):
        dout = self.rows(dout)
        self.db = np.sum(dout, axis=0)
        self.dW = (self.col.T @ dout).T.reshape(self.W.shape)
        return col2im(dout @ self.col_W.T, self.x.shape, self.W.shape[2], self.stride, self.pad)


@faulty("dX", "the kernel is turned before col2im, which scatters already", gradients=("dW", "db"))
class TurnedForCol2im(Convolution):
    def backward(self, dout):
        super().backward(dout)
        flipped = self.W[:, :, ::-1, ::-1].reshape(len(self.W), -1)
        return col2im(self.rows(dout) @ flipped, self.x.shape, self.W.shape[2], self.stride, self.pad)


@faulty("dX", "col2im assigns where it has to add", gradients=("dW", "db"))
class Col2imAssigns(Convolution):
    def backward(self, dout):
        super().backward(dout)
        grad = self.rows(dout) @ self.col_W.T
        return col2im(grad, self.x.shape, self.W.shape[2], self.stride, self.pad, add=False)


@faulty("dX dK db", "delta reshaped to rows without the transpose", gradients=("dW", "db"))
class RowsWithoutTranspose(Convolution):
    def rows(self, dout):
        return dout.reshape(-1, len(self.W))


@faulty("dK", "reshape where the transposed matrix was meant", gradients=("dW", "db"))
class ReshapedNotTransposed(Convolution):
    def backward(self, dout):
        dX = super().backward(dout)
        self.dW = (self.col.T @ self.rows(dout)).reshape(self.W.shape)
        return dX


@faulty("db", "the bias gradient is averaged over batch and positions", gradients=("dW", "db"))
class MeanBias(Convolution):
    def backward(self, dout):
        dX = super().backward(dout)
        self.db = self.rows(dout).mean(axis=0)
        return dX


@faulty("dX", "everything divided by the batch size", gradients=("dW", "db"))
class AllOverN(Convolution):
    def backward(self, dout):
        dX = super().backward(dout / len(dout))
        return dX


# 3 -------------------------------------------------------------- loops over one image, lr inside backward


@faulty("dX", "weights updated before the input gradient", X="CHW", gradients="step")
class UpdatesFirst:
    def __init__(self, filters, bias):
        self.filters, self.bias = filters, bias

    def forward(self, image):
        self.last = image
        F, _, k, _ = self.filters.shape
        out = np.zeros((F, image.shape[1] - k + 1, image.shape[2] - k + 1))
        for f in range(F):
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    out[f, i, j] = np.sum(image[:, i : i + k, j : j + k] * self.filters[f]) + self.bias[f]
        return out

    def gradients(self, d_out):
        k, d_filters = self.filters.shape[-1], np.zeros(self.filters.shape)
        for f, i, j in np.ndindex(d_out.shape):
            d_filters[f] += d_out[f, i, j] * self.last[:, i : i + k, j : j + k]
        return d_filters

    def input_gradient(self, d_out):
        k, d_in = self.filters.shape[-1], np.zeros(self.last.shape)
        for f, i, j in np.ndindex(d_out.shape):
            d_in[:, i : i + k, j : j + k] += d_out[f, i, j] * self.filters[f]
        return d_in

    def backward(self, d_out, learning_rate):
        self.filters = self.filters - learning_rate * self.gradients(d_out)
        self.bias = self.bias - learning_rate * d_out.sum(axis=(1, 2))
        return self.input_gradient(d_out)


@faulty("dX", "only the last filter: = for += over the filters", X="CHW", gradients="step")
class LastFilterOnly(UpdatesFirst):
    def input_gradient(self, d_out):
        k = self.filters.shape[-1]
        for f in range(len(self.filters)):
            d_in = np.zeros(self.last.shape)
            for i in range(d_out.shape[1]):
                for j in range(d_out.shape[2]):
                    d_in[:, i : i + k, j : j + k] += d_out[f, i, j] * self.filters[f]
        return d_in

    def backward(self, d_out, learning_rate):
        d_in = self.input_gradient(d_out)
        super().backward(d_out, learning_rate)
        return d_in


@faulty("dX", "padded delta slid over with the kernel as it is", X="CHW", gradients="step")
class SlidesUnturned(LastFilterOnly):
    def input_gradient(self, d_out):
        F, _, k, _ = self.filters.shape
        wide, d_in = np.pad(d_out, ((0, 0), (k - 1, k - 1), (k - 1, k - 1))), np.zeros(self.last.shape)
        for c, i, j in np.ndindex(d_in.shape):
            d_in[c, i, j] = sum(np.sum(wide[f, i : i + k, j : j + k] * self.filters[f, c]) for f in range(F))
        return d_in


@faulty("db", "the step of the bias uses the bias itself", X="CHW", gradients="step")
class BiasOfBias(LastFilterOnly):
    def backward(self, d_out, learning_rate):
        d_in = UpdatesFirst.input_gradient(self, d_out)
        self.filters = self.filters - learning_rate * self.gradients(d_out)
        self.bias -= learning_rate * self.bias
        return d_in


# 4 --------------------------------------------------- a "full convolution" style with scipy-like helpers


def correlate2d(a, k):
    m, n = a.shape[0] - k.shape[0] + 1, a.shape[1] - k.shape[1] + 1
    return np.array([[np.sum(a[i : i + k.shape[0], j : j + k.shape[1]] * k) for j in range(n)] for i in range(m)])


def convolve2d_full(a, k):
    return correlate2d(np.pad(a, [(k.shape[0] - 1,) * 2, (k.shape[1] - 1,) * 2]), k[::-1, ::-1])


class Convolutional:
    """Kernels and biases of its own, biases untied, gradient step inside backward."""

    def __init__(self, input_shape, kernel_size, depth):
        input_depth, input_height, input_width = input_shape
        self.depth, self.input_depth = depth, input_depth
        self.output_shape = (depth, input_height - kernel_size + 1, input_width - kernel_size + 1)
        self.kernels = np.random.default_rng(1).normal(size=(depth, input_depth, kernel_size, kernel_size))
        self.biases = np.random.default_rng(2).normal(size=self.output_shape)

    def forward(self, input):
        self.input, self.output = input, np.copy(self.biases)
        for i in range(self.depth):
            for j in range(self.input_depth):
                self.output[i] += correlate2d(self.input[j], self.kernels[i, j])
        return self.output

    def one(self, gradient, i, j):
        return convolve2d_full(gradient[i], self.kernels[i, j])

    def backward(self, output_gradient, learning_rate):
        kernels_gradient, input_gradient = np.zeros(self.kernels.shape), np.zeros(self.input.shape)
        for i in range(self.depth):
            for j in range(self.input_depth):
                kernels_gradient[i, j] = correlate2d(self.input[j], output_gradient[i])
                input_gradient[j] += self.one(output_gradient, i, j)
        self.kernels -= learning_rate * kernels_gradient
        self.biases -= learning_rate * output_gradient
        return input_gradient


@faulty("dX", "turned for a full convolution that turns already", X="CHW", gradients="step")
class RotatedForConvolve(Convolutional):
    def one(self, gradient, i, j):
        return convolve2d_full(gradient[i], np.rot90(self.kernels[i, j], 2))


@faulty("dX", "each input channel takes the delta of its own number", X="CHW", gradients="step")
class DeltaOfOwnNumber(Convolutional):
    def one(self, gradient, i, j):
        return convolve2d_full(gradient[j % self.depth], self.kernels[i, j])


@faulty("dX", "the same sum over channels for every channel", X="CHW", gradients="step")
class SameForAllChannels(Convolutional):
    def one(self, gradient, i, j):
        return convolve2d_full(gradient[i], self.kernels[i].sum(axis=0))


# 5 -------------------------------------------------------------------------- true convolution, NCHW dict


class TrueConv:
    def __init__(self, weight, bias, stride, padding):
        self.params, self.grads = {"W": weight, "b": bias}, {}
        self.s, self.p = stride, padding

    def __call__(self, x):
        W, k, s, p = self.params["W"][:, :, ::-1, ::-1], self.params["W"].shape[-1], self.s, self.p
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        h, w = (self.xp.shape[2] - k) // s + 1, (self.xp.shape[3] - k) // s + 1
        out = np.zeros((len(x), len(W), h, w))
        for i in range(h):
            for j in range(w):
                window = self.xp[:, :, i * s : i * s + k, j * s : j * s + k]
                out[:, :, i, j] = np.tensordot(window, W, axes=([1, 2, 3], [1, 2, 3])) + self.params["b"]
        return out

    def backward(self, grad):
        W, k, s, p = self.params["W"][:, :, ::-1, ::-1], self.params["W"].shape[-1], self.s, self.p
        dxp, dW = np.zeros(self.xp.shape), np.zeros(W.shape)
        for i in range(grad.shape[2]):
            for j in range(grad.shape[3]):
                rows, cols = slice(i * s, i * s + k), slice(j * s, j * s + k)
                dxp[:, :, rows, cols] += np.tensordot(grad[:, :, i, j], W, axes=1)
                dW += np.tensordot(grad[:, :, i, j].T, self.xp[:, :, rows, cols], axes=1)
        self.finish(grad, dxp, dW)
        return dxp[:, :, p : dxp.shape[2] - p, p : dxp.shape[3] - p]

    def finish(self, grad, dxp, dW):
        self.grads = {"W": dW[:, :, ::-1, ::-1], "b": grad.sum(axis=(0, 2, 3))}


@faulty("dK", "true convolution, and dK left unturned", gradients=("grads.W", "grads.b"))
class DKUnturned(TrueConv):
    def finish(self, grad, dxp, dW):
        self.grads = {"W": dW, "b": grad.sum(axis=(0, 2, 3))}


@faulty("db", "the bias gradient of the last image only", gradients=("grads.W", "grads.b"))
class BiasLastImage(TrueConv):
    def finish(self, grad, dxp, dW):
        super().finish(grad, dxp, dW)
        for g in grad:
            self.grads["b"] = g.sum(axis=(1, 2))


@faulty("dX dK", "all images into image 0 and the last window only in dK", gradients=("grads.W", "grads.b"))
class TwoAtOnce(TrueConv):
    def backward(self, grad):
        dX = super().backward(grad)
        k, s = self.params["W"].shape[-1], self.s
        i, j = grad.shape[2] - 1, grad.shape[3] - 1
        window = self.xp[:, :, i * s : i * s + k, j * s : j * s + k]
        self.grads["W"] = np.tensordot(grad[:, :, i, j].T, window, axes=1)[:, :, ::-1, ::-1]
        out = np.zeros_like(dX)
        out[0] = dX.sum(axis=0)
        return out


@faulty("dX", "padding cut one row too early", gradients=("grads.W", "grads.b"))
class CutsEarly(TrueConv):
    def backward(self, grad):
        super().backward(grad)
        W, k, s, p = self.params["W"][:, :, ::-1, ::-1], self.params["W"].shape[-1], self.s, self.p
        dxp = np.zeros(self.xp.shape)
        for i, j in np.ndindex(grad.shape[2:]):
            rows, cols = slice(i * s, i * s + k), slice(j * s, j * s + k)
            dxp[:, :, rows, cols] += np.tensordot(grad[:, :, i, j], W, axes=1)
        return dxp[:, :, : dxp.shape[2] - 2 * p, : dxp.shape[3] - 2 * p]


# 6 --------------------------------------------------------------- dilated gather, NHWC, returned gradients


class ConvNHWC:
    def __init__(self, kernel, bias, strides=1):
        self.kernel, self.bias, self.strides = kernel, bias, strides

    def forward(self, inputs):
        self.inputs, s = inputs, self.strides
        kh, kw, _, _ = self.kernel.shape
        h, w = (inputs.shape[1] - kh) // s + 1, (inputs.shape[2] - kw) // s + 1
        out = np.empty((len(inputs), h, w, len(self.bias)))
        for i in range(h):
            for j in range(w):
                out[:, i, j] = np.einsum(
                    "nhwc,hwco->no", inputs[:, i * s : i * s + kh, j * s : j * s + kw], self.kernel
                )
        return out + self.bias

    def kernel_turned(self):
        return self.kernel[::-1, ::-1]

    def backward(self, dout):
        s, (kh, kw, _, _) = self.strides, self.kernel.shape
        N, h, w, F = dout.shape
        dK = np.zeros_like(self.kernel)
        for i in range(h):
            for j in range(w):
                window = self.inputs[:, i * s : i * s + kh, j * s : j * s + kw]
                dK += np.einsum("nhwc,no->hwco", window, dout[:, i, j])
        wide = np.zeros((N, self.inputs.shape[1] + kh - 1, self.inputs.shape[2] + kw - 1, F))
        wide[:, kh - 1 : kh - 1 + s * h : s, kw - 1 : kw - 1 + s * w : s] = dout
        dX = np.zeros_like(self.inputs)
        for i in range(dX.shape[1]):
            for j in range(dX.shape[2]):
                dX[:, i, j] = np.einsum("nhwo,hwco->nc", wide[:, i : i + kh, j : j + kw], self.kernel_turned())
        return dX, dK, dout.sum(axis=(0, 1, 2))


@faulty("dX", "np.rot90 once", X="NHWC", K="HWIO")
class QuarterTurn(ConvNHWC):
    def kernel_turned(self):
        return np.rot90(self.kernel)


@faulty("dX", "flipped along one axis", X="NHWC", K="HWIO")
class FlippedOnce(ConvNHWC):
    def kernel_turned(self):
        return np.flip(self.kernel, axis=1)


@faulty("dX", "turned in all four axes: channels reversed too", X="NHWC", K="HWIO")
class FlippedEverywhere(ConvNHWC):
    def kernel_turned(self):
        return np.flip(self.kernel)


@faulty("dX dK", "return inside the loop over images", X="NHWC", K="HWIO")
class ReturnsEarly(ConvNHWC):
    def backward(self, dout):
        inputs = self.inputs
        for n in range(len(dout)):
            self.inputs = inputs[n : n + 1]
            first, dK, _ = super().backward(dout[n : n + 1])
            dX = np.zeros_like(inputs)
            dX[n] = first[0]
            return dX, dK, dout.sum(axis=(0, 1, 2))


@faulty("dX", "a ReLU mask of the input that no forward pass has", X="NHWC", K="HWIO")
class MaskedByInput(ConvNHWC):
    def backward(self, dout):
        dX, dK, db = super().backward(dout)
        return dX * (self.inputs > 0), dK, db
