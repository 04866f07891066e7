"""The layers of the course, one idea a room: conv, pool, dense, activation; base says what a layer is."""

from .activation import ReLU, Sigmoid, Tanh
from .base import Layer
from .conv import Conv2D
from .dense import Dense, Flatten
from .initialisers import glorot_uniform, he_normal
from .pool import MaxPool2D, MeanPool2D

__all__ = [
    "Conv2D",
    "Dense",
    "Flatten",
    "Layer",
    "MaxPool2D",
    "MeanPool2D",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "glorot_uniform",
    "he_normal",
]
