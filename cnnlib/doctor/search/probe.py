"""Trying one plan in one setting: does the forward pass run, is Z's shape possible, is it the layer's kind?"""

from dataclasses import dataclass

import numpy as np

from ..anatomy import Anatomy
from ..kinds import expected_output, likeness, recognise
from ..patient import calls
from ..patient.adapter import read_output
from ..patient.axes import Z_GUESSES, Z_ROWS, layout_of
from ..patient.session import Session
from ..running import LayerError
from ..settings import Case, Setting

EXACT, OWN_BIAS, SHAPE, ASKED = 3.0, 2.5, 1.0, 10.0
ALIKE = 0.9  # a likeness at which an output of another size is that of a layer that pads by itself
GEOMETRY = ("stride", "pad", "mode", "k")


@dataclass(frozen=True)
class Fit:
    """A plan that ran: its score (3 exact, 1–2 by shape alone), the anatomy read off, and the output's dtype."""

    score: float
    plan: object
    anatomy: Anatomy | None = None
    dtype: object = float
    session: object = None


def output_layouts(plan, given: str | None):
    """The layouts that Z may have, the one like X's first."""
    if given:
        return [layout_of(given, "NOHW")]
    like = plan.X.text.replace("C", "O")
    guesses = Z_GUESSES if "H" in like else Z_ROWS
    texts = [like, *guesses] if "O" in like else guesses
    listed = []
    for text in dict.fromkeys(texts):
        layout = layout_of(text, "NOHW")
        if ("N" in layout.letters) == ("N" in plan.X.letters) or len(layout.groups) < len(layout.letters):
            listed.append(layout)
    return listed


def try_plan(subject, plan, setting, z_layout: str | None = None, seed: int = 0) -> Fit | None:
    """The best fit over the layouts of Z; None where Z's shape is impossible.  LayerError from somebody's code."""
    case = Case.of(setting, seed)
    session = Session(subject, plan, case)
    raw = session.forward()
    if hasattr(raw, "detach"):
        raise LayerError("the forward pass", TypeError("the layer returned a torch tensor"))
    if session.redrawn and not plan.warm:  # by every forward pass, or by the first alone
        later = try_plan(subject, plan.but(warm=True), setting, z_layout, seed)
        if later is not None and not later.session.redrawn:
            return later
    if not plan.writes and (_symmetric(session.case.K) or _hides_its_bias(subject, plan, case, session)):
        return None
    best, wanted = None, expected_output(plan, setting)
    for layout in output_layouts(plan, z_layout):
        try:
            Z = read_output(raw, layout, wanted)
        except (ValueError, TypeError):
            continue
        dtype = session.dtype
        found = recognise(session.case, Z, plan.but(any_padding=True), dtype)
        if found:
            asked = found.pads == setting.pads
            free = plan.any_padding or not asked
            score = OWN_BIAS if found.bias == "own" else EXACT
            return Fit(score, plan.but(Z=layout, any_padding=free), found, dtype, session)
        unlike = 0.6 if layout.text != plan.X.text.replace("C", "O") and "C" in plan.X.text else 0.0
        unlike += 0.0 if plan.writes else 0.3
        alike = likeness(session.case, Z, plan)
        pads_itself = Z.shape != wanted and alike > ALIKE
        score = -unlike + (SHAPE if Z.shape == wanted or pads_itself else 0.5) + alike
        if best is None or score > best.score:
            free = plan.any_padding or pads_itself
            best = Fit(score, plan.but(Z=layout, any_padding=free), None, dtype, session)
    return best


def _symmetric(K) -> bool:
    """Whether weights that are only read look the same turned, as zeros and ones do: they would hide a turn."""
    return any(np.array_equal(K, np.flip(K, axes)) for axes in ((2,), (3,), (2, 3))) and K[0, 0].size > 1


def _hides_its_bias(subject, plan, case, session) -> bool:
    """Whether a bias of zeros is only read though the kernel beside it could be written: zeros hide mistakes."""
    if not plan.bias_path or np.any(session.case.b):
        return False
    try:
        other = Session(subject, plan.but(writes=True, bias_path=None, takes_bias=False), case).forward()
    except (LayerError, ValueError, KeyError, TypeError):
        return False
    return np.shape(other) == np.shape(session.Z) and not np.array_equal(other, session.Z)


def one_map_for_all(fit) -> bool:
    """Whether (1, H, W) was taken for one image though it may as well be one channel: it then says little."""
    setting, letters = fit.session.case.setting, fit.plan.X.letters
    return setting.N == setting.C == setting.O == 1 and "N" in letters and "C" not in letters


def fits_one_alone(search) -> bool:
    """Whether the best layout, with axes N and C, fits one image or channel alone: many look alike there."""
    setting, plan, several = search.best.session.case.setting, search.best.plan, search.probes[0]
    if one_map_for_all(search.best):
        return True
    if {"N", "C"} - {*plan.X.letters} or min(setting.N, setting.C) > 1 or min(several.N, several.C) == 1:
        return False
    try:
        found = try_plan(search.subject, plan, several, search.given.get("Z"))
    except (LayerError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return True
    return found is None or found.score < EXACT


def settled(subject, fit, given):
    """The ways to hand over stride and padding under which stride 2 and padding 1 come out too."""
    plan, base = fit.plan, fit.session.case.setting
    asked = {site: {m for m, _ in getattr(plan, site).values()} for site in ("make", "forward")}
    sites = [site for site, meant in asked.items() if meant & {"stride", "pad", "mode", "settings"}]
    if not sites:
        return fit
    H, k_h = (1, 1) if base.flat else (7, 3)
    tests = [
        Setting(base.N, base.C, base.O, H, 7, k_h, 3, 2, 0),
        Setting(base.N, base.C, base.O, H, 7, k_h, 3, 1, 1),
        Setting(base.N, base.C, base.O, H, 7, k_h, 3, 2, 1),
        Setting(base.N, base.C, base.O, H, 8, k_h, 3, 1, 0),
    ]
    site = sites[-1]
    function = subject.maker() if site == "make" else None
    if function is None:
        function = subject.method(fit.session.layer, plan.forward_name)
    listed = calls.options(site, function, given.get("names") or {})
    chosen = getattr(plan, site)
    listed = {
        name: found
        if chosen.get(name, calls.LEAVE)[0] in (*GEOMETRY[:3], "leave") and any(m in GEOMETRY[:3] for m, _ in found)
        else [chosen[name]]
        for name, found in listed.items()
        if name in chosen
    }
    best, best_score, shown = fit, -1.0, False
    for way in calls.combinations(listed)[:40]:
        score, other = 0.0, False
        for test in tests:
            try:
                tried = try_plan(subject, plan.but(**{site: way}), test, plan.Z.text)
            except (LayerError, ValueError, KeyError, TypeError, IndexError):
                continue
            if tried is not None and (tried.anatomy is not None or tried.plan.any_padding == plan.any_padding):
                as_asked = 0.5 if tried.anatomy is None else tried.anatomy.pads == test.pads
                score += (tried.score + ASKED * as_asked) if tried.score >= 1 else 0
                padded = tried.anatomy is not None and any(map(any, tried.anatomy.pads))
                other = other or (test.p > 0 and padded and not as_asked)
        if score > best_score + 1e-9:
            best_score, best, shown = score, way, other
        if score >= len(tests) * (EXACT + ASKED):
            break
    if isinstance(best, dict):
        words = shown or any(m == "mode" or (m == "pad" and v in (2, 3)) for m, v in best.values())
        plan = plan.but(**{site: best}, any_padding=plan.any_padding or words)
        fit = type(fit)(fit.score, plan, fit.anatomy, fit.dtype, fit.session)
    return fit
