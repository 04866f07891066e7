"""One digit down the article's net, its deltas back up."""

from .explorer import Journey

__all__ = ["Journey"]
