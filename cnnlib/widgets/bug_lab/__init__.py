"""The bug lab: plant a bug, guess, watch it train, see which test notices."""

from .lab import BugLab

__all__ = ["BugLab"]
