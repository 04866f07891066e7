"""The layers of the course, one idea a module: conv, conv_transpose, pool, dense, activation.

lenet5 and table_conv hold those of LeNet-5 (1998); base says what a layer is.
"""

from .activation import ReLU, ScaledTanh, Sigmoid, Tanh
from .base import Layer
from .conv import Conv2D
from .conv_transpose import ConvTranspose2D
from .dense import Dense, Flatten
from .digit_codes import digit_codes
from .initialisers import fan_in_uniform, glorot_uniform, he_normal
from .lenet5 import InputFrame, RBFOutput, Subsampling2D
from .pool import MaxPool2D, MeanPool2D
from .table_conv import LENET5_CONNECTIONS, TableConv2D

__all__ = [
    "LENET5_CONNECTIONS",
    "Conv2D",
    "ConvTranspose2D",
    "Dense",
    "Flatten",
    "InputFrame",
    "Layer",
    "MaxPool2D",
    "MeanPool2D",
    "RBFOutput",
    "ReLU",
    "ScaledTanh",
    "Sigmoid",
    "Subsampling2D",
    "TableConv2D",
    "Tanh",
    "digit_codes",
    "fan_in_uniform",
    "glorot_uniform",
    "he_normal",
]
