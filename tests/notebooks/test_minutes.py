"""The minutes at the head of the notebooks that a reader takes alone: near an estimate, and added up rightly.

Each head says two figures: for one who reads, and for one who writes every line on paper.  The estimates are no
measurements; readers who walked these notebooks gave times between the two.
"""

import re
from typing import NamedTuple

import nbformat
import pytest
import spoilers

ALONE = ["00", "01", "02", "03", "04", "05", "06", "12"]
END = ("appendix", "what you saw", "how to use the notebooks", "on your own")  # headings where the way ends


class Pace(NamedTuple):
    """Words a minute, then the minutes of a line of code, a question, a control and the four lines of the proof."""

    words: float
    line: float
    question: float
    control: float
    proof: float


READING, WRITING = Pace(130, 5 / 60, 1, 3, 5), Pace(85, 6 / 60, 1.5, 4, 10)
CONTROLS = re.compile(r"\b(?:row|strip)\(\)|^from cnnlib\.widgets", re.MULTILINE)
PROOFS = re.compile(r"\b(?:blackboard|rewrite)\(([^)]*)\)")
HEAD = re.compile(r"\*\*About (\d+) minutes, up to (\d+) with pencil and paper for every line")


@pytest.fixture(scope="module")
def notebooks(in_git):
    """{number: cells}."""
    return {number: nbformat.read(next((in_git / "notebooks").glob(f"{number}_*.ipynb")), as_version=4).cells
            for number in ALONE}  # fmt: skip


def stated(cells):
    """(minutes of one who reads, of one who writes every line)."""
    text = next(cell.source for cell in cells if "**About" in cell.source)
    return tuple(map(int, HEAD.search(text).groups()))


def on_the_way(cells):
    """The cells up to the first heading that ends the way, without the exercises."""
    exercise = False
    for cell in cells:
        heading = re.match(r"#{1,3} (.*)", cell.source) if cell.cell_type == "markdown" else None
        if heading and heading[1].lower().startswith(END):
            return
        exercise = heading[1].startswith("Exercise") if heading else exercise and ".check(" in cell.source
        if not exercise and ".check(" not in cell.source:
            yield cell


def estimate(cells, pace):
    """Minutes for one who takes every word and line in sight at this pace, and answers every question."""
    way = list(on_the_way(cells))
    texts = [spoilers.visible_source(cell) for cell in way]
    words = sum(len(text.split()) for cell, text in zip(way, texts, strict=True) if cell.cell_type == "markdown")
    code = [cell for cell in way if cell.cell_type == "code"]
    lines = sum(bool(line.strip()) for cell in code for line in spoilers.visible_source(cell).splitlines())
    questions = sum(len(spoilers.asked(cell)) + 3 * bool(re.match(r'ask\("', cell.source)) for cell in code)
    controls = sum(bool(CONTROLS.search(cell.source)) for cell in code)
    asked = [lines for cell in code for lines in PROOFS.findall(cell.source)]
    proofs = sum(len(lines.split(",")) / 4 if lines else 1 for lines in asked)
    counts = (lines, questions, controls, proofs)
    return words / pace.words + sum(many * each for many, each in zip(counts, pace[1:], strict=True))


@pytest.mark.parametrize("number", ALONE)
def test_the_stated_minutes_are_near_the_estimate(notebooks, number):
    reading, writing = stated(notebooks[number])
    assert abs(reading - estimate(notebooks[number], READING)) <= 6
    assert abs(writing - estimate(notebooks[number], WRITING)) <= 8


def test_the_sums_stand_rightly_in_00_and_in_the_readme(notebooks, in_git):
    reading, writing = (sum(minutes) for minutes in zip(*map(stated, notebooks.values()), strict=True))
    course = next(cell.source for cell in notebooks["00"] if cell.id == "course")
    for text in (course, (in_git / "README.md").read_text(encoding="utf-8")):
        told = " ".join(text.split())
        assert f"00 to 06 and 12 take about {reading} minutes" in told
        assert f"up to {writing} with pencil and paper for every line" in told
