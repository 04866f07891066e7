"""The whole description of a layer: its forward pass, how its backward pass is called, the rate of its steps."""

from ..patient import calls, names
from ..patient.adapter import Adapter
from ..patient.axes import Layout
from ..patient.session import Subject
from ..reading.arguments import compared_words
from ..reading.building import builds_of
from ..running import LayerError
from ..settings import KINDS
from .backward import backward_ways, somewhere, sure_of_call
from .guess import Search
from .probe import settled, try_plan
from .sources import rated, with_own_layout


def adapt(subject: Subject, kind: str, given: dict, lr: float | None = None) -> Adapter:
    """The adapter for a described layer; what the description leaves open is found out.  DescriptionError."""
    search = Search(subject, kind, given, 1.0 if lr is None else lr)
    fit = search.find()
    known = subject.is_instance
    fit = settled(subject, fit, given) if kind == "convolution" and not known else fit
    plan = fit.plan
    probes = [fit.session.case.setting, *search.probes, *KINDS[kind]]
    if plan.builds and somewhere(subject, plan, probes[:1], given) is None:  # told something else, it may go back
        fresh = search.layer_of(plan.make, fit.session.case.setting)
        plan = _with_builds(subject, plan, fresh, probes, given) or plan
    for tried in (probes[:2], probes):  # a call that fails everywhere is noticed early
        found = (
            somewhere(subject, plan, tried, given)
            or (plan.takes_bias and _with_other_bias(search, fit, tried))
            or _with_flat_input(search, fit, tried)
            or _with_switches(subject, plan, fit.session.layer, tried, given)
            or _with_builds(subject, plan, fit.session.layer, tried, given)
        )
        if found and "dX" in found.sources:
            break
    if found:
        plan = with_own_layout(subject, found, probes[0])
    else:
        session = Adapter(subject, plan).forward(fit.session.case)[0]
        ways = backward_ways(subject, plan, session, given)
        plan = plan.but(backward=(ways or [{}])[0])
        sure_of_call(subject, plan, session, ways, given)
    return Adapter(subject, rated(subject, plan, lr), fit.score)


def _with_switches(subject, plan, layer, probes, given):
    """The plan with every switch of the forward pass thrown, as mode="predict" may have kept nothing; or None."""
    switches, method = dict(plan.forward), subject.method(layer, plan.forward_name)
    words = compared_words(getattr(method, "__func__", method))
    for p in calls.parameters(method):
        others = [word for word in words.get(p.name, ()) if word != p.default]
        if isinstance(p.default, str) and p.default.lower() not in names.PADDINGS and others:
            switches[p.name] = ("said", others[0])
        elif isinstance(p.default, bool):
            switches[p.name] = ("no" if p.default else "yes", 0)
        elif plan.forward.get(p.name, calls.LEAVE)[0] == "no":
            switches[p.name] = ("yes", 0)
    if switches == dict(plan.forward):
        return None
    return somewhere(subject, plan.but(forward=switches), probes, given)


def _with_builds(subject, plan, layer, probes, given):
    """The plan with a method that prepares the backward pass alone, as compile(lr) does; or None."""
    ways = [way for way in builds_of(layer) if way != plan.builds and len(way) >= len(plan.builds)]
    found = (somewhere(subject, plan.but(builds=one), probes[:1], given) for one in ways)
    return next((one for one in found if one is not None), None)


def _with_flat_input(search, fit, probes):
    """The plan with X in rows, as Z is: a forward pass that reshapes takes both, a backward pass one; or None."""
    groups = fit.plan.X.groups
    if groups[:1] != ["N"] or len(groups) == 2 or all(len(group) == 1 for group in fit.plan.Z.groups):
        return None
    rows = fit.plan.but(X=Layout(f"N({''.join(groups[1:])})", "NCHW"))
    try:
        tried = try_plan(search.subject, rows, fit.session.case.setting, fit.plan.Z.text)
    except (LayerError, ValueError, KeyError, TypeError, IndexError):
        return None
    if tried is None or tried.score < fit.score:
        return None
    return somewhere(search.subject, tried.plan, probes, search.given)


def _with_other_bias(search, fit, probes):
    """The plan with a bias of another shape, for a backward pass that takes less than its forward pass; or None."""
    for b in search.bias_layouts(fit.plan):
        try:
            tried = try_plan(search.subject, fit.plan.but(b=b), fit.session.case.setting, fit.plan.Z.text)
        except (LayerError, ValueError, KeyError, TypeError, IndexError):
            continue
        if tried is not None and tried.score >= fit.score:
            found = somewhere(search.subject, tried.plan, probes, search.given)
            if found is not None:
                return found
    return None
