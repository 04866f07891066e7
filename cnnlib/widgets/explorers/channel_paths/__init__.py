"""What one input map contributes to one output map."""

from .explorer import ChannelPaths

__all__ = ["ChannelPaths"]
