"""Where the gradients end up: returned, in attributes, or only as a step of the weights; and reading them there.

:func:`locate` looks at one backward pass by shapes and names and gives each of dX, dK, db its Source;
:func:`collect` reads them, in our order, after any other.
"""

import re

import numpy as np

from .contents import arrays_in, at, kernel_lists
from .plan import DescriptionError, Source
from .ranks import goes_out, gradient_rank

PARTS = ("dX", "dK", "db")
WAYS = ("returned", "step", "attributes")
LIKE = {"dX": r"(x|a_?prev|aprev|in|image|prev)", "dK": r"(w|k|f|theta)", "db": r"(b|bias)"}


def shapes_of(session, plan) -> dict[str, tuple[int, ...]]:
    """The shapes that dX, dK and db have in the layer's own layout, without those it has not."""
    case, found = session.case, {"dX": plan.X.shape(session.case.X.shape)}
    if plan.has_kernel:
        found["dK"] = plan.K.shape(case.K.shape)
    if plan.has_bias:
        found["db"] = plan.bias_layout.shape(case.b.shape)
    return found


def returned_arrays(returned) -> dict[str, np.ndarray]:
    """Path → array for what a backward pass returned; the path of an array returned alone is ""."""
    found = arrays_in(returned, 3)
    if isinstance(returned, np.ndarray):
        return {"": returned}
    if isinstance(returned, (tuple, list)):
        found |= {
            str(i): np.asarray(part, dtype=float)
            for i, part in enumerate(returned)
            if isinstance(part, (int, float)) and not isinstance(part, bool)
        }
    if isinstance(returned, tuple):  # lists side by side: each stands for one array
        for place, part in enumerate(returned):
            for stacked in kernel_lists({"r": part}).values() if isinstance(part, list) else ():
                found = {path: a for path, a in found.items() if not path.startswith(f"{place}.")}
                found[str(place)] = stacked
                break
    for path, stacked in kernel_lists({"r": returned}).items():
        path = path[2:] if path != "r" else ""
        if not any(other.startswith(path) and other != path for other in found) or path == "":
            found.setdefault(path, stacked)
        found[path] = stacked
    return found


def changed_arrays(session) -> dict[str, np.ndarray]:
    """The arrays that are new after the backward pass, or not what they were."""
    return {
        path: a
        for path, a in session.arrays().items()
        if path not in session.before
        or session.before[path].shape != a.shape
        or not np.array_equal(session.before[path], a, equal_nan=True)
    }


def weight_paths(session, plan) -> dict[str, list[str]]:
    """Part → paths at which the weights themselves stand: a change there is a step, not a gradient."""
    paths = {"dK": ["argument.K", plan.kernel_path], "db": ["argument.b", plan.bias_path]}
    ours = {"dK": session.case.K, "db": session.case.b}
    for path, a in session.before.items():
        for part, mine in ours.items():
            if a.size == mine.size and np.allclose(np.sort(a.ravel()), np.sort(mine.ravel()), rtol=1e-5, atol=1e-6):
                paths[part].append(path)
    return {part: [path for path in found if path] for part, found in paths.items()}


def weights_before(session, plan, part) -> np.ndarray | None:
    """K (for "dK") or b (for "db") as the layer had them before the backward pass."""
    paths = weight_paths(session, plan)[part]
    return next((session.before[path] for path in paths if path in session.before), None)


def locate(session, plan, wanted=None) -> dict[str, Source]:
    """Part → Source.  ``wanted``: None, "returned", "step", names of (dK, db) or (dX, dK, db), or part → name."""
    shapes, returned, changed = shapes_of(session, plan), returned_arrays(session.returned), changed_arrays(session)
    told = wanted is not None and (not isinstance(wanted, str) or wanted not in WAYS)
    named = _named(session, plan, shapes, returned, wanted) if told else {}
    weights, found, taken = weight_paths(session, plan), dict(named), {source.path for source in named.values()}
    for part, shape in shapes.items():
        if part in found:
            continue
        paths = [path for path in _fitting(returned, shape, part) if path not in taken]
        paths.sort(key=lambda path, part=part: _are_weights(session, plan, part, returned[path]))
        if paths and (part == "dX" or wanted not in ("attributes", "step")):
            found[part] = Source("returned", paths[0])
            taken.add(paths[0])
            continue
        own = {path for paths in weights.values() for path in paths}
        inside = [path for path in _fitting(changed, shape, part, weights.get(part, ())) if path not in own]
        steps = [
            path for path in weights.get(part, ()) if path in changed and wanted not in ("returned", "attributes")
        ]
        if steps and inside and (changed[inside[0]].shape != shape or gradient_rank(inside[0]) > 0):
            inside = []  # beside a step a velocity, or whatever else is kept, is no gradient
        if part == "dX":  # names of (dK, db) say nothing of it
            inside = [path for path in inside if gradient_rank(path) == 0 or goes_out(session, path)]
        if inside and (wanted in (None, "attributes") or part == "dX"):
            found[part] = Source("attribute", inside[0])
        elif part != "dX" and steps:
            found[part] = Source("step", steps[0])
        elif wanted == "step" and paths:
            found[part] = Source("stepped", paths[0])
    _other_shape(session, plan, returned, found)
    return found


def _are_weights(session, plan, part, array) -> bool:
    """Whether an array holds the weights, as they were or are: some layers return each beside its gradient."""
    known, now = weight_paths(session, plan).get(part, ()), session.arrays()
    held = [arrays[path].ravel() for arrays in (session.before, now) for path in known if path in arrays]
    return any(np.array_equal(array.ravel(), weights) for weights in held)


def _other_shape(session, plan, returned, found):
    """A dX or db of another shape than X or b: the one returned array that is none of the others."""
    used = {source.path for source in found.values() if source.how == "returned"}
    rest = [path for path in returned if path not in used]
    alike = [path for path in rest if returned[path].ndim == len(plan.X.groups)]
    if "dX" not in found and alike:
        found["dX"] = Source("returned", alike[0])
    missing = plan.has_bias and "db" not in found and {"dX", "dK"} <= used_parts(found) and len(rest) == 1
    if missing and session.case.setting.O in returned[rest[0]].shape:
        found["db"] = Source("returned", rest[0])


def used_parts(found) -> set[str]:
    """The gradients that the backward pass returned."""
    return {part for part, source in found.items() if source.how == "returned"}


def _fitting(arrays, shape, part, beside=()):
    """Paths whose arrays have this shape, or at least this size, the likeliest names first, near the weights."""
    homes = {path.rpartition(".")[0] for path in beside if not path.startswith("argument")}

    def rank(path):
        name = path.split(".")[-1].lower()
        like = bool(re.match(r"(d|grad|delta|g|nabla)?_?(d|grad|delta|l)?_?" + LIKE[part], name)) if path else True
        near = path.rpartition(".")[0] in homes
        return (arrays[path].shape != shape, gradient_rank(path), not near, not like)

    size = int(np.prod(shape))
    exact = [path for path, a in arrays.items() if a.shape == shape]
    loose = (
        [path for path, a in arrays.items() if a.size == size and a.shape != shape]
        if part != "dX" or not exact
        else []
    )
    return sorted([*exact, *loose], key=rank)


def _named(session, plan, shapes, returned, wanted) -> dict[str, Source]:
    """Sources by the names that the description gives."""
    if isinstance(wanted, str):
        wanted = (wanted,)
    if not isinstance(wanted, dict):
        wanted = dict(zip(_parts_named(wanted), wanted, strict=True))
    order, found = list(wanted.values()), {}
    for part, name in wanted.items():
        if name in ("returned", "step", None) or part not in shapes:
            continue
        if name in returned:
            found[part] = Source("returned", name)
        elif _there(session.layer, name):
            found[part] = Source("attribute", name)
        elif _there(session.context.facts.get("cache"), name):
            found[part] = Source("cache", name)
        elif len(order) == len(returned) > 1 and list(returned) == [str(i) for i in range(len(returned))]:
            found[part] = Source("returned", str(order.index(name)))
        else:
            raise DescriptionError(_no_such_name(session, part, name, shapes, returned))
    return found


def _parts_named(wanted) -> list[str]:
    """Which of dX, dK, db each name means: two are dK and db, three are recognised by letters, else by order."""
    if len(wanted) == 1:
        return ["dK"]
    if len(wanted) == 2:
        return ["dK", "db"]
    if len(wanted) != 3:
        raise DescriptionError(f"gradients={tuple(wanted)!r}: expected the names of (dK, db) or (dX, dK, db)")
    recognised = []
    for name in wanted:
        last = re.sub(r"^(d|grad|delta|g)_?", "", str(name).split(".")[-1].lower())
        recognised.append(next((part for part, like in reversed(LIKE.items()) if re.match(like, last)), None))
    return recognised if sorted(filter(None, recognised)) == sorted(PARTS) else list(PARTS)


def _there(thing, name) -> bool:
    try:
        return np.asarray(at(thing, name)).dtype.kind in "fiuO" and at(thing, name) is not None
    except KeyError:
        return False


def _no_such_name(session, part, name, shapes, returned) -> str:
    seen = {f"returned[{path}]" if path else "returned": a.shape for path, a in returned.items()}
    seen |= {f".{path}": a.shape for path, a in session.arrays().items() if not path.startswith("argument")}
    listed = ", ".join(f"{path} {shape}" for path, shape in list(seen.items())[:12]) or "no array at all"
    words = "" if session.plan.takes_kernel else ', or "step" where only the weights change'
    return (
        f"{part} was to be found as {name!r}, shaped {shapes[part]}; after the backward pass there is {listed}.  "
        f'Expected one of these names, "returned" or "attributes"{words}.'
    )


def collect(session, plan) -> tuple[dict[str, np.ndarray | None], dict[str, float]]:
    """dX, dK and db as float arrays of their own, in our order where their shape allows; their imaginary parts."""
    gathered, imaginary = {}, {}
    returned = returned_arrays(session.returned)
    for part, source in plan.sources.items():
        raw = _read(session, plan, part, source, returned)
        if np.iscomplexobj(raw):
            imaginary[part] = float(np.max(np.abs(np.imag(raw)), initial=0))
            raw = np.real(raw)
        gathered[part] = None if raw is None else np.array(plan.in_our_order(raw, part, session.case))
    return gathered, imaginary


def _read(session, plan, part, source, returned):
    if source.how == "returned":
        return returned.get(source.path)
    if source.how == "step":
        now = session.arrays().get(source.path)
        return None if now is None else (session.before[source.path] - np.asarray(now, dtype=float)) / plan.rate
    if source.how == "stepped":
        now, was = returned.get(source.path), weights_before(session, plan, part)
        return None if now is None or was is None else (was.reshape(now.shape) - now) / plan.rate
    if source.path.startswith("argument."):
        return session.arrays().get(source.path)
    try:
        raw = at(session.layer if source.how == "attribute" else session.context.facts.get("cache"), source.path)
        return None if raw is None else np.asarray(raw, dtype=complex if np.iscomplexobj(raw) else float)
    except KeyError:
        return None
