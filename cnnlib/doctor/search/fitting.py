"""The adapter for a description: of a class or functions, of sequences, of an object; or what would fit instead."""

from dataclasses import replace

from ..kinds import ANYTHING, expected_output, fitted, has_kernel, named, recognise
from ..patient.axes import AXIS_STRINGS, K_GUESSES, Layout
from ..patient.contents import arrays_in
from ..patient.plan import DescriptionError, NoForwardError
from ..patient.session import Session
from ..running import LayerError
from ..settings import KINDS, ROWS, Case
from .anything import adapt_anything
from .describe import adapt
from .failure import not_driven, runs_alone
from .guess import RESEMBLING
from .instances import fixed_settings, geometries, settings_of
from .order import K_OF
from .probe import EXACT

SOME = 6
INSTEAD = {  # kinds that a layer may be, whose name says another one, or none
    "activation": ("convolution", "dense"),
    "dense": ("convolution",),
    "max pooling": ("mean pooling",),
    "mean pooling": ("max pooling",),
    "no name": ("dense", "max pooling", "mean pooling", "activation"),
}
BRIEF = 0.8  # seconds of processor time for a search after one that was in vain


def adapter_for(subject, kind: str, description: dict, lr):
    """(adapter, settings) under which the layer is what it is said to be; DescriptionError with what would fit."""
    try:
        adapter, settings = _of_its_kind(subject, kind, description, lr)
    except NoForwardError:
        told = description["kind"] not in (None, ANYTHING)  # a kind that is told is this kind, or none
        found = None if subject.is_instance or told else adapt_anything(subject, description, lr)
        if found is None:
            raise
        adapter, settings, agrees = found
        if not agrees and kind != ANYTHING:  # a way that is told is believed
            raise NoForwardError(runs_alone(subject, kind, adapter)) from None
        return adapter, settings
    if description["pads_itself"]:
        adapter.plan = adapter.plan.but(any_padding=True)
    elif adapter.score < EXACT and adapter.plan.any_padding and has_kernel(kind):
        usual = settings or [fitted(adapter.plan, one) for one in KINDS[kind]]
        settings = tuple(dict.fromkeys(_padded_as_shown(adapter, one) for one in usual))
    return adapter, settings


def _of_its_kind(subject, kind, description, lr):
    """The adapter, settings under which it is of this kind; of another one where the name alone said this one."""
    if kind == ANYTHING:
        raise NoForwardError(not_driven(subject))
    found, problem, told = None, None, description["kind"] is not None or subject.is_instance
    try:
        found = _driven_as(subject, kind, description, lr)
    except NoForwardError as error:
        problem = error
    says = named(subject.name)
    enough = told or (found is not None and found[0].score >= (EXACT if says else RESEMBLING))
    for other in () if enough else INSTEAD.get(kind, ()) if says else INSTEAD["no name"]:
        try:
            instead = _driven_as(subject, other, description | {"patience": BRIEF}, lr)
        except DescriptionError:
            continue
        if instead[0].score >= EXACT:
            return instead
    if found is None:
        raise problem
    return found


def _driven_as(subject, kind, description, lr):
    """The adapter, settings for one kind; NoForwardError where the output has not the size of this kind."""
    if subject.is_instance and description["settings"] is None:
        adapter, settings = _of_instance(subject, kind, description, lr)
    else:
        adapter, settings = _of_class(subject, kind, description, lr)
    if adapter.score < EXACT and not _has_its_size(adapter, settings):
        raise NoForwardError(not_driven(subject))
    if kind == "activation" and adapter.score < EXACT and _owns_weights(adapter, settings):
        raise NoForwardError(not_driven(subject))
    return adapter, settings


def _owns_weights(adapter, settings) -> bool:
    """Whether a fresh layer holds a matrix, or more, which no activation does."""
    setting = (settings or KINDS["activation"])[0]
    try:
        layer = Session(adapter.subject, adapter.plan, Case.of(fitted(adapter.plan, setting))).layer
    except (LayerError, ValueError, KeyError, TypeError):
        return False
    return any(sum(n > 1 for n in a.shape) > 1 for a in arrays_in(layer).values())


def _padded_as_shown(adapter, setting):
    """The setting with the padding that the size of the output shows: a layer that pads by itself is told it.

    A wrong forward pass shows nothing else of its padding.
    """
    try:
        H, W = adapter.output(Case.of(setting)).shape[2:]
    except (LayerError, ValueError, KeyError, TypeError, IndexError):
        return setting
    needed = {H - 1 + setting.k_h - setting.H, W - 1 + setting.k_w - setting.W}
    need = needed.pop()
    if needed or need < 0 or need % 2 or setting.s > 1:
        return setting
    return replace(setting, p=need // 2)


def _has_its_size(adapter, settings) -> bool:
    """Whether the output has the size of its kind in one of the first settings at least."""
    plan = adapter.plan
    for setting in [fitted(plan, one) for one in settings or KINDS[plan.kind]][:SOME]:
        try:
            if plan.any_padding or adapter.output(Case.of(setting)).shape == expected_output(plan, setting):
                return True
        except (LayerError, ValueError, KeyError, TypeError, IndexError):
            continue
    return False


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
        adapter = (
            _adapted(subject, kind, description | {"settings": settings, "patience": BRIEF}, lr)
            if settings
            else None
        )
    except NoForwardError:
        adapter = None
    if adapter is None:
        return _of_rows(subject, kind, description, lr, problem)
    return adapter, tuple(dict.fromkeys(fitted(adapter.plan, setting) for setting in settings))


def _of_rows(subject, kind, description, lr, problem=None):
    """The adapter for a layer on sequences; ``problem`` is raised where it is none either."""
    try:
        few = {"settings": ROWS, "few": problem is not None, "patience": BRIEF if problem is not None else None}
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
    fixed = {name: description[name] for name in (*AXIS_STRINGS, "activation") if description[name]}
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
        fits = {
            name: getattr(free.plan, name) for name in dict.fromkeys(("X", "K", *fixed)) if name in AXIS_STRINGS
        }
        if "activation" in fixed:
            fits["activation"] = getattr(anatomy_of(free, KINDS[other][0]), "activation", "linear")
        if other != kind:
            fits = {"kind": other}
        asked = ", ".join(f'{name}="{value}"' for name, value in (fixed or {"kind": kind}).items())
        better = ", ".join(f'{name}="{value}"' for name, value in fits.items() if value)
        what = "one" if other == kind else f"a {other}"
        return f"{subject.name}: with {asked} the forward pass is no {kind}; with {better} it is {what}."
    return None
