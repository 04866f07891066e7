"""Which layer of a module is meant: a class with a backward pass, or a function beside its backward functions."""

import inspect
import re
import sys
import sysconfig
import time
from pathlib import Path

from ..patient import calls, likely, names
from ..patient.plan import DescriptionError
from ..reading.methods import method_name
from ..styles import makers
from ..styles.tape import tensor_class

BACK = r"back(wards?|prop|propagate|propagation)?|bwd|bprop|grads?|gradients?|deltas?|deriv(atives?)?|retro\w*"
FORTH = r"forward|fwd|fprop|pass|propagation|naive|forwards|layers?"
PARTS = r"inputs?|x|w|b|k|weights?|kernels?|filters?|data|bias|params?|d|dx|dw|db|dk"
NO_LAYER = r"sequential|loss|entropy|optim|sgd|adam|network|model|trainer|dataset|softmax|dropout|flatten|norm"
NO_LAYER += "|tensor|reshape"
LIKELIEST = ("conv|correl", "pool", "dense|linear|affine|fully", "relu|sigmoid|tanh|activ")
UNSAID, OTHERS, MOST = 0.8, 0.4, 5  # between a convolution and a pooling; other convolutions; layers tried
LONGEST = 6  # seconds of processor time after which no other layer of a file is tried
OTHER_CONVOLUTIONS = r"depth|transpos|deconv|dilat|group|separab|1d"


def layers_of(module) -> list[tuple]:
    """The layers that a module defines, the likeliest first: (class,) or (function, backward functions…)."""
    own = [v for v in vars(module).values() if getattr(v, "__module__", None) == module.__name__]
    own = [v for v in own if hasattr(v, "__name__")]
    own += [v for kind in own if isinstance(kind, type) for v in vars(kind).values() if isinstance(v, type)]
    classes = [c for c in own if isinstance(c, type) and not issubclass(c, BaseException) and _goes_back(c)]
    bases = {base for c in classes for base in c.__mro__[1:]}
    functions = [f for f in own if inspect.isfunction(f)]
    apart = _in_pairs(functions, _of_neighbours(module))
    found = [(c,) for c in classes if c not in bases] + [one for one in apart if not classes or rank_of(one) < 1]
    found += [] if any(_is_layer(one[0]) for one in found) else [(one,) for one in _recorded(own)]
    found = found or _made(functions)
    found = found or [(c,) for c in own if isinstance(c, type) and c not in bases and _takes_delta(c)]
    return sorted([one for one in found if _is_layer(one[0])] or found, key=rank_of)


def rank_of(one) -> float:
    """The place of a layer among those of a file, by its name: convolutions first, then names that say nothing."""
    return _place(one[0]) + OTHERS * bool(re.search(OTHER_CONVOLUTIONS, one[0].__name__.lower()))


def _place(thing) -> float:
    """Which of the :data:`LIKELIEST` kinds something is called."""
    said = thing.__name__.lower()
    return next((place for place, part in enumerate(LIKELIEST) if re.search(part, said)), UNSAID)


def worth_trying(found) -> list[tuple]:
    """The likeliest layer of a file, and those that may be meant where it cannot be driven: convolutions.

    Beside one that is called a convolution no other name is believed: a helper that is driven says nothing of it.
    """
    most = min(UNSAID, max(rank_of(found[0]), OTHERS))
    return found[:1] + [one for one in found[1:MOST] if rank_of(one) <= most]


def first_driven(layers, examined):
    """(what is found for the first of the layers that can be driven, those before it, each with its error).

    Raises the error of the first where none can be driven.
    """
    failed, stop = [], time.process_time() + LONGEST
    for one in layers:
        try:
            return examined(*one), failed
        except DescriptionError as error:
            failed.append((one, error))
        if time.process_time() > stop:
            break
    raise failed[0][1]


def names_of(one) -> str:
    """A layer as the command names it: Conv2D, or conv_forward,conv_backward."""
    return ",".join(part.__name__ for part in one)


def _is_layer(thing) -> bool:
    return not re.search(NO_LAYER, thing.__name__.lower())


def _recorded(own) -> list:
    """Classes, else functions, of likely names that go forward alone: the tensors of their module go back."""
    likely_ones = [one for one in own if re.search("|".join(LIKELIEST), one.__name__.lower())]
    classes = [c for c in likely_ones if isinstance(c, type) and method_name(c, names.FORWARDS, "forward")]
    found = classes or [f for f in likely_ones if inspect.isfunction(f)]
    return found if found and tensor_class(found[0]) is not None else []


def _goes_back(kind) -> bool:
    """Whether a class has a method beside the forward pass that may be its backward pass."""
    methods = [name.lower() for name in likely.own_methods(kind, of_class=True)]
    methods += [
        name for base in kind.__mro__[:-1] for name in vars(base) if re.match("_back_?(prop|ward|pass)", name)
    ]
    known = {name.lower() for name in names.BACKWARDS}
    return any(
        name in known or re.search(r"back|grad|bprop|retro|pull|^delta$|^vjp$|^bwd$", name) for name in methods
    )


def _takes_delta(kind) -> bool:
    """Whether a method of a name that says nothing takes a gradient, as propagation(layer, delta) does."""
    methods = [getattr(kind, name) for name in likely.own_methods(kind, of_class=True)]
    asked = {p.name.lower() for method in methods for p in calls.parameters(method)}
    return any(re.fullmatch(r"d_?out|deltas?|d?grad\w*|errors?", name) for name in asked)


def _words(name: str) -> list[str]:
    """The words of a name in snake or camel case, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d\w?", name)]


def pairs(known: list[str]) -> list[tuple[str, ...]]:
    """Every name with the backward functions that have it too, but for the word that says so."""
    back = [name for name in known if any(re.fullmatch(BACK, word) for word in _words(name))]
    stems, found = {}, []
    for name in back:
        rest = [word for word in _words(name) if not re.fullmatch(f"{BACK}|{FORTH}", word)]
        stems.setdefault("".join(rest), []).append(name)
        stems.setdefault("".join(word for word in rest if not re.fullmatch(PARTS, word)), []).append(name)
    for name in known:
        stem = "".join(word for word in _words(name) if not re.fullmatch(FORTH, word))
        if name not in back and stem in stems:
            found.append((name, *dict.fromkeys(stems[stem])))
    return found


def _of_neighbours(module) -> list:
    """The functions that a file has imported from its own folder."""
    homes = {Path(getattr(sys.modules.get(v.__module__), "__file__", None) or "."): v for v in _functions(module)}
    others = [sysconfig.get_paths()["stdlib"], "site-packages", str(Path(__file__).parents[2])]
    near = {home for home in homes if home.suffix == ".py" and not any(one in str(home) for one in others)}
    return [v for v in _functions(module) if Path(sys.modules[v.__module__].__file__ or ".") in near]


def _functions(module) -> list:
    found = [v for v in vars(module).values() if inspect.isfunction(v) and v.__module__ != module.__name__]
    return [v for v in found if getattr(sys.modules.get(v.__module__), "__file__", None)]


def _in_pairs(functions, near) -> list[tuple]:
    """Functions beside their backward functions, by their names; then each convolution beside those of nobody.

    Where no names agree, every function may be the forward pass: the one that asks for the same things first.  One
    that stands ``near``, in a neighbour of the file, may be the forward pass of a backward function of the file.
    """
    known = {f.__name__: f for f in (*near, *functions)}
    found = [tuple(known[name] for name in one) for one in pairs(list(known))]
    found = [one for one in found if {*one[1:]} & {*functions}]
    back = [f for f in functions if any(re.fullmatch(BACK, word) for word in _words(f.__name__))]
    functions = [*functions, *near]
    taken = {f for one in found for f in one}
    left = [f for f in back if f not in taken and (not found or _convolves(f))]
    forth = [f for f in functions if f not in back and f not in taken]
    named = [f for f in forth if _convolves(f)] or ([] if found else forth)
    some = ((f, *filter(_of_kind(f), left)) for f in sorted(named[::-1], key=lambda f: -_shared(f, left)))
    return found + [one for one in some if one[1:]]


def _of_kind(function):
    """Whether another function may belong to this one: maxpool_backward is no backward pass of a convolution."""
    return lambda other: UNSAID in (kinds := {_place(function), _place(other)}) or len(kinds) == 1


def _made(functions) -> list[tuple]:
    """Functions that make a forward function, each beside the one of the likest name that makes a backward one."""
    ahead = [f for f in functions if makers.goes(f, "X", "forward")]
    back = [f for f in functions if makers.goes(f, "delta", "backward")]
    return [(f, max(back, key=lambda g: len({*_words(f.__name__)} & {*_words(g.__name__)}))) for f in ahead if back]


def _convolves(function) -> bool:
    return bool(re.search(LIKELIEST[0], function.__name__.lower()))


def _shared(function, others) -> int:
    """How many parameters of a function have the names of parameters of the others."""
    asked = {name for other in others for name in inspect.signature(other).parameters}
    return len(asked & {*inspect.signature(function).parameters})
