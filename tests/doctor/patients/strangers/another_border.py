#!/usr/bin/env python3
"""Convolutional forward / backward prop over a conv layer with activation kept outside"""

import numpy as np


def conv_forward(A_prev, W, b, activation, padding="same", stride=(1, 1)):
    """
    A_prev: (m, h_prev, w_prev, c_prev)
    W: (kh, kw, c_prev, c_new)
    b: (1, 1, 1, c_new)
    activation: function applied on the convolution
    padding: 'same' or 'valid'
    """
    m, h_prev, w_prev, c_prev = A_prev.shape
    kh, kw, _, c_new = W.shape
    sh, sw = stride
    if padding == "same":
        ph = int(np.ceil(((h_prev - 1) * sh + kh - h_prev) / 2))
        pw = int(np.ceil(((w_prev - 1) * sw + kw - w_prev) / 2))
    else:
        ph, pw = 0, 0
    padded = np.pad(A_prev, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    oh = (h_prev + 2 * ph - kh) // sh + 1
    ow = (w_prev + 2 * pw - kw) // sw + 1
    out = np.zeros((m, oh, ow, c_new))
    for i in range(oh):
        for j in range(ow):
            patch = padded[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            for k in range(c_new):
                out[:, i, j, k] = np.sum(patch * W[..., k], axis=(1, 2, 3))
    return activation(out + b)


def conv_backward(dZ, A_prev, W, b, padding="same", stride=(1, 1)):
    """dZ: (m, h_new, w_new, c_new) derivative of the UNACTIVATED output
    Returns: dA_prev, dW, db"""
    m, h_new, w_new, c_new = dZ.shape
    _, h_prev, w_prev, c_prev = A_prev.shape
    kh, kw, _, _ = W.shape
    sh, sw = stride
    ph = pw = 0
    if padding == "same":
        ph = int(((h_prev - 1) * sh + kh - h_prev) / 2) + 1
        pw = int(((w_prev - 1) * sw + kw - w_prev) / 2) + 1

    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    padded = np.pad(A_prev, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    dA = np.zeros(padded.shape)
    dW = np.zeros(W.shape)
    for ex in range(m):
        for i in range(h_new):
            for j in range(w_new):
                y, x = i * sh, j * sw
                for k in range(c_new):
                    dA[ex, y : y + kh, x : x + kw] += dZ[ex, i, j, k] * W[..., k]
                    dW[..., k] += dZ[ex, i, j, k] * padded[ex, y : y + kh, x : x + kw]
    dA = dA[:, ph : ph + h_prev, pw : pw + w_prev, :]
    return dA, dW, db
