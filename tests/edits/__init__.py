"""Edits of notebooks, a module each: ``NOTEBOOK`` and its ``EDITS`` (cell, old token, new token).

Cells that only check or show and take long are named in ``SLOW_CHECKS``: they are not run ahead of an edit.
Cells in ``LATE`` come after long work: their edits are tried with the slow tests.
"""
