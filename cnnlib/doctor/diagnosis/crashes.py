"""A backward pass that fails: the settings in which it does show what it takes for granted."""

import itertools

from ..mistakes.catalogue import CATALOGUE
from ..mistakes.mistake import Mistake


def _is_empty(visit) -> bool:
    """Whether the error speaks of an array that has no cells."""
    text = str(visit.run.failed.error)
    return any(part in text for part in ("(0,", ",0)", ",0,", "zero-size"))


def _remainder(setting) -> bool:
    return any((n + 2 * setting.p - k) % setting.s for n, k in ((setting.H, setting.k_h), (setting.W, setting.k_w)))


WHERE = {
    "fails_without_padding": lambda setting: setting.p == 0,
    "fails_off_squares": lambda setting: setting.H != setting.W,
    "maps_swapped": lambda setting: setting.C != setting.O,
    "fails_with_remainder": _remainder,
    "fails_with_stride": lambda setting: setting.s > 1,
    "fails_with_padding": lambda setting: setting.p > 0,
}


def crashing(visits) -> tuple[Mistake, ...]:
    """The mistake, or the two, whose settings are exactly those in which the backward pass fails; () for none."""
    failed = {id(visit) for visit in visits if visit.run.failed is not None}
    if not failed:
        return ()
    for keys in [(key,) for key in WHERE] + list(itertools.combinations(WHERE, 2)):
        if all(any(WHERE[key](visit.setting) for key in keys) is (id(visit) in failed) for visit in visits):
            if keys[0] == "fails_without_padding" and all(_is_empty(v) for v in visits if v.setting.p == 0):
                keys = ("empty_without_padding", *keys[1:])
            return tuple(CATALOGUE[key] for key in keys)
    return ()
