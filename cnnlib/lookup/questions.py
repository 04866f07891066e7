"""Questions that people ask, each with an answer of a few sentences and the cells that settle it.

The data is a file for each situation, ``topics/*.json``, with its ``questions`` and ``asked``: how people asked,
in short, and which entries answer it (a wording stands in the file of the first of them).  A question has further
words for the search, and its ``source``: where it was asked, or what the answer was checked against; and
``more``, a second paragraph, folded in a notebook.  ``questions.json`` has what they share: ``topics`` (key →
title), ``synonyms`` (groups of words that mean the same), ``stop`` (words that the search ignores) and
``subjects`` (the words of each: an answer whose title has one counts less for a query that has none of them).
``ask_course("my loop has no rotation")`` finds some by a reader's own words, and lists related ones; ``make index``
writes all of them to docs/questions.md.
"""

import html
import json
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from ..article.statements import address, anchor, plain
from ..console import Printable
from .search import Finder, Words

FOLDER = resources.files(__package__)
MORE = 0.3  # the weight of a word in a second paragraph
SHOWN, LISTED = 4, 10  # answers, which fill a screen of 1366×768, and questions that are listed as near
STYLE = (
    "<style>.cnn-questions { font-size: 16px; line-height: 1.4; max-width: 46em; overflow-wrap: anywhere; } "
    ".cnn-questions p { margin: 2px 0; } "
    ".cnn-questions-one { border-left: 3px solid #8888; margin: 10px 0; padding: 2px 10px; } "
    ".reveal .cnn-questions .cnn-questions-rest, .reveal .cnn-questions-more { display: none; } "
    ".cnn-questions summary { cursor: pointer; } "
    ".cnn-questions details { margin: 2px 0 2px 12px; } "
    ".cnn-questions details[open] > summary { font-weight: 600; } "
    ".cnn-questions details > p, .cnn-questions details > div { margin: 2px 0 2px 16px; } "
    ".cnn-questions details > :last-child { margin-bottom: 10px; } "
    ".cnn-questions .cnn-questions-rest, .cnn-questions-rest > summary { display: inline; margin: 0; } "
    ".cnn-questions-rest > summary { text-decoration: underline dotted; } "
    ".cnn-questions .cnn-questions-rest > p { margin: 4px 0 2px; } "
    ".cnn-questions a { text-decoration: underline !important; display: inline-block; margin-right: 8px; }</style>"
)
NOTHING = "None of the {} questions has these words. Say it in other words, or look through docs/questions.md."
NEAR, ALSO = "Not it? Near to yours:", "Also asked under “{}” ({}):"


class Question(NamedTuple):
    """One entry."""

    id: str
    topic: str  # a key of topics()
    question: str
    answer: str
    cells: tuple[str, ...]  # "05#step-collapse-term": notebook and cell id
    words: str  # further words that find it
    source: str  # where it was asked, or what the answer was checked against; "" where neither is at hand
    asked: tuple[str, ...] = ()  # how people asked for it, in short
    more: str = ""  # a second paragraph: the reason, the exception, other names, what to do now


class Answers(Printable, tuple):
    """Questions with their answers, the best first, and below them other questions, one line each.

    near: the next in rank; then those of the situation that most answers belong to.  Text, or HTML with links to
    the cells; there second paragraphs, the situation and every answer of a list fold open; a deck leaves these out.
    """

    def __new__(cls, answers=(), near=()):
        self = super().__new__(cls, answers)
        self.near = tuple(near)
        return self

    @property
    def topic(self) -> str:
        """The situation that most of the answers belong to, or the first answer's in a tie: a key of topics()."""
        every = [one.topic for one in self]
        return max(every, key=every.count)

    @property
    def others(self) -> tuple[Question, ...]:
        """The questions of that situation that are neither among the answers nor near."""
        listed = {*self, *self.near}
        return tuple(one for one in questions() if self and one.topic == self.topic and one not in listed)

    def _lists(self):
        return ((NEAR, self.near), (ALSO.format(topics()[self.topic], len(self.others)), self.others))

    def __repr__(self):
        if not self:
            return NOTHING.format(len(questions()))
        answers = ("\n    ".join((one.question, *_paragraphs(one), ", ".join(one.cells))) for one in self)
        lists = ("\n".join((title, *(f"  · {one.question}" for one in some))) for title, some in self._lists())
        return "\n\n".join((*answers, *lists))

    def _repr_html_(self):
        if not self:
            return html.escape(repr(self))
        answers = (
            f'<div class="cnn-questions-one"><p><b>{html.escape(one.question)}</b></p>'
            f"{_answer(one, _more(one))}</div>"
            for one in self
        )
        (near, _), (also, _) = self._lists()
        lists = (
            f"<p>{html.escape(near)}</p>{''.join(map(_folded, self.near))}"
            f"<details><summary>{html.escape(also)}</summary>{''.join(map(_folded, self.others))}</details>"
        )
        more = f'<div class="cnn-questions-more">{lists}</div>'
        return f'{STYLE}<div class="cnn-questions">{"".join(answers)}{more}</div>'


def _folded(one):
    more = f"<p>{html.escape(one.more)}</p>" if one.more else ""
    return f"<details><summary>{html.escape(one.question)}</summary>{_answer(one)}{more}</details>"


def _answer(one, behind=""):
    links = " ".join(anchor(cell) for cell in one.cells)
    return f'<div class="cnn-questions-answer">{html.escape(one.answer)} {links}{behind}</div>'


def _more(one):
    """The second paragraph behind the word More, which stands in the line of the links."""
    if not one.more:
        return ""
    return f'<details class="cnn-questions-rest"><summary>More</summary><p>{html.escape(one.more)}</p></details>'


def _paragraphs(one):
    return filter(None, (one.answer, one.more))


def ask_course(text: str, shown: int = SHOWN) -> Answers:
    """The questions of the course that are nearest to yours, with their answers and the cells that settle them.

    text: your question in your own words, such as "my loop has no rotation"; a whole sentence, a line of code or a
    single word. ValueError if it is no text, or empty.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f'ask in words, such as ask_course("my loop has no rotation"), and not {text!r}')
    every = {one.id: one for one in questions()}
    found = [every[key] for key, _ in _finder().find(text)[: shown + LISTED]]
    return Answers(found[:shown], found[shown:])


@cache
def _read(*place):
    return json.loads(FOLDER.joinpath(*place).read_text(encoding="utf-8"))


def _topic(key):
    return _read("topics", f"{key}.json")


@cache
def questions() -> tuple[Question, ...]:
    """All of them, topic by topic."""
    wordings = {}
    for said, ids in asked().items():
        for each in ids.split():
            wordings.setdefault(each, []).append(said)
    return tuple(
        Question(topic=key, asked=tuple(wordings.get(row["id"], ())), **row | {"cells": tuple(row["cells"])})
        for key in topics()
        for row in _topic(key)["questions"]
    )


def asked() -> dict[str, str]:
    """How people asked → the ids of the entries that answer it, with blanks between; ValueError if two have it."""
    found = {}
    for key in topics():
        for said, ids in _topic(key)["asked"].items():
            if said in found:
                raise ValueError(f"{said!r} stands in two files of lookup/topics")
            found[said] = ids
    return found


def topics() -> dict[str, str]:
    """Key → title, in the order of the page."""
    return dict(_read("questions.json")["topics"])


def words() -> Words:
    """The words of the field, with those that mean the same."""
    shared = _read("questions.json")
    return Words(shared["synonyms"], shared["stop"].split())


def subjects() -> list[list[str]]:
    """The words of each subject of which a query must have one, or answers about it count less."""
    return _read("questions.json")["subjects"]


@cache
def _finder():
    every = questions()
    fields = {one.id: [(one.question, 1.0), (one.words, 0.8), (one.answer, 0.5), (one.more, MORE)] for one in every}
    return Finder(fields, words(), {one.id: one.asked for one in every}, subjects())


def page() -> str:
    """docs/questions.md: every question by situation as contents, then its answer with links to the cells."""
    parts, answers = [_read("questions.json")["introduction"]], []
    for key, title in topics().items():
        asked = [one for one in questions() if one.topic == key]
        lines = (f"  * [{plain(one.question)}](#{_place(one.question)})" for one in asked)
        parts.append("\n".join((f"* [{title}](#{_place(title)})", *lines)))
        answers.append(f"## {title}")
        for one in asked:
            links = " · ".join(f"[{cell}](../notebooks/{address(cell)})" for cell in one.cells)
            answers.append("\n\n".join((f"### {plain(one.question)}", *map(plain, _paragraphs(one)), links)))
    return "\n\n".join(("\n".join((parts[0] + "\n", *parts[1:])), *answers)) + "\n"


def _place(title):
    """The name under which Markdown has a heading: small letters, hyphens for blanks, no other signs."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
