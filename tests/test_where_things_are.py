"""CONTRIBUTING says where things are: each file is there and defines the name, each old import has a new one."""

import ast
import importlib
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PLACES = TEXT.split("## Where things are")[1].split("### Where do I find")[0]
FOUND = re.findall(r"^\| (.+\?) \| `([^`]+)` \| `([^`]+)` \|$", TEXT, flags=re.MULTILINE)
MOVED = re.findall(r"^\| `(cnnlib\.[\w.]+)` \| `(cnnlib\.[\w.]+)` \|$", TEXT, flags=re.MULTILINE)


def defined(path):
    """The names that stand at the top level of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_there_are_25_questions_about_25_names():
    assert len(FOUND) == len({name for _, _, name in FOUND}) == 25


@pytest.mark.parametrize("question, file, name", FOUND)
def test_what_is_asked_for_is_defined_where_the_table_says(question, file, name):
    assert name in defined(ROOT / file)


@pytest.mark.parametrize("old, new", MOVED)
def test_an_old_import_is_gone_and_the_new_one_works(old, new):
    package, _, name = new.rpartition(".")
    where = importlib.util.find_spec(package).submodule_search_locations
    assert importlib.util.find_spec(new) if where else hasattr(importlib.import_module(package), name)
    assert not (ROOT / f"{old.replace('.', '/')}.py").exists()


def files_named():
    """(the places of a row or of an item, what stands between backticks there and has the form of a file)."""
    for line in PLACES.replace("\n  ", " ").splitlines():
        if line.startswith(("| `", "* `")):
            place, _, rest = line[2:].partition(" | " if line[0] == "|" else ": ")
            for name in re.findall(r"`([\w/*.]+(?:\.\w+|/))`", rest):
                yield re.findall(r"`([^`]+)`", place), name


@pytest.mark.parametrize("places, name", files_named())
def test_a_file_that_the_list_of_places_names_is_there(places, name):
    bases = [ROOT, ROOT / "cnnlib", *(base / place for base in (ROOT, ROOT / "cnnlib") for place in places)]
    assert any(next(base.glob(name.replace("NN", "[0-9][0-9]")), None) for base in bases if base.is_dir())


def test_every_top_level_module_and_package_has_its_place_in_the_table():
    for path in (ROOT / "cnnlib").iterdir():
        if (path.suffix == ".py" and not path.name.startswith("_")) or (path / "__init__.py").exists():
            assert f"`{path.name}" in PLACES or f"`{path.name}/" in PLACES, path.name
