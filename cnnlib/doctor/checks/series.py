"""All visits of a layer: the usual settings of its kind, what its parameters allow beside them, what is missing."""

import numpy as np

from ..examination import WRONG, Visit, never_told, visit
from ..kinds import fitted
from ..patient.adapter import Adapter
from ..settings import EVEN, KINDS, NARROW, POINTS, TALL, UNEVEN, WINDOWS
from .coverage import squares_for

WORDS = (("pad", 2), ("pad", 3), ("mode", 0), ("mode", 1))  # the ways to tell a padding as a word
CHECKED = 3  # settings in which the formulas themselves are compared with central differences
MOST_SQUARES = 8  # tries


def examined(adapter: Adapter, settings=None, *, told: bool = False) -> list[Visit]:
    """A visit for every setting; those of a kind are cut down to what the layer's layout has axes for.

    Where the caller told the settings, none is added.
    """
    plan, more, usual = adapter.plan, [], settings is None
    if usual:
        settings = dict.fromkeys(fitted(plan, setting) for setting in KINDS[plan.kind])
        unusual = WINDOWS if "pooling" in plan.kind else ()
        unusual += (UNEVEN if _has_strides(adapter) else ()) + (NARROW if _pads_apart(adapter) else ())
        more = [visit(adapter, fitted(plan, setting)) for setting in unusual]
    settings = list(settings)
    checked = [setting for setting in settings if setting.s == 1][:CHECKED]
    visits = [visit(adapter, setting, check=setting in checked) for setting in settings]
    visits += [one for one in more if _is_known(one)]
    visits += [] if told else _of_squares(adapter, visits)
    if usual:
        visits += _on_tall_images(adapter, visits) + _same_for_even(adapter) + _with_points(adapter, visits)
    return visits


def _is_known(one: Visit) -> bool:
    """Whether a visit ran, and its forward pass was recognised."""
    return one.refused is None and one.expected.anatomy is not None


def _of_squares(adapter, visits) -> list[Visit]:
    """Visits of square images for what no setting that ran has, as a stride that fits; without refused ones."""
    ran, tried, found = [v.setting for v in visits if v.run is not None], [v.setting for v in visits], []
    if adapter.subject.is_instance:  # its stride and padding are its own
        return []
    for _ in range(MOST_SQUARES):
        left = [fitted(adapter.plan, one) for one in squares_for(adapter.plan.kind, ran)]
        left = [one for one in left if one not in tried and not never_told(adapter, one)]
        if not left:
            break
        tried.append(left[0])
        one = visit(adapter, left[0])
        if one.refused is None:
            found.append(one)
            ran.append(one.setting)
    return found


def _on_tall_images(adapter, visits) -> list[Visit]:
    """A visit of an image that is higher than wide, where none such ran and the layer takes it."""
    ran = [v.setting for v in visits if v.refused is None]
    if adapter.plan.kind != "convolution" or any(one.H > one.W for one in ran) or any(one.flat for one in ran):
        return []
    one = visit(adapter, fitted(adapter.plan, TALL))
    return [one] if one.run is not None else []


def _same_for_even(adapter) -> list[Visit]:
    """Visits of even kernels with the word "same", where Z and dX have X's size: their numbers alone are judged."""
    plan = adapter.plan
    words = [way for site in plan.sites for way in site.values() if way in WORDS]
    if plan.kind != "convolution" or not words:
        return []
    other = Adapter(adapter.subject, plan.but(any_padding=True), adapter.score)
    seen = [visit(other, one) for one in map(fitted, [plan] * len(EVEN), EVEN) if one.k_w % 2 == 0]
    return [
        one
        for one in seen
        if _is_known(one)
        and one.run.failed is None
        and one.run.Z.shape[2:] == one.run.case.X.shape[2:]
        and np.shape(one.run.gradients.get("dX")) == one.run.case.X.shape
    ]


def _with_points(adapter, visits) -> list[Visit]:
    """A visit with kernels of one cell, if something is wrong there in a layer that is right elsewhere."""
    ran = [v for v in visits if v.refused is None]
    if (
        adapter.plan.kind != "convolution"
        or not ran
        or any(v.run.failed or WRONG in v.verdicts.values() for v in ran)
    ):
        return []
    one = visit(adapter, fitted(adapter.plan, POINTS))
    return [one] if _is_known(one) and (one.run.failed or WRONG in one.verdicts.values()) else []


def _has_strides(adapter) -> bool:
    """Whether the layer of a convolution is told its stride, so that a pair of unlike ones can be tried."""
    asked = [(m, name) for site in adapter.plan.sites for name, (m, _) in site.items()]
    return adapter.plan.kind == "convolution" and any(
        meaning in ("stride", "settings") and not name.lower().endswith(("x", "y")) for meaning, name in asked
    )


def _pads_apart(adapter) -> bool:
    """Whether a convolution's padding is a pair or a word, or its own choice: it may differ by the direction."""
    plan = adapter.plan
    given = [option for site in plan.sites for option in site.values()]
    return plan.kind == "convolution" and (
        plan.any_padding or any(meaning == "mode" or (meaning == "pad" and way) for meaning, way in given)
    )
