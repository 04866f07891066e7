"""The training panel: a net trains while its kernels, maps and deltas move."""

from .panel import TrainingPanel

__all__ = ["TrainingPanel"]
