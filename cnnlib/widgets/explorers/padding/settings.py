"""The sliders of the padding explorer: the range of each, and the settings that fit together."""

from typing import NamedTuple

RANGES = {  # slider: (its label, smallest value, largest value, value at the start)
    "n": ("image n", 2, 6, 5),
    "h": ("kernel h", 1, 5, 3),
    "padding": ("padding", 0, 3, 0),
    "stride": ("stride s", 1, 3, 1),
    "dilation": ("dilation d", 1, 3, 1),
}


class Setting(NamedTuple):
    """Image size n, kernel size h, padding, stride and dilation, the same along both axes."""

    n: int
    h: int
    padding: int
    stride: int
    dilation: int


def fits(setting):
    """ValueError, with the reason, where no window of the kernel fits into the map; else nothing."""
    n, h, p, _, d = setting
    span = d * (h - 1) + 1
    if span > n + 2 * p:
        spread = f", {span} cells wide at dilation {d}," if d > 1 else ""
        framed = f"with padding {p}: that is {n + 2 * p} cells" if p else "without padding"
        raise ValueError(f"a {h}-wide kernel{spread} does not fit a {n}-wide map {framed}")
