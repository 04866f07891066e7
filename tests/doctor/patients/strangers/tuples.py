"""RIGHT: kernel, stride and padding as pairs, weights as (out, in, kh, kw), a zero_grad method."""

import numpy as np


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


class Conv2d:
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
    ):
        self.kernel_size = _pair(kernel_size)
        self.stride = _pair(stride)
        self.padding = _pair(padding)
        kh, kw = self.kernel_size
        bound = 1 / np.sqrt(in_channels * kh * kw)
        self.weight = np.random.uniform(-bound, bound, (out_channels, in_channels, kh, kw))
        self.bias = np.random.uniform(-bound, bound, (out_channels,))
        self.zero_grad()

    def zero_grad(self) -> None:
        self.grad_weight = np.zeros_like(self.weight)
        self.grad_bias = np.zeros_like(self.bias)

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x: np.ndarray) -> np.ndarray:
        (sh, sw), (ph, pw), (kh, kw) = self.stride, self.padding, self.kernel_size
        self.x_shape = x.shape
        self.x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        n, _, h, w = self.x.shape
        oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
        out = np.empty((n, self.weight.shape[0], oh, ow))
        for i in range(oh):
            for j in range(ow):
                window = self.x[:, None, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
                out[:, :, i, j] = (window * self.weight[None]).sum(axis=(2, 3, 4)) + self.bias
        return out

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        (sh, sw), (ph, pw), (kh, kw) = self.stride, self.padding, self.kernel_size
        grad_x = np.zeros_like(self.x)
        _, _, oh, ow = grad_output.shape
        for i in range(oh):
            for j in range(ow):
                g = grad_output[:, :, i, j][:, :, None, None, None]
                window = self.x[:, None, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
                self.grad_weight += (window * g).sum(axis=0)
                grad_x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] += (self.weight[None] * g).sum(axis=1)
        self.grad_bias += grad_output.sum(axis=(0, 2, 3))
        h, w = self.x_shape[2:]
        return grad_x[:, :, ph : ph + h, pw : pw + w]
