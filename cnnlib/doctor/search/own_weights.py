"""Plans for layers that draw their own weights: which array inside them is the kernel, and which the bias."""

import itertools
import re
import time
from typing import NamedTuple

from ..kinds import has_kernel
from ..patient import likely, names
from ..patient.axes import bias_layout, layout_of, of_shape
from ..patient.contents import arrays_in, at, kernel_lists, nested_numbers, numbers_in
from ..patient.plan import Plan
from ..patient.ranks import kernel_rank
from ..patient.session import Session
from ..reading.building import builds_of, passes_of
from ..reading.needs import builders, counts
from ..reading.roles import OPTIMISING
from ..running import LayerError
from ..settings import Case

FEW_MAKES = 11  # ways to call a constructor that are not worth sorting
NO_WEIGHTS = r"^d_?|grad|delta|prev|in(put)?_|out|cache|last|veloc|moment|size|shape|num"
LACKING = ("N", "lr", "optimiser", "no", "yes", "input shape", "H", "W", "C", "chance", "linear", "initialiser")
LACKING += ("nought",)
NO_BIAS = (None, None)  # its path and its layout
NETWORKS = ("nn", "net", "network", "model", "parent")


class Inside(NamedTuple):
    """What lies inside a layer, by its path."""

    arrays: dict
    lists: dict  # stacked
    nested: frozenset  # the paths of lists that hold plain numbers and no arrays
    ours: frozenset  # the paths of arrays that were handed over
    plan: Plan  # that shows them


def own_weights(search, plan, probe, layer):
    """Plans for a layer that draws its own weights: every array of the kernel's size, and a bias beside it."""
    arrays, lists, nested, handed, plan = inside(search, plan, probe, layer)
    found = lists | arrays | (_one_bias(layer) if probe.O == 1 else {})
    wanted = probe.O * probe.C * probe.k_h * probe.k_w
    paths = [path for path, a in found.items() if a.size == wanted]
    paths.sort(key=lambda path: (path in handed, kernel_rank(path)))
    fitting = [
        (path, bias_layout(a.shape, probe, output))
        for path, a in found.items()
        if path not in paths
        for output in (probe.output, (probe.H, probe.W))
    ]
    biases = [pair for pair in fitting if kernel_rank(pair[0]) < 2]
    if not any(layout for _, layout in biases):  # one of another name is tried, and then none
        odd = [(p, lay) for p, lay in fitting if lay and lay.ours == "O" and not re.search(NO_WEIGHTS, _last(p))]
        biases = [*dict.fromkeys(odd[:1]), NO_BIAS]
    own = bool(paths) and paths[0] not in handed  # beside a kernel of its own no bias is one that was handed over
    biases = sorted(
        ((p, lay) for p, lay in biases if (lay or not p) and not (own and p in handed)),
        key=lambda pair: (pair[0] is None, kernel_rank(pair[0] or ""), "b" not in (pair[0] or "")),
    )
    kernel_name, bias_name = search.given.get("K_name"), search.given.get("b_name")
    paths, biases = (
        [kernel_name] if kernel_name else paths[:3],
        [pair for pair in biases if bias_name in (None, pair[0])][:2],
    )
    layouts = _read_as(plan.X, search.k)
    if paths and not search.given.get("K"):
        layouts += of_shape(found[paths[0]].shape, probe.shapes["K"], layouts) if paths[0] in arrays else []
    for path, k, (bias_path, b) in itertools.product(paths, layouts, biases or [NO_BIAS]):
        listed = path in found and path not in arrays
        if (
            path in found
            and k.fits(probe.shapes["K"])
            and k.shape(probe.shapes["K"]) == found[path].shape
            and bool(k.lists) == (listed and path not in nested)
        ):
            for writes in (True, False):
                yield plan.but(K=k, b=b, kernel_path=path, bias_path=bias_path, writes=writes)


def _read_as(X, layouts):
    """The layouts of K, those first that have the columns before the rows as X has them."""
    if X.text.find("W") > X.text.find("H"):
        return layouts
    turned = [layout_of(k.text.replace("HW", "WH"), "OIHW") for k in layouts if "HW" in k.text and not k.lists]
    return [*turned, *layouts]


def _one_bias(layer) -> dict:
    """A plain number called bias: that of the only map."""
    known = numbers_in(layer) if hasattr(layer, "__dict__") else {}
    called = {name: names.meanings("make", name) or likely.by_name("make", name) for name in known}
    return {name: number.reshape(1) for name, number in known.items() if called[name][:1] == ["b"]}


def _last(path: str) -> str:
    return path.split(".")[-1].lower()


def inside(search, plan, probe, layer):
    """Arrays and lists inside a layer: a fresh one, one that was built, or one that has been run forward."""
    wanted = probe.O * probe.C * probe.k_h * probe.k_w
    ways, first = list(itertools.product((False, True), fields_of(layer), builds_of(layer))), None
    for run, fields, builds in ways:
        tried = plan.but(K=search.k[0], builds=builds, fields=plan.fields | fields)
        session, tried = _made(search, tried, probe, run)
        if session is None:
            continue
        arrays, lists = arrays_in(session.layer), kernel_lists(session.layer)
        if any(a.size == wanted for a in (*arrays.values(), *lists.values())):
            ours = {id(a) for a in session.context.facts.values()}
            handed = frozenset(path for path, a in arrays.items() if id(a) in ours)
            nested = (path for path in lists if "*" not in path and nested_numbers(at(session.layer, path)))
            found = Inside(arrays, lists, frozenset(nested), handed, tried)
            if run or len(ways) == 2 or _goes_forward(session):  # what is not yet built may have its weights
                return found
            first = first or found
    return first or Inside({}, {}, frozenset(), frozenset(), plan)


def _made(search, plan, probe, run):
    """(a layer, with ``run`` after a forward pass, the plan with what it lacked); None where it fails."""
    try:
        session = Session(search.subject, plan, Case.of(probe))
        if run:
            session.forward()
        return session, plan
    except LayerError as error:
        search.note(error)
        more = lacking(search.subject, plan, error)
        return _made(search, more, probe, run) if more is not None else (None, plan)


def _goes_forward(session) -> bool:
    try:
        session.forward()
    except (LayerError, ValueError, KeyError, TypeError):
        return False
    return True


def fields_of(layer) -> list[dict]:
    """What a network may set where a layer has only None: nothing, its input's shape, the network itself."""
    empty = [name for name, value in getattr(layer, "__dict__", {}).items() if value is None]
    shapes = [name for name in empty if names.meanings("make", name)[:1] == ["input shape"]]
    nets = {name: ("optimiser", 0) for name in empty if names.squeezed(name) in NETWORKS}
    if not shapes:
        return [nets]
    return [nets, *(nets | dict.fromkeys(shapes, ("input shape", variant)) for variant in (0, 2))]


def lacking(subject, plan, error):
    """The plan with the attribute that a layer asks for and only its network sets, as a batch size; or None."""
    inner = error.error if isinstance(error, LayerError) else None
    name = inner.name if isinstance(inner, AttributeError) else None
    if name is None or not isinstance(subject.thing, type):
        return None
    if inner.obj is None:
        return _with_helper(plan, name, error.where.line if error.where else "")
    if name in plan.fields or not isinstance(inner.obj, subject.thing) or hasattr(subject.thing, name):
        return None
    meant = (names.meanings("make", name) or likely.by_name("make", name))[:1]
    if re.search(r"rng|random|generator", name.lower()):
        meant = ["chance"]
    if counts(subject.thing, name):
        meant = ["nought"]
    ahead = meant == ["X"] and error.stage == "the forward pass"  # a network sets what it reads, as an image
    return plan.but(fields={**plan.fields, name: (meant[0], 0)}) if ahead or {*meant} & {*LACKING} else None


def _with_helper(plan, asked: str, line: str):
    """The plan with an optimiser, or the network that has one, where the layer has None and asks it for a step."""
    name = (re.findall(rf"self\.(\w+)\.{asked}\b", line) or [None])[0]
    helps = name and (names.meanings("make", name)[:1] == ["optimiser"] or names.squeezed(name) in NETWORKS)
    helps = helps or (name and re.search(OPTIMISING, asked) and f".{asked}(" in line)
    return plan.but(fields={**plan.fields, name: ("optimiser", 0)}) if helps and name not in plan.fields else None


def left_to_fill(layer) -> dict:
    """What somebody else is to fill: attributes that are None or an empty list, and whose names say K or b."""
    if isinstance(layer, dict) or builders(layer, passes_of(layer)):
        return {}
    kept = getattr(layer, "__dict__", {})
    empty = [name for name, value in kept.items() if value is None or (isinstance(value, list) and not value)]
    found = {}
    for name in (one for one in empty if not re.search(NO_WEIGHTS, one.lower())):
        meant = {"K", "b"} & {*(names.meanings("forward", name) or likely.by_name("make", name))[:1]}
        for meaning in meant - {option[0] for option in found.values()}:
            found[name] = (meaning, 0)
    return found if ("K", 0) in found.values() else {}


def may_fit(layer, probe, kind: str) -> bool:
    """Whether a layer that has drawn arrays of several axes has one, or a list, of the kernel's size."""
    wanted = probe.O * probe.C * probe.k_h * probe.k_w
    arrays = [a for a in arrays_in(layer).values() if a.ndim > 1 and a.size > 1]
    if not has_kernel(kind) or not arrays or isinstance(layer, dict) or builders(layer, passes_of(layer)):
        return True
    return any(a.size == wanted for a in (*arrays, *kernel_lists(layer).values()))


def that_fit_first(search, makes):
    """The ways to call the constructor, those first after which an array of the kernel's size is there."""
    if len(makes) < FEW_MAKES or not has_kernel(search.kind):
        return makes
    probe, stop, errors = search.probes[0], time.process_time() + search.patience / 6, list(search.errors)

    def fits(make):
        if time.process_time() > stop or "K" in {meaning for meaning, _ in make.values()}:
            return True
        plans = (Plan(kind=search.kind, X=x, make=make, takes_kernel=False, takes_bias=False) for x in search.x[:2])
        layers = [search.layer_with(plan, probe, False) for plan in plans]
        return any(one is not None and search.built.look(may_fit, one, probe, search.kind) for one in layers)

    ranked = sorted(makes, key=lambda make: not fits(make))
    search.errors = errors
    return ranked
