"""Checks of arguments that every module shares: what would give a wrong number raises an error that says why."""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

TOLERANCES = {2: 2e-2, 4: 1e-4, 8: 1e-10}  # bytes of a number → allowed difference, as a share of the largest


def unmasked(values: ArrayLike, *whose: object) -> ArrayLike:
    """``values`` as they are, none of them hidden by a mask.

    NumPy's functions would drop the mask and compute with the numbers below it.

    Parameters
    ----------
    values : array, or what makes one
    *whose : words
        Name the values in the error.

    Raises
    ------
    ValueError
        For a masked array that hides cells.
    """
    if isinstance(values, np.ma.MaskedArray):
        hidden = int(np.ma.getmaskarray(values).sum())
        if hidden:
            raise ValueError(
                f"{': '.join(map(str, whose))}: {hidden} of {values.size} cells are masked; say what stands there, "
                "for instance with X.filled(0)"
            )
        return values.data
    return values


def as_array(values: ArrayLike, *whose: object) -> np.ndarray:
    """``values`` as an array; parameters and errors as in :func:`unmasked`."""
    return np.asarray(unmasked(values, *whose))


def widened(X: np.ndarray, K: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """X and K in the dtype that sums their products: int64 for small integers and booleans, float32 for float16.

    Raises
    ------
    ValueError
        For whole numbers so large that a sum of products of X and K, each entry used once, could overflow the
        dtype: NumPy would wrap around without an error.
    """
    X, K = as_array(X, "X"), as_array(K, "K")
    numbers = all(A.dtype.kind in "buifcO" and not holds_text(A) for A in (X, K))
    dtype = np.result_type(X, K) if numbers else None
    if not numbers:
        raise ValueError(f"arrays of {X.dtype} and {K.dtype} cannot be multiplied; give numbers or symbols")
    if dtype.kind in "bui" and dtype != np.uint64:
        dtype = np.dtype(np.int64)
    if dtype == np.float16:  # ends at 65,504
        dtype = np.dtype(np.float32)
    if dtype.kind in "iu" and X.size and K.size:
        sizes = [np.abs(A.astype(np.float64)) for A in (X, K)]
        most = min(sizes[0].max() * sizes[1].sum(), sizes[0].sum() * sizes[1].max())
        if most >= np.iinfo(dtype).max:
            raise ValueError(
                f"sums of products of these whole numbers may reach {most:.0e}, more than {dtype} holds; "
                "give floats, or whole numbers of any size with dtype=object"
            )
    return X.astype(dtype, copy=False), K.astype(dtype, copy=False)


def holds_text(A: np.ndarray) -> bool:
    """Does A hold objects that cannot be computed with: text, bytes, or None?"""
    return A.dtype == object and any(one is None or isinstance(one, (str, bytes)) for one in A.flat)


def as_numbers(values: ArrayLike, *whose: object) -> np.ndarray:
    """``values`` as float64, or complex128 where they are complex; objects that are numbers count as such.

    Raises
    ------
    ValueError
        For text, dates, None, symbols and masked cells; the words ``whose`` name the values.
    """
    values = as_array(values, *whose)
    kind = values.dtype.kind
    try:
        if kind not in "buifcO" or holds_text(values):
            raise TypeError
        return values.astype(np.complex128 if kind == "c" else np.float64)
    except (TypeError, ValueError, OverflowError):
        named = ": ".join(map(str, whose))
        raise ValueError(f"{named} holds entries that are no numbers ({values.dtype})") from None


def agreement(tolerance: float | None, caller: str, *arrays: ArrayLike) -> tuple[float, str]:
    """How far arrays may differ that count as equal.

    Parameters
    ----------
    tolerance : share of the largest entry, or None for that of the coarsest dtype
    caller : text
        The beginning of the error.
    *arrays : arrays
        Those that are compared.

    Returns
    -------
    share, precision : number, text
        The precision is "float32" where the coarsest array has it, else "".

    Raises
    ------
    ValueError
        For a tolerance that is negative or not finite.
    """
    if tolerance is not None:
        if not isinstance(tolerance, Real) or not 0 <= tolerance < np.inf:
            raise ValueError(f"{caller}: tolerance has to be a finite number of at least 0, not {tolerance!r}")
        return float(tolerance), ""
    dtypes = [np.asarray(array).dtype for array in arrays]
    sizes = [dtype.itemsize // (2 if dtype.kind == "c" else 1) for dtype in dtypes if dtype.kind in "fc"]
    size = min([8, *sizes])
    return TOLERANCES[size], f"float{8 * size}" if size < 8 else ""


def whole_number(value: object, name: str, *, at_least: int | None = None) -> int:
    """``value`` as an int.

    Raises
    ------
    ValueError
        Says what ``name`` has to be: a whole number, and at least ``at_least`` unless that is None.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or (at_least is not None and value < at_least):
        bound = "" if at_least is None else f" of at least {at_least}"
        raise ValueError(f"{name} has to be a whole number{bound}, not {value!r}")
    return int(value)


def as_pair(value: object, name: str, *, at_least: int | None = None) -> tuple[int, int]:
    """One whole number for both axes, or a pair (vertical, horizontal), as a pair of ints."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(pair) != 2:
        raise ValueError(f"{name} has to be one whole number or a pair of them, not {value!r}")
    return tuple(whole_number(part, name, at_least=at_least) for part in pair)


def spatial(X: ArrayLike, caller: str) -> np.ndarray:
    """X as an array with at least the two axes (rows, columns).

    Raises
    ------
    ValueError
        For fewer axes; the name of the ``caller`` opens it.
    """
    X = as_array(X, caller)
    if X.ndim < 2:
        raise ValueError(f"{caller}: shape {X.shape} has no two spatial axes; give (..., rows, columns)")
    return X


def four_sides(p: object) -> tuple[tuple[int, int], ...]:
    """p as ((top, bottom), (left, right)); the three ways to write it are those of :func:`cnnlib.ops.pad`."""
    p = p.tolist() if isinstance(p, np.ndarray) else p
    if isinstance(p, (tuple, list)):
        p = tuple(side.tolist() if isinstance(side, np.ndarray) else side for side in p)
    if isinstance(p, (tuple, list)) and len(p) == 2 and all(isinstance(side, (tuple, list)) for side in p):
        vertical, horizontal = p
    else:
        p_h, p_w = as_pair(p, "pad: the amount")
        vertical, horizontal = (p_h, p_h), (p_w, p_w)
    return tuple(as_pair(side, "pad: the amount") for side in (vertical, horizontal))


def two_maps(X: ArrayLike, K: ArrayLike, caller: str) -> tuple[np.ndarray, np.ndarray]:
    """X and K as maps (rows, columns) of one dtype, wide enough for their sums.

    Raises
    ------
    ValueError
        For anything else; the name of the ``caller`` opens it.
    """
    X, K = as_array(X, caller, "X"), as_array(K, caller, "K")
    for name, A in (("X", X), ("K", K)):
        if A.ndim != 2 or A.size == 0:
            raise ValueError(f"{caller}: {name} has shape {A.shape}; give one map, an array (rows, columns)")
        if A.dtype.kind not in "buifcO":
            raise ValueError(f"{caller}: {name} holds {A.dtype}; give numbers or symbols")
    return widened(X, K)


def not_finite(A: np.ndarray) -> str:
    """Which entries of A are not finite, in words: "NaN in 2 places"; "" if all are finite.

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
    """An object as a float; 0 for symbols and for everything else that cannot be converted."""
    try:
        return 0.0 if getattr(entry, "free_symbols", None) else float(entry)
    except Exception:  # OverflowError too: a whole number with more than 308 digits is large, and finite
        return 0.0
