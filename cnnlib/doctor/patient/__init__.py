"""Somebody else's layer, made to run in any case: layouts, calls, weights and gradients found by description or by trying."""
