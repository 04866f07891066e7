"""The ways to write the value of a meaning, the likeliest first: a stride as a number or a pair."""

import re

from ..patient.uses import ARRAYS, NUMBERS

VARIANTS = {
    "stride": 2,
    "pad": 6,
    "mode": 3,
    "k": 8,
    "input shape": 6,
    "output shape": 9,
    "linear": 4,
    "single": 2,
    "optimiser": 3,
    "initialiser": 2,
    "centre": 2,
    "delta": 1,
}
MULTIPLE = r"mult|ratio|expan|per_?(in|chan)"  # parts of names for maps a channel
NUMBER_VARIANTS = {"stride": (0,), "pad": (0,), "k": (0,), "single": (0,)}
NUMBER_VARIANTS |= {"input shape": (4, 5), "output shape": (2, 3, 6)}


def variants(meaning, p, kind=None) -> list[int]:
    """The ways to write a value, as they are tried: its default's way first, those of another kind never."""
    count = list(range(VARIANTS.get(meaning, 1)))
    if meaning in ("stride", "pad", "k", "single") and isinstance(p.default, tuple):
        count = [1, 0, *count[2:]]
    if meaning in ("C", "O") and re.search(MULTIPLE, p.name.lower()):
        count = [1]
    if meaning == "k" and "shape" in p.name.lower():
        count = [1, *count[2:], 0]
    elif meaning == "linear" and not p.optional:
        count = [1, 2, 3, 0]  # a function that is asked for is called
    if meaning == "pad" and isinstance(p.default, tuple) and len(p.default) == 4:
        count = [5, 0, 1, 2, 3, 4]
    elif meaning == "pad" and isinstance(p.default, str):
        count = [3, 2, 0, 1, 4, 5] if p.default.isupper() else [2, 3, 0, 1, 4, 5]
    if meaning == "input shape" and not re.search("size|shape|dim", p.name.lower()):
        count.remove(5)
    numbers = NUMBER_VARIANTS.get(meaning)
    if numbers is None or kind in (None, ARRAYS):
        return count
    return [variant for variant in count if (variant in numbers) is (kind == NUMBERS)] or count
