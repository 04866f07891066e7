"""The sentence for a layer that could not be driven: what was tried, what was found, and the line to add.

A parameter is named only if something points at it: the line that failed works with it, or nothing failed and its
name says nothing.
"""

import ast
import re

from ..kinds import ANYTHING, TRANSPOSED, has_kernel
from ..patient import calls, likely, names
from ..patient.code import tree_of
from ..patient.plan import MEANINGS, WORDS
from ..reading.certain import fails_for_everybody
from ..reading.methods import method_name
from ..settings import KINDS

MOST = 300  # characters of errors
MOST_NAMED = 3  # parameters in one sentence
WRAPPED = (
    "Or wrap it: a class with __init__(self, K, b, stride=1, pad=0), forward(self, X) and backward(self, dZ), "
    "which returns dX, dK, db, can always be examined; help(doctor.examine) shows one."
)
EACH = f"one of {WORDS}, or the value itself"
LATER = "Mend it first: what comes behind it has never run."


def nothing_found(search) -> str:
    """No forward pass was found: how often, with which arrays, the first errors, and what the caller may say."""
    subject, kind, given = search.subject, search.kind, search.given
    told = ", ".join(f'{name}="{given[name]}"' for name in ("X", "K", "Z") if given.get(name))
    fitting = (p.shapes for p in search.probes if search.x[0].fits(p.shapes["X"]))
    shapes, laid = next(fitting, search.probes[0].shapes), []
    for name, layouts in (("X", search.x), ("K", search.k)):
        if layouts[0].fits(shapes[name]) and (name == "X" or has_kernel(kind)):
            laid.append(f"{name} {layouts[0].shape(shapes[name])}")
    tries = "1 way" if search.tries < 2 else f"{search.tries} ways"
    return (
        f"{subject.name}: no forward pass of {_a(kind)} was found{' with ' + told if told else ''}.  Tried in "
        f"{tries}, among others with {', '.join(laid)}.  Found: {_found(search.errors)}.  "
        f"{line_to_add(search)}"
    )


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _found(errors) -> str:
    """The first errors, whole, as many as there is room for."""
    said = list(dict.fromkeys(map(str, errors)))
    kept = said[:1] + [one for place, one in enumerate(said[1:3]) if sum(map(len, said[: place + 2])) < MOST]
    return "; ".join(kept) or "no output had the shape of a layer of this kind"


def line_to_add(search) -> str:
    """What the caller can do: say what a parameter is, build the layer, wrap it, or mend a line of his."""
    subject, errors = search.subject, search.errors
    if errors and fails_for_everybody(errors[0]):
        return f"That line fails whatever it is given.  {LATER}"
    unknown = [name for site, function in _functions(subject) for name in _unknown(site, function, search.given)]
    blamed = [name for name in blamed_for(errors[0], subject) if name not in _told(search)] if errors else []
    asked = list(dict.fromkeys(blamed or ([] if errors else unknown)))[:MOST_NAMED]
    if asked:
        named = ", ".join(f'"{one}": …' for one in asked)
        called = called_with(subject, f"arguments={{{named}}}")
        whose = f"{_and(asked)}, whose meaning"
        why = f"That line works with {whose} was guessed{_taken_for(search, asked)}." if errors else ""
        why = why or f"It asks for {whose} no name tells."
        return f"{why}  Say what {'it is' if len(asked) == 1 else 'they are'}: {called}, {EACH}.  {WRAPPED}"
    if subject.maker() is not None and errors and all("the constructor raised" in str(e) for e in errors):
        needed = ", ".join(p.name for p in calls.parameters(subject.maker()) if not p.optional)
        build = f"layer = {subject.name}({needed}), then examine(layer)"
        return f"It could not be built.  Build it yourself: {build}.  {WRAPPED}"
    if errors and search.given.get("X") and search.given.get("K"):
        return (
            "That line raised for every image of this layout that was tried: if it does for yours, mend it first."
        )
    told = 'X="NHWC", K="HWIO"' if not search.given.get("X") else f'X="{search.given["X"]}", K="HWIO", Z="NHWO"'
    return f"If its arrays are laid out in a rarer way, say how, as in {called_with(subject, told)}.  {WRAPPED}"


def _taken_for(search, asked) -> str:
    """What these parameters were first taken for, as ": prev as X, size as k"."""
    ways = [search.options(site, function)[0] for site, function in _functions(search.subject)]
    taken = {name: meaning for way in reversed(ways) for name, (meaning, _) in way.items()}
    said = [f"{name} as {taken[name]}" for name in asked if taken.get(name) in MEANINGS]
    return f": {', '.join(said)}" if said else ""


def _and(words) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _told(search) -> dict:
    return search.given.get("names") or {}


def blamed_for(error, subject) -> list[str]:
    """The parameters that the line of an error works with, by name or by way of attributes of the object."""
    where, lacks = getattr(error, "where", None), getattr(getattr(error, "error", None), "name", None)
    asked = [(site, p.name) for site, function in _functions(subject) for p in calls.parameters(function)]
    known = {name for site, name in asked if names.meanings(site, name)[:1] not in (["X"], ["K"], ["b"])} - {"self"}
    line, tree = where.line if where else "", tree_of(subject.thing)
    holders = re.findall(rf"(\w+)\.{lacks}\b", line) if lacks else []  # of what, an AttributeError says
    lost = isinstance(getattr(error, "error", None), KeyError)  # a key of the layer's own says nothing of others
    source = ast.unparse(tree) if tree and not lost else ""
    named = [name for name in holders if name in known] or _names_in(line, source)
    return [name for name in dict.fromkeys(named) if name in known]


def _names_in(line: str, source: str, depth: int = 2) -> list[str]:
    """The names in a line, then those from which the attributes in it were made."""
    right = line.split("=", 1)[-1] if re.match(r"\s*self\.\w+\s*=[^=]", line) else line
    found = re.findall(r"(?<![\w.])[A-Za-z_]\w*", right)
    for attribute in dict.fromkeys(re.findall(r"self\.(\w+)", right)) if depth else ():
        made = re.search(rf"self\.{attribute}\s*=([^=].*)", source)
        found += _names_in(made[1], source, depth - 1) if made else []
    return list(dict.fromkeys(found))


def called_with(subject, words: str) -> str:
    """The call of ``examine`` for a subject, with these words."""
    pair = [getattr(subject.pair, "__name__", "backward")] if subject.pair else []
    return f"examine({', '.join([subject.name, *pair, words])})"


def runs_alone(subject, kind: str, adapter) -> str:
    """A layer that goes forth and back, but is none of its kind, and of whose gradients none is right."""
    X = adapter.plan.X
    line = called_with(subject, f'kind="{ANYTHING}", X="{X}"')
    return (
        f"{subject.name}: no forward pass of {_a(kind)} was found.  It runs with X laid out as {X}, which is a "
        f"guess; what it gives back then is no gradient of its own forward pass.  If X is laid out so, {line} says "
        f"where; if not, say how it is.  {WRAPPED}"
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
    by_name = re.search(TRANSPOSED, subject.name.lower())
    taken = "is a transposed convolution by its name" if by_name else "was taken for a layer of no known kind"
    return (
        f"{subject.name} {taken}; known are {', '.join(KINDS)}.  It was compared with central differences of its "
        f"own forward pass, but no way to call it made it go forth and back.  {WRAPPED}"
    )
