"""The error of a central difference over ε."""

from .explorer import EpsilonCurve

__all__ = ["EpsilonCurve"]
