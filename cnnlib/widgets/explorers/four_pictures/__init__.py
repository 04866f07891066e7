"""Gather, scatter, matrix and col2im beside each other."""

from .explorer import FourPictures

__all__ = ["FourPictures"]
