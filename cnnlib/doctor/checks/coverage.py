"""Kinds of settings that a layer ran in: where one of them is missing, square images are tried for it.

A layer of square images refuses most of the usual settings.  A stride whose last window ends with the map and one
that leaves a rest are different tests: many loops are right in one of them alone.
"""

from dataclasses import replace

from ..settings import Setting


def _strided(setting) -> bool:
    return max(setting.strides) > 1


def _padded(setting) -> bool:
    return max(pad for pads in setting.pads for pad in pads) > 0


WISHES = {
    "a stride that fits": lambda s: _strided(s) and not any(s.rest),
    "a stride that leaves a rest": lambda s: _strided(s) and any(s.rest),
    "padding": _padded,
    "padding and a stride that fits": lambda s: _strided(s) and _padded(s) and not all(s.rest),
    "padding and a stride that leaves a rest": lambda s: _strided(s) and _padded(s) and any(s.rest),
    "several images": lambda s: s.N > 1,
    "an image that is not square": lambda s: s.H != s.W,
}
"""What to try once at least, by the words of the report."""


def _square(N, n, k, s, p):
    return Setting(N, 2, 3, n, n, k, k, s, p)


SQUARES = (
    _square(1, 7, 3, 2, 0),
    _square(1, 6, 3, 2, 0),
    _square(1, 5, 3, 2, 1),
    _square(1, 6, 3, 2, 1),
    _square(1, 5, 3, 1, 1),
    _square(2, 6, 3, 1, 0),
    _square(1, 6, 2, 2, 0),
    _square(1, 7, 2, 2, 0),
)
POOLED_SQUARES = (
    Setting(1, 2, 2, 6, 6, 2, 2, 2),
    Setting(1, 2, 2, 5, 5, 2, 2, 2),
    Setting(2, 2, 2, 6, 6, 3, 3, 2),
)


def missing(ran: list[Setting]) -> list[str]:
    """The words of :data:`WISHES` that none of these settings fulfils."""
    return [words for words, fulfils in WISHES.items() if not any(map(fulfils, ran))]


def _resized(one: Setting, ran: list[Setting]) -> Setting:
    """The setting with those lengths of the kernel's axes that all settings that ran have in common."""
    common = {name: getattr(ran[0], name) for name in "CO" if len({getattr(s, name) for s in ran}) == 1}
    if len({s.k_h for s in ran}) == 1 and ran[0].square:
        more = ran[0].k_h - one.k_h
        common |= {"k_h": ran[0].k_h, "k_w": ran[0].k_h, "H": one.H + more, "W": one.W + more}
    return replace(one, **common)


def squares_for(kind: str, ran: list[Setting]) -> list[Setting]:
    """Square settings of the kind that have something which none has that ran."""
    if not ran or ran[0].flat or all(one.H == one.W == 1 for one in ran):
        return []
    squares = POOLED_SQUARES if "pooling" in kind else SQUARES
    lacking = missing(ran)
    squares = dict.fromkeys(_resized(one, ran) for one in squares)
    return [one for one in squares if any(WISHES[words](one) for words in lacking)]
