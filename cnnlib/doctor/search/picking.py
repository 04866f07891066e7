"""Which layer of a module is meant: a class with a backward pass, or a function beside its backward functions."""

import inspect
import re

from ..patient import likely, names
from ..patient.session import method_name
from ..styles.tape import tensor_class

BACK = r"back(wards?|prop|propagate|propagation)?|bwd|bprop|grads?|gradients?|deltas?|deriv(atives?)?|retro\w*"
FORTH = r"forward|fwd|fprop|pass|propagation|naive|forwards"
PARTS = r"inputs?|x|w|b|k|weights?|kernels?|filters?|data|bias|params?|d|dx|dw|db|dk"
NO_LAYER = r"loss|entropy|optim|sgd|adam|network|model|trainer|dataset|softmax|dropout|flatten|norm|tensor|reshape"
LIKELIEST = ("conv", "pool", "dense|linear|affine|fully", "relu|sigmoid|tanh|activ")


def layers_of(module) -> list[tuple]:
    """The layers that a module defines, the likeliest first: (class,) or (function, backward functions…)."""
    own = [v for v in vars(module).values() if getattr(v, "__module__", None) == module.__name__]
    own += [v for kind in own if isinstance(kind, type) for v in vars(kind).values() if isinstance(v, type)]
    classes = [c for c in own if isinstance(c, type) and not issubclass(c, BaseException) and _goes_back(c)]
    bases = {base for c in classes for base in c.__mro__[1:]}
    functions = [f for f in own if inspect.isfunction(f)]
    found = [(c,) for c in classes if c not in bases] + ([] if classes else _in_pairs(functions))
    found += [] if any(_is_layer(one[0]) for one in found) else [(one,) for one in _recorded(own)]
    found = [one for one in found if _is_layer(one[0])] or found

    def rank(one):
        said = one[0].__name__.lower()
        return next((place for place, part in enumerate(LIKELIEST) if re.search(part, said)), len(LIKELIEST))

    return sorted(found, key=rank)


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
    known = {name.lower() for name in names.BACKWARDS}
    return any(
        name in known or re.search(r"back|grad|bprop|retro|pull|^delta$|^vjp$|^bwd$", name) for name in methods
    )


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


def _in_pairs(functions) -> list[tuple]:
    """Functions beside their backward functions; where no names agree, the last convolution beside all of these."""
    known = {f.__name__: f for f in functions}
    found = [tuple(known[name] for name in one) for one in pairs(list(known))]
    back = [f for name, f in known.items() if any(re.fullmatch(BACK, word) for word in _words(name))]
    forth = [f for f in functions if f not in back]
    named = [f for f in forth if "conv" in f.__name__.lower()] or forth
    return found or ([(named[-1], *back)] if named and back else [])
