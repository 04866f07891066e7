"""A kernel turns by 180° on a window of the input, and one sum changes with it."""

from .explorer import Rotator

__all__ = ["Rotator"]
