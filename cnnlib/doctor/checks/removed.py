"""What NumPy once had, as np.float or np.lib.pad: what was written for an older one ends there.

While a layer is examined they are what they were, so that the rest of it is seen; which line asked is kept.
"""

import contextlib
import linecache
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..diagnosis.single import Diagnosis
from ..examination import RIGHT, WRONG
from ..files.definitions import Definitions
from ..mistakes.catalogue import CATALOGUE
from ..running import STDLIB, stage_now


class _Plain(type):
    """The class of what stands in for float and int: numbers of that type are instances of it."""

    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])


def _type(plain, asked=None):
    """float or int as it was: also of an array with one cell, and as the type of an array; ``asked`` keeps that."""

    def new(cls, value=0, *base):
        if isinstance(value, np.ndarray) and value.ndim:
            if asked is not None:
                said = f"{plain.__name__}(…) takes no array with an axis in NumPy {np.__version__}"
                _keep(asked, said, sys._getframe(1))
            value = value.item()
        return plain(value, *base)

    return _Plain(plain.__name__, (plain,), {"__new__": new, "dtype": np.dtype(plain)})


def _keep(asked, said, frame):
    file, line = frame.f_code.co_filename, frame.f_lineno
    asked.append((stage_now(), said, line, linecache.getline(file, line).strip()))


def _refuses_one_cell() -> bool:
    try:
        return float(np.ones(1)) != 1.0
    except TypeError:
        return True


ONCE = {
    np: {
        **{"float": _type(float), "int": _type(int), "object": object, "str": str, "complex": complex},
        **{"float_": np.float64, "complex_": np.complex128, "unicode_": np.str_, "infty": np.inf, "Inf": np.inf},
        **{"NaN": np.nan, "NAN": np.nan, "PINF": np.inf, "product": np.prod, "cumproduct": np.cumprod},
        **{"alltrue": np.all, "sometrue": np.any, "in1d": np.isin, "row_stack": np.vstack, "round_": np.round},
        **{"asscalar": lambda a: a.item(), "mat": np.asmatrix, "msort": lambda a: np.sort(a, axis=0)},
    },
    np.lib: {"pad": np.pad},
}
OTHERS = (str(Path(__file__).parents[1]), STDLIB)


@contextlib.contextmanager
def names_of_old(*things):
    """Inside, NumPy has its old names, and float takes what it took in the modules of these things.

    Gives a list of (stage, what is said of it, line, the line itself) for each that was asked for.
    """
    asked, before = [], {module: module.__dict__.get("__getattr__") for module in ONCE}
    homes = [vars(module) for module in _homes(things)] if _refuses_one_cell() else []
    types = {plain.__name__: _type(plain, asked) for plain in (float, int)}
    given = [(home, name) for home in homes for name in types if name not in home]
    try:
        for home, name in given:
            home[name] = types[name]
        for module in ONCE:
            module.__getattr__ = _getting(module, before[module], asked)
        yield asked
    finally:
        for home, name in given:
            home.pop(name, None)
        for module, function in before.items():
            if function is None:
                del module.__getattr__
            else:
                module.__getattr__ = function


def _homes(things):
    """The modules of somebody's functions and classes, and the neighbours that were loaded with them."""
    kinds = [base for thing in things for base in (*getattr(thing, "__mro__", (thing,)),)]
    names = {getattr(kind, "__module__", None) for kind in kinds} - {None, "builtins", "abc"}
    near = [m for m in [*sys.modules.values()] if isinstance(getattr(m, "__loader__", None), Definitions)]
    found = {name: sys.modules[name] for name in names if name in sys.modules} | {m.__name__: m for m in near}
    return [m for m in found.values() if not str(getattr(m, "__file__", None) or "").startswith(OTHERS)]


def _getting(module, before, asked):
    short = module.__name__.replace("numpy", "np")

    def get(name):
        frame = sys._getframe(1)
        file = frame.f_code.co_filename
        if name not in ONCE[module] or file.startswith(OTHERS) or "site-packages" in file:
            if before is not None:
                return before(name)
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        _keep(asked, f"{short}.{name} is none of NumPy {np.__version__}", frame)
        return ONCE[module][name]

    return get


def with_removed(found, asked) -> None:
    """Findings in which a pass that asked for such a name is wrong: as it stands it raises there."""
    for stages, part in ((("the constructor", "the forward pass"), "forward"), (("the backward pass",), "dX")):
        lines = [one for one in asked if one[0] in stages]
        if not lines or not found[part].visits:
            continue
        _, said, line, text = lines[0]
        finding = found[part]
        known = finding.diagnosis or Diagnosis((), ())
        note = f'{said}, so it raises there (line {line}: "{text}")'
        note += "; mended, it is right" * (finding.verdict == RIGHT)
        settings = finding.settings or [v.setting for v in finding.visits]
        found[part] = replace(
            finding,
            verdict=WRONG,
            settings=settings,
            notes=[note, *finding.notes],
            diagnosis=replace(known, mistakes=(CATALOGUE["removed_from_numpy"], *known.mistakes)),
        )
