"""Layers that a word tells what to compute, as mode="average" or activation="relu": every known word is examined.

The words are those that the layer's code compares something with; a forward pass that is not known is left out.
"""

from ..anatomy import ACTIVATIONS
from ..examination import WRONG, examined
from ..kinds import has_kernel
from ..patient import calls, code, names
from ..patient.adapter import Adapter
from ..running import LayerError
from .finding import findings

POOLS = {"mean": "mean pooling", "avg": "mean pooling", "average": "mean pooling", "max": "max pooling"}
SLOPES = (*ACTIVATIONS, "gelu", "leaky_relu", "leakyrelu", "lrelu", "softmax", "identity", "swish", "mish", "selu")
MOST = 5


def in_all_modes(adapter, settings):
    """(adapter, visits, findings, sentences): of the usual mode, or of the first that is wrong."""
    visits = examined(adapter, settings)
    found, said = findings(adapter, visits), []
    chosen = adapter, visits, found
    for site, name, word in _other_words(adapter)[:MOST]:
        other = _in_mode(adapter, site, name, word)
        try:
            seen = examined(other, settings)
        except (LayerError, ValueError, TypeError):
            continue
        if not _is_known(other, seen):
            if any(v.refused is None for v in seen):
                said.append(f"not examined with {name}={word!r}: its forward pass is none of the known ones")
            continue
        there = findings(other, seen)
        wrong = _is_wrong(there)
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


def _in_mode(adapter, site, name, word) -> Adapter:
    plan = adapter.plan
    way = {**getattr(plan, site), name: ("said", word)}
    kind = POOLS.get(word.lower(), plan.kind) if "pooling" in plan.kind else plan.kind
    return Adapter(adapter.subject, plan.but(**{site: way}, kind=kind, activation=None), adapter.score)


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
