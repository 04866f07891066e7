"""RIGHT: an op of a small autograd framework, NHWC and HWIO, no bias; gradient() returns those of two inputs."""

import numpy as np


class TensorOp:
    def __call__(self, *args):
        return Node(self, args, self.compute(*args))


class Node:
    def __init__(self, op, inputs, value):
        self.op = op
        self.inputs = inputs
        self.value = value


class Conv(TensorOp):
    def __init__(self, stride=1, padding=0):
        self.stride = stride
        self.padding = padding

    def compute(self, A, B):
        p, s = self.padding, self.stride
        A = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        N, H, W, C = A.shape
        K, K2, _, O = B.shape
        Ns, Hs, Ws, Cs = A.strides
        oh, ow = (H - K) // s + 1, (W - K2) // s + 1
        windows = np.lib.stride_tricks.as_strided(
            A, shape=(N, oh, ow, K, K2, C), strides=(Ns, Hs * s, Ws * s, Hs, Ws, Cs)
        )
        out = windows.reshape(-1, K * K2 * C) @ B.reshape(-1, O)
        return out.reshape(N, oh, ow, O)

    def gradient(self, out_grad, node):
        A, B = node.inputs
        p, s = self.padding, self.stride
        K, K2 = B.shape[:2]
        _, oh, ow, _ = out_grad.shape
        Ap = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        dA = np.zeros(Ap.shape)
        dB = np.zeros(B.shape)
        for i in range(K):
            for j in range(K2):
                rows, cols = slice(i, i + s * oh, s), slice(j, j + s * ow, s)
                dA[:, rows, cols] += out_grad @ B[i, j].T
                dB[i, j] = np.einsum("nhwc,nhwo->co", Ap[:, rows, cols], out_grad)
        return dA[:, p : p + A.shape[1], p : p + A.shape[2]], dB


def conv(a, b, stride=1, padding=1):
    return Conv(stride, padding)(a, b)
