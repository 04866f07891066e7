"""Checks of arguments that every module shares: what could only give a wrong number is refused in words."""

import numpy as np
from numpy.typing import ArrayLike


def unmasked(values: ArrayLike, whose: str) -> ArrayLike:
    """``values`` as they are; ValueError if they are a masked array that hides cells.

    NumPy's functions would drop the mask and compute with the numbers below it.
    """
    if isinstance(values, np.ma.MaskedArray):
        hidden = int(np.ma.getmaskarray(values).sum())
        if hidden:
            raise ValueError(
                f"{whose}: {hidden} of {values.size} cells are masked; say what stands there, "
                "for instance with X.filled(0)"
            )
        return values.data
    return values


def as_array(values: ArrayLike, whose: str) -> np.ndarray:
    """``values`` as an array; ValueError if they are a masked array that hides cells."""
    return np.asarray(unmasked(values, whose))


def not_finite(A: np.ndarray) -> str:
    """Which entries of A are no finite numbers, in words: "NaN in 2 places", "" if all are finite.

    Objects count as numbers if they can be turned into one; symbols count as finite.
    """
    if A.dtype.kind not in "fcO":
        return ""
    if A.dtype.kind == "O":
        A = np.array([_as_float(entry) for entry in A.flat])
    if np.isfinite(A).all():
        return ""
    missing = int(np.isnan(A).sum())
    infinite = int(np.isinf(A).sum())
    found = [(missing, "NaN"), (infinite, "infinity")]
    return " and ".join(f"{what} in {n} {'place' if n == 1 else 'places'}" for n, what in found if n)


def _as_float(entry):
    """An object as a float; 0 for symbols and for everything else that no float can be made of."""
    try:
        return 0.0 if getattr(entry, "free_symbols", None) else float(entry)
    except Exception:  # OverflowError too: a whole number with more than 308 digits is large, and finite
        return 0.0
