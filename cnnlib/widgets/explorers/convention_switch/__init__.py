"""⋆ or ∗: formula, picture and code line change together."""

from .explorer import ConventionSwitch

__all__ = ["ConventionSwitch"]
