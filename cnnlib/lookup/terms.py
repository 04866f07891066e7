"""The glossary: each word's meaning in one line, its other names, Chinese, and a cell that shows it.

The data is ``glossary.json``: ``parts`` (key → title) and ``terms``.  Notebook 00 shows it with ``glossary()``, the
book and docs/glossary.md have it as a page, written by ``make index``.
"""

import html
import json
from functools import cache
from importlib import resources
from typing import NamedTuple

from ..article.statements import address, anchor, plain
from ..console import Printable
from .questions import words
from .search import Finder

FILE = resources.files(__package__) / "glossary.json"
SHOWN = 5  # terms that a look-up gives
HEADINGS = ("term", "it means", "also called", "中文", "see")
STYLE = (
    "<style>.cnn-glossary :is(td, th) { text-align: left !important; vertical-align: top; font-size: 15px; "
    "line-height: 1.3; white-space: normal; } .cnn-glossary a { white-space: nowrap; text-decoration: underline; } "
    ".cnn-glossary-part > summary { cursor: pointer; font-size: 16px; padding: 4px 0; } "
    ".cnn-glossary-parts { container-type: inline-size; } "
    "@container (max-width: 520px) { "  # a phone: one below the other
    ".cnn-glossary :is(tbody, tr, td) { display: block; max-width: none; } "
    ".cnn-glossary tr { padding: 6px 0; } .cnn-glossary tr:first-child { display: none; } "
    ".cnn-glossary td { padding: 1px 8px !important; } "
    ".cnn-glossary td:nth-child(3)::before { content: 'also: '; opacity: 0.75; } }</style>"
)


class Term(NamedTuple):
    """One row."""

    term: str
    part: str  # a key of parts()
    meaning: str
    also: tuple[str, ...]
    zh: str
    cell: str  # "05#step-collapse-term"


class Terms(Printable, tuple):
    """Rows of the glossary: text, or HTML, folded by parts where there are several."""

    def __repr__(self):
        if not self:
            return f"The glossary has no such word among its {len(terms())}; glossary() shows them all."
        return "\n".join(
            f"{one.term} ({one.zh}): {one.meaning}. Also: {', '.join(one.also)}. {one.cell}" for one in self
        )

    def _repr_html_(self):
        if not self:
            return html.escape(repr(self))
        found = [(title, [one for one in self if one.part == key]) for key, title in parts().items()]
        folded = (
            f'<details class="cnn-glossary-part"><summary><b>{html.escape(title)}</b>, {len(rows)} terms</summary>'
            f"{_table(rows)}</details>"
            for title, rows in found
            if rows
        )
        shown = _table(self) if len(self) <= SHOWN else "".join(folded)
        return f'{STYLE}<div class="cnn-glossary-parts">{shown}</div>'


def glossary(word: str | None = None) -> Terms:
    """Every term, or those that ``word`` finds: a term, another name of it, or Chinese.

    ValueError for an empty word, and for anything but text.
    """
    if word is None:
        return Terms(terms())
    if not isinstance(word, str) or not word.strip():
        raise ValueError(f'give a word, such as glossary("deconvolution"), or none for all of it; not {word!r}')
    every = {one.term: one for one in terms()}
    found = _finder().find(word)[:SHOWN]
    return Terms(every[key] for key, score in found if score > found[0][1] / 2)


@cache
def _read():
    return json.loads(FILE.read_text(encoding="utf-8"))


@cache
def terms() -> tuple[Term, ...]:
    """All terms, part by part."""
    return tuple(Term(**row | {"also": tuple(row["also"])}) for row in _read()["terms"])


def parts() -> dict[str, str]:
    """Key → title, in the order of the page."""
    return dict(_read()["parts"])


@cache
def _finder():
    fields, asked = {}, {one.term: (*one.also, one.zh) for one in terms()}
    for one in terms():
        fields[one.term] = [(one.term, 1.0), (" ; ".join(asked[one.term]), 0.9), (one.meaning, 0.3)]
    return Finder(fields, words(), asked)


def page() -> str:
    """docs/glossary.md."""
    lines = [_read()["introduction"]]
    for key, title in parts().items():
        rows = [f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|"]
        for one in terms():
            if one.part == key:
                link = f"[{one.cell}](../notebooks/{address(one.cell)})"
                texts = map(plain, (one.term, one.meaning, ", ".join(one.also), one.zh))
                rows.append(f"| {' | '.join(texts)} | {link} |")
        lines += [f"## {title}", "\n".join(rows)]
    return "\n\n".join(lines) + "\n"


def _table(rows):
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    body = "".join(
        f"<tr><td><b>{html.escape(one.term)}</b></td><td>{html.escape(one.meaning)}</td>"
        f"<td>{html.escape(', '.join(one.also))}</td><td>{html.escape(one.zh)}</td><td>{anchor(one.cell)}</td></tr>"
        for one in rows
    )
    return f'<table class="cnn-glossary"><tr>{head}</tr>{body}</table>'
