"""Somebody else's layer, made to run in any case: by its description, or by trying."""
