"""A mistake of the forward pass that the backward pass shares: what of it each gradient then has to have."""

import numpy as np


def shared(changes, part: str):
    """The changes that make a gradient that of the wrong forward pass; None where that is not worked out."""
    found = []
    for stage, change in changes:
        if stage == "bias":
            continue  # makes no difference to dX and dK; whether db is right so is measured by the caller
        ways = {
            "kernel": {"dX": ("kernel", change), "dK": ("window", _adjoint(change))},
            "maps": {"dK": ("maps", change), "dX": ("padded", _adjoint(change))},
            "post": dict.fromkeys(("dX", "dK", "db"), ("pre", _adjoint(change))),
        }.get(stage)
        if ways is None:
            return None
        if part in ways:  # a kernel or an input that is read wrongly makes no difference to db
            found.append(ways[part])
    return found


def _adjoint(change):
    """The transpose of a linear change, found from its columns; the caller checks it."""

    def transposed(view, a):
        key = ("columns", change, a.shape)
        if key not in view.cache:
            view.cache[key] = _columns(view, change, a.shape)
        columns = view.cache[key]
        return None if columns is None else (columns @ a.ravel()).reshape(a.shape)

    return transposed


def _columns(view, change, shape):
    rows, zero = [], change(view, np.zeros(shape))
    if zero is None:  # as of a division by the largest number: it is no linear one
        return None
    for place in np.ndindex(*shape):
        one = np.zeros(shape)
        one[place] = 1.0
        image = change(view, one)
        if image is None or image.shape != tuple(shape):
            return None
        rows.append((image - zero).ravel())
    return np.array(rows)
