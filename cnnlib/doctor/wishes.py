"""What the caller wishes to have examined, and his description of it: DescriptionError where it cannot be right."""

import inspect
import math
import operator

from .anatomy import ACTIVATIONS
from .kinds import ANYTHING, kind_of
from .patient import calls, likely, names
from .patient.axes import AXIS_STRINGS, Layout
from .patient.gradients import PARTS
from .patient.plan import MEANINGS, DescriptionError
from .patient.session import Subject
from .settings import KINDS, Setting
from .styles import as_subject

TINY, MOST_CELLS = 1e-100, 10**6


def of_their_types(given: dict) -> None:
    """DescriptionError where a word of the description is of a type that it cannot have."""
    names_of_gradients = given["gradients"]
    if isinstance(names_of_gradients, dict):
        names_of_gradients = list(names_of_gradients.values())
    for name, value, fits, expected in (
        ("backward", given["backward"], _is_backward, "a function, several of them, or the name of the method"),
        *((name, given[name], _is_text, 'letters, as in "NCHW"') for name in AXIS_STRINGS),
        ("forward", given["forward"], _is_text, "the name of the forward method"),
        ("gradients", names_of_gradients, _are_names, '"returned", "step", or names, as in ("dW", "db")'),
        ("without", given["without"], _are_names, 'names of gradients, as in ("dX",)'),
        ("arguments", given["arguments"], _is_table, 'a dict of parameters, as in {"q": "stride"}'),
        ("settings", given["settings"], _are_several, "a list of Settings, or of eight numbers each"),
    ):
        if value is not None and not fits(value):
            raise DescriptionError(f"{name}={value!r:.60}: expected {expected}; found {type(value).__name__}")


def _is_text(value) -> bool:
    return isinstance(value, str)


def _is_table(value) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value))


def _are_names(value) -> bool:
    return _is_text(value) or (_are_several(value) and all(one is None or _is_text(one) for one in value))


def _are_several(value) -> bool:
    return isinstance(value, (list, tuple))


def _is_backward(value) -> bool:
    return callable(value) or _is_text(value) or (_are_several(value) and value != () and all(map(callable, value)))


def subject_of(layer, backward):
    """The subject of an examination; DescriptionError for what is no layer, and for half of a pair."""
    if (not callable(layer) and not hasattr(layer, "__dict__")) or inspect.ismodule(layer):
        raise DescriptionError(
            f"expected a class, an object or two functions; found {type(layer).__name__} {layer!r:.60}"
        )
    asked = [p.name for p in calls.parameters(layer)] if inspect.isfunction(layer) else []
    name = getattr(layer, "__name__", "")
    if asked[:1] == ["self"]:
        raise DescriptionError(f"{name} is one method of a class: expected the class, or an object of it")
    if backward is not None and "back" in name.lower() and "back" not in getattr(backward, "__name__", "").lower():
        raise DescriptionError(
            f"expected the forward function first, then the backward function; found {name}, {backward.__name__}"
        )
    if backward is None and asked and _goes_back(layer):
        backward = layer
    styled = as_subject(layer, backward)
    if styled is None and backward is None and asked and names.meanings("forward", asked[0])[:1] == ["X"]:
        raise DescriptionError(
            f"{name}({', '.join(asked)}) looks like a forward function: expected its backward function as well, "
            f"examine({name}, …)"
        )
    return styled or Subject(layer, backward)


def likely_kind(subject) -> str:
    """The kind that the name suggests; a convolution where one called an activation asks for maps or a kernel."""
    kind = kind_of(subject.name)
    if kind != "activation" or subject.is_instance:
        return kind
    site = "make" if subject.pair is None else "forward"
    meant = [names.meanings(site, asked.name)[:1] for asked in calls.parameters(subject.thing)]
    return "convolution" if ["K"] in meant or sum(one in meant for one in (["C"], ["O"], ["k"])) > 1 else kind


def _goes_back(function) -> bool:
    """Whether one function is both ways: with an optional delta it gives the gradients, without it the output."""
    return any(
        p.optional and p.default is None and names.meanings("backward", p.name)[:1] == ["delta"]
        for p in calls.parameters(function)
    )


def checked_description(subject, given: dict) -> dict:
    """The description as the search takes it; ValueError or DescriptionError for what can be none."""
    _known("kind", given["kind"], (*KINDS, ANYTHING))
    _known("activation", given["activation"], ACTIVATIONS)
    for part in given["without"]:
        _known("without", part, PARTS)
    lr = given["lr"]
    if lr is not None and (isinstance(lr, bool) or not isinstance(lr, (int, float))):
        raise ValueError(f"lr={lr!r}: expected a number")
    if lr is not None and (not math.isfinite(lr) or abs(lr) < TINY):
        raise ValueError(f"lr={lr!r}: a step of this rate shows no gradient; expected a number that is not 0")
    for name, ours in AXIS_STRINGS.items():
        try:
            Layout(given[name], ours) if given[name] is not None else None
        except ValueError as error:
            raise DescriptionError(f"{name}: {error}") from None
    description = {
        name: given[name]
        for name in (*AXIS_STRINGS, "gradients", "activation", "forward", "backward", "guess", "kind")
    }
    description["names"] = _arguments(subject, given)
    description["settings"] = None if given["settings"] is None else tuple(map(_setting, given["settings"]))
    if description["settings"] == ():
        raise ValueError("settings=[]: expected one setting at least, as (1, 2, 3, 5, 5, 3, 1, 0)")
    for name in ("stride", "pad"):
        _number_of_an_object(subject, name, given[name])
        description[name] = given[name] if isinstance(given[name], int) else None
    description["pads_itself"] = given["pad"] in ("same", "valid")
    if isinstance(given["gradients"], dict):
        for part in given["gradients"]:
            _known("gradients: the part", part, PARTS)
    return description


def _known(name, value, allowed):
    if value is not None and value not in allowed:
        raise ValueError(
            f"{name}{'' if ':' in name else '='}{' ' * (':' in name)}{value!r} is none of {', '.join(allowed)}"
        )


def _said(name: str, meant):
    """A meaning as it is; a value, or a word that "=" stands before, as ("said", value)."""
    if not isinstance(meant, str):
        return ("said", meant)
    if meant.startswith("="):
        return ("said", meant[1:])
    if meant not in MEANINGS:
        raise ValueError(
            f"arguments: the meaning of {name!r} {meant!r} is none of {', '.join(MEANINGS)}; a word that the layer "
            f'itself is to be given is written with an equals sign, as "={meant}"'
        )
    return meant


def _setting(value) -> Setting:
    """A Setting, or eight numbers N, C, O, H, W, k, stride, padding; ValueError where no layer can have it."""
    if not isinstance(value, Setting):
        try:
            N, C, O, H, W, k, s, p = map(operator.index, value)
        except (TypeError, ValueError):
            raise ValueError(
                "settings: expected Settings, or eight numbers (N, C, O, H, W, k, stride, padding); "
                f"found {value!r:.80}"
            ) from None
        value = Setting(N, C, O, H, W, k, k, s, p)
    n = value
    lengths = {"N": n.N, "C": n.C, "O": n.O, "H": n.H, "W": n.W, "the kernel": min(n.k_h, n.k_w)}
    lengths |= {"the stride": min(n.strides)}
    for name, length in lengths.items():
        if length < 1:
            raise ValueError(f"settings: {name} is {length} in {n}, expected at least 1")
    if min(map(min, n.pads)) < 0:
        raise ValueError(f"settings: a padding is below 0 in {n}")
    if min(n.output) < 1:
        raise ValueError(f"settings: the kernel is larger than the padded image in {n}")
    if math.prod(n.shapes["X"]) + math.prod(n.shapes["Z"]) > MOST_CELLS:
        raise ValueError(f"settings: {n} has more than {MOST_CELLS} cells; a mistake shows in a small one, too")
    return n


def _number_of_an_object(subject, name, value) -> None:
    """ValueError for a stride or a padding that is no whole number, and for one of a class, which is built anew."""
    if value is None or isinstance(value, str):
        return
    least = 1 if name == "stride" else 0
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name}={value!r}: expected the name of a parameter, or a whole number from {least} on")
    if not subject.is_instance:
        raise ValueError(
            f"{name}={value}: a number is for an object that is there already; {subject.name} is built anew in "
            "each setting: expected the name of its parameter for it, or settings=[(N, C, O, H, W, k, stride, "
            "padding)]"
        )


def _arguments(subject, given) -> dict:
    """Parameter → meaning, or ("said", value); DescriptionError where the layer has no such parameter."""
    named = {name: _said(name, meant) for name, meant in (given["arguments"] or {}).items()}
    for meaning in ("stride", "pad"):
        if isinstance(given[meaning], str) and given[meaning] not in ("same", "valid"):
            named[given[meaning]] = meaning
    functions = [subject.thing, subject.pair] if subject.pair else []
    if isinstance(subject.thing, type):
        own = likely.own_methods(subject.thing, of_class=True)
        functions = [subject.thing, *(getattr(subject.thing, name) for name in own)]
    seen = list(dict.fromkeys(p.name for function in functions for p in calls.parameters(function)))
    missing = [name for name in named if functions and name not in seen]
    if missing:
        found = ", ".join(name for name in seen if name != "self")
        raise DescriptionError(f"{subject.name} has no parameter {missing[0]!r}; it has {found}")
    return named
