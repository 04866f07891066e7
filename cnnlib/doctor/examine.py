"""The entry points: :func:`examine` for everybody, :func:`assert_right` for tests."""

import inspect
import re
import sys

from .evidence import by_hand, impulse, plainest, structure
from .examination import WRONG, examined, findings, view_of
from .kinds import kind_of
from .patient.adapter import adapt
from .patient.axes import K_GUESSES, Layout
from .patient.guess import K_OF
from .patient.instances import geometries, settings_of
from .patient.plan import DescriptionError
from .patient.probe import EXACT
from .patient.session import Subject
from .report import TELLS, Part, Report
from .settings import KINDS

MEANINGS = {
    "K_argument": "K",
    "b_argument": "b",
    "stride": "stride",
    "pad": "pad",
    "X_argument": "X",
    "lr_argument": "lr",
}


def examine(
    layer,
    backward=None,
    *,
    kind: str | None = None,
    X: str | None = None,
    K: str | None = None,
    Z: str | None = None,
    b: str | None = None,
    gradients=None,
    without=(),
    lr: float | None = None,
    activation: str | None = None,
    stride: str | int | None = None,
    pad: str | int | None = None,
    arguments: dict[str, str] | None = None,
    forward: str | None = None,
    guess: bool = False,
    tell: str = "which",
    show: bool = True,
    settings=None,
) -> Report:
    """Examine a layer and print what is right, what is wrong and which mistake it is.

    layer       a class, a factory make(K, b, stride, pad), an object, or a forward function and ``backward``
    kind        "convolution", "dense", "mean pooling", "max pooling" or "activation"; else told by the name
    X, K, Z, b  axis strings such as "NHWC", "HWIO", "O(IHW)", "[C]HW" (a list); what is left out is found out
    gradients   "returned", "step" (only the weights change), names of (dK, db) or (dX, dK, db), or {"dK": name, …}
    without     gradients that the layer leaves out on purpose, such as ("dX",) in a first layer
    lr          the learning rate of its steps, if it cannot be handed over
    activation  "linear", "relu", "sigmoid" or "tanh" inside the layer, if it is to be told
    stride, pad the names of those parameters, or "same" / "valid" for a layer that pads so by itself; of an object
                that is there already the numbers, where they cannot be told from it
    arguments   {parameter: "X", "K", "b", "delta", "cache", "lr", "stride", "pad", "k", "C" or "O"}
    forward     the name of the forward method; that of the backward method as a string in the place of ``backward``
    guess       print the description that was found
    tell        "evidence" (numbers), "where" (which cells as well) or "which" (the mistake as well)

    Returns the Report.  DescriptionError, with what was found and expected, for a description that does not fit.
    """
    if tell not in TELLS:
        raise ValueError(f"tell={tell!r} is none of {', '.join(TELLS)}")
    if kind is not None and kind not in KINDS:
        raise ValueError(f"kind={kind!r} is none of {', '.join(KINDS)}")
    given = {name: value for name, value in locals().items() if name not in ("layer", "backward", "tell", "show")}
    subject = _subject(layer, backward if callable(backward) else None)
    kind = kind or kind_of(subject.name)
    told = _told(
        X,
        K,
        Z,
        b,
        gradients,
        activation,
        forward,
        backward if isinstance(backward, str) else None,
        _arguments(stride, pad, arguments),
        guess,
    )
    if subject.is_instance and settings is None:
        adapter, settings = _of_instance(subject, kind, told, lr, _number(stride), _number(pad))
    else:
        adapter = _adapted(subject, kind, told, lr)
    if pad in ("same", "valid"):
        adapter.plan = adapter.plan.but(any_padding=True)
    visits = examined(adapter, settings)
    found = findings(adapter, visits)
    report = _report(subject, adapter, visits, found, tuple(without), tell)
    report._again = lambda new, new_backward: examine(
        *_renewed(layer, backward, new, new_backward), tell=tell, show=show, **given
    )
    if show:
        if guess:
            print("The description found: " + ", ".join(adapter.plan.lines()))
        print(report)
    return report


def assert_right(layer, backward=None, **description) -> Report:
    """For your own tests: AssertionError with the whole report if anything is wrong."""
    report = examine(layer, backward, **{"show": False} | description)
    if not report:
        raise AssertionError(str(report))
    return report


def _subject(layer, backward):
    if not callable(layer) and not hasattr(layer, "__dict__"):
        raise DescriptionError(
            f"expected a class, an object or two functions; found {type(layer).__name__} {layer!r:.60}"
        )
    from .patient.torch_layers import as_subject

    return as_subject(layer, backward) or Subject(layer, backward)


def _arguments(stride, pad, arguments):
    named = dict(arguments or {})
    if isinstance(stride, str):
        named[stride] = "stride"
    if isinstance(pad, str) and pad not in ("same", "valid"):
        named[pad] = "pad"
    return named


def _told(X, K, Z, b, gradients, activation, forward, backward, names, guess):
    told = {
        "X": X,
        "K": K,
        "Z": Z,
        "b": b,
        "gradients": gradients,
        "activation": activation,
        "forward": forward,
        "backward": backward,
        "names": names,
        "guess": guess,
    }
    for name, ours in (("X", "NCHW"), ("K", "OIHW"), ("Z", "NOHW"), ("b", "OHW")):
        if told[name] is not None:
            try:
                Layout(told[name], ours)
            except ValueError as error:
                raise DescriptionError(f"{name}: {error}") from None
    return told


def _number(value) -> int | None:
    return value if isinstance(value, int) else None


def _of_instance(subject, kind, told, lr, stride, pad):
    """(adapter, settings) of an object: the first stride under which its output is that of its kind."""
    layouts = [Layout(text, "OIHW") for text in ([told["K"]] if told["K"] else K_OF.get(kind, K_GUESSES))]
    best, problem = None, None
    for s, p in geometries(subject.thing, stride, pad):
        settings = settings_of(subject.thing, kind, layouts, s, p)
        try:
            adapter = _adapted(subject, kind, told | {"settings": settings}, lr)
        except DescriptionError as error:
            problem = problem or error
            continue
        if best is None or adapter.score > best[0].score:
            best = adapter, settings
        if adapter.score >= EXACT:
            break
    if best is None:
        raise problem
    return best


def _adapted(subject, kind, told, lr):
    """The adapter; where axis strings were told and do not fit, the error says which ones would."""
    strings = {name: told[name] for name in ("X", "K", "Z", "b") if told[name]}
    try:
        adapter, problem = adapt(subject, kind, told, lr), None
    except DescriptionError as error:
        if not strings or (told["gradients"] is not None and "was to be found as" in str(error)):
            raise
        adapter, problem = None, error
    if adapter is not None and (not strings or adapter.score >= EXACT):
        return adapter
    try:
        free = adapt(subject, kind, told | dict.fromkeys(strings), lr)
    except DescriptionError:
        free = None
    if free is not None and free.score >= EXACT and (adapter is None or adapter.score < EXACT):
        fits = ", ".join(f'{name}="{getattr(free.plan, name)}"' for name in ("X", "K") if getattr(free.plan, name))
        asked = ", ".join(f'{name}="{value}"' for name, value in strings.items())
        raise DescriptionError(
            f"{subject.name}: with {asked} the forward pass is no {kind}; with {fits} it is one."
            + (f"  ({problem})" if problem else "")
        )
    if adapter is None:
        raise problem
    return adapter


def _report(subject, adapter, visits, found, without, tell):
    ran = [v for v in visits if v.refused is None and v.run is not None]
    refused = {str(v.setting): v.refused for v in visits if v.refused and "no axis" not in v.refused}
    anatomies = [v.expected.anatomy for v in ran if v.expected and v.expected.anatomy]
    parts = {}
    for name, finding in found.items():
        part = parts[name] = Part(finding, len(ran))
        visit = plainest(finding) if finding.verdict == WRONG else None
        if visit is None:
            continue
        if name != "forward":
            part.structure = structure(finding, visit)
            part.terms = by_hand(finding, view_of(visit, adapter.plan), visit)
            part.impulse = impulse(adapter, visit) if name == "dX" else None
        part.hint = _hint(subject, part.mistake)
    said = [text for v in ran for text in v.run.said]
    return Report(
        subject.name,
        adapter.plan,
        parts,
        anatomy=anatomies[0] if anatomies else None,
        without=without,
        tell=tell,
        refused=refused,
        said=said,
        again=None,
    )


def _hint(subject, mistake) -> str | None:
    """For a kernel that stands the wrong way round: whether a turn stands in the source at all."""
    if mistake not in ("no_turn", "dK_not_turned"):
        return None
    try:
        source = inspect.getsource(subject.pair or subject.thing)
    except (OSError, TypeError):
        return None
    turns = [line.strip() for line in source.splitlines() if re.search(r"rot90|flip|\[?::-1|rot180|convolve", line)]
    if turns:
        return f'the turn in "{turns[0][:80]}" is one too many if the loop scatters or convolves.'
    return "no turn (rot180, flip, [::-1]) is in sight: a gather needs one."


def _renewed(layer, backward, new, new_backward):
    """What stands under the same names now, or what was handed over."""

    def current(thing):
        home = sys.modules.get(getattr(thing, "__module__", None) or "")
        return getattr(home, getattr(thing, "__name__", ""), thing) if home else thing

    layer = current(layer) if new is None else new
    if new_backward is not None:
        return layer, new_backward
    return layer, current(backward) if callable(backward) else backward
