"""The sentence for a layer that could not be driven: what was tried, what was found, and the line to add."""

import re

from ..kinds import ANYTHING, TRANSPOSED, has_kernel
from ..patient import calls, likely, names
from ..patient.session import method_name
from ..settings import KINDS

SAID = '"X", "K", "b", "stride", "pad", "k", "C", "O"'
MOST = 260


def nothing_found(search) -> str:
    """No forward pass was found: how often, with which arrays, the first errors, and what the caller may say."""
    subject, kind, given = search.subject, search.kind, search.given
    told = ", ".join(f'{name}="{given[name]}"' for name in ("X", "K", "Z") if given.get(name))
    fitting = (p.shapes for p in search.probes if search.x[0].fits(p.shapes["X"]))
    shapes, laid = next(fitting, search.probes[0].shapes), []
    for name, layouts in (("X", search.x), ("K", search.k)):
        if layouts[0].fits(shapes[name]) and (name == "X" or has_kernel(kind)):
            laid.append(f"{name} {layouts[0].shape(shapes[name])}")
    found = "; ".join(dict.fromkeys(search.errors))
    found = f"{found:.{MOST}}{'…' * (len(found) > MOST)}" or "no output had the shape of a layer of this kind"
    return (
        f"{subject.name}: no forward pass of a {kind} was found{' with ' + told if told else ''}.  Tried in "
        f"{max(search.tries, 1)} ways, among others with {', '.join(laid)}.  Found: {found}.  {line_to_add(search)}"
    )


def line_to_add(search) -> str:
    """What the caller can do: say what a parameter means, build the layer, or mend a line that always fails."""
    subject = search.subject
    unknown = [name for site, function in _functions(subject) for name in _unknown(site, function, search.given)]
    if unknown:
        asked = ", ".join(f'"{one}": …' for one in dict.fromkeys(unknown))
        called = called_with(subject, f"arguments={{{asked}}}")
        return f"Say what its parameters are: {called}, each one of {SAID}."
    if subject.maker() is not None and search.errors and all("the constructor raised" in e for e in search.errors):
        asked = ", ".join(p.name for p in calls.parameters(subject.maker()) if not p.optional)
        return f"It could not be built.  Build it yourself: layer = {subject.name}({asked}), then examine(layer)."
    if any("the forward pass raised" in error for error in search.errors):
        return "If that line fails for your images too, mend it first: what comes behind it has never run."
    told = 'X="NHWC", K="HWIO"' if not search.given.get("X") else 'Z="NHWO"'
    return f"If its arrays are laid out in a rarer way, say how, as in {called_with(subject, told)}."


def called_with(subject, words: str) -> str:
    """The call of ``examine`` for a subject, with these words."""
    pair = [getattr(subject.pair, "__name__", "backward")] if subject.pair else []
    return f"examine({', '.join([subject.name, *pair, words])})"


def runs_alone(subject, kind: str, adapter) -> str:
    """A layer that goes forth and back, but is none of its kind, and of whose gradients none is right."""
    X = adapter.plan.X
    line = called_with(subject, f'kind="{ANYTHING}", X="{X}"')
    return (
        f"{subject.name}: no forward pass of a {kind} was found.  It runs with X laid out as {X}; what it gives "
        f"back then is no gradient of its own forward pass.  If that is how it is called, {line} says where."
    )


def _functions(subject):
    """(site, function) for the constructor and the forward pass, as far as they can be had without a layer."""
    if subject.maker() is not None:
        yield "make", subject.maker()
    kind = subject.thing
    forward = method_name(kind, names.FORWARDS, "forward") if isinstance(kind, type) else None
    if forward or subject.pair:
        yield "forward", getattr(kind, forward) if forward else kind


def _unknown(site, function, given) -> list[str]:
    """The required parameters whose names say nothing."""
    said = given.get("names") or {}
    return [
        p.name
        for p in calls.parameters(function)
        if not p.optional and p.name not in ("self", *said)
        if not names.meanings(site, p.name) and not likely.by_name(site, p.name)
    ]


def not_driven(subject) -> str:
    """The sentence for a layer that was taken for none of the known kinds, and could not be driven either."""
    by_name = (
        "a transposed convolution by its name" if re.search(TRANSPOSED, subject.name.lower()) else "of any kind"
    )
    return (
        f"{subject.name} is {by_name}; known are {', '.join(KINDS)}.  It was compared with central differences "
        f"of its own forward pass, but no way to call it made it go forth and back."
    )
