"""Docstrings: sections as numpydoc has them, with the function's own parameters, and text that Sphinx can read."""

import ast
import builtins
import io
import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles
from sphinx.ext.napoleon import Config, NumpyDocstring

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cnnlib"
LIBRARY = ("", "layers", "storage", "symbolic", "plots", "experiments", "article", "bugs", "exercises", "lesson")
ORDER = ["Parameters", "Attributes", "Returns", "Yields", "Raises", "Examples"]
SECTION = re.compile(r"^(\w+)\n-{3,}$", re.M)
ERROR = re.compile(r"(?<![`.\w])[A-Z]\w*Error\b")


def documented(path):
    """(name, node, docstring) of the module, and of its public classes, functions and methods."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    yield name, tree, ast.get_docstring(tree) or ""
    open_ = [(tree, name)]
    while open_:
        parent, prefix = open_.pop()
        for node in parent.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                yield f"{prefix}:{node.name}", node, ast.get_docstring(node) or ""
                if isinstance(node, ast.ClassDef):
                    open_.append((node, f"{prefix}:{node.name}"))


FILES = sorted(PACKAGE.rglob("*.py"))
ALL = [(name, node, text) for path in FILES for name, node, text in documented(path) if text]


def sections(text):
    """{title: lines} of a docstring, and what stands before the first."""
    before, *rest = SECTION.split(text)
    return before, dict(zip(rest[::2], rest[1::2], strict=True))


def entries(body):
    """The names that head the entries of a section."""
    heads = [line for line in body.splitlines() if line and not line.startswith(" ")]
    return [name.lstrip("*") for head in heads for name in head.partition(" :")[0].split(", ")]


def parameters(node):
    """Those of a function, or of what makes an object of a class."""
    if isinstance(node, ast.ClassDef):
        made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        return parameters(made[0]) if made else []
    a = node.args
    some = [*a.posonlyargs, *a.args, *filter(None, [a.vararg]), *a.kwonlyargs, *filter(None, [a.kwarg])]
    return [one.arg for one in some if one.arg not in ("self", "cls")]


@pytest.mark.parametrize("name, node, text", [
    pytest.param(*one, id=one[0]) for one in ALL if SECTION.search(one[2])
])  # fmt: skip
def test_sections_stand_in_their_order_and_name_the_parameters_that_there_are(name, node, text):
    _, found = sections(text)
    assert list(found) == [title for title in ORDER if title in found], "the order of numpydoc"
    assert all(body.strip() for body in found.values()), "an empty section"
    if "Parameters" in found:
        assert sorted(entries(found["Parameters"])) == sorted(parameters(node))
    errors = [error for error in entries(found.get("Raises", "")) if not hasattr(builtins, error)]
    assert set(errors) <= {node.name for _, node, _ in ALL if isinstance(node, ast.ClassDef)}


def in_library(name):
    folder = name.partition(":")[0].removeprefix("cnnlib/").rpartition("/")[0]
    return folder in LIBRARY or name.startswith("cnnlib/doctor/examine.py")


@pytest.mark.parametrize("name, node, text", [
    pytest.param(*one, id=one[0]) for one in ALL
    if in_library(one[0]) and not isinstance(one[1], ast.Module)
])  # fmt: skip
def test_what_a_function_raises_stands_in_its_section(name, node, text):
    """A function that says its parameters or result, and what it raises, says the latter under Raises."""
    raised = [error for error in ERROR.findall(sections(text)[0]) if error not in name]
    assert not raised or not parameters(node), f"{raised} stands in the text before the sections"


MODULE = re.compile(r":mod:`~?([\w.]+)`|``(\w+)\.(?=[A-Za-z_]+``)")  # a module, or the module of a name
STEMS = {path.stem for path in [PACKAGE, *PACKAGE.rglob("*")]}


@pytest.mark.parametrize("name, text", [
    pytest.param(name, found, id=f"{name}-{found}") for name, _, text in ALL
    for found in sorted({one[1] or one[2] for one in MODULE.finditer(text)})
])  # fmt: skip
def test_a_module_that_a_docstring_names_is_there(name, text):
    """When a module or a file of the package gets another name, the docstrings of others follow."""
    assert text.rpartition(".")[2] in STEMS | set(sys.stdlib_module_names)


class Kept(Directive):
    """A directive of Sphinx, as its content."""

    has_content, optional_arguments, final_argument_whitespace = True, 9, True

    def run(self):
        self.state.nested_parse(self.content, self.content_offset, holder := nodes.container())
        return [holder]


@pytest.fixture(scope="module")
def known_to_sphinx():
    for role in ("func", "class", "meth", "mod", "data", "attr"):
        roles.register_local_role(role, lambda name, raw, text, *_: ([nodes.literal(raw, text)], []))
    directives.register_directive("rubric", Kept)


def faults(text):
    """What docutils says about a docstring that napoleon has read; indented lines that it would run together."""
    options = Config(napoleon_google_docstring=False, napoleon_use_ivar=True, napoleon_use_rtype=False)
    rest = str(NumpyDocstring(text, options, what="class"))
    said = io.StringIO()
    tree = publish_doctree(rest, settings_overrides={"warning_stream": said, "default_role": "code"})
    return said.getvalue().splitlines() + [node.astext() for node in tree.findall(nodes.block_quote)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_sphinx_reads_every_docstring(path, known_to_sphinx):
    assert {name: found for name, _, text in documented(path) if (found := faults(text))} == {}


def test_a_fault_would_be_seen(known_to_sphinx):
    """The controls: a bar that opens a substitution, an indented formula without ::, a stray star."""
    assert faults("Sum.\n\nThe |A| of it.") and faults("Sum.\n\nThis:\n\n    a = b\n    c = d") and faults("*args")
    right = "Sum.\n\nThis::\n\n    a = b\n\nThe ``|A|`` of `it`.\n\nRaises\n------\nValueError\n    Never."
    assert faults(right) == []
