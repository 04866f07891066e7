"""WRONG: the deltas are divided by the batch size first, so dx as well comes out as the mean."""

import numpy as np


def conv2d(x, w, b, stride=1, padding=0):
    """x (B, H, W, Di), w (Kh, Kw, Di, Do), b (Do,)"""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    B, H, W, _ = x.shape
    Kh, Kw, _, Do = w.shape
    Ho, Wo = (H - Kh) // stride + 1, (W - Kw) // stride + 1
    y = np.zeros((B, Ho, Wo, Do))
    for ki in range(Kh):
        for kj in range(Kw):
            y += x[:, ki : ki + stride * Ho : stride, kj : kj + stride * Wo : stride] @ w[ki, kj]
    return y + b


def conv2d_grad(dy, x, w, stride=1, padding=0):
    B, H, W, Di = x.shape
    dy = dy / B
    xp = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    Kh, Kw, _, Do = w.shape
    Ho, Wo = dy.shape[1:3]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for ki in range(Kh):
        for kj in range(Kw):
            rows = slice(ki, ki + stride * Ho, stride)
            cols = slice(kj, kj + stride * Wo, stride)
            dw[ki, kj] = np.tensordot(xp[:, rows, cols], dy, axes=([0, 1, 2], [0, 1, 2]))
            dxp[:, rows, cols] += dy @ w[ki, kj].T
    db = dy.sum((0, 1, 2))
    return dxp[:, padding : padding + H, padding : padding + W], dw, db
