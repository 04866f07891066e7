"""Which methods of a layer are its forward and its backward pass."""

from ..files.picking import pairs
from ..patient import likely, names
from ..patient.plan import DescriptionError
from ..reading.methods import method_name

MOST = 8  # of a layer whose forward method has a name nobody knows


def forward_names(search, layer) -> list[str]:
    """The methods that may be the forward pass: the given one, or one of a known name, else all its own."""
    given = search.given.get("forward")
    if given and not isinstance(layer, dict) and not callable(getattr(layer, given, None)):
        has = ", ".join(likely.own_methods(layer)) or "none"
        raise DescriptionError(f"{search.subject.name}: forward={given!r} is no method of it; its methods: {has}")
    known = given or method_name(layer, names.FORWARDS, "forward")
    if known == "forward" and not given and likely.calls_forward(type(layer)):
        known = "__call__"
    found = list(dict.fromkeys([known, *_pieces(layer)])) if known else likely.own_methods(layer)[:MOST]
    if not found:
        search.errors.append(f"{search.subject.name} gave a {type(layer).__name__}, which has no forward method")
    return found


def ways_ahead(layer, name: str, search) -> list[dict]:
    """The ways to call a forward method, the likeliest first."""
    return search.options("forward", search.subject.method(layer, name))


def _pieces(layer) -> list[str]:
    """The convolution of a network that keeps all of its layers in one class, as conv_forward and conv_backward."""
    if isinstance(layer, dict):
        return []
    return [one[0] for one in pairs(likely.own_methods(layer)) if "conv" in one[0].lower()]


def backward_name(layer, forward_name: str, given: str | None) -> str | None:
    """The backward method: the given one, that of the forward method's name, or one of a known name."""
    if given is None and not isinstance(layer, dict) and "conv" in forward_name.lower():
        found = dict(one[:2] for one in pairs(likely.own_methods(layer)))
        given = found.get(forward_name)
    return given or method_name(layer, names.BACKWARDS, "back")
