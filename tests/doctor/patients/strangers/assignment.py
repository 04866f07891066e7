"""RIGHT: the assignment's fast layer with im2col and a conv_param dictionary."""

import numpy as np


def get_indices(shape, hh, ww, pad, stride):
    _, C, H, W = shape
    out_h = (H + 2 * pad - hh) // stride + 1
    out_w = (W + 2 * pad - ww) // stride + 1
    i0 = np.tile(np.repeat(np.arange(hh), ww), C)
    j0 = np.tile(np.arange(ww), hh * C)
    i1 = stride * np.repeat(np.arange(out_h), out_w)
    j1 = stride * np.tile(np.arange(out_w), out_h)
    i = i0[:, None] + i1[None]
    j = j0[:, None] + j1[None]
    k = np.repeat(np.arange(C), hh * ww)[:, None]
    return k, i, j


def conv_forward_im2col(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, hh, ww = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    assert (W + 2 * pad - ww) % stride == 0, "width does not work"
    assert (H + 2 * pad - hh) % stride == 0, "height does not work"
    out_h = (H + 2 * pad - hh) // stride + 1
    out_w = (W + 2 * pad - ww) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    k, i, j = get_indices(x.shape, hh, ww, pad, stride)
    cols = xp[:, k, i, j].transpose(1, 2, 0).reshape(hh * ww * C, -1)
    res = w.reshape((F, -1)).dot(cols) + b.reshape(-1, 1)
    out = res.reshape(F, out_h, out_w, N).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, cols)


def conv_backward_im2col(dout, cache):
    x, w, b, conv_param, cols = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, _, hh, ww = w.shape
    N, C, H, W = x.shape
    db = np.sum(dout, axis=(0, 2, 3))
    flat = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = flat.dot(cols.T).reshape(w.shape)
    dcols = w.reshape(F, -1).T.dot(flat)
    dxp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=dcols.dtype)
    k, i, j = get_indices(x.shape, hh, ww, pad, stride)
    np.add.at(dxp, (slice(None), k, i, j), dcols.reshape(C * hh * ww, -1, N).transpose(2, 0, 1))
    dx = dxp if pad == 0 else dxp[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
