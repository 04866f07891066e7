"""Layers that a word or a switch tells what to compute, as mode="average" or transposed=True: each is examined.

The words are those that the layer's code compares something with, the switches those that it branches on; a forward
pass that is not known is left out.
"""

import re

from ..anatomy import ACTIVATIONS
from ..checks.series import examined
from ..examination import RIGHT, WRONG
from ..kinds import ANYTHING, has_kernel
from ..patient import calls, code, names
from ..patient.adapter import Adapter
from ..running import LayerError
from .conventions import MEAN
from .finding import findings

POOLS = {"mean": "mean pooling", "avg": "mean pooling", "average": "mean pooling", "max": "max pooling"}
SLOPES = (*ACTIVATIONS, "gelu", "leaky_relu", "leakyrelu", "lrelu", "softmax", "identity", "swish", "mish", "selu")
MOST = 5
NO_MODE = (
    r"train|froz|freez|learn|updat|first|last|debug|verb|log|bias|grad|test|eval|regular|accum|plot|print|copy"
)


def in_all_modes(adapter, settings, *, told: bool = False):
    """(adapter, visits, findings, sentences): of the usual mode, or of the first that is wrong."""
    visits = examined(adapter, settings, told=told)
    found, said = findings(adapter, visits), []
    chosen = adapter, visits, found
    for site, name, word in [*_other_words(adapter), *_other_switches(adapter)][:MOST]:
        for other in _in_mode(adapter, site, name, word):
            try:
                seen = examined(other, settings, told=told)
            except (LayerError, ValueError, TypeError):
                seen = []
            if _is_known(other, seen):
                break
        if not _is_known(other, seen):
            if any(v.refused is None for v in seen):
                said.append(f"not examined with {name}={word!r}: its forward pass is none of the known ones")
            continue
        there = findings(other, seen)
        wrong = _is_wrong(there)
        if not wrong and not any(
            finding.verdict in (RIGHT, MEAN) for part, finding in there.items() if part != "forward"
        ):
            said.append(f"not examined with {name}={word!r}: no gradient could be had")
            continue
        said.append(f"with {name}={word!r} {'it is wrong' if wrong else 'nothing is wrong'}")
        if wrong and not _is_wrong(chosen[2]):
            chosen = other, seen, there
    return (*chosen, said)


def _is_wrong(found) -> bool:
    return any(finding.verdict == WRONG for finding in found.values())


def _is_known(adapter, visits) -> bool:
    """Whether the forward pass ran, and was what its kind should be wherever it ran."""
    ran = [v for v in visits if v.refused is None and v.run is not None]
    known = [v for v in ran if v.expected is not None and v.expected.anatomy is not None]
    return bool(ran) and (len(known) == len(ran) or adapter.plan.kind == "activation")


def _in_mode(adapter, site, name, word) -> list[Adapter]:
    """The layer with this word; with a switch its output may have another size, and with it a bias one a place."""
    plan = adapter.plan
    way = {**getattr(plan, site), name: ("said", word)}
    kind = POOLS.get(word.lower(), plan.kind) if isinstance(word, str) and "pooling" in plan.kind else plan.kind
    plans = [plan.but(**{site: way}, kind=kind, activation=None)]
    if isinstance(word, bool) and has_kernel(kind):
        wider = plans[0].but(any_padding=True)
        untied = plan.bias_path and plan.bias_layout.ours == "OHW"
        rest = {part: source for part, source in plan.sources.items() if part != "db"}
        plans = [wider, *([wider.but(b=None, bias_path=None, takes_bias=False, sources=rest)] if untied else [])]
    return [Adapter(adapter.subject, one, adapter.score) for one in plans]


def _other_switches(adapter) -> list[tuple[str, str, bool]]:
    """(site, parameter, its other position) for the switches that decide something."""
    plan, subject = adapter.plan, adapter.subject
    if subject.is_instance or plan.kind == ANYTHING:
        return []
    sites = {"make": subject.maker()} if subject.pair is None else {"forward": subject.thing}
    return [
        (site, p.name, not p.default)
        for site, function in sites.items()
        for p in (calls.parameters(function) if function is not None else ())
        if isinstance(p.default, bool)
        and getattr(plan, site).get(p.name, calls.LEAVE) in (calls.LEAVE, ("no", 0))
        and not re.search(NO_MODE, p.name.lower())
        and names.meanings(site, p.name)[:1] not in (["no"], ["yes"])
        and code.branches_on(function, p.name)
    ]


def _other_words(adapter) -> list[tuple[str, str, str]]:
    """(site, parameter, word) for every word of the layer's code that the parameter could be given instead."""
    plan, subject = adapter.plan, adapter.subject
    if subject.is_instance or plan.kind not in ("activation", "max pooling", "mean pooling", "convolution"):
        return []
    known = POOLS if "pooling" in plan.kind else SLOPES
    things = filter(None, (subject.thing, subject.pair))
    words = [word for thing in things for word in code.words_of(thing) if word.lower() in known]
    if "pooling" in plan.kind:  # the last branch of an if says no word
        words += [usual for usual in ("max", "average") if POOLS[usual] not in {POOLS[w.lower()] for w in words}]
    sites = {"make": subject.maker()}
    if subject.pair is not None:
        sites = {"forward": subject.thing}
    found = []
    for site, function in sites.items():
        for p in calls.parameters(function) if function is not None else ():
            meant, at = getattr(plan, site).get(p.name, calls.LEAVE)[0], p.default
            word = isinstance(at, str) and at.lower() in known
            if meant == "linear" or (meant == "mode" and not has_kernel(plan.kind)) or word:
                now = at if meant == "leave" else None
                plain = ("softmax", "linear", "identity") if meant == "linear" else ("softmax",)
                found += [(site, p.name, w) for w in words if w != now and names.squeezed(w) not in plain]
    return found
