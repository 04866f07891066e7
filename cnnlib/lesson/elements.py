"""Controls that need no kernel: an element of a page, its script and its style, in one piece of HTML.

JupyterLab, the book, a deck and the landing page show the same HTML.  What is hidden at first is in the attribute
``data`` as base64.  That is no protection; it keeps an answer from being read or found by a search too early.
"""

import base64
import json
import re
from importlib import resources
from typing import NamedTuple

from ..plots.colours import style
from ..plots.html import as_html as plain

PAGE = resources.files(__package__) / "page"
BOARDS = ("blackboard", "rewrite")  # these show formulas and read typed ones
CODE = re.compile(r"`([^`]+)`")
BOARD_STYLE = (PAGE / "board.css").read_text(encoding="utf-8")


class Shown(NamedTuple):
    """What a cell shows: ``html`` on a page, ``text`` where there is none."""

    html: str
    text: str

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return self.html


def element(name: str, data: dict, children: str = "") -> str:
    """The element ``cnn-<name>`` with all that it needs; ``children`` is what a page without scripts shows."""
    packed = base64.b64encode(json.dumps(data, ensure_ascii=False).encode()).decode()
    made = f'<cnn-{name} data="{packed}">{children}</cnn-{name}>'
    return f"{style('')}{made}<script>{script(name)}</script>"


def script(name: str) -> str:
    """The script of a control: the shared part, then its own, in a function of its own."""
    board = name in BOARDS
    style = BOARD_STYLE * board + _read(f"{name}.css")
    styles = f"const BASE_STYLE = {json.dumps(_read('base.css'))}, STYLE = {json.dumps(style)};"
    parts = [_read("base.js"), _read("formula.js") * board, _read(f"{name}.js")]
    return "\n".join(["(() => {", styles, *parts, "})();"])


def as_html(text: str) -> str:
    """Plain text as HTML: `code` between backticks, ⋆ larger than a dot, no line broken inside "5 %" or ∂L/∂x."""
    unbroken = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", plain(text)).replace("/∂", "/\N{WORD JOINER}∂")
    return CODE.sub(r"<code>\1</code>", unbroken)


def _read(name):
    return (PAGE / name).read_text(encoding="utf-8")
