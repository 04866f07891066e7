"""Layers without a kernel: mistakes of a line of its own (plain), and of the loop over windows (loops)."""
