"""The padding explorer, forward and backward."""

from .explorer import PaddingExplorer

__all__ = ["PaddingExplorer"]
