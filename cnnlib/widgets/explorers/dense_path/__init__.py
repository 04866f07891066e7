"""The paths from one parameter of a small net to its loss."""

from .explorer import DensePath

__all__ = ["DensePath"]
