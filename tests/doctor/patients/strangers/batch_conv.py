import numpy as np


class ConvolutionLayer:
    def __init__(self, n_kernels, in_ch, kh, kw, lr=0.01, stride=1):
        self.lr = lr
        self.stride = stride
        self.kernel = np.random.normal(0.0, 0.2, (kh, kw, in_ch, n_kernels)).astype("float32")
        self.bias = np.zeros((1, 1, 1, n_kernels), dtype="float32")

    def _patches(self, img):
        """(H, W, C) -> (oh*ow, kh*kw*C)"""
        kh, kw, C, _ = self.kernel.shape
        H, W, _ = img.shape
        self.oh = (H - kh) // self.stride + 1
        self.ow = (W - kw) // self.stride + 1
        rows = []
        for y in range(self.oh):
            for x in range(self.ow):
                ys, xs = y * self.stride, x * self.stride
                rows.append(img[ys : ys + kh, xs : xs + kw].ravel())
        return np.array(rows)

    def forward(self, imgs):
        """imgs (batch, H, W, C)"""
        self.in_shape = imgs.shape
        k2d = self.kernel.reshape(-1, self.kernel.shape[3])
        out = []
        for img in imgs:
            self.patches = self._patches(img)
            out.append(self.patches.dot(k2d).reshape(self.oh, self.ow, -1))
        return np.stack(out) + self.bias

    def backward(self, d_out):
        """also leaves the gradients in self.d_kernel / self.d_bias; call update() afterwards"""
        kh, kw, C, K = self.kernel.shape
        k2d = self.kernel.reshape(-1, K)
        self.d_kernel = np.zeros_like(self.kernel)
        self.d_bias = d_out.sum(axis=(0, 1, 2), keepdims=True)
        d_in = np.zeros(self.in_shape, dtype=d_out.dtype)
        for n, d in enumerate(d_out):
            d2 = d.reshape(-1, K)
            self.d_kernel += self.patches.T.dot(d2).reshape(self.kernel.shape)
            d_patch = d2.dot(k2d.T).reshape(self.oh, self.ow, kh, kw, C)
            for y in range(self.oh):
                for x in range(self.ow):
                    ys, xs = y * self.stride, x * self.stride
                    d_in[n, ys : ys + kh, xs : xs + kw] += d_patch[y, x]
        return d_in

    def update(self):
        self.kernel -= self.lr * self.d_kernel
        self.bias -= self.lr * self.d_bias
