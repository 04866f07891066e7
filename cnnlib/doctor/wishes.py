"""The description that a caller gives, checked; the adapter for it, or the sentence that says what would fit."""

import inspect

from .anatomy import ACTIVATIONS
from .kinds import ANYTHING, fitted, recognise
from .patient import calls, likely, names
from .patient.axes import K_GUESSES, Layout
from .patient.gradients import PARTS
from .patient.plan import DescriptionError, NoForwardError
from .patient.session import Subject
from .running import LayerError
from .search.anything import adapt_anything
from .search.describe import adapt
from .search.failure import not_driven
from .search.guess import K_OF, RESEMBLING
from .search.instances import fixed_settings, geometries, settings_of
from .search.probe import EXACT
from .settings import KINDS, ROWS, Case, Setting
from .styles import as_subject

MEANINGS = (*"XKb", "delta", "cache", "lr", "stride", "pad", "mode", "k", *"COHWNZ", "input shape")
STRINGS = {"X": "NCHW", "K": "OIHW", "Z": "NOHW", "b": "OHW"}


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
    if given["lr"] is not None and (isinstance(given["lr"], bool) or not isinstance(given["lr"], (int, float))):
        raise ValueError(f"lr={given['lr']!r}: expected a number")
    for name, ours in STRINGS.items():
        try:
            Layout(given[name], ours) if given[name] is not None else None
        except (ValueError, AttributeError) as error:
            raise DescriptionError(f"{name}: {error}") from None
    description = {
        name: given[name] for name in (*STRINGS, "gradients", "activation", "forward", "backward", "guess", "kind")
    }
    description["names"] = _arguments(subject, given)
    description["settings"] = None if given["settings"] is None else tuple(map(_setting, given["settings"]))
    for name in ("stride", "pad"):
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


def _setting(value) -> Setting:
    """A Setting, or eight numbers N, C, O, H, W, k, stride, padding."""
    if isinstance(value, Setting):
        return value
    if isinstance(value, (tuple, list)) and len(value) == 8 and all(isinstance(n, int) for n in value):
        N, C, O, H, W, k, s, p = value
        return Setting(N, C, O, H, W, k, k, s, p)
    raise ValueError(
        f"settings: expected Settings, or eight numbers (N, C, O, H, W, k, stride, padding); found {value!r}"
    )


def _arguments(subject, given) -> dict[str, str]:
    """Parameter → meaning; DescriptionError where the layer has no such parameter."""
    named = dict(given["arguments"] or {})
    for meaning in ("stride", "pad"):
        if isinstance(given[meaning], str) and given[meaning] not in ("same", "valid"):
            named[given[meaning]] = meaning
    for name, meaning in named.items():
        _known(f"arguments: the meaning of {name!r}", meaning, MEANINGS)
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


def adapter_for(subject, kind: str, description: dict, lr):
    """(adapter, settings) under which the layer is what it is said to be; DescriptionError with what would fit."""
    try:
        if kind == ANYTHING:
            raise NoForwardError(not_driven(subject))
        if subject.is_instance and description["settings"] is None:
            adapter, settings = _of_instance(subject, kind, description, lr)
        else:
            adapter, settings = _of_class(subject, kind, description, lr)
    except NoForwardError:
        found = None if subject.is_instance else adapt_anything(subject, description, lr)
        if found is None:
            raise
        return found
    if description["pads_itself"]:
        adapter.plan = adapter.plan.but(any_padding=True)
    return adapter, settings


def _of_class(subject, kind, description, lr):
    """The adapter for a class or functions; for a class that fixes its sizes itself, in settings of these sizes."""
    rows = "1d" in subject.name.lower() or "H" not in (description["X"] or "H").upper()
    if description["settings"] is None and kind == "convolution" and rows:
        return _of_rows(subject, kind, description, lr)
    try:
        return _adapted(subject, kind, description, lr), description["settings"]
    except NoForwardError as error:
        if description["settings"] is not None:
            raise
        settings = fixed_settings(subject, kind, description)
        if settings is None and (kind != "convolution" or description["X"] or description["K"]):
            raise
        problem = error
    try:
        adapter = _adapted(subject, kind, description | {"settings": settings}, lr) if settings else None
    except NoForwardError:
        adapter = None
    if adapter is None:
        return _of_rows(subject, kind, description, lr, problem)
    return adapter, tuple(dict.fromkeys(fitted(adapter.plan, setting) for setting in settings))


def _of_rows(subject, kind, description, lr, problem=None):
    """The adapter for a layer on sequences; ``problem`` is raised where it is none either."""
    try:
        few = {"settings": ROWS, "few": problem is not None}
        adapter = _adapted(subject, kind, description | few, lr)
    except NoForwardError as error:
        raise problem or error from None
    if problem is not None and adapter.score < EXACT:
        raise problem
    return adapter, tuple(dict.fromkeys(fitted(adapter.plan, setting) for setting in ROWS))


def _of_instance(subject, kind, description, lr):
    """The first stride under which an object's output is that of its kind, and the padding that it shows."""
    texts = [description["K"]] if description["K"] else K_OF.get(kind, K_GUESSES)
    layouts = [Layout(text, "OIHW") for text in texts]
    best, problem = None, None
    for s, p in geometries(subject.thing, description["stride"], description["pad"]):
        settings = settings_of(subject.thing, kind, layouts, s, p)
        try:
            adapter = _adapted(subject, kind, description | {"settings": settings}, lr)
        except DescriptionError as error:
            problem = problem or error
            continue
        if best is None or adapter.score > best[0].score:
            best = adapter, settings
        if adapter.score >= EXACT:
            anatomy = anatomy_of(adapter, settings[0])
            shown = {pad for pads in anatomy.pads for pad in pads} if anatomy else set()
            return adapter, settings_of(subject.thing, kind, layouts, s, shown.pop()) if len(
                shown
            ) == 1 else settings
    if best is None:
        raise problem
    return best


def anatomy_of(adapter, setting):
    """What the forward pass is in one setting, or None."""
    try:
        session, Z, dtype = adapter.forward(Case.of(setting))
    except (LayerError, ValueError, KeyError, TypeError):
        return None
    return recognise(session.case, Z, adapter.plan.but(any_padding=True, activation=None), dtype)


def _adapted(subject, kind, description, lr):
    """The adapter; where the description does not fit, the error says what would."""
    fixed = {name: description[name] for name in (*STRINGS, "activation") if description[name]}
    try:
        adapter, problem = adapt(subject, kind, description, lr), None
    except DescriptionError as error:
        if fixed and description["gradients"] is not None and "was to be found as" in str(error):
            raise
        adapter, problem = None, error
    enough = EXACT if "activation" in fixed else RESEMBLING  # the layout is right, whatever the numbers are
    if adapter is not None and (not fixed or adapter.score >= enough):
        return adapter
    better = _what_would_fit(subject, kind, description, lr, fixed)
    if better is not None and (adapter is None or adapter.score < EXACT):
        raise DescriptionError(better)
    if adapter is None:
        raise problem
    return adapter


def _what_would_fit(subject, kind, description, lr, fixed) -> str | None:
    """The sentence for a description that does not fit, where another one does."""
    others = [kind] if fixed else ["convolution"] if description["kind"] not in (None, "convolution") else []
    for other in others:
        try:
            free = adapt(subject, other, description | dict.fromkeys(fixed), lr)
        except DescriptionError:
            continue
        if free.score < EXACT:
            continue
        fits = {name: getattr(free.plan, name) for name in dict.fromkeys(("X", "K", *fixed)) if name in STRINGS}
        if "activation" in fixed:
            fits["activation"] = getattr(anatomy_of(free, KINDS[other][0]), "activation", "linear")
        if other != kind:
            fits = {"kind": other}
        asked = ", ".join(f'{name}="{value}"' for name, value in (fixed or {"kind": kind}).items())
        better = ", ".join(f'{name}="{value}"' for name, value in fits.items() if value)
        what = "one" if other == kind else f"a {other}"
        return f"{subject.name}: with {asked} the forward pass is no {kind}; with {better} it is {what}."
    return None
