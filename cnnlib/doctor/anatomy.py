"""What somebody's forward pass computes in one case, read off its numbers: ⋆ or ∗, padding, activation, bias.

:func:`read_forward` compares Z with the forward pass of :mod:`cnnlib` under both operations, all paddings that give
Z's size and the usual activations.  Where one agrees, the right gradients follow from :mod:`cnnlib.adjoint`.
"""

from dataclasses import dataclass, field

import numpy as np

from .. import adjoint
from ..correlation import correlate_maps
from ..ops import rot180

STAR, AST = "correlation", "convolution"
SIGNS = {STAR: "⋆", AST: "∗"}
Pads = tuple[tuple[int, int], tuple[int, int]]


def _sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def _leaky(a):
    return lambda z: np.where(z > 0, z, a * z), lambda z: np.where(z > 0, 1.0, a)


class _Activations(dict):
    """Name → (σ, σ′).  One that is on no list has its slope measured; its formulas are those of none."""

    def __missing__(self, name):
        return self["linear"]


ACTIVATIONS = _Activations(
    {
        "linear": (lambda z: z, lambda z: np.ones_like(z)),
        "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
        "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "leaky relu 0.01": _leaky(0.01),
        "leaky relu 0.1": _leaky(0.1),
        "leaky relu 0.2": _leaky(0.2),
        "leaky relu 0.05": _leaky(0.05),
        "leaky relu 0.3": _leaky(0.3),
        "elu": (lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))), lambda z: np.exp(np.minimum(z, 0))),
        "silu": (lambda z: z * _sigmoid(z), lambda z: _sigmoid(z) * (1 + z * (1 - _sigmoid(z)))),
        "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
        "softplus": (lambda z: np.logaddexp(0, z), _sigmoid),
    }
)


@dataclass(frozen=True)
class Anatomy:
    """A forward pass that was recognised; ``bias`` is "once", "none" where it has no bias, or a mistake's key."""

    operation: str
    pads: Pads
    activation: str
    bias: str = "once"
    offset: tuple[float, ...] = ()  # of a bias that the layer keeps to itself ("own"), one number a map
    slope: np.ndarray | None = field(default=None, compare=False, repr=False)  # measured, of one on no list

    def __str__(self):
        if self.operation not in SIGNS:
            return self.operation if self.activation == "linear" else self.activation
        inside = "" if self.activation == "linear" else f", {self.activation} inside"
        return f"Z = X {SIGNS[self.operation]} K{'' if self.bias == 'none' else ' + b'}{inside}"


def agree(got, wanted, rtol: float) -> bool:
    """Whether every cell agrees within rtol times the largest cell wanted (1 for arrays of small numbers)."""
    if got is None or np.shape(got) != np.shape(wanted):
        return False
    if not np.size(wanted):
        return True
    scale = max(float(np.max(np.abs(wanted))), 1e-3)
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(np.asarray(got, dtype=float) - wanted) <= rtol * scale))


def tolerance(dtype) -> float:
    """1e-7 for double precision; 1e-3 for layers that compute in single, 2e-2 for those in half precision."""
    return {np.dtype(np.float16): 2e-2, np.dtype(np.float32): 1e-3}.get(np.dtype(dtype), 1e-7)


def paddings(setting, size) -> list[Pads]:
    """The paddings (top, bottom), (left, right) that give an output of this size, the asked one first."""

    def one(n, k, m, s, p):
        found = []
        need = max((m - 1) * s + k - n, 0)
        for before in dict.fromkeys((p, *range(k), need // 2, need - need // 2)):
            after = [before, before - 1, before + 1] if before else [0, 1]
            after += [need - before] if (m, before) == (-(-n // s), need // 2) or before == need - need // 2 else []
            found += [(before, a) for a in after if a >= 0 and (n + before + a - k) // s + 1 == m]
        return list(dict.fromkeys(found))

    (s_h, s_w), ((top, _), (left, _)) = setting.strides, setting.pads
    rows = one(setting.H, setting.k_h, size[0], s_h, top)
    cols = one(setting.W, setting.k_w, size[1], s_w, left)
    square = setting.H == setting.W and setting.k_h == setting.k_w and setting.even
    both = [(r, c) for r in rows for c in cols if r == c or not square]
    asked = setting.pads
    return sorted(both, key=lambda pads: (pads != asked, pads[0][0] != pads[0][1], pads[0][0] != pads[1][0]))[:12]


def padded(X, pads: Pads) -> np.ndarray:
    """X with rows and columns of zeros around its maps."""
    (top, bottom), (left, right) = pads
    H, W = X.shape[2:]
    wide = np.zeros((*X.shape[:2], top + H + bottom, left + W + right), X.dtype)
    wide[:, :, top : top + H, left : left + W] = X
    return wide


def linear_part(case, operation: str, pads: Pads) -> np.ndarray:
    """X ⋆ K or X ∗ K without the bias, shaped (N, O, m_h, m_w)."""
    H = case.K if operation == STAR else rot180(case.K)
    return correlate_maps(padded(case.X, pads), H, stride=case.setting.strides)


def spread_bias(b: np.ndarray) -> np.ndarray:
    """(O,) or untied (O, m_h, m_w) → what is added to Z."""
    return b[None, :, None, None] if b.ndim == 1 else b[None]


def read_forward(
    case, Z: np.ndarray, dtype=float, *, has_bias=True, activation=None, any_padding=False
) -> Anatomy | None:
    """The anatomy that gives exactly Z, or None.  ``activation`` restricts the search to the given one."""
    if Z is None or Z.ndim != 4 or Z.shape[:2] != case.setting.shapes["Z"][:2] or not np.all(np.isfinite(Z)):
        return None
    asked = case.setting.pads
    rtol = max(tolerance(dtype), 1e-9)
    for pads in paddings(case.setting, Z.shape[2:]):
        if pads != asked and not any_padding:
            continue
        for operation in SIGNS:
            linear = linear_part(case, operation, pads)
            if linear.shape != Z.shape:
                continue
            sums = {"once": linear + spread_bias(case.b)} if has_bias else {"none": linear}
            offset = () if has_bias else own_offset(Z, linear)
            sums |= {"own": linear + spread_bias(np.array(offset))} if offset else {}
            for name in [activation] if activation else ACTIVATIONS:
                for bias, total in sums.items():
                    if agree(Z, ACTIVATIONS[name][0](total), rtol):
                        return Anatomy(operation, pads, name, bias, offset if bias == "own" else ())
    return None


def own_offset(Z, linear) -> tuple[float, ...]:
    """What is added to every map alike where Z is positive: a bias that is neither told nor found; () for none."""
    rest = np.where(Z > 0, Z - linear, np.nan)
    shut = ~np.isfinite(rest).any(axis=(0, 2, 3))
    if shut.all():
        return ()
    rest[:, shut] = -1 - np.max(linear[:, shut], initial=0)  # whatever shuts every cell of a map
    found = np.nanmedian(rest, axis=(0, 2, 3))
    return tuple(float(b) for b in found) if np.any(np.abs(found) > 1e-9) else ()


@dataclass(frozen=True)
class Gradients:
    """dX, dK and db in our order; None for a gradient that the layer does not have."""

    dX: np.ndarray | None
    dK: np.ndarray | None = None
    db: np.ndarray | None = None


def slope_of(case, anatomy: Anatomy) -> np.ndarray:
    """σ′ at every cell of Z."""
    if anatomy.slope is not None:
        return anatomy.slope
    total = linear_part(case, anatomy.operation, anatomy.pads)
    b = {"once": case.b, "own": np.array(anatomy.offset)}.get(anatomy.bias)
    total = total if b is None else total + spread_bias(b)
    return ACTIVATIONS[anatomy.activation][1](total)


def gradients_of(case, anatomy: Anatomy, delta: np.ndarray) -> Gradients:
    """The right gradients of a recognised forward pass, for delta = ∂L/∂(its output)."""
    d, X, s = delta * slope_of(case, anatomy), padded(case.X, anatomy.pads), case.setting.strides
    (top, _), (left, _) = anatomy.pads
    wide = adjoint.scatter(d, case.K, X.shape, stride=s, operation=anatomy.operation)
    dX = wide[:, :, top : top + case.setting.H, left : left + case.setting.W]
    dK = adjoint.kernel_gradient(X, d, case.K.shape[2:], stride=s, operation=anatomy.operation)
    db = d.sum(axis=(0, 2, 3) if case.b.ndim == 1 else 0) if anatomy.bias == "once" else None
    return Gradients(dX, dK, db)
