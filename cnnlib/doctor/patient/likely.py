"""What a parameter whose name stands in no list may be, judged by parts of its name, its default and its place.

Parts of names are German, Spanish, French, Portuguese and Italian as well as English.
"""

import functools
import re

from . import code, names

_SIZE = r"(dimensi[oó]n|gr(oe|o)(ss|ß)e|size|taille|tam|taman|dim|shape|form|len|width|breite|lado|lato)"
_KERNEL = r"(kern|filt|noyau|nucle|conv|window|fenster|ventana|janela|finestra|masque|maske)"
_INPUT = r"(^|_)(n|num|nb|anz|anzahl)?_?(in|inp|input|ein|eingabe|eingang|entr|entree|entrada|ingress|prev)"
_DEPTH = r"profund|profond|tiefe|profundit"
_OUTPUT = r"(out|aus|sal|sort|uscit|said|map|karte|carte|filt|kern|noyau|neuron|unit|feature|merkmal)"

PARTS_OF_NAMES = [
    (
        "delta",
        r"(^|_)(gradients?|grads?|deltas?|errors?|erreurs?|fehler|upstream)(_|$)|^d_?(loss|l|out|z|y|a)(_|\d|$)",
    ),
    ("input shape", rf"(image|bild|img|imagen|imagem|immagin|{_INPUT}).*{_SIZE}|{_SIZE}.*(image|bild|img|imagen)"),
    ("k", rf"(weight|gewicht|peso|poid).*{_SIZE}|{_KERNEL}.*{_SIZE}|{_SIZE}.*{_KERNEL}|^{_SIZE}$"),
    ("stride", r"strid|schritt|(^|_)paso|(^|_)pas(_|$)|passo|saut|salto"),
    ("pad", r"pad|rellen|(^|_)rand(?!om)|remplissage|rembourr|marge|margen|bord|preench|rahmen"),
    ("initialiser", r"(^|_)init(iali[sz]er)?(_?(fn|func|function|method))?$|initiali[sz]er"),
    ("b", r"bias|sesgo|biais|schwelle|(^|_)vi[eé]s|(^|_)b\d*(_|$)"),
    ("K", r"weight|gewicht|(^|_)peso|poids|(^|_)pesi|parametr|(^|_)w\d*$"),
    ("small", r"(scale|std|stddev|sigma|gain)$"),
    ("X", r"^(imag|bild|entrad|eingab|eingang|entr[eé]e|ingress)"),
    ("X", r"(^|_)(in|inp|inputs?)(_|$)"),
    ("settings", r"(param|params|parameters|config|hparams|options)$"),
    ("C", rf"{_INPUT}"),
    ("C", rf"{_KERNEL}.*({_DEPTH}|depth)"),  # how deep a kernel is
    ("O", _OUTPUT),
    ("K", _KERNEL),
    ("C", _DEPTH),
    ("O", _DEPTH),
]
SWITCHES = r"^lamb?d"  # regularisation
COUNTS = ("C", "O", "k", "input shape")  # parameters of a constructor that draws its own weights
UNKNOWN = {"forward": ["X", "K", "b"], "backward": ["delta", "X", "cache", "K", "b", "Z", "lr"]}
UNKNOWN_NUMBERS = {"forward": ["stride", "pad", "k"], "backward": ["stride", "pad", "k", "lr"]}
NUMBERS = ("input shape", "k", "C", "O")
ALLOWED = {
    "make": ("input shape", "k", "stride", "pad", "initialiser", "small", "b", "K", "C", "O"),
    "forward": ("settings", "X", "stride", "pad", "b", "K"),
    "backward": ("delta", "settings", "X", "stride", "pad", "b", "K"),
    "step": ("delta",),
}
NO_ARRAY = r"pad.*val|val.*pad|fill|penalt|regulari[sz]|constraint|scheduler|momentum|(^|_)decay"
NO_ARRAY += "|drop_?(out|rate)|keep_?prob"
NO_GEOMETRY = r"val(ue)?(_|$)|fill|dilat|group|seed|verb|axis|name|ind|layer|epoch|iter|mom|decay|prob|rate|drop"
NO_GEOMETRY += "|scale|eps|gain|thr|trunc|quant|round|bits"


def by_name(site: str, name: str) -> list[str]:
    """The meanings that parts of the name suggest; dZNext reads as d_z_next."""
    return list(_by_name(site, name))


@functools.lru_cache(maxsize=4096)
def _by_name(site: str, name: str) -> list[str]:
    forms = (name.lower(), re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower())
    if re.search(NO_ARRAY, name.lower()):
        return []
    if re.search(SWITCHES, name.lower()):
        return ["no"]
    found = [meaning for meaning, part in PARTS_OF_NAMES if any(re.search(part, form) for form in forms)]
    for alone in ("initialiser", "small") if site == "make" else ():
        if alone in found:
            return [alone]
    return [meaning for meaning in dict.fromkeys(found) if meaning in ALLOWED[site]]


def slopes(site: str, function, asked, given) -> dict[str, list[str]]:
    """What is called like a rate and read by the forward pass, as the alpha of a leaky ReLU: it stays as it is."""
    if site != "make":
        return {}
    named = [p for p in asked if p.name not in given and names.meanings(site, p.name)[:1] == ["lr"]]
    ahead = code.read_ahead(function) if named else ()
    return {p.name: [] if p.optional else ["small"] for p in named if p.name in ahead}


def by_default(site: str, name: str, default) -> list[str]:
    """What a default suggests: 1 a stride, 0 a padding, "same" its mode, 3 a kernel's size."""
    if site in ("backward", "step") or isinstance(default, bool) or re.search(NO_GEOMETRY, name.lower()):
        return []
    if isinstance(default, str):
        return ["mode"] if default.lower() in ("same", "valid", "full") else []
    size = set(default) if isinstance(default, (tuple, list)) else {default}
    if len(size) != 1 or not isinstance(next(iter(size)), int):
        return []
    number = size.pop()
    if number in (0, 1):
        return ["pad"] if number == 0 else ["stride"]
    return ["k"] if site == "make" and 1 < number < 12 else []


def by_place(site: str, left, counted, before: int, kind: str | None = None) -> list[str]:
    """What a required parameter of an unknown name may mean: what usually stands at its place, then the rest."""
    if site in UNKNOWN_NUMBERS and kind == "numbers":
        return [m for m in left if m in UNKNOWN_NUMBERS[site]] or UNKNOWN_NUMBERS[site]
    if site != "make":
        return sorted(UNKNOWN.get(site, []), key=lambda meaning: meaning not in left[:1]) or ["no"]
    missing = [meaning for meaning in COUNTS if meaning not in counted]
    turn = before % max(len(missing), 1)
    return [*([] if counted else left[:1]), *missing[turn:], *missing[:turn]] or left[:1] or ["no"]


def own_methods(layer, *, of_class: bool = False) -> list[str]:
    """The public methods that somebody wrote for this layer (or class), in the order of their definition."""
    found = []
    for kind in (layer if of_class else type(layer)).__mro__[:-1]:
        found += [name for name, value in vars(kind).items() if not name.startswith("_") and _is_method(value)]
    return list(dict.fromkeys(found))


def calls_forward(kind: type) -> bool:
    """Whether the class, called with its input, does something of its own and then calls forward."""
    own = next((vars(base)["__call__"] for base in kind.__mro__[:-1] if "__call__" in vars(base)), None)
    code = getattr(own, "__code__", None)
    return code is not None and "forward" in code.co_names and code.co_argcount > 1


def _is_method(value) -> bool:
    return callable(getattr(value, "__func__", value)) and not isinstance(value, type)
