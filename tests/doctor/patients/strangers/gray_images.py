"""cnnConvolve / cnnGrad, with names and axes as in Matlab.

images : (imageDim, imageDim2, numImages)   gray images
Wc     : (filterDim, filterDim2, numFilters)
bc     : (numFilters, 1)
result : (convDim, convDim2, numFilters, numImages)

This is the mathematical convolution (the filter IS flipped by conv2).
"""

import numpy as np
from scipy.signal import convolve2d as conv2


def cnnConvolve(images, Wc, bc):
    numImages = images.shape[2]
    fd1, fd2, numFilters = Wc.shape
    out = np.zeros((images.shape[0] - fd1 + 1, images.shape[1] - fd2 + 1, numFilters, numImages))
    for imageNum in range(numImages):
        for filterNum in range(numFilters):
            im = images[:, :, imageNum]
            out[:, :, filterNum, imageNum] = conv2(im, Wc[:, :, filterNum], "valid") + bc[filterNum, 0]
    return out


def cnnGrad(images, Wc, bc, delta):
    """delta has the shape of the result. Returns Wc_grad, bc_grad, images_grad"""
    Wc_grad = np.zeros(Wc.shape)
    bc_grad = np.zeros(bc.shape)
    images_grad = np.zeros(images.shape)
    for filterNum in range(Wc.shape[2]):
        W180 = np.rot90(Wc[:, :, filterNum], 2)
        for imageNum in range(images.shape[2]):
            d = delta[:, :, filterNum, imageNum]
            im180 = np.rot90(images[:, :, imageNum], 2)
            Wc_grad[:, :, filterNum] += conv2(im180, d, "valid")
            bc_grad[filterNum, 0] += d.sum()
            images_grad[:, :, imageNum] += conv2(d, W180, "full")
    return Wc_grad, bc_grad, images_grad
