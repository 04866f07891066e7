"""The slides of the lecture: which cells of the notebooks are shown in the room, and the copy that is shown.

A slide of the lecture is a cell that begins a slide and has the tag ``lecture``.  The other slides belong to the
hand-out, for work at home, and the show skips them.  Everything on a slide of the
lecture is there at once, but for the answer of a question (tag ``ask``) and a cell with the tag ``step``; each of
these comes with a press of PageDown.  Nothing else follows a question on its slide, and
a cell with the tag ``handout`` is left out, so that a sentence can stand alone.

The lecture runs on a copy, ``build/lecture``, made anew at each start; whatever a lecturer changes there, the
course stays as it is.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import places
from .copy import FolderError, course_files, write

COPY = Path("build", "lecture")
SHOWN, QUESTION, STEP, HANDOUT = "lecture", "ask", "step", "handout"  # tags
STEPS = {"row": 3, "blackboard": 6}  # presses that a control takes before the show moves on; a question takes one
BEGINS = ("slide", "subslide")


class Slide(NamedTuple):
    """One slide: its number, the cells on it, and the presses of PageDown from its beginning to the next slide."""

    number: int
    cells: list[dict]
    presses: int
    heading: str  # its own, else the last heading before it, even if the show leaves that out


def role_of(cell: dict) -> str | None:
    """slide, subslide, fragment, notes or skip; None for a cell that continues the one before."""
    return cell["metadata"].get("slideshow", {}).get("slide_type")


def tags_of(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def heading_of(cell: dict) -> str:
    """The first line of a cell of text, as a reader sees it, if it is a heading; else ""."""
    first = "".join(cell["source"]).partition("\n")[0]
    is_heading = cell["cell_type"] == "markdown" and first.startswith("#")
    return re.sub(r"[#$`*]", "", first).strip() if is_heading else ""


def is_in_lecture(notebook: dict) -> bool:
    """Whether any slide of the notebook belongs to the lecture."""
    return any(SHOWN in tags_of(cell) for cell in notebook["cells"])


def for_the_room(notebook: dict) -> dict:
    """The same notebook in which only the slides of the lecture have a role; one without any keeps all of them."""
    if not is_in_lecture(notebook):
        return notebook
    made, shown, section, asked = json.loads(json.dumps(notebook)), False, False, False
    for cell in made["cells"]:
        role, tags = role_of(cell), tags_of(cell)
        if role in BEGINS:
            shown, asked = SHOWN in tags, False
            section = section or role == "slide"
            if shown and section:  # the first of a section that is shown begins it
                cell["metadata"]["slideshow"], section = {"slide_type": "slide"}, False
        answers = asked and role != "notes" and STEP not in tags  # what follows a question may answer it
        if not shown or answers or HANDOUT in tags:
            cell["metadata"]["slideshow"] = {"slide_type": "skip"}
        elif role == "fragment" and STEP not in tags:
            del cell["metadata"]["slideshow"]
        asked = asked or QUESTION in tags
    return made


def slides_of(notebook: dict) -> list[Slide]:
    """The slides as the show counts them."""
    slides, heading = [], ""
    for cell in notebook["cells"]:
        role, heading = role_of(cell), heading_of(cell) or heading
        if role in BEGINS:
            slides.append(Slide(len(slides) + 1, [], 1, heading))
        if slides and role not in ("skip", "notes"):
            slide = slides[-1]
            slide.cells.append(cell)
            slides[-1] = slide._replace(presses=slide.presses + (role == "fragment") + control_steps(cell))
    return slides


def control_steps(cell: dict) -> int:
    """How many presses of PageDown the question or board of a cell takes."""
    if QUESTION not in tags_of(cell):
        return 0
    called = [steps for name, steps in STEPS.items() if f"{name}(" in "".join(cell["source"])]
    return called[0] if called else 1


def lectured(notebooks: Path = places.NOTEBOOKS) -> Iterator[tuple[str, dict]]:
    """(file name, the notebook as it is shown) of every notebook of the lecture, in order."""
    for path in places.notebooks(notebooks):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if is_in_lecture(notebook):
            yield path.name, for_the_room(notebook)


def make_copy(course: Path, *, every: bool = False) -> Path:
    """Copy notebooks and pages of the course for a lecture; returns the copy's folder.  FolderError, in words.

    every: show all slides, those of the hand-out too.
    """
    copy = course / COPY
    try:
        for name, path in course_files(course).items():
            content = path.read_bytes()
            if path.suffix == ".ipynb" and not every and "." not in path.stem:
                content = json.dumps(for_the_room(json.loads(content)), ensure_ascii=False, indent=1).encode()
            write(copy / name, content)
    except (OSError, ValueError) as error:
        raise FolderError(f"The lecture's copy of the course, {copy}, cannot be made: {error}") from None
    return copy
