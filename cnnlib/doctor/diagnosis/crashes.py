"""A backward pass that fails: the settings in which it does show what it takes for granted."""

import itertools

from ..mistakes.catalogue import CATALOGUE
from ..mistakes.mistake import Mistake
from ..running import said_by


def _is_empty(visit) -> bool:
    """Whether the error speaks of an array that has no cells."""
    text = said_by(visit.run.failed.error)
    return any(part in text for part in ("(0,", ",0)", ",0,", "zero-size"))


def _is_beyond(visit) -> bool:
    """Whether an index lies beyond an array: the loops run too far, and nothing was cut to nothing."""
    return visit.run.failed is not None and isinstance(visit.run.failed.error, IndexError)


def _sides(setting):
    """(padding, kernel size) of each direction that there is."""
    return list(zip(setting.pads, (setting.k_h, setting.k_w), strict=True))[setting.flat :]


def has_remainder(setting) -> bool:
    """Whether the last window leaves rows or columns over."""
    return any(setting.rest)


def _too_wide(setting) -> bool:
    """Whether delta, dilated in its columns as its rows ask for, is larger than a full product allows."""
    (m_h, m_w), (left, right) = setting.output, setting.pads[1]
    return setting.s > 1 and m_w + (m_h - 1) * (setting.s - 1) + setting.k_w - 1 > setting.W + left + right


SAME = "fails_beside_same_padding"
WHERE = (
    ("fails_without_padding", lambda setting: setting.p == 0),
    ("fails_off_squares", lambda setting: setting.H != setting.W and not setting.flat),
    ("fails_off_squares", lambda setting: setting.H < setting.W and not setting.flat),
    ("fails_off_squares", lambda setting: setting.H > setting.W and not setting.flat),
    ("fails_with_points", lambda setting: min(setting.k_h, setting.k_w) == 1 and not setting.flat),
    ("maps_swapped", lambda setting: setting.C != setting.O),
    ("maps_swapped", lambda setting: setting.C != setting.O and min(setting.C, setting.O) > 1),
    *(("fails_beside_one_size", lambda setting, k=k: setting.k_w != k) for k in (3, 2, 5)),
    ("maps_for_channels", lambda setting: setting.C > 1 and setting.C != setting.O),
    ("dilated_by_rows", _too_wide),
    ("channel_for_image", lambda setting: setting.C > setting.N),
    ("map_for_channel", lambda setting: setting.O > setting.C),
    ("maps_counted_by_channels", lambda setting: setting.C > setting.O),
    ("fails_with_stride", lambda setting: setting.s > 1),
    ("fails_with_remainder", has_remainder),
    ("stride_of_other_axis", lambda setting: setting.strides[0] > setting.strides[1]),
    ("stride_of_other_axis", lambda setting: setting.strides[0] < setting.strides[1]),
    ("stride_of_other_axis", lambda setting: not setting.even),
    ("fails_with_padding", lambda setting: setting.p > 0),
    ("fails_beside_same_padding", lambda setting: setting.p > 0 and 2 * setting.p != setting.k_w - 1),
    ("fails_beside_same_padding", lambda setting: any(2 * pads[0] != k - 1 for pads, k in _sides(setting))),
)
SIZES = [(key, test) for key, test in WHERE if key.startswith("fails_")]


def off_squares(visits, misshapen) -> tuple[Mistake, ...]:
    """Whether dX fails, or is of another shape, exactly where H and W differ: one size stands for both."""
    found = crashing(visits, misshapen)
    return found if found == (CATALOGUE["fails_off_squares"],) else ()


def crashing(visits, misshapen=(), likely=()) -> tuple[Mistake, ...]:
    """The mistakes, three at most, whose settings are just those in which it fails, the ``likely`` ones first."""
    square = [visit for visit in visits if visit.setting.square]  # other kernels may be beyond a layer
    visits = square or visits
    failed = {id(visit) for visit in visits if visit.run.failed is not None}
    if not failed:
        return ()
    failed |= {id(visit) for visit in misshapen}
    if len(failed) == len(visits):
        return (CATALOGUE["fails_always"],)
    keys = {mistake.key for mistake in likely} | (
        {SAME} if all(_is_beyond(v) for v in visits if id(v) in failed) else set()
    )
    known = [one for one in WHERE if one in SIZES or one[0] in keys]  # two causes at once are not told by crashes
    several = [*itertools.combinations(known, 2), *itertools.combinations(SIZES, 3)]
    for found in sorted([(one,) for one in WHERE], key=lambda found: found[0][0] not in keys) + several:
        if all(any(test(visit.setting) for _, test in found) is (id(visit) in failed) for visit in visits):
            keys = [key for key, _ in found]
            if keys[0] == "fails_without_padding" and all(_is_empty(v) for v in visits if v.setting.p == 0):
                keys[0] = "empty_without_padding"
            return tuple(CATALOGUE[key] for key in dict.fromkeys(keys))
    return ()
