import numpy as np
from scipy import signal


class Conv:
    """
    stride_shape: (sy, sx) ; convolution_shape: (c, ky, kx) ; num_kernels
    input tensor (b, c, y, x), zero padding so that stride 1 keeps y and x.
    """

    def __init__(self, stride_shape, convolution_shape, num_kernels):
        self.trainable = True
        self.stride_shape = stride_shape
        self.convolution_shape = convolution_shape
        self.num_kernels = num_kernels
        self.weights = np.random.uniform(size=(num_kernels, *tuple(convolution_shape)))
        self.bias = np.random.uniform(size=num_kernels)
        self._gradient_weights = None
        self._gradient_bias = None
        self._optimizer = None

    @property
    def gradient_weights(self):
        return self._gradient_weights

    @property
    def gradient_bias(self):
        return self._gradient_bias

    @property
    def optimizer(self):
        return self._optimizer

    @optimizer.setter
    def optimizer(self, opt):
        self._optimizer = opt

    def _halves(self):
        _, ky, kx = self.convolution_shape
        # (before, after) for both axes
        return (ky // 2, ky - 1 - ky // 2), (kx // 2, kx - 1 - kx // 2)

    def forward(self, input_tensor):
        py, px = self._halves()
        sy, sx = self.stride_shape
        self.padded = np.pad(input_tensor, ((0, 0), (0, 0), py, px))
        self.input_shape = input_tensor.shape
        maps = []
        for image in self.padded:
            # valid correlation over (c, y, x) leaves one plane
            maps.append(
                [
                    signal.correlate(image, k, mode="valid")[0][::sy, ::sx] + b0
                    for k, b0 in zip(self.weights, self.bias, strict=False)
                ]
            )
        return np.array(maps)

    def backward(self, error_tensor):
        sy, sx = self.stride_shape
        (ya, yb), (xa, xb) = self._halves()
        b, c, y, x = self.input_shape
        upsampled = np.zeros((b, self.num_kernels, y, x))
        upsampled[:, :, ::sy, ::sx] = error_tensor

        self._gradient_bias = error_tensor.sum(axis=(0, 2, 3))
        self._gradient_weights = np.zeros_like(self.weights)
        for n in range(b):
            for k in range(self.num_kernels):
                for ch in range(c):
                    self._gradient_weights[k, ch] += signal.correlate(
                        self.padded[n, ch], upsampled[n, k], mode="valid"
                    )

        # kernels seen from the input: (num_kernels, c, ..) -> (c, num_kernels, ..)
        back_kernels = np.swapaxes(self.weights, 0, 1)
        err = np.pad(upsampled, ((0, 0), (0, 0), (yb, ya), (xb, xa)))
        previous_error = np.zeros(self.input_shape)
        for n in range(b):
            for ch in range(c):
                previous_error[n, ch] = signal.convolve(err[n], back_kernels[ch], mode="valid")[0]

        if self._optimizer is not None:
            self.weights = self._optimizer.calculate_update(self.weights, self._gradient_weights)
            self.bias = self._optimizer.calculate_update(self.bias, self._gradient_bias)
        return previous_error
