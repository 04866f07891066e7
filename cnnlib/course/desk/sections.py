"""The sections of the lecture: slides, minutes, clock and questions, from data, notebooks and records."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ...lesson import predictions
from .. import places
from ..lecture_slides import QUESTION, Slide, lectured, slides_of, tags_of

DATA = json.loads((resources.files(__package__) / "lecture.json").read_text(encoding="utf-8"))
LONG, SHORT = DATA["minutes"]


@dataclass(frozen=True)
class Answer:
    """One answer to expect: its text, whether it is right, the mistake that it means, and what to say."""

    text: str
    right: bool
    means: str
    says: str


@dataclass(frozen=True)
class Ask:
    """A question to the audience, on the slide of that number; aloud: only the lecturer asks it.

    ``answer`` says where a question that is asked aloud is answered: the id of a cell, "click" where an explorer
    answers it, "open" where nothing in the lecture does.
    """

    slide: int
    question: str
    answers: tuple[Answer, ...]
    aloud: bool = False
    answer: str = ""

    @property
    def expected(self) -> Answer:
        return next(answer for answer in self.answers if answer.right)


@dataclass(frozen=True)
class Section:
    """A part of the lecture that is timed: its slides, minutes, and the clock at its beginning (None: left out)."""

    notebook: str
    heading: str
    slides: tuple[int, int]
    minutes: tuple[int, int | None]
    clock: tuple[int, int | None]
    asks: tuple[Ask, ...]
    say: str
    click: str
    cut: str
    click_slide: int  # where it is clicked


def sections(notebooks: Path = places.NOTEBOOKS) -> list[Section]:
    """All sections in order.  ValueError where the data name a slide that the lecture does not have."""
    found, clock = [], [0, 0]
    for name, notebook in lectured(notebooks):
        number, slides = name[:2], slides_of(notebook)
        begins = _begins(number, slides)
        for entry, first, last in begins:
            minutes, part = entry["minutes"], slides[first:last]
            asks = (*_spoken(number, part, entry), *(ask for slide in part for ask in _asks(number, slide)))
            clicked = _numbered(number, part, entry.get("click_slide"))
            shown = tuple(None if long is None else at for long, at in zip(minutes, clock, strict=True))
            heading = entry.get("name", slides[first].heading)
            words = [entry.get(part, "") for part in ("say", "click", "cut")]
            found.append(Section(number, heading, (first + 1, last), tuple(minutes), shown, asks, *words, clicked))
            clock = [at + (more or 0) for at, more in zip(clock, minutes, strict=True)]
    return found


def slack() -> tuple[int, int]:
    """The minutes of both lectures that no section takes."""
    taken = [sum(entry["minutes"][k] or 0 for part in DATA["notebooks"].values() for entry in part) for k in (0, 1)]
    return LONG - taken[0], SHORT - taken[1]


def _begins(number, slides):
    """[(entry of the data, index of its first slide, index after its last)]."""
    entries, first_cells = DATA["notebooks"].get(number, []), [slide.cells[0]["id"] for slide in slides]
    unknown = [entry["slide"] for entry in entries if entry["slide"] not in first_cells]
    if unknown:
        raise ValueError(f"lecture.json: notebook {number} has no slide of the lecture that begins with {unknown}")
    starts = [first_cells.index(entry["slide"]) for entry in entries]
    return list(zip(entries, starts, [*starts[1:], len(slides)], strict=True))


def _asks(number: str, slide: Slide) -> list[Ask]:
    """The questions on a slide; a board's stand in the data, the others in the records."""
    by_cell = {record["cell"]: record for record in predictions.records(number)} | DATA["boards"]
    records = [by_cell[cell["id"]] for cell in slide.cells if QUESTION in tags_of(cell)]
    return [_ask(slide.number, record) for record in records]


def _spoken(number, slides, entry):
    """The question that is asked aloud in a section, if there is one."""
    if "ask" not in entry:
        return []
    record = entry["ask"]
    return [_ask(_numbered(number, slides, record.get("slide")), record, aloud=True)]


def _numbered(number, slides, cell):
    """The number of the slide that begins with the cell of that id, by default of the first."""
    found = [slide.number for slide in slides if cell in (None, slide.cells[0]["id"])]
    if not found:
        raise ValueError(f"lecture.json: a section of notebook {number} has no slide that begins with {cell!r}")
    return found[0]


def _ask(slide, record, aloud=False):
    return Ask(slide, record["question"], _answers(record), aloud, record.get("answer", ""))


def _answers(record):
    kind = predictions.KINDS[record.get("kind", "choice")]
    return tuple(
        Answer(str(option[kind]), place == record["right"], option.get("means", ""), option.get("says", ""))
        for place, option in enumerate(record["options"])
    )
