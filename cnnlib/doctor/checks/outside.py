"""Views that reach beyond the memory of their array, as ``as_strided`` makes them when a size does not fit."""

import contextlib
import sys

import numpy as np

MAKERS = ("numpy.lib._stride_tricks_impl", "numpy.lib.stride_tricks")  # NumPy 2 and 1: who makes the view


@contextlib.contextmanager
def views_outside():
    """While it lasts, one entry in the list for each view made that reaches beyond the array it was made from."""
    modules = [sys.modules[name] for name in MAKERS if hasattr(sys.modules.get(name), "DummyArray")]
    outside, (maker, *_) = [], modules or (None,)
    if maker is None:
        yield outside
        return
    usual = maker.DummyArray

    class Watched(usual):
        """NumPy's holder of a view, which also notes a view that leaves its array."""

        def __init__(self, interface, base=None):
            super().__init__(interface, base)
            if isinstance(base, np.ndarray) and _reaches_out(interface, base):
                outside.append(interface["shape"])

    maker.DummyArray = Watched
    try:
        yield outside
    finally:
        maker.DummyArray = usual


def _reaches_out(interface, base) -> bool:
    """Whether a view with this shape and these strides leaves the memory that belongs to ``base``."""
    while isinstance(base.base, np.ndarray):
        base = base.base
    shape, strides = interface["shape"], interface["strides"]
    if not strides or 0 in shape:
        return False
    steps = [(n - 1) * step for n, step in zip(shape, strides, strict=True)]
    first = interface["data"][0] + sum(step for step in steps if step < 0)
    last = interface["data"][0] + sum(step for step in steps if step > 0) + base.itemsize
    start = base.__array_interface__["data"][0]
    return first < start or last > start + base.nbytes
