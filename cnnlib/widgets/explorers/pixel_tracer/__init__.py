"""One cell of dX, term by term."""

from .explorer import PixelTracer

__all__ = ["PixelTracer"]
