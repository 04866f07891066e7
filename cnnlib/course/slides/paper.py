"""What a hand-out has in addition to a notebook: questions with options, space to write, answers at the end.

:func:`prepare` changes the cells of a notebook that was run, before they become slides:

* a quiz becomes a slide for each question, with its options as letters;
* an exercise gets the function that is asked for, if it is short, and space to write on paper;
* a slide of the lecture and a question of the lesson (a record of :mod:`cnnlib.lesson.predictions`) get a speaker's
  note, see :mod:`spoken`;
* the last slides hold the answers to both.
"""

import re
from html import escape
from typing import NamedTuple

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from cnnlib.exercises.quiz import questions
from cnnlib.lesson.elements import as_html
from cnnlib.lesson.predictions import record

from . import spoken

QUIZ = re.compile(r'^ask\("([\d-]+)"\)$', re.MULTILINE)
PREDICTION = re.compile(r'\bpredict\("([\w-]+)"')
EXERCISE = re.compile(r"^#+ Exercise\b")
LETTERS = "ABCDEFGH"
WRITING_SPACE = '<div class="cnn-write" aria-hidden="true"></div>'
STUB = 12  # lines of an exercise's cell that fit on its slide beside the text
FULL, MOST = 1150, 5  # characters of answers that a slide holds, and answers: each ends a line


class Answer(NamedTuple):
    """One line of the answers: the question, which option is right ("" where there are none), and why."""

    question: str
    right: str
    why: str


def prepare(notebook: NotebookNode, number: str = "") -> None:
    """Make the cells of a hand-out from those of a notebook that was run, in place.

    number: that of the notebook, such as "04"; without it no slide is one of the lecture.
    """
    cells, asked, quizzed, room = [], [], [], []
    for place, cell in enumerate(notebook.cells):
        if _role(cell) in ("slide", "subslide") or _calls(cell, QUIZ):  # the room to write ends the slide before
            cells, room = cells + room, []
        if quiz := _calls(cell, QUIZ):
            found = questions(quiz)
            begins = _without_heading(cells)
            cells += _question_slides(found, cell, begins)
            quizzed += [_quiz_answer(entry) for entry in found]
            continue
        cells.append(cell)
        if note := spoken.of_lecture().get((number, cell.id)):
            cells.append(_slide(note, "notes", cell.id))
        if (key := _calls(cell, PREDICTION)) and _role(cell) != "skip":
            cells.append(_slide(spoken.of_question(record(key)), "notes", cell.id))
            asked.append(_prediction_answer(record(key)))
        if cell.cell_type == "markdown" and EXERCISE.match(cell.source):
            cells += _exercise_stub(cell, notebook.cells[place + 1 : place + 2])
            room = [_continued(WRITING_SPACE, cell.id)]
    answers = _answer_slides("Questions on the way", asked) + _answer_slides("The quiz", quizzed)
    notebook.cells = cells + room + answers
    for place, cell in enumerate(notebook.cells):
        if "made_from" in cell.metadata:  # the same notebook makes the same deck
            cell.id = f"{cell.metadata['made_from'][:40]}-made-{place}"


def _calls(cell, pattern):
    found = cell.cell_type == "code" and pattern.search(cell.source)
    return found[1] if found else None


def _role(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def _slide(source, role, name):
    """A Markdown cell with the role of a slide; ``name`` is the id of the cell that it was made from."""
    return new_markdown_cell(source, metadata={"slideshow": {"slide_type": role}, "made_from": name})


# ------------------------------------------------------------------------------------------------ quiz


def _without_heading(cells):
    """The role of the first question's slide: that of a heading which would stand alone before it, and goes."""
    last = next((cell for cell in reversed(cells) if _role(cell) not in ("notes", "skip")), None)
    if last is None or _role(last) not in ("slide", "subslide") or not re.fullmatch(r"##+ [^\n]*\n*", last.source):
        return "subslide"
    role, last.metadata["slideshow"] = _role(last), {"slide_type": "notes"}
    return role


def _question_slides(found, cell, begins):
    """A slide for each question; options are letters, so that they can be called out."""
    slides = []
    for number, entry in enumerate(found, 1):
        options = "".join(f"<li>{as_html(answer['answer'])}</li>" for answer in entry["answers"])
        several = "<p>More than one is right.</p>" if entry["type"] == "many_choice" else ""
        text = f'<p>{as_html(_bare(entry["question"]))}</p><ol class="cnn-options" type="A">{options}</ol>{several}'
        role = begins if number == 1 else "subslide"
        slides.append(_slide(f"### Quiz, question {number} of {len(found)}\n\n{text}", role, cell.id))
    return slides


def _bare(question):
    """The question without its number, which the quiz of the notebook writes before it."""
    return re.sub(r"^\d+\. ", "", question)


def _quiz_answer(entry):
    right = [n for n, answer in enumerate(entry["answers"]) if answer["correct"]]
    why = " ".join(re.sub(r"^Yes[.:,] ", "", entry["answers"][n].get("feedback", "")) for n in right)
    return Answer(_bare(entry["question"]), ", ".join(LETTERS[n] for n in right), why)


# ------------------------------------------------------------------------------- questions of the lesson


def _prediction_answer(asked):
    right = asked["options"][asked["right"]]
    return Answer(asked["question"], spoken.called_out(asked["kind"], right, asked["right"]), right["says"])


# ------------------------------------------------------------------------------------ exercises, answers


def _exercise_stub(cell, following):
    """The function that is asked for, if it fits and its own cell is left out."""
    made = []
    for stub in following:
        lines = stub.source.splitlines()
        if stub.cell_type == "code" and _role(stub) == "skip" and len(lines) <= STUB:
            made.append(_continued(f"```python\n{stub.source}\n```", cell.id))
    return made


def _continued(source, name):
    return new_markdown_cell(source, metadata={"tags": ["continues"], "made_from": name})


def _answer_slides(title, answers):
    """The answers, as many to a slide as it holds."""
    slides, items, size = [], [], 0
    for number, answer in enumerate(answers, 1):
        right = f"<b>{escape(answer.right)}</b>. " if answer.right else ""
        item = f'<li value="{number}"><i>{as_html(answer.question)}</i><br>{right}{as_html(answer.why)}</li>'
        length = len(answer.question) + len(answer.why)
        if items and (size + length > FULL or len(items) == MOST):
            slides, items, size = [*slides, items], [], 0
        items, size = [*items, item], size + length
    slides += [items] if items else []
    role = ["slide"] + ["subslide"] * len(slides)
    return [
        _slide(f'{"##" if role[n] == "slide" else "###"} Answers: {title[0].lower()}{title[1:]}\n\n'
               f'<ol class="cnn-answers">{"".join(items)}</ol>', role[n], "answers")
        for n, items in enumerate(slides)
    ]  # fmt: skip
