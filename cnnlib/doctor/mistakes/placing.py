"""Mistakes in placing: which window delta[i, j] is added to, how the padding is cut, what happens to dX at the end."""

import numpy as np

from .arrays import flipped, keeping, repeated, rereadings, scaled, summed
from .kernels import BOTH, CONV
from .mistake import Mistake, same
from .view import cropped, scatter

ANY = ("convolution", "dense", "mean pooling", "max pooling", "activation")


def _own_number(view, d, H):
    """delta[c] for delta[o]: channel c sums delta[c] with every kernel."""
    take = [c % d.shape[1] for c in range(H.shape[1])]
    summed_kernels = H.sum(axis=0)
    parts = [scatter(view, d[:, [o]], summed_kernels[None, [c]]) for c, o in enumerate(take)]
    return np.concatenate(parts, axis=1)


def _step(function):
    return lambda view, d, H: scatter(view, d, H, step=function(view)) if view.s > 1 else scatter(view, d, H)


def _repeated(view, d, H):
    if view.s == 1:
        return scatter(view, d, H)
    return scatter(view, d.repeat(view.s, axis=2).repeat(view.s, axis=3), H, step=1)


def _assigned(order):
    """= for +=: of all that is written to a cell the last counts, in this order of the loops."""
    def change(view, d, H):
        P, s, (k_h, k_w) = np.zeros(view.Xp.shape), view.s, H.shape[2:]
        (N, O, m_h, m_w), last = d.shape, slice(None)
        if order == "windows":
            for i, j in np.ndindex(m_h, m_w):
                P[:, :, s * i : s * i + k_h, s * j : s * j + k_w] = np.tensordot(d[:, :, i, j], H, axes=1)
        elif order == "taps":
            for u, v in np.ndindex(k_h, k_w):
                P[:, :, u : u + s * m_h : s, v : v + s * m_w : s][:, :, :m_h, :m_w] = np.einsum("noij,oc->ncij", d, H[:, :, u, v])
        else:
            maps = range(O) if order == "maps outside" else [O - 1]
            for o in maps:
                for i, j in np.ndindex(m_h, m_w):
                    P[last, :, s * i : s * i + k_h, s * j : s * j + k_w] = d[:, o, i, j, None, None, None] * H[o]
        return P
    return change


def _from(offset):
    """Cut at another place: the first row kept is offset(view, p) instead of p, zeros beyond the edge."""
    def change(view, P):
        H, W = view.case.setting.H, view.case.setting.W
        wide = np.pad(P, ((0, 0), (0, 0), (H, H), (W, W)))
        top, left = H + offset(view.top), W + offset(view.left)
        return wide[:, :, top : top + H, left : left + W]
    return change


def _as_got(before):
    """One ring too many around dX: the frame starts ``before`` cells early, and dX has as much more on every side."""
    def change(view, P):
        H, W = view.case.setting.H + 2 * before, view.case.setting.W + 2 * before
        wide = np.pad(P, ((0, 0), (0, 0), (before, before), (before, before)))
        return wide[:, :, view.top : view.top + H, view.left : view.left + W]
    return change


def _zero_where(test):
    return lambda view, P: np.zeros_like(cropped(view, P)) if test(view) else cropped(view, P)


def _empty_unpadded(view, P):
    """P[pad:-pad] with pad 0 is empty."""
    return P[:, :, view.top : -view.top or 0, view.left : -view.left or 0] if view.top == 0 else cropped(view, P)


def _covered(keep_shape):
    def change(view, P):
        s, setting, (m_h, m_w) = view.s, view.case.setting, view.given.shape[2:]
        rows, cols = s * (m_h - 1) + setting.k_h - 2 * view.top, s * (m_w - 1) + setting.k_w - 2 * view.left
        dX = cropped(view, P)
        return keeping(..., slice(0, rows), slice(0, cols))(view, dX) if keep_shape else dX[:, :, :rows, :cols]
    return change


def _inner_only(view, P):
    dX, (p, q) = cropped(view, P), (view.top, view.left)
    return keeping(..., slice(p, dX.shape[2] - p), slice(q, dX.shape[3] - q))(view, dX)


def _all_into_first(view, dX):
    return keeping(slice(0, 1))(view, summed(0)(view, dX))


def _batch(view):
    return len(view.given)


CUT = "Keep rows p … p + H of the padded gradient: dXp[..., p : p + H, p : p + W]; it holds for p = 0 too."

MISTAKES = [
    Mistake("other_map", "channels", "channel c takes the delta of the map of the same number: delta[c] stands for delta[o]",
            "Two indices: o runs over the output maps, c over the channels.", same("dX", "core", _own_number), BOTH, "08"),
    Mistake("stride_forgotten", "stride", "the stride is forgotten on the way back: windows are placed at (i, j) instead of (s·i, s·j)",
            "Place delta[i, j] at row s·i, column s·j; or dilate delta by s first.", same("dX", "core", _step(lambda view: 1)), CONV, "07"),
    Mistake("stride_twice", "stride", "the stride is used twice: delta is dilated, and then strided over again",
            "Dilate delta by s, then slide with stride 1.", same("dX", "core", _step(lambda view: view.s**2)), CONV, "07"),
    Mistake("window_step", "stride", "windows are placed side by side, k apart, instead of s apart", "The step is the stride s, not k.",
            same("dX", "core", lambda view, d, H: scatter(view, d, H, step=H.shape[-1])), CONV, "07"),
    Mistake("delta_repeated", "stride", "delta is repeated s times instead of being dilated with zeros",
            "Put zeros between the entries of delta, no copies.", same("dX", "core", _repeated), CONV, "07"),
    Mistake("assigned", "padding", "= stands where += belongs: overlapping windows overwrite each other",
            "Add: dX[window] += …", same("dX", "core", *map(_assigned, ("windows", "taps", "maps outside", "last map"))), CONV),
    Mistake("padding_forgotten", "padding", "the padding is forgotten on the way back: dX is shifted by p rows and columns",
            CUT, same("dX", "crop", _from(lambda p: 0)), CONV, "07"),
    Mistake("cut_at_end", "padding", "all of the padding is cut at the top and left, none at the bottom and right", CUT,
            same("dX", "crop", _from(lambda p: 2 * p)), CONV, "07"),
    Mistake("cut_one_off", "padding", "the padding is cut one row and column too early or too late", CUT,
            same("dX", "crop", _from(lambda p: p - 1), _from(lambda p: p + 1), _from(lambda p: p - 1 if p else 0),
                 _from(lambda p: p + 1 if p else 0)), CONV, "07"),
    Mistake("not_cropped", "padding", "dX still has the padding around it", CUT, same("dX", "crop", lambda view, P: P), CONV, "07"),
    Mistake("padded_once_more", "padding", "the backward pass pads one more than it should: dX is too large", CUT,
            same("dX", "crop", _as_got(1), _as_got(2)), CONV, "07"),
    Mistake("empty_without_padding", "padding", "without padding the cut [p:-p] is empty", CUT,
            same("dX", "crop", _empty_unpadded), CONV, "07"),
    Mistake("zeros_without_padding", "padding", "without padding zeros come back: the cut [p:-p] is empty, or the copy stands in an if",
            CUT, same("dX", "crop", _zero_where(lambda view: view.top == 0)), CONV, "07"),
    Mistake("zeros_with_padding", "padding", "with padding zeros come back: the gradient is collected in a padded copy that nobody reads",
            CUT, same("dX", "crop", _zero_where(lambda view: view.top > 0)), CONV, "07"),
    Mistake("remainder_cut", "stride", "rows and columns that no window reached are missing in dX", "dX has the shape of X; the "
            "remainder gets zeros.", same("dX", "crop", _covered(False)), CONV, "07"),
    Mistake("border_zero", "padding", "a border as wide as the padding stays zero", CUT, same("dX", "crop", _inner_only), CONV, "07"),
    Mistake("over_N", "batch", "dX is divided by the batch size", "1/N is already in delta, or belongs into dK and db; dX of one "
            "image has nothing to do with the others.", same("dX", "post", scaled(lambda view: 1 / _batch(view))), ANY, "08"),
    Mistake("times_N", "batch", "the gradient is multiplied by the batch size", "Add over the images once.",
            same("dX dK db", "post", scaled(_batch)), ANY, "08"),
    Mistake("all_into_first", "batch", "all images are added into image 0", "Index dX by the image: dX[n] += …",
            same("dX", "post", _all_into_first), ANY, "08"),
    Mistake("images_summed", "batch", "every image gets the sum over the batch", "Keep the images apart in dX.",
            same("dX", "post", summed(0)), ANY, "08"),
    Mistake("sign", "scale", "the sign is reversed", "δ is ∂L/∂Z; check output − target.",
            same("dX dK db", "post", scaled(lambda view: -1)), ANY),
    Mistake("starts_as_X", "ingredient", "the sum starts from X instead of zeros", "np.zeros_like(X), not a copy of X.",
            same("dX", "post", lambda view, dX: dX + view.X), ANY),
    Mistake("starts_as_ones", "ingredient", "the sum starts from ones instead of zeros", "np.zeros, not np.ones.",
            same("dX dK db", "post", lambda view, a: a + 1), ANY),
    Mistake("masked_by_input", "ingredient", "dX is masked by X > 0: the ReLU's slope of the layer before is applied here",
            "That slope belongs to the ReLU's own backward pass.", same("dX", "post", lambda view, dX: dX * (view.X > 0)), ANY),
    Mistake("slope_of_input", "ingredient", "dX is multiplied by X(1 − X): the sigmoid's slope of the layer before is applied here",
            "That slope belongs to the sigmoid's own backward pass.", same("dX", "post", lambda view, dX: dX * view.X * (1 - view.X)), ANY),
    Mistake("times_input", "ingredient", "dX is multiplied by X", "dX needs K and delta, not X.",
            same("dX", "post", lambda view, dX: dX * view.X), ANY),
    Mistake("dX_turned", "orientation", "every map of dX comes out turned by 180°", "Turn the kernel, not the result.",
            same("dX", "post", flipped(2, 3)), ANY),
    Mistake("dX_transposed", "orientation", "rows and columns of dX are exchanged", "Index dX by [row, column].",
            same("dX", "post", lambda view, dX: dX.swapaxes(2, 3)), ANY),
    Mistake("dX_reshaped", "channels", "dX is reshaped where its axes have to be moved", "Move the axes (transpose), then reshape.",
            same("dX", "post", *rereadings("NCHW", lambda view: view.plan.X)), ANY, "08"),
    Mistake("dX_over_positions", "scale", "dX is divided by the number of positions, or by the kernel's size",
            "No division: every window adds its share.", same("dX", "post", scaled(lambda view: 1 / np.prod(view.given.shape[2:])),
            scaled(lambda view: 1 / np.prod(view.K.shape[2:])), scaled(lambda view: 1 / np.prod(view.K.shape[1:]))), CONV),
    Mistake("dX_of_one_channel", "channels", "every channel of dX is that of the first (or the last)", "Index dX by the channel.",
            same("dX", "post", repeated(1, 0), repeated(1, -1)), ANY, "08"),
    Mistake("never_written", "padding", "only zeros come back: the result is computed elsewhere, or never written",
            "Look for a buffer that is filled and not returned.", same("dX dK db", "post", lambda view, a: np.zeros_like(a)), ANY, "07"),
]
