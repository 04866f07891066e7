"""A page of the book for each room of cnnlib, in the order in which they may import each other.

The order and the line on each floor are those of ``cnnlib/__init__.py``.  The rooms of a package share a page.
"""

import ast
import re

from ..places import PACKAGE

AUTOMODULE = "```{{eval-rst}}\n.. automodule:: {}\n{}```\n"
MEMBERS = "   :members:\n   :show-inheritance:\n"


def floors() -> list[tuple[list[str], str]]:
    """[(rooms of a floor, what they hold)] as the docstring of cnnlib lists them."""
    text = ast.get_docstring(ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")))
    lines = re.findall(r"^    (\w+(?:, \w+)*) {2,}(\S.*)$", text, re.M)
    return [(names.split(", "), holds) for names, holds in lines]


def rooms() -> dict[str, str]:
    """{path: text} of all pages: the floors as a table, and a page for each room."""
    lines = ["# The rooms of cnnlib\n", "Each imports only from rooms above it in this table, or to its left.\n",
             "| rooms | what they hold |", "|---|---|"]  # fmt: skip
    for floor, holds in floors():
        links = ", ".join(f"[{name}](api/{name}.md)" for name in floor)
        lines.append(f"| {links} | {holds} |")
    return {"rooms.md": "\n".join(lines) + "\n"} | {f"api/{name}.md": page(name) for name in names()}


def names() -> list[str]:
    """Every room, in the order of import."""
    return [name for floor, _ in floors() for name in floor]


def room_entries() -> list[str]:
    """The lines of the table of contents."""
    return ["All rooms <rooms>", *(f"{name} <api/{name}>" for name in names())]


def page(name: str) -> str:
    """The page of a room; a package has a section for each room inside it."""
    module = f"cnnlib.{name}"
    inner = sorted(path.stem for path in (PACKAGE / name).glob("*.py") if path.stem != "__init__")
    text = f"# {name}\n\n" + AUTOMODULE.format(module, "" if inner else MEMBERS)
    for room in inner:
        text += f"\n## {name}.{room}\n\n" + AUTOMODULE.format(f"{module}.{room}", MEMBERS)
    return text
