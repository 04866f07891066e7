"""The floors of the package, read from its imports; and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cnnlib

ROOT = Path(cnnlib.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


def documented_order():
    """The modules and packages of cnnlib.__doc__ in reading order: its indented lines."""
    lines = [line.strip() for line in cnnlib.__doc__.splitlines() if line.startswith("    ")]
    return [name.strip() for line in lines for name in line.split("  ")[0].split(",")]


ORDER = documented_order()


def name_of(path):
    """A module's dotted name inside the package, "" for the package itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path):
    """Every imported module, absolute, wherever the import stands: ("cnnlib.ops", …)."""
    package = ["cnnlib", *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*base, *([node.module] if node.module else [])])
            yield from (as_module(f"{base}.{alias.name}", base) for alias in node.names)


def as_module(full, base):
    """``from .maps import Geometry`` imports the module maps; ``from . import ops`` the module ops."""
    path = ROOT.parent.joinpath(*full.split("."))
    return full if path.with_suffix(".py").exists() or path.is_dir() else base


def inside(path):
    """The modules of this package that a module imports, by their names inside the package."""
    return {
        name.removeprefix("cnnlib").lstrip(".") for name in imports_of(path) if name.split(".")[0] == "cnnlib"
    }


every_module = pytest.mark.parametrize("path", MODULES, ids=[name_of(path) or "cnnlib" for path in MODULES])


def place(name):
    """The entry of the list that a module belongs to: ``widgets.parts.map_grid`` to ``widgets.parts``."""
    name = name.replace("__main__", "course")  # python -m cnnlib: the command's other name
    return next((entry for entry in ORDER if name == entry or name.startswith(f"{entry}.")), name)


@every_module
def test_imports_point_downwards_only(path):
    here = place(name_of(path))
    above = ORDER[: ORDER.index(here)] if here in ORDER else []
    above += [""] * (here == ORDER[-1])  # the command tells the version, which the package itself knows
    if here:  # the package itself imports whatever it offers
        assert {place(name) for name in inside(path)} <= {here, *above}


def test_every_module_belongs_to_one_entry_of_the_documented_list():
    assert sorted(ORDER) == sorted({place(name_of(path)) for path in MODULES} - {"", "widgets"})


def test_no_package_is_larger_than_one_can_oversee():
    sizes = {folder: len([path for path in folder.glob("*.py") if path.stem != "__init__"]) for folder in
             {path.parent for path in MODULES}}
    assert {folder.name: size for folder, size in sizes.items() if size > 15 and folder.name != "exercises"} == {}


def test_modules_inside_a_package_import_without_circles():
    below = {name_of(path): {name for name in inside(path) if name != name_of(path)} for path in MODULES}
    while below:
        ground = {name for name, needed in below.items() if not needed & below.keys()}
        assert ground, f"these import each other: {sorted(below)}"
        below = {name: needed for name, needed in below.items() if name not in ground}


def outside(name):
    """The foreign packages that a module or package imports, anywhere in its code."""
    paths = [path for path in MODULES if place(name_of(path)) == name]
    roots = {imported.split(".")[0] for path in paths for imported in imports_of(path)}
    return roots - sys.stdlib_module_names - {"cnnlib"}


CORE = ["ops", "gradcheck", "correlation", "adjoint", "layers", "losses", "storage", "network", "training"]


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_numpy_alone(name):
    fetching = {"pooch"} if name == "storage" else set()  # imported only when MNIST has to be fetched
    assert outside(name) == {"numpy"} | fetching


def test_proof_and_code_are_independent_witnesses():
    used = {name: {place(n) for p in MODULES if place(name_of(p)) == name for n in inside(p)} for name in ORDER}
    assert outside("symbolic") == {"sympy"} and used["symbolic"] <= {"symbolic"}
    assert all("symbolic" not in used[name] and "sympy" not in outside(name) for name in CORE)


def test_importing_the_package_loads_numpy_and_nothing_else():
    code = """
import sys
before = set(sys.modules)
import cnnlib
loaded = {name.split(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names
print(*sorted(name for name in loaded if getattr(sys.modules[name], "__file__", None)))  # Cython's own have none
"""
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["cnnlib", "numpy"]


def called(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


@every_module
def test_nothing_is_evaluated_and_nothing_unpickled(path):
    for call in called(path):
        if isinstance(call.func, ast.Name):
            assert call.func.id not in {"eval", "exec", "compile", "__import__"}, f"line {call.lineno}"
        for keyword in call.keywords:
            if keyword.arg == "allow_pickle":
                assert ast.unparse(keyword.value) == "False", f"line {call.lineno}"
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) in {"np.load", "numpy.load"}:
            assert "allow_pickle" in {keyword.arg for keyword in call.keywords}, f"line {call.lineno}"
    assert not {name.split(".")[0] for name in imports_of(path)} & {"pickle", "marshal", "shelve", "dill"}


BUILDERS = ("course.slides.build", "course.slides.executed")  # run two notebooks at a time; no learner's kernel


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) not in BUILDERS], ids=name_of)
def test_there_are_no_threads(path):
    roots = {name.split(".")[0] for name in imports_of(path)}
    assert not roots & {"threading", "_thread", "concurrent", "multiprocessing"}
    assert not any(ast.unparse(call.func).endswith(("to_thread", "run_in_executor")) for call in called(path))


@every_module
def test_a_module_says_what_it_is_for_and_stays_short(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)) and len(text.splitlines()) <= 250
