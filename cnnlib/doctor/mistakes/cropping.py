"""Mistakes in cutting the padding off dX."""

import numpy as np

from ..anatomy import padded
from ..view import cropped
from .arrays import keeping
from .built.words import said
from .kernels import CONV
from .mistake import Mistake, same


def _from(offset):
    """Cut at another place: the first row kept is offset(view, p) instead of p, zeros beyond the edge."""

    def change(view, P):
        H, W = view.case.setting.H, view.case.setting.W
        wide = padded(P, ((H, H), (W, W)))
        top, left = H + offset(view.top), W + offset(view.left)
        return wide[:, :, top : top + H, left : left + W]

    return change


def _from_other_end(view, P):
    """Cut by the padding of the end: right for even paddings, one cell off for odd ones."""
    (_, bottom), (_, right) = view.anatomy.pads
    return P[:, :, bottom : bottom + view.case.setting.H, right : right + view.case.setting.W]


def _same_side(view, P):
    """Mode "same" backward as forward: for kernels of even size the larger border lies on the wrong side."""
    (k_h, k_w), (H, W) = view.K.shape[2:], view.X.shape[2:]
    if (view.top, view.left) != (k_h // 2, k_w // 2):
        return cropped(view, P)
    top, left = (k_h - 1) // 2, (k_w - 1) // 2
    return P[:, :, top : top + H, left : left + W]


def _as_got(before):
    """Rings too many around dX: it starts ``before`` cells early and ends as many late."""

    def change(view, P):
        H, W = view.case.setting.H + 2 * before, view.case.setting.W + 2 * before
        wide = padded(P, ((before, before), (before, before)))
        return wide[:, :, view.top : view.top + H, view.left : view.left + W]

    return change


def _padded_twice(cut):
    """The gradient collected in an array padded twice, of which p rows are cut off each side once or never."""

    def change(view, P):
        wide = np.pad(P, ((0, 0), (0, 0), (0, 2 * view.top), (0, 2 * view.left)))
        a, b = cut * view.top, cut * view.left
        return wide[:, :, a : wide.shape[2] - a, b : wide.shape[3] - b]

    return change


def _zero_where(test):
    return lambda view, P: np.zeros_like(cropped(view, P)) if test(view) else cropped(view, P)


def _empty_unpadded(view, P):
    """P[pad:-pad] with pad 0 is empty."""
    p, q = view.top, view.left
    return cropped(view, P) if p and q else P[:, :, p : -p or 0, q : -q or 0]


def _covered(view, P):
    s, setting, (m_h, m_w) = view.s, view.case.setting, view.given.shape[2:]
    rows, cols = s * (m_h - 1) + setting.k_h - 2 * view.top, s * (m_w - 1) + setting.k_w - 2 * view.left
    return cropped(view, P)[:, :, :rows, :cols]


def _inner_only(view, P):
    dX, (p, q) = cropped(view, P), (view.top, view.left)
    return keeping(..., slice(p, dX.shape[2] - p), slice(q, dX.shape[3] - q))(view, dX)


CUT_EACH = "Rows and columns each for themselves: dXp[..., p_h : p_h + H, p_w : p_w + W] needs no if."
CUT = "Keep rows p … p + H of the padded gradient: dXp[..., p : p + H, p : p + W]; it holds for p = 0 too."


def _slid(width):
    """What the turned kernel gives that slides over delta with a border of width(view, k)."""

    def change(view, P):
        (k_h, k_w), (m_h, m_w) = view.K.shape[2:], view.given.shape[2:]
        top, left = k_h - 1 - width(view, k_h), k_w - 1 - width(view, k_w)
        rows, cols = view.s * (m_h - 1) + k_h, view.s * (m_w - 1) + k_w
        return P[:, :, top : rows - top, left : cols - left] if top >= 0 and left >= 0 else None

    return change


def _by_kernel(from_both):
    """Cut by (h − 1)/2 from both ends, or H rows from there on."""

    def change(view, P):
        (k_h, k_w), (H, W) = view.K.shape[2:], view.X.shape[2:]
        top, left = (k_h - 1) // 2, (k_w - 1) // 2
        bottom, right = (P.shape[2] - top, P.shape[3] - left) if from_both else (top + H, left + W)
        return P[:, :, top:bottom, left:right]

    return change


def _by_one(smallest):
    """Cut by 1 at each side, if the kernel has at least this size."""
    return lambda view, P: P[:, :, 1:-1, 1:-1] if min(view.K.shape[2:]) >= smallest else P


def _same_mode(view, P):
    """The middle of the whole product, as large as (dilated) delta: mode "same" where "full" belongs.

    Zeros stand behind what is then smaller than X; of what is larger the middle is taken.
    """
    sizes = zip(view.strides, view.given.shape[2:], view.K.shape[2:], strict=True)
    (top, h), (left, w) = (((k - 1) // 2, s * (m - 1) + 1) for s, m, k in sizes)
    a = P[:, :, top : top + h, left : left + w]
    dX = np.zeros((*a.shape[:2], *view.X.shape[2:]))
    rows, cols = (
        slice((n - m) // 2, (n - m) // 2 + m) if n > m else slice(n)
        for n, m in zip(a.shape[2:], dX.shape[2:], strict=True)
    )
    part = a[:, :, rows, cols]
    dX[:, :, : part.shape[2], : part.shape[3]] = part
    return dX


def _both_or_none(view, P):
    """if p_h > 0 and p_w > 0: cut; otherwise nothing is cut, though one of them may be more."""
    return cropped(view, P) if view.top and view.left else P


def _cut(key, sentence, *changes, advice=CUT, family="padding", notebook="07"):
    return Mistake(key, family, sentence, advice, same("dX", "crop", *changes), CONV, notebook)


MISTAKES = [
    _cut(
        "border_swapped",
        "as many rows are cut at the top as were padded at the bottom: one too many for a border of odd width",
        _from_other_end,
        said('mode "same" keeps the same side of an even kernel forward and back', _same_side),
        advice=CUT + ' With a stride, "same" pads less than (h − 1)/2.',
        notebook="02",
    ),
    _cut(
        "padding_forgotten",
        "the padding is forgotten on the way back: dX is shifted by p rows and columns",
        _from(lambda p: 0),
    ),
    _cut(
        "cut_at_end",
        "all of the padding is cut at the top and left, none at the bottom and right",
        _from(lambda p: 2 * p),
    ),
    _cut(
        "cut_one_off",
        "the padding is cut one row and column too early or too late",
        _from(lambda p: p - 1),
        _from(lambda p: p + 1),
        _from(lambda p: p - 1 if p else 0),
        _from(lambda p: p + 1 if p else 0),
    ),
    _cut(
        "not_cropped",
        "dX still has the padding around it",
        lambda view, P: P,
    ),
    _cut(
        "padded_once_more",
        "the backward pass pads one more than it should: dX is too large",
        _as_got(1),
        _as_got(2),
        *(
            said(f"an array padded twice, cut {once}", _padded_twice(cut))
            for once, cut in (("once", 1), ("never", 0))
        ),
    ),
    _cut(
        "empty_without_padding",
        "without padding the cut [p:-p] is empty",
        _empty_unpadded,
        lambda view, P: cropped(view, P) if view.top == view.left == 0 else _empty_unpadded(view, P),
    ),
    _cut(
        "zeros_without_padding",
        "without padding zeros come back: the cut [p:-p] is empty, or the copy stands in an if",
        _zero_where(lambda view: view.top == 0),
    ),
    _cut(
        "zeros_with_padding",
        "with padding zeros come back: the gradient is collected in a padded copy that nobody reads",
        _zero_where(lambda view: view.top > 0),
        lambda view, P: np.zeros_like(P) if view.top > 0 else cropped(view, P),
    ),
    _cut(
        "remainder_cut",
        "rows and columns that no window reached are missing in dX",
        _covered,
        advice="dX has the shape of X; the remainder gets zeros.",
        family="stride",
    ),
    _cut(
        "border_zero",
        "a border as wide as the padding stays zero",
        _inner_only,
    ),
    _cut(
        "delta_padded_wrongly",
        "delta gets a border of another width than h − 1 − p before the turned kernel slides over it: "
        "dX has another size than X",
        *map(_slid, (lambda view, k: 0, lambda view, k: view.top, lambda view, k: k // 2)),
        advice="Pad (dilated) delta by h − 1 − p; or by h − 1, and cut p off the result.",
    ),
    _cut(
        "cut_by_kernel",
        '(h − 1)/2 rows and columns are cut off, as many as the padding "same" has, whatever the padding is',
        _by_kernel(True),
        _by_kernel(False),
    ),
    _cut(
        "same_for_full",
        'delta meets the turned kernel in mode "same" where "full" belongs: the outermost rows are missing',
        _same_mode,
        advice='mode="full", and then cut p rows off either side.',
        notebook="02",
    ),
    _cut(
        "cut_by_one",
        "one row and one column are cut off at each side, whatever the padding is",
        _by_one(1),
        _by_one(2),
    ),
    _cut(
        "cut_if_both",
        "the padding is cut off only if there is some in both directions",
        _both_or_none,
        advice=CUT_EACH,
    ),
]
