"""A delta on its way through one pooling block."""

from .explorer import PoolingBlock

__all__ = ["PoolingBlock"]
