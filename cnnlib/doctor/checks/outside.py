"""Views that reach beyond the memory of their array, as ``as_strided`` makes them when a size does not fit."""

import contextlib
import sys

import numpy as np

from ..patient.gradients import PARTS
from ..running import LayerError, reading_past

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


def reads_past(adapter, part, visit_) -> bool:
    """A view leaves its array, which is seen in any memory, or the memory around the arrays makes a difference."""
    if part == "forward":
        return views_leave(adapter, part, visit_)
    if "past" not in visit_.kept:
        with views_outside() as outside:
            past = reading_past(adapter.run, visit_.run.case, visit_.run.delta)
        visit_.kept["past"] = set(PARTS) if outside else past
    return part in visit_.kept["past"]


def views_leave(adapter, part, visit_) -> bool:
    """Whether a view is made that leaves its array: what is read there may be any number, or none."""
    with views_outside() as outside, contextlib.suppress(LayerError, ValueError, KeyError, TypeError):
        if part == "forward":
            adapter.forward(visit_.run.case)
        else:
            adapter.run(visit_.run.case, visit_.run.delta)
    return bool(outside)


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
