"""What the article says, what is right, and the cell of the course that settles it.

``statements.json`` is the one source: A1, A2, … are the article's statements in its own order, E1–E31 its errata,
M1–M22 common misconceptions.  ``errata("slope")`` shows one topic as a table with links to the cells,
``index_of("A")`` shows all of a kind, folded.  ``make index`` writes all of them to docs/index.md.
"""

import html
import json
from functools import cache
from importlib import resources
from typing import NamedTuple

from ..console import Printable
from ..plots.html import as_html

FILE = resources.files(__package__) / "statements.json"
HEADINGS = {"A": "The article says", "E": "The article says", "M": "Some say"}
STYLE = (
    "<style>.cnn-statements :is(td, th) { text-align: left !important; vertical-align: top; font-size: 16px; "
    "line-height: 1.3; white-space: normal; } "
    ".cnn-statements a { white-space: nowrap; text-decoration: underline !important; } "
    ".cnn-statements-part > summary { cursor: pointer; font-size: 16px; padding: 4px 0; } "
    ".reveal .cnn-statements td, .reveal .cnn-statements th { font-size: 18px; }</style>"
)


class Statement(NamedTuple):
    """One row of the index."""

    id: str  # A, E or M and a number
    topic: str  # a key of topics()
    zh: str  # quoted from the article, or empty
    en: str  # the same in English, or a misconception
    right: str
    cells: tuple[str, ...]  # "05#step-collapse-term": notebook and cell id; the first settles it


class Table(Printable, tuple):
    """Statements as a table: text, HTML in a notebook, or :meth:`markdown`."""

    def __repr__(self):
        rows = (f"{one.id}  {one.en}\n    right: {one.right}\n    {', '.join(one.cells)}" for one in self)
        return "\n".join(rows)

    def _repr_html_(self):
        return STYLE + self.html()

    def html(self) -> str:
        """The table without its style sheet."""
        heading = HEADINGS[self[0].id[0]] if self else ""
        head = f"<tr><th></th><th>{heading}</th><th>Right is</th><th>Settled in</th></tr>"
        rows = "".join(
            f"<tr><td>{one.id}</td><td>{_said(one, as_html)}</td><td>{as_html(one.right)}</td>"
            f"<td>{'<br>'.join(anchor(cell) for cell in one.cells)}</td></tr>"
            for one in self
        )
        return f'<table class="cnn-statements">{head}{rows}</table>'

    def markdown(self, folder: str = "") -> str:
        """A Markdown table; ``folder`` is the relative path from the page to the notebooks: "../notebooks/"."""
        heading = HEADINGS[self[0].id[0]] if self else ""
        rows = [f"| | {heading} | Right is | Settled in |", "|---|---|---|---|"]
        for one in self:
            links = "<br>".join(f"[{cell}]({folder}{address(cell)})" for cell in one.cells)
            rows.append(f"| {one.id} | {_said(one, plain)} | {plain(one.right)} | {links} |")
        return "\n".join(rows)


class Index(Printable, tuple):
    """(title, Table) pairs: text, or HTML in which each part folds open."""

    def __repr__(self):
        return "\n\n".join(f"{title}\n{rows!r}" for title, rows in self)

    def _repr_html_(self):
        return STYLE + "".join(
            f'<details class="cnn-statements-part"><summary><b>{html.escape(title)}</b>, {_span(rows)}</summary>'
            f"{rows.html()}</details>"
            for title, rows in self
        )


@cache
def _read():
    return json.loads(FILE.read_text(encoding="utf-8"))


def topics() -> dict[str, str]:
    """Key → title, in the order of the course."""
    return dict(_read()["topics"])


def statements(kind: str, topic: str | None = None) -> Table:
    """The statements of one kind, and of one topic, if it is given.

    Parameters
    ----------
    kind : "A", "E" or "M"
    topic : text

    Raises
    ------
    ValueError
        For an unknown kind or topic.
    """
    if kind not in HEADINGS or topic not in {None, *topics()}:
        raise ValueError(f"there are no {kind!r} on {topic!r}; kinds are A, E, M, topics {', '.join(topics())}")
    found = (Statement(**row | {"cells": tuple(row["cells"])}) for row in _read()["statements"])
    return Table(one for one in found if one.id[0] == kind and topic in (None, one.topic))


def errata(topic: str | None = None) -> Table:
    """The errata of the article, all or those on one topic."""
    return statements("E", topic)


def address(cell: str) -> str:
    """The link to a cell, relative to the notebooks: ``05_….ipynb#cell-id=…``.  JupyterLab opens it at that
    cell."""
    number, _, name = cell.partition("#")
    return f"{_read()['notebooks'][number]}.ipynb#cell-id={name}"


def index_of(kind: str) -> Index:
    """All of a kind in titled parts: the article's statements in its own order, the others by topic."""
    found = statements(kind)
    if kind == "A":
        starts = _read()["parts"]  # the first statement of each part → its title
        title = starts[found[0].id]
        groups = [(title := starts.get(one.id, title), one) for one in found]
        titles = starts.values()
    else:
        groups = [(topics()[one.topic], one) for one in found]
        titles = topics().values()
    parts = ((title, Table(one for name, one in groups if name == title)) for title in titles)
    return Index((title, rows) for title, rows in parts if rows)


def index() -> str:
    """docs/index.md: every statement, and the cells that settle it."""
    text = _read()["introduction"]
    for kind, title in (("A", "The article, statement by statement"), ("E", "Errata"), ("M", "Misconceptions")):
        parts = (f"### {name}\n\n{rows.markdown('../notebooks/')}" for name, rows in index_of(kind))
        text += f"\n\n## {title}\n\n" + "\n\n".join(parts)
    return text + "\n"


def _span(rows):
    """"A4 to A11" where the numbers are consecutive; else each of them."""
    numbers = [int(one.id[1:]) for one in rows]
    if len(rows) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{rows[0].id} to {rows[-1].id}"
    return ", ".join(one.id for one in rows)


def _said(one, escaped):
    return "<br>".join([f"「{escaped(one.zh)}」" if one.zh else "", escaped(one.en)]).removeprefix("<br>")


def anchor(cell: str) -> str:
    """The same link, as HTML."""
    return f'<a href="{html.escape(address(cell))}">{html.escape(cell)}</a>'


def plain(text: str) -> str:
    """Text with Markdown's special characters escaped."""
    for mark in "\\|*_[]<>":
        text = text.replace(mark, f"\\{mark}")
    return text
