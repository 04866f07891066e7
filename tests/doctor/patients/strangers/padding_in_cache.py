"""WRONG: the frame is cut off as [p:-p], which leaves nothing where p is 0."""

import numpy as np


def conv_naive(inp, filt, bias, s=1, p=0):
    inp_p = np.pad(inp, [(0, 0), (0, 0), (p, p), (p, p)])
    n, c, h, w = inp_p.shape
    k, _, fh, fw = filt.shape
    oh, ow = 1 + (h - fh) // s, 1 + (w - fw) // s
    res = np.zeros((n, k, oh, ow))
    for idx in range(n):
        for kk in range(k):
            for y in range(oh):
                for x in range(ow):
                    box = inp_p[idx, :, y * s : y * s + fh, x * s : x * s + fw]
                    res[idx, kk, y, x] = (box * filt[kk]).sum() + bias[kk]
    return res, {"padded": inp_p, "filt": filt, "s": s, "p": p}


def conv_naive_back(grad, cache):
    inp_p, filt, s, p = cache["padded"], cache["filt"], cache["s"], cache["p"]
    n, k, oh, ow = grad.shape
    fh, fw = filt.shape[2:]
    d_inp, d_filt = np.zeros_like(inp_p), np.zeros_like(filt)
    for idx in range(n):
        for kk in range(k):
            for y in range(oh):
                for x in range(ow):
                    g = grad[idx, kk, y, x]
                    d_inp[idx, :, y * s : y * s + fh, x * s : x * s + fw] += g * filt[kk]
                    d_filt[kk] += g * inp_p[idx, :, y * s : y * s + fh, x * s : x * s + fw]
    d_bias = grad.sum(axis=0).sum(axis=(1, 2))
    return {"d_inp": d_inp[:, :, p:-p, p:-p], "d_filt": d_filt, "d_bias": d_bias}
