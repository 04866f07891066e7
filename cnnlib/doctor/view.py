"""What a mistake's formula sees of one run, and the backward pass in stages that each mistake changes at one place.

dX = post(crop(padded(core(pre(delta), kernel(H))))), dK = post(kernel(window(core(pre(delta), maps(X))))),
db = post(core(pre(delta))).
Z = post(σ(sum(bias(core(maps(X), kernel(H)))))).
H is what lies on a window: K under ⋆, rot180(K) under ∗.  Changes at two stages, or two at one stage, make a pair.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..correlation import correlate_maps
from ..ops import rot180
from ..validation import as_pair
from .anatomy import ACTIVATIONS, STAR, Anatomy, padded, slope_of
from .kinds import has_kernel, pooled

Change = tuple[str, Callable]  # a stage and the function that takes (view, array) there


@dataclass
class View:
    """One run: its case, Z and delta, the anatomy of its forward pass, the plan's layouts, and what came out.

    With ``mean`` the gradients that came out are taken N times, as those of a mean over the batch.  ``base`` are
    changes that are no mistakes of the backward pass: what it has to share with a wrong forward pass.  ``step``
    (c, λ) says that what came out is c times the gradient and λ times the weights: both are taken off.
    """

    run: object
    anatomy: Anatomy
    plan: object
    cache: dict = field(default_factory=dict)
    mean: bool = False
    base: tuple[Change, ...] = ()
    step: tuple[float, float] = (1.0, 0.0)

    def __post_init__(self):
        case = self.run.case
        self.case, self.s, self.strides, self.Z = case, case.setting.s, case.setting.strides, self.run.Z
        self.X, self.K, self.given = case.X, case.K, self.run.delta
        self.slope = slope_of(case, self.anatomy) if has_kernel(self.plan.kind) else np.ones_like(self.given)
        self.delta = self.given * self.slope
        self.H = self.on_window(case.K)
        self.Xp = padded(case.X, self.anatomy.pads) if has_kernel(self.plan.kind) else case.X
        self.top, self.left = self.anatomy.pads[0][0], self.anatomy.pads[1][0]

    def on_window(self, K):
        """K under ⋆, rot180(K) under ∗; its own inverse."""
        return K if self.anatomy.operation == STAR else rot180(K)

    def slope_at(self, z):
        """σ′ of the layer's activation."""
        return ACTIVATIONS[self.anatomy.activation][1](z)

    def got(self, part):
        found = self.run.Z if part == "forward" else self.run.gradients.get(part)
        if found is None or part not in ("dK", "db"):
            return found
        weights, (factor, decay) = self.K if part == "dK" else self.case.b, self.step
        if decay and found.shape == weights.shape:
            found = found - decay * weights
        return found * (len(self.X) if self.mean else 1) / factor


def scatter(view, d, H, step=None, shape=None) -> np.ndarray:
    """Add d[n, o, i, j]·H[o] onto the window at (s·i, s·j) of a padded map; what falls outside is dropped."""
    s_h, s_w = view.strides if step is None else as_pair(step, "step")
    N, _, rows, cols = view.Xp.shape if shape is None else shape
    (m_h, m_w), (k_h, k_w) = d.shape[2:], H.shape[2:]
    wide = np.zeros((N, H.shape[1], max(rows, s_h * (m_h - 1) + k_h), max(cols, s_w * (m_w - 1) + k_w)))
    for u, v in np.ndindex(k_h, k_w):
        wide[:, :, u : u + s_h * (m_h - 1) + 1 : s_h, v : v + s_w * (m_w - 1) + 1 : s_w] += np.einsum(
            "noij,oc->ncij", d, H[:, :, u, v]
        )
    return wide[:, :, :rows, :cols]


def gathered(view, d, X, step=None, size=None) -> np.ndarray:
    """The gradient of H: Σ over n, i, j of d[n, o, i, j]·X[n, c, s·i + u, s·j + v], zeros beyond X's edge."""
    (k_h, k_w), (m_h, m_w) = size or view.K.shape[2:], d.shape[2:]
    s_h, s_w = view.strides if step is None else as_pair(step, "step")
    X = padded(X, ((0, s_h * m_h + k_h), (0, s_w * m_w + k_w)))
    G = np.empty((d.shape[1], X.shape[1], k_h, k_w))
    for u, v in np.ndindex(k_h, k_w):
        part = X[:, :, u : u + s_h * (m_h - 1) + 1 : s_h, v : v + s_w * (m_w - 1) + 1 : s_w]
        G[:, :, u, v] = np.tensordot(d, part, axes=([0, 2, 3], [0, 2, 3]))
    return G


def cropped(view, P) -> np.ndarray:
    return P[:, :, view.top : view.top + view.case.setting.H, view.left : view.left + view.case.setting.W]


def shared(view, d) -> np.ndarray:
    """dX of a pooling layer: equal shares of a mean, all of it to the place of a maximum."""
    setting, dX = view.case.setting, np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block = view.X[window]
        if view.plan.kind == "mean pooling":
            dX[window] += d[place] / (setting.k_h * setting.k_w)
        else:
            first = np.unravel_index(np.argmax(block), block.shape)
            dX[window][first] += d[place]
    return dX


def windows_of(view, d):
    """((n, c, i, j), the slices of its window) for every output cell."""
    setting, s = view.case.setting, view.s
    for n, c, i, j in np.ndindex(d.shape):
        yield (n, c, i, j), (n, c, slice(s * i, s * i + setting.k_h), slice(s * j, s * j + setting.k_w))


def predict(view: View, part: str, changes: Sequence[Change] = ()) -> np.ndarray | None:
    """The numbers that a backward pass with these changes gives; None where a formula does not apply."""
    by_stage = {}
    for stage, change in (*view.base, *changes):
        by_stage.setdefault(stage, []).append(change)

    def through(stage, value):
        for change in by_stage.get(stage, ()):
            value = None if value is None else change(view, value)
        return value

    try:
        with np.errstate(all="ignore"):
            return _STAGES[part](view, through, by_stage)
    except (ValueError, IndexError):
        return None


def _kept(view, by_stage, part, stages, compute):
    """A stage's result, remembered in the view: pairs share most of their way."""
    key = (part, *((stage, tuple(by_stage.get(stage, ()))) for stage in stages))
    if key not in view.cache:
        view.cache[key] = compute()
    return view.cache[key]


def _one_core(cores, base):
    """The function of a core: the only change there, or a rule of indices around another; None for others."""
    rules, plain = ([core for core in cores if getattr(core, "is_rule", False) is rule] for rule in (True, False))
    if len(rules) > 1 or len(plain) > 1:
        return None
    base = plain[0] if plain else base
    return functools.partial(rules[0], base=base) if rules else base


def _input_gradient(view, through, by_stage):
    core, crop = _one_core(by_stage.get("core", ()), scatter), by_stage.get("crop", ())
    if core is None or len(crop) > 1:
        return None

    def pasted():
        d = through("pre", view.delta)
        if not has_kernel(view.plan.kind):
            return None if d is None else (_other_kind if core is scatter else core)(view, d)
        H = through("kernel", view.H)
        return through("padded", None if d is None or H is None else core(view, d, H))

    P = _kept(view, by_stage, "dX", ("pre", "kernel", "core", "padded"), pasted)
    if P is not None and has_kernel(view.plan.kind):
        P = (crop[0] if crop else cropped)(view, P)
    return through("post", P)


def _other_kind(view, d):
    return shared(view, d) if "pooling" in view.plan.kind else d * view.slope_at(view.X)


def _kernel_gradient(view, through, by_stage):
    core = _one_core(by_stage.get("core", ()), gathered)
    if core is None:
        return None

    def collected():
        d, X = through("pre", view.delta), through("maps", view.Xp)
        return through("window", None if d is None or X is None else core(view, d, X))

    G = _kept(view, by_stage, "dK", ("pre", "maps", "core", "window"), collected)
    return through("post", through("kernel", None if G is None else view.on_window(G)))


def _bias_gradient(view, through, by_stage):
    d = through("pre", view.delta)
    if d is None:
        return None
    core = by_stage.get("core")
    if core and len(core) > 1:
        return None
    return through("post", core[0](view, d) if core else d.sum(axis=(0, 2, 3) if view.case.b.ndim == 1 else 0))


def _forward(view, through, by_stage):
    if not has_kernel(view.plan.kind):
        return through(
            "post", pooled(view.X, view.plan.kind, view.K.shape[2:], view.s) if "pool" in view.plan.kind else None
        )
    H, X = through("kernel", view.H), through("maps", view.Xp)
    if H is None or X is None:
        return None
    core = by_stage.get("core", [lambda view, X, H: correlate_maps(X, H, stride=view.strides)])
    total = core[0](view, X, H) if len(core) == 1 else None
    bias = by_stage.get("bias", [_biased])
    total = through("sum", bias[0](view, total) if len(bias) == 1 and total is not None else None)
    return through("post", None if total is None else ACTIVATIONS[view.anatomy.activation][0](total))


def _biased(view, total):
    b = view.case.b
    if not view.plan.has_bias:
        return total
    return total + (b[None, :, None, None] if b.ndim == 1 else b[None])


_STAGES = {"dX": _input_gradient, "dK": _kernel_gradient, "db": _bias_gradient, "forward": _forward}
