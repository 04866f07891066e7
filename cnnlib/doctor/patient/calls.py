"""Calling somebody else's constructor or function: each parameter gets the value that its name asks for.

An option is a pair (meaning, variant): ("stride", 0) is the stride as a number, ("stride", 1) as a pair.
:func:`options` lists those of every parameter, the likeliest first; :func:`call` makes the call.
"""

import enum
import itertools

import numpy as np

from ..reading.arguments import WORDS, compared_words, kinds_of_arguments, of_type
from ..reading.roles import called, ways_of
from ..reading.signature import parameters, takes_anything
from ..reading.variants import variants
from . import likely, names
from .carrier import CARRIED, in_lists, weights_in
from .code import knows_no_arrays, read_of
from .context import Context
from .uses import NUMBERS, kinds_of_value, unused

LEAVE = ("leave", 0)  # the parameter keeps its default
IN_ORDER = {
    "make": ("K", "b", "stride", "pad"),
    "forward": ("X", "K", "b", "stride", "pad"),
    "backward": ("delta", "cache", "lr"),
    "step": ("lr", "delta"),
}
FIRST = {"forward": "X", "backward": "delta"}  # the first parameter
ONCE = ("X", "K", "b", "delta", "C", "O", "input shape", "cache", "Z", "lr")  # each for one parameter at most
BETTER_LEFT = ("no", "yes", "single", "linear", "N", "settings", "initialiser", "label")  # with a default
BETTER_LEFT += ("sink", "axes")
MOST = 96


def options(site: str, function, given: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Parameter → its options at "make", "forward" or "backward".  ``given`` maps names to meanings and wins."""
    asked = parameters(function)
    said = kinds_of_arguments(function)
    if site == "make":
        said = kinds_of_value(function) | {name: kind for name, kind in said.items() if kind == WORDS}
    known = _meanings(site, asked, given, said) | likely.slopes(site, function, asked, given)
    used = ways_of(site, function, known, given)
    known |= {name: [ways[0][0]] for name, ways in used.items()}
    if not isinstance(function, type):  # a class's are found with its constructor
        words = {n: ws for n, ws in compared_words(function).items() if n in known and not known[n]}
        used |= {name: [("said", word) for word in said] for name, said in words.items() if name not in given}
        known |= {name: ["said"] for name in words}
    _disambiguate(site, known)
    left = [meaning for meaning in IN_ORDER[site] if not any(meaning in found[:1] for found in known.values())]
    counted = {meaning for found in known.values() for meaning in found[:1]} & set(likely.COUNTS)
    chosen = {}
    for p in asked:
        found = known[p.name]
        if not found and not p.optional:
            found = likely.by_place(site, left, counted, len(chosen), said.get(p.name))
            left = [meaning for meaning in left if meaning != found[0]]
        listed = used.get(p.name) or [
            (m, variant) for m in found for variant in variants(m, p, said.get(p.name, p.said))
        ]
        worded = isinstance(p.default, str) and p.default.lower() not in names.PADDINGS  # as "no" for a padding
        left_out = found[:1] and found[0] in (*BETTER_LEFT, "said") and not (found[0] == "settings" and p.default)
        if isinstance(p.default, enum.Enum):
            listed = _members(type(p.default))
        elif p.optional and (not listed or worded or _is_empty(p.default) or left_out):
            listed = [LEAVE, *listed]
        elif p.optional:  # a size that may be None may be left out
            listed.insert(1 if p.default is None and found[0] in (*likely.COUNTS, "K", "b") else len(listed), LEAVE)
        chosen[p.name] = listed[:1] if site == "make" and p.name in unused(function) else listed
    return chosen | {n: [way] for n, way in given.items() if n in chosen and isinstance(way, tuple)}


def _members(kind) -> list:
    """The ways to fill a parameter whose default is a member of an enumeration: by its paddings, or one by one."""
    if any(member.name.lower() in names.PADDINGS for member in kind):
        return [("mode", kind), LEAVE]
    return [LEAVE, *(("said", member) for member in kind)]


def _is_empty(default) -> bool:
    """Whether a default is an empty list or dict: it is filled only if it has to be."""
    return isinstance(default, (list, tuple, dict)) and not default


def _meanings(site, asked, given, said) -> dict[str, list[str]]:
    """Parameter → what it may mean, by the lists of names, else by parts of its name, its default or its place."""
    told = {n: ["value" if isinstance(way, tuple) else way] for n, way in given.items()}  # a value has no meaning
    known = {p.name: told.get(p.name) or names.meanings(site, p.name) for p in asked}
    for p in asked:
        if not known[p.name]:
            value = p.default if p.optional else None  # with a number as its default a name of weights says nothing
            known[p.name] = [m for m in likely.by_name(site, p.name) if value is None or m not in ("delta", "K")]
        if p.name not in given:
            counted = NUMBERS if type(p.default) is int and known[p.name][1:] else None  # one of several meanings
            kind = p.said or (said.get(p.name) if site != "make" or said.get(p.name) == WORDS else None)
            kept = of_type(site, known[p.name], kind or counted)
            known[p.name] = kept or of_type(site, likely.by_name(site, p.name), kind)
    for p in asked:
        if isinstance(p.default, str) and known[p.name][:1] == ["mode"] and p.default.lower() not in names.PADDINGS:
            known[p.name] = []
        if isinstance(p.default, bool) and p.name not in given and known[p.name][:1] == ["b"]:
            known[p.name] = [] if p.default else ["yes"]  # a bias that is there and not used is a mistake
    sure = {meaning for found in known.values() for meaning in found[:1]}
    for p in asked:
        if not known[p.name] and p.optional:
            known[p.name] = [m for m in likely.by_default(site, p.name, p.default) if m not in sure]
    first = next((p.name for p in asked if not p.optional and known[p.name][:1] not in (["cache"], ["bag"])), None)
    wanted = FIRST.get(site)
    if wanted and first and first not in given and not any(wanted in found for found in known.values()):
        known[first] = [wanted, *known[first]]
    return known


def _disambiguate(site, known):
    """Names of several meanings: an array beside a bias, a number beside in_channels, nothing twice."""
    sure = {meaning for found in known.values() for meaning in found[:1] if len(found) == 1}
    if site == "make" and sure & set(likely.COUNTS) and "b" not in sure:
        for found in known.values():
            if "K" in found and len(found) > 1:
                found.remove("K")
    sure = {meaning for found in known.values() for meaning in found[:1] if len(found) == 1}
    if site == "make" and "input shape" in sure:
        sure.add("C")
    if site == "make" and "K" not in sure and "beta" in known:  # beside no kernel it is a momentum
        known["beta"] = ["no"]
    for found in known.values():
        if len(found) > 1:
            found.sort(key=lambda meaning: meaning in sure)
    if site == "make" and {"C", "O"} <= sure and not any({"k", "K"} & {*found[:1]} for found in known.values()):
        for found in known.values():
            if found[:1] in (["H"], ["W"]):  # beside the maps, and nothing else, these are the kernel's
                found.insert(0, "k")
    firsts = [found[0] for found in known.values() if found]
    if site == "forward" and firsts == ["X", "b"]:  # an op compute(a, b): no layer is handed its bias alone
        next(found for found in known.values() if found[:1] == ["b"]).insert(0, "K")
    for meaning in ("delta", "X", "K") if site != "make" else ():
        holders = [name for name, found in known.items() if found[:1] == [meaning]]
        for name in holders[1:]:
            if len(known[name]) > 1:
                known[name].pop(0)


def combinations(listed: dict[str, list]) -> list[dict[str, tuple[str, int]]]:
    """Every way to fill the parameters, the likeliest first, at most MOST."""
    names_, found = list(listed), list(listed.values())
    sizes = [range(len(each)) for each in found]
    while np.prod([len(size) for size in sizes], dtype=float) > 20000:
        longest = max(range(len(sizes)), key=lambda i: len(sizes[i]))
        sizes[longest] = range(len(sizes[longest]) - 1)

    def rank(way):
        meant = [found[i][place][0] for i, place in enumerate(way)]
        twice = sum(meant.count(meaning) > 1 for meaning in ONCE)
        return (twice, sum(way), max(way, default=0))

    ways = sorted(itertools.product(*sizes), key=rank)[:MOST]
    return [{name: found[i][way[i]] for i, name in enumerate(names_)} for way in ways]


def call(function, site: str, chosen: dict[str, tuple[str, int]], context: Context):
    """Call with the chosen options; positional parameters by position, so that wrappers see what they expect."""
    if takes_anything(function):
        positional = IN_ORDER[site] if site == "make" else IN_ORDER[site][:1]
        return function(*(context.value(meaning, 0, "") for meaning in positional))
    args, kwargs, skipped = [], {}, False
    read = (read_of(function), knows_no_arrays(function), called(function))
    for p in parameters(function):
        option = chosen.get(p.name, LEAVE)
        if option == LEAVE and p.optional:
            skipped = True
        elif p.name.startswith("*"):
            args += _handed(read, p.name, option, context)
        elif p.positional and not skipped:
            args.append(_handed(read, p.name, option, context))
        else:
            kwargs[p.name] = _handed(read, p.name, option, context)
    return function(*args, **kwargs)


def _handed(read, name, option, context):
    """The value of one parameter, in what the function takes it out of or as lists, as its code says."""
    value, (read, no_arrays, methods) = context.value(*option, name), read
    read = read.get(name)
    if read and option[0] in CARRIED:
        return context.carried(option[0], name, read, value, methods.get(name, ()))
    if read and option[0] == "settings":
        object.__setattr__(value, "read", read)
    return in_lists(value) if no_arrays else value


def carried(function, chosen) -> set[str]:
    """K and b, as far as this way to call the function hands them over inside of something else."""
    read = read_of(function)
    boxes = [read[name] for name, (meaning, _) in chosen.items() if meaning in ("settings", "K") and name in read]
    return {meaning for box in boxes for meaning in weights_in(box)}


def keyed(maker, chosen) -> set[str]:
    """The same for a constructor, which may ask for sizes: only under a key that it is handed as well."""
    return carried(maker, chosen) if maker and any("" in keys for keys in read_of(maker).values()) else set()
