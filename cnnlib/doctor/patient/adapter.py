"""From a layer and its description to runs in any case: Adapter.run gives Z, dX, dK and db in our order."""

from dataclasses import dataclass, field

import numpy as np

from ..anatomy import agree, tolerance
from ..kinds import expected_output
from ..running import LayerError
from ..settings import KINDS, PROBES, Case
from ..truth import expected, values_of
from . import calls, likely, names
from .gradients import collect, locate, weight_paths
from .guess import Search
from .plan import DescriptionError, Plan
from .probe import GEOMETRY, read_output, settled, try_plan
from .session import Session, Subject, method_name


@dataclass
class Run:
    """One fresh layer run once in one case; ``failed`` is what its backward pass raised."""

    case: Case
    Z: np.ndarray
    dtype: object
    delta: np.ndarray
    gradients: dict = field(default_factory=dict)
    failed: LayerError | None = None
    K_after: np.ndarray | None = None
    said: list = field(default_factory=list)


class Adapter:
    """A subject and the plan under which it is run."""

    def __init__(self, subject: Subject, plan: Plan, score: float = 0.0):
        self.subject, self.plan, self.score = subject, plan, score

    def forward(self, case: Case):
        """(session, Z in our order, dtype) of a fresh layer; LayerError or ValueError where it refuses."""
        session = Session(self.subject, self.plan, case)
        return session, self._ahead(session), session.dtype

    def _ahead(self, session):
        """Z in our order from a forward pass of this session."""
        return read_output(session.forward(), self.plan.Z, expected_output(self.plan, session.case.setting))

    def output(self, case: Case) -> np.ndarray:
        """Z alone."""
        return self.forward(case)[1]

    def run(self, case: Case, delta=None) -> Run:
        """Forward and backward in a fresh layer, for delta in our order, by default the case's own."""
        return self._back(*self.forward(case), delta)

    def run_again(self, first: Case, second: Case, *, back: bool = True) -> Run:
        """The run in a second case of the layer that has run the first, forward alone or, with ``back``, both ways."""
        session, Z, dtype = self.forward(first)
        if back:
            self._back(session, Z, dtype, None)
        session.turn_to(second)
        return self._back(session, self._ahead(session).copy(), dtype, None)

    def _back(self, session, Z, dtype, delta) -> Run:
        """The backward pass after a forward pass, in one session."""
        delta = session.case.delta(Z.shape) if delta is None else delta
        run = Run(session.case, Z, dtype, delta, said=session.said)
        raw = self.plan.Z.lay_out(delta)
        theirs = getattr(session.Z, "dtype", np.dtype(float))
        if isinstance(raw, np.ndarray):
            raw = raw.reshape(np.shape(session.Z)).astype(theirs if theirs.kind == "f" else float)
        try:
            session.backward(raw)
            run.gradients = collect(session, self.plan)
            run.K_after = self._kernel_after(session)
        except LayerError as error:
            run.failed = error
        return run

    def _kernel_after(self, session):
        if not self.plan.has_kernel:
            return None
        paths = weight_paths(session, self.plan)["dK"]
        path = next((path for path in paths if not path.startswith("argument")), "argument.K")
        try:
            raw = session.arrays().get(path)
            return None if raw is None else self.plan.K.read(raw, session.case.K.shape)
        except (KeyError, ValueError, TypeError):
            return None


def adapt(subject: Subject, kind: str, given: dict, lr: float | None = None) -> Adapter:
    """The adapter for a described layer; what the description leaves open is found out.  DescriptionError."""
    search = Search(subject, kind, given, 1.0 if lr is None else lr)
    fit = search.find()
    fit = settled(subject, fit, given) if kind == "convolution" and not subject.is_instance else fit
    plan = fit.plan
    probes = [fit.session.case.setting, *search.probes, *KINDS[kind]]
    for tried in (probes[:2], probes):  # a call that fails everywhere is noticed early
        found = (
            _somewhere(subject, plan, tried, given)
            or (plan.takes_bias and _with_other_bias(search, fit, tried))
            or _with_switches(subject, plan, fit.session.layer, tried, given)
        )
        if found:
            break
    if found:
        plan = found
    else:
        session = Adapter(subject, plan).forward(fit.session.case)[0]
        plan = plan.but(backward=(_backward_ways(subject, plan, session, given) or [{}])[0])
    return Adapter(subject, _rated(subject, plan, given, lr), fit.score)


def _somewhere(subject, plan, probes, given):
    """The plan with its gradients, from the first of these settings in which the backward pass ends; or None."""
    for probe in probes:
        found = _located(subject, plan, probe, given) if plan.X.fits(probe.shapes["X"]) else None
        if found is not None:
            return found
    return None


def _with_switches(subject, plan, layer, probes, given):
    """The plan with every switch of the forward pass thrown, as training=False may have kept nothing; or None."""
    switches = dict(plan.forward)
    for p in calls.parameters(subject.method(layer, plan.forward_name)):
        if isinstance(p.default, bool):
            switches[p.name] = ("no" if p.default else "yes", 0)
        elif plan.forward.get(p.name, calls.LEAVE)[0] == "no":
            switches[p.name] = ("yes", 0)
    if switches == dict(plan.forward):
        return None
    return _somewhere(subject, plan.but(forward=switches), probes, given)


def _with_other_bias(search, fit, probes):
    """The plan with a bias of another shape, for a backward pass that takes less than its forward pass; or None."""
    for b in search.bias_layouts(fit.plan):
        try:
            tried = try_plan(search.subject, fit.plan.but(b=b), fit.session.case.setting, fit.plan.Z.text)
        except (LayerError, ValueError, KeyError, TypeError, IndexError):
            continue
        if tried is not None and tried.score >= fit.score:
            found = _somewhere(search.subject, tried.plan, probes, search.given)
            if found is not None:
                return found
    return None


def _backward_ways(subject, plan, session, given):
    function = subject.method(session.layer, plan.backward_name, backward=True)
    ways = calls.combinations(calls.options("backward", function, given.get("names") or {}))
    same = {m: v for site in (plan.make, plan.forward) for m, v in site.values() if m in GEOMETRY}
    return sorted(ways, key=lambda way: sum(v != same.get(m, v) for m, v in way.values()))[:24]


def _located(subject, plan, probe, given):
    """The plan with its backward options and sources, from one backward pass; None where the probe cannot run."""
    try:
        session = Adapter(subject, plan).forward(Case.of(probe))[0]
    except (LayerError, ValueError, TypeError):
        return None
    best = None
    for name in _backward_names(subject, plan, session.layer, given):
        found = _located_in(subject, plan.but(backward_name=name), probe, given, session)
        if found is not None and (best is None or len(found.sources) > len(best.sources)):
            best = found
        if best is not None and _complete(best):
            break
    return best


def _backward_names(subject, plan, layer, given) -> list[str]:
    """The methods that may be the backward pass: the given one, or one of a known name, else all its others."""
    if isinstance(layer, dict):
        return [given.get("backward") or plan.backward_name]
    name = given.get("backward") or method_name(layer, names.BACKWARDS, "back")
    if name is not None and hasattr(layer, name):
        return [name]
    others = [other for other in likely.own_methods(layer) if other != plan.forward_name]
    if name is not None or not others:
        raise DescriptionError(
            f"{subject.name}: a {type(layer).__name__} has no backward method; looked for "
            f"{name or ', '.join(names.BACKWARDS[:6]) + ', …'}; it has {', '.join(others) or 'no other method'}"
        )
    return others


def _complete(plan) -> bool:
    """Whether every gradient that a layer of this plan can have was found."""
    wanted = {"dX"} | ({"dK"} if plan.has_kernel else set()) | ({"db"} if plan.has_bias else set())
    return wanted <= set(plan.sources)


def _located_in(subject, plan, probe, given, session):
    """The plan with the call of this backward method and the step after it under which most gradients are found."""
    best, steps = None, [None]
    steps += [step for step in names.STEPS if callable(getattr(session.layer, step, None))]
    for way in _backward_ways(subject, plan, session, given):
        for step in steps:
            tried = plan.but(backward=way, step_name=step)
            try:
                ran = _ran(subject, tried, probe)
            except LayerError:
                continue
            tried = tried.but(sources=locate(ran, tried, given.get("gradients")))
            if best is None or len(tried.sources) > len(best.sources):
                best = tried
            if _complete(tried):
                return tried
            if "dK" in tried.sources:
                break
        if best is not None and "dX" in best.sources:
            break
    return best


def _ran(subject, plan, probe):
    session, Z, _ = Adapter(subject, plan).forward(Case.of(probe))
    raw = plan.Z.lay_out(session.case.delta(Z.shape))
    session.backward(raw.reshape(np.shape(session.Z)) if isinstance(raw, np.ndarray) else raw)
    return session


def _rated(subject, plan, given, lr):
    """The rate of steps: what was asked for, or what the layer uses of its own, read off where it is one number."""
    if not any(source.how == "step" for source in plan.sources.values()):
        return plan
    plan = plan.but(rate=plan.lr)
    if lr is not None:
        return plan
    for probe in (PROBES[2], *PROBES):
        if not plan.X.fits(probe.shapes["X"]) or not plan.K.fits(probe.shapes["K"]):
            continue
        adapter = Adapter(subject, plan)
        try:
            run = adapter.run(Case.of(probe))
        except (LayerError, ValueError):
            continue
        rates = _rates(run, expected(adapter, run))
        meanings = {m for site in (plan.make, plan.forward, plan.backward) for m, _ in site.values()}
        sure = len(rates) == 2 and abs(rates[0] - rates[1]) <= 1e-5 * rates[0]  # as a momentum's first step
        if rates and (sure or "lr" not in meanings):
            return plan.but(rate=rates[0] * plan.rate)
        break
    return plan


def _rates(run, right) -> list[float]:
    """The factors between the steps of K and b and their gradients, where there is one."""
    found = []
    for part in ("dK", "db"):
        got, wanted = run.gradients.get(part), values_of(getattr(right.gradients, part)) if right else None
        if got is None or wanted is None or got.shape != wanted.shape or np.size(wanted) < 2 or not np.any(wanted):
            continue
        rate = float(np.sum(got * wanted) / np.sum(wanted * wanted))
        if rate > 0 and agree(got / rate, wanted, max(tolerance(run.dtype), 1e-6)):
            found.append(rate)
    return found
