"""How the backward pass is called, and where the gradients end up: tried, and read off shapes and names."""

import re

import numpy as np

from ..patient import calls, code, likely, names
from ..patient.adapter import Adapter
from ..patient.gradients import locate, returned_arrays, used_parts, weights_before
from ..patient.plan import DescriptionError, Source
from ..reading.needs import neighbours
from ..running import LayerError
from ..settings import Case
from .failure import EACH, WRAPPED, called_with
from .methods import backward_name
from .own_weights import lacking
from .probe import GEOMETRY

MOST_ASKED = 6  # methods that may give dX after the backward pass
MOST_OF_GRADIENT = 3  # parameters of a method that gives the gradient of the weights alone
MOST_LACKING = 2  # attributes that the backward pass asks for
MOST_WITHOUT = 2  # settings with padding that are tried where no dX was found


def somewhere(subject, plan, probes, given):
    """The plan with its gradients, from the first of these settings in which the backward pass ends; or None.

    Where the kernel's is not found, an optimiser that was handed over has to make its steps in place.
    """
    found = _somewhere(subject, plan, probes, given)
    if found is None or not plan.has_kernel or "dK" in found.sources:
        return found
    ways = [(name, way) for name, way in found.backward.items() if way[0] == "optimiser"]
    again = plan.but(make=_in_place(plan.make), fields=_in_place(plan.fields))
    if again == plan and not ways:
        return found
    return _somewhere(subject, again, probes, given | {"in_place": True}) or found


def _in_place(ways) -> dict:
    """Ways to fill parameters, in which an optimiser changes the very arrays that it is handed."""
    return {name: ("optimiser", 2) if way == ("optimiser", 0) else way for name, way in ways.items()}


def _somewhere(subject, plan, probes, given):
    best, tried = None, 0
    for probe in (p for p in probes if plan.X.fits(p.shapes["X"])):
        if best is not None and (tried > MOST_WITHOUT or probe.p == 0):
            continue  # without dX: an empty one, cut by [p:-p], shows where there is padding
        found, tried = _located(subject, plan, probe, given), tried + (best is not None)
        if found is not None and (best is None or set(best.sources) < set(found.sources)):
            best = found
        if best is not None and "dX" in best.sources:
            break
    return best


def backward_ways(subject, plan, session, given):
    """Every way to call the backward pass, those first whose stride and padding are those of the forward pass."""
    function = subject.method(session.layer, plan.backward_name, backward=True)
    parts = [*code.returned_names(subject.method(session.layer, plan.forward_name)), *subject.made_on_the_way]
    meant = {name: "part" for name in parts if name and not names.meanings("backward", name)}
    ways = calls.combinations(calls.options("backward", function, meant | (given.get("names") or {})))
    ways = [_in_place(way) if given.get("in_place") else way for way in ways]
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
    name = backward_name(layer, plan.forward_name, given.get("backward"))
    if name is not None and hasattr(layer, name):
        return [name]
    before = {plan.forward_name, *names.BUILDS, *(one if isinstance(one, str) else one[0] for one in plan.builds)}
    others = [other for other in likely.own_methods(layer) if other not in before]
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
    """The plan with the call of this backward method, and the steps after it, that show most gradients."""
    best, steps = None, [()]
    steps += [(step,) for step in names.STEPS if callable(getattr(session.layer, step, None))]
    givers = [name for name in likely.own_methods(session.layer) if _gives_gradients(session.layer, name, plan)]
    steps += [(step,) for name in givers for step in _calls_of(session.layer, name)]
    for way in backward_ways(subject, plan, session, given):
        for step in steps:
            tried = _tried(subject, plan.but(backward=way, steps=step), probe, given)
            if tried is None:
                continue
            if best is None or len(tried.sources) > len(best.sources):
                best = tried
            if _complete(tried):
                return tried
            if "dK" in tried.sources:
                break
        if best is not None and "dX" in best.sources:
            break
    if best is None or "dX" in best.sources:
        return best
    return _asked_for_dx(subject, best, probe, given, session.layer)


def _calls_of(layer, name):
    """The ways to call a method that gives gradients: X and delta under names that say nothing in both orders."""
    asked = [p.name for p in calls.parameters(getattr(layer, name)) if not p.optional]
    unknown = [one for one in asked if not (names.meanings("step", one) or likely.by_name("step", one))]
    if not 0 < len(unknown) < 3:
        return [name]
    return [(name, tuple(zip(unknown, meant, strict=False))) for meant in (("delta", "X"), ("X", "delta"))]


def _tried(subject, plan, probe, given):
    """The plan with the sources that one backward pass shows; None where it raises."""
    try:
        session, plan = _ran_with_what_it_lacks(subject, plan, probe)
    except LayerError:
        return None
    return _stepped(subject, plan.but(sources=locate(session, plan, given.get("gradients"))), probe)


def _asked_for_dx(subject, plan, probe, given, layer):
    """The plan with a method that gives dX afterwards, or a layer before that is handed it; else as it is."""
    if isinstance(layer, dict):
        return plan
    known = (plan.forward_name, plan.backward_name, *plan.builds, *plan.steps, *names.STEPS)
    asked = [n for n in likely.own_methods(layer) if n not in known]
    silent = [n for n in asked if all(p.optional for p in calls.parameters(getattr(layer, n)))]
    before = {name: ("neighbours", int(one)) for name, one in neighbours(layer, plan.backward_name).items()}
    others = [plan.but(steps=(name, *plan.steps)) for name in silent[:MOST_ASKED]]
    for other in [*others, *([plan.but(fields={**plan.fields, **before})] if before else [])]:
        tried = _tried(subject, other, probe, given)
        if tried is not None and {"dX"} | {*plan.sources} <= {*tried.sources}:
            return tried
    return plan


def _ran_with_what_it_lacks(subject, plan, probe):
    """(session, plan) after one backward pass, with the attributes that only a network sets."""
    for _ in range(MOST_LACKING):
        try:
            return ran(subject, plan, probe), plan
        except LayerError as error:
            more = lacking(subject, plan, error)
            if more is None:
                raise
            plan = more
    return ran(subject, plan, probe), plan


def sure_of_call(subject, plan, session, ways, given) -> None:
    """DescriptionError where no backward pass ended and a parameter has a name that says nothing."""
    function = subject.method(session.layer, plan.backward_name, backward=True)
    asked = [p.name for p in calls.parameters(function) if not p.optional]
    said = [*(given.get("names") or {}), *session.context.facts.get("parts", {})]
    unknown = [n for n in asked[1:] if not names.meanings("backward", n) and n.lower() not in said]
    if not unknown:
        return
    try:
        ran(subject, plan, session.case.setting)
        error = "no gradient was found after it"
    except LayerError as raised:
        error = raised
    tried = ", ".join(f"{name} as {plan.backward[name][0]}" for name in unknown if name in plan.backward)
    where = getattr(error, "where", None)  # the parameters on the line that failed, if there are any
    blamed = [n for n in asked[1:] if where and re.search(rf"\b{n}\b", where.line) and n not in said] or unknown
    listed = ", ".join(f'"{name}": …' for name in blamed)
    count = "1 way" if len(ways) == 1 else f"{len(ways)} ways"
    raise DescriptionError(
        f"{subject.name}: the backward pass could not be called: it asks for {', '.join(asked)}; tried "
        f"{count}, first {tried}: {error}.  Say what they are: "
        f"{called_with(subject, f'arguments={{{listed}}}')}, {EACH}.  {WRAPPED}"
    )


def _gives_gradients(layer, name, plan) -> bool:
    """Whether a method beside the backward pass may give the gradient of the weights: it takes delta as well."""
    if isinstance(layer, dict) or name in (plan.forward_name, plan.backward_name, *names.STEPS):
        return False
    asked = calls.parameters(getattr(layer, name))
    meant = [names.meanings("backward", p.name) or likely.by_name("backward", p.name) for p in asked]
    takes = any(found[:1] == ["delta"] for found in meant)
    return takes or ("grad" in name.lower() and sum(not p.optional for p in asked) < MOST_OF_GRADIENT)


def _stepped(subject, plan, probe):
    """The plan, where weights that are returned after a step are told from their gradients: δ = 0 leaves them.

    Only where a rate is handed over: a gradient to which the weights are added is a mistake, and looks alike.
    """
    sources, asked = dict(plan.sources), [part for part in ("dK", "db") if part in used_parts(plan.sources)]
    if not asked or "lr" not in {meaning for meaning, _ in plan.backward.values()}:
        return plan
    try:
        session = ran(subject, plan, probe, times=0)
    except LayerError:
        return plan
    returned = returned_arrays(session.returned)
    for part in asked:
        now, was = returned.get(sources[part].path), weights_before(session, plan, part)
        if now is not None and was is not None and np.any(now) and np.array_equal(now.ravel(), was.ravel()):
            sources[part] = Source("stepped", sources[part].path)
    return plan.but(sources=sources)


def ran(subject, plan, probe, times=1):
    """The layer after one backward pass of so many times the usual delta."""
    session, Z, _ = Adapter(subject, plan).forward(Case.of(probe))
    raw = plan.Z.lay_out(times * session.case.delta(Z.shape))
    session.backward(raw.reshape(np.shape(session.Z)) if isinstance(raw, np.ndarray) else raw)
    return session
