"""Everything is rows x cols x channels x images; one function both ways."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def vl_conv(X, F, B, dzdy=None, *, stride=(1, 1), pad=(0, 0, 0, 0)):
    """
    Y = vl_conv(X, F, B)                     forward
    dX, dF, dB = vl_conv(X, F, B, DZDY)      backward

    X  H x W x D x N
    F  fh x fw x D x K
    B  K x 1
    stride  (down, right)       pad  (top, bottom, left, right)
    """
    top, bottom, left, right = pad
    sy, sx = stride
    H, W, D, N = X.shape
    fh, fw, _, K = F.shape

    Xp = np.pad(X, ((top, bottom), (left, right), (0, 0), (0, 0)))
    win = sliding_window_view(Xp, (fh, fw), axis=(0, 1))[::sy, ::sx]  # oy ox D N fh fw

    if dzdy is None:
        Y = np.einsum("yxdnuv,uvdk->yxkn", win, F)
        return Y + B.reshape(1, 1, K, 1)

    dF = np.einsum("yxdnuv,yxkn->uvdk", win, dzdy)
    dB = dzdy.sum(axis=(0, 1, 3)).reshape(K, 1)

    oy, ox = dzdy.shape[:2]
    dXp = np.zeros_like(Xp)
    for u in range(fh):
        for v in range(fw):
            # tap (u,v) was multiplied with these pixels
            dXp[u : u + sy * oy : sy, v : v + sx * ox : sx] += np.einsum("yxkn,dk->yxdn", dzdy, F[u, v])
    dX = dXp[top : top + H, left : left + W]
    return dX, dF, dB
