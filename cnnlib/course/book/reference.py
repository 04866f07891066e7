"""A page of the book for each module or package of cnnlib, in the order in which they may import each other.

The order and the line on each floor are those of ``cnnlib/__init__.py``.  The modules of a package share a page.
"""

import ast
import re

from ..places import PACKAGE

AUTOMODULE = "```{{eval-rst}}\n.. automodule:: {}\n{}```\n"
MEMBERS = "   :members:\n   :show-inheritance:\n"


def floors() -> list[tuple[list[str], str]]:
    """[(names on a floor, what they hold)] as the docstring of cnnlib lists them."""
    text = ast.get_docstring(ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")))
    lines = re.findall(r"^    ([\w.]+(?:, [\w.]+)*) {2,}(\S.*)$", text, re.M)
    return [(names.split(", "), holds) for names, holds in lines]


def reference() -> dict[str, str]:
    """{path: text} of all pages: the floors as a table, and a page for each module or package."""
    lines = ["# The modules of cnnlib\n", "Each imports only from those above it in this table, or to its left.\n",
             "| modules and packages | what they hold |", "|---|---|"]  # fmt: skip
    for floor, holds in floors():
        links = ", ".join(f"[{name}](api/{name}.md)" for name in floor)
        lines.append(f"| {links} | {holds} |")
    return {"reference.md": "\n".join(lines) + "\n"} | {f"api/{name}.md": page(name) for name in names()}


def names() -> list[str]:
    """Every module and package of the list, in the order of import."""
    return [name for floor, _ in floors() for name in floor]


def reference_entries() -> list[str]:
    """The lines of the table of contents."""
    return ["All modules <reference>", *(f"{name} <api/{name}>" for name in names())]


def page(name: str) -> str:
    """The page of a module; a package has a section for each module inside it."""
    folder = PACKAGE.joinpath(*name.split("."))
    files = [path for path in folder.rglob("*.py") if path.stem != "__init__"]
    inner = sorted(path.relative_to(folder).with_suffix("") for path in files)
    text = f"# {name}\n\n" + AUTOMODULE.format(f"cnnlib.{name}", "" if inner else MEMBERS)
    for path in inner:
        module = ".".join([name, *path.parts])
        text += f"\n## {module}\n\n" + AUTOMODULE.format(f"cnnlib.{module}", MEMBERS)
    return text
