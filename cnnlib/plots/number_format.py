"""Numbers as one writes them: a true minus sign, no negative zero, raised and lowered digits, ∞.

All numbers are written by this module, so that one looks the same in a figure, in a cell, in a sum and on an axis.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

MINUS = "−"  # U+2212: as wide as a digit
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")


def written(value: float | str, form: str = "g") -> str:
    """A number in one of Python's formats, "g" (six digits) by default; a symbol as it stands."""
    if isinstance(value, str):
        return value
    text = format(value, form)
    if text in ("nan", "inf", "-inf"):
        return {"nan": "NaN", "inf": "∞", "-inf": f"{MINUS}∞"}[text]
    return minus(text if text.strip("-0.") else text.removeprefix("-"))


def factor(value: float | str, form: str = "g") -> str:
    """A value as it is written in a sum or product: a negative number in brackets."""
    text = written(value, form)
    return f"({text})" if text.startswith(MINUS) else text


def brief(value: float) -> str:
    """Two digits that can be read aloud: 0.031, −0.00078, 6.6·10⁻⁵."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")  # of the rounded number: 9.96e-5 is 1.0e-04
    exponent = int(exponent)
    if exponent >= -4:
        return written(value, f".{max(0, 1 - exponent)}f")
    return f"{minus(mantissa)}·{power_of_ten(exponent)}"


def power_of_ten(exponent: int) -> str:
    """10⁻⁵."""
    return f"10{raised(exponent)}"


def percent(share: float, decimals: int = 1) -> str:
    """A share of 1 in per cent: 14.3 %."""
    return f"{written(100 * share, f'.{decimals}f')} %"


def raised(number: int) -> str:
    """A number as an exponent or an upper index: ⁻⁵."""
    return str(number).translate(RAISED)


def lowered(number: int) -> str:
    """A number as a lower index: ₁₂."""
    return str(number).translate(LOWERED)


def minus(text: object) -> str:
    """A text with true minus signs."""
    return str(text).replace("-", MINUS)


def entries(values: ArrayLike, decimals: int | None = None) -> list[list[str]]:
    """Each entry of a map as text, rows of strings: numbers with equally many decimals, symbols as they print.

    values (rows, columns); ``decimals`` by default 0, 1 or 2, the fewest that lose nothing, and as many as
    two digits take where every number is below 0.1.
    """
    A = np.asarray(values)
    if A.dtype.kind not in "buif":
        return [[minus(value) for value in row] for row in A.tolist()]
    form = f".{_decimals(A) if decimals is None else decimals}f"
    return [[written(value, form) for value in row] for row in A.tolist()]


def numbers(rows: Sequence[Sequence[str]]) -> np.ndarray:
    """The numbers that texts show, float64 (rows, columns).

    Raises
    ------
    ValueError
        For a text that is no number.
    """
    try:
        return np.array([[float(text.replace(MINUS, "-").replace("∞", "inf")) for text in row] for row in rows])
    except ValueError:
        raise ValueError("the cells hold symbols, not numbers; read their texts") from None


def _decimals(A):
    """How many decimals the whole map is shown with."""
    A = A[np.isfinite(A)].astype(float)
    largest = float(np.abs(A).max(initial=0.0))
    if 0 < largest < 0.1:
        return min(1 - int(np.floor(np.log10(largest))), 9)
    return next((d for d in (0, 1) if np.allclose(A, np.round(A, d), rtol=0, atol=1e-9 * largest)), 2)
