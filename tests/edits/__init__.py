"""Edits of notebooks, a module each: ``NOTEBOOK``, its ``EDITS`` (cell, old token, new token) and, where some cells
only check and take long, their names in ``SLOW_CHECKS``."""
