"""Mistakes in placing: which window delta[i, j] is added to, and how the padding is cut."""

import numpy as np

from ..view import gathered, scatter
from .built.gathers import TWICE
from .kernels import BOTH, CONV
from .mistake import Mistake, same

ANY = ("convolution", "dense", "mean pooling", "max pooling", "activation")


def _own_number(view, d, H):
    """delta[c] for delta[o]: channel c sums delta[c] with every kernel."""
    take = [c % d.shape[1] for c in range(H.shape[1])]
    summed_kernels = H.sum(axis=0)
    parts = [scatter(view, d[:, [o]], summed_kernels[None, [c]]) for c, o in enumerate(take)]
    return np.concatenate(parts, axis=1)


def _into_image(view, d, H):
    """dX[c] for dX[n, c]: the map of channel c is added to every channel of image c, whatever image it is of."""
    P, maps = np.zeros(view.Xp.shape), scatter(view, d, H).sum(axis=0)
    if len(maps) > len(P):
        return None
    P[: len(maps)] = maps[:, None]
    return P


def _into_map(view, d, H):
    """dX[n, o] for dX[n, c]: what map o sends to all channels is added to the channel of its number."""
    P, O = np.zeros(view.Xp.shape), d.shape[1]
    if H.shape[1] < O:
        return None
    for o in range(O):
        P[:, [o]] = scatter(view, d[:, [o]], H[[o]].sum(axis=1, keepdims=True))
    return P


def _conjugated(view, d, H):
    """A product of spectra with the conjugate where none belongs: the kernel unturned, wrapped round the edge."""
    turned, (k_h, k_w) = scatter(view, d, H[:, :, ::-1, ::-1]), H.shape[2:]
    return np.roll(turned, (1 - k_h, 1 - k_w), axis=(2, 3))


def _step(function):
    return lambda view, d, H: scatter(view, d, H, step=function(view)) if view.s > 1 else scatter(view, d, H)


def _other_strides(core, one, two):
    return lambda view, d, other: core(view, d, other, step=(view.strides[one], view.strides[two]))


def _repeated(view, d, H):
    if view.s == 1:
        return scatter(view, d, H)
    return scatter(view, d.repeat(view.s, axis=2).repeat(view.s, axis=3), H, step=1)


def _assigned(order):
    """= instead of +=: of all numbers written to a cell the last one stays, in this order of the loops."""

    def change(view, d, H):
        P, s, (k_h, k_w) = np.zeros(view.Xp.shape), view.s, H.shape[2:]
        (_, O, m_h, m_w), last = d.shape, slice(None)
        if order == "windows":
            for i, j in np.ndindex(m_h, m_w):
                P[:, :, s * i : s * i + k_h, s * j : s * j + k_w] = np.tensordot(d[:, :, i, j], H, axes=1)
        elif order == "taps":
            for u, v in np.ndindex(k_h, k_w):
                P[:, :, u : u + s * m_h : s, v : v + s * m_w : s][:, :, :m_h, :m_w] = np.einsum(
                    "noij,oc->ncij", d, H[:, :, u, v]
                )
        else:
            maps = range(O) if order == "maps outside" else [O - 1]
            for o in maps:
                for i, j in np.ndindex(m_h, m_w):
                    P[last, :, s * i : s * i + k_h, s * j : s * j + k_w] = d[:, o, i, j, None, None, None] * H[o]
        return P

    return change


MISTAKES = [
    Mistake(
        "conjugated",
        "orientation",
        "the kernel's spectrum is conjugated in dX as it is in the forward pass: the kernel stays unturned",
        "One of the two products needs the conjugate, not both: dX multiplies by the spectrum itself.",
        same("dX", "core", _conjugated),
        CONV,
        "16",
    ),
    Mistake(
        "other_map",
        "channels",
        "channel c takes the delta of the map of the same number: delta[c] stands for delta[o]",
        "Two indices: o runs over the output maps, c over the channels.",
        same("dX", "core", _own_number),
        BOTH,
        "08",
    ),
    Mistake(
        "channel_for_image",
        "channels",
        "the channel's number stands where the image's belongs: dX[c] for dX[n, c]",
        "Index dX by the image first: dX[n, c] += …",
        same("dX", "core", _into_image),
        CONV,
        "08",
    ),
    Mistake(
        "map_for_channel",
        "channels",
        "the map's number stands where the channel's belongs: dX[o] for dX[c]",
        "Two indices: dX[c] += delta[o] spread with K[o, c].",
        same("dX", "core", _into_map),
        CONV,
        "08",
    ),
    Mistake(
        "stride_forgotten",
        "stride",
        "the stride is forgotten on the way back: windows are placed at (i, j) instead of (s·i, s·j)",
        "Place delta[i, j] at row s·i, column s·j; or dilate delta by s first.",
        same("dX", "core", _step(lambda view: 1)),
        CONV,
        "07",
    ),
    Mistake(
        "stride_twice",
        "stride",
        "the stride is used twice: delta is dilated, and then strided over again",
        "Dilate delta by s, then slide with stride 1.",
        same("dX", "core", _step(lambda view: view.s**2)),
        CONV,
        "07",
        rare={"dX": TWICE},
    ),
    Mistake(
        "stride_of_other_axis",
        "stride",
        "the vertical stride is used for the columns too, or the other way round",
        "Row s_h·i, column s_w·j: two strides, two names.",
        {
            part: [("core", _other_strides(core, one, two)) for one, two in ((0, 0), (1, 1), (1, 0))]
            for part, core in (("dX", scatter), ("dK", gathered))
        },
        CONV,
        "07",
    ),
    Mistake(
        "window_step",
        "stride",
        "windows are placed side by side, k apart, instead of s apart",
        "The step is the stride s, not k.",
        same("dX", "core", lambda view, d, H: scatter(view, d, H, step=H.shape[-2])),
        CONV,
        "07",
    ),
    Mistake(
        "delta_repeated",
        "stride",
        "delta is repeated s times instead of being dilated with zeros",
        "Put zeros between the entries of delta, no copies.",
        same("dX", "core", _repeated),
        CONV,
        "07",
    ),
    Mistake(
        "assigned",
        "padding",
        "= stands where += belongs: overlapping windows overwrite each other",
        "Add: dX[window] += …",
        same("dX", "core", *map(_assigned, ("windows", "taps", "maps outside", "last map"))),
        CONV,
    ),
]
