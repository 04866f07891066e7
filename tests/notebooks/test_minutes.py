"""The minutes at the head of the notebooks that a reader takes alone: near an estimate, and added up rightly.

The estimate is no measurement.  Two readers who walked these notebooks, a lecturer in a hurry and a student who
reads slowly, gave times on either side of it.
"""

import re

import nbformat
import pytest
import spoilers

ALONE = ["00", "01", "02", "03", "04", "05", "06", "12"]
END = ("appendix", "what you saw", "how to use the notebooks", "on your own")  # headings where the way ends
WORDS, CODE, QUESTION, CONTROL, PROOF = 130, 5 / 60, 1, 3, 5  # words a minute; minutes a line, a question, …
CONTROLS = re.compile(r"\b(?:row|strip)\(\)|^from cnnlib\.widgets", re.MULTILINE)
PROOFS = re.compile(r"\b(?:blackboard|rewrite)\(")


@pytest.fixture(scope="module")
def notebooks(in_git):
    """{number: cells}."""
    return {number: nbformat.read(next((in_git / "notebooks").glob(f"{number}_*.ipynb")), as_version=4).cells
            for number in ALONE}  # fmt: skip


def stated(cells):
    text = next(cell.source for cell in cells if "**About" in cell.source)
    return int(re.search(r"\*\*About (\d+) minutes", text)[1])


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


def estimate(cells):
    """Minutes for a reader who reads every word and line in sight, and answers every question."""
    way = list(on_the_way(cells))
    texts = [spoilers.visible_source(cell) for cell in way]
    words = sum(len(text.split()) for cell, text in zip(way, texts, strict=True) if cell.cell_type == "markdown")
    code = [cell for cell in way if cell.cell_type == "code"]
    lines = sum(bool(line.strip()) for cell in code for line in spoilers.visible_source(cell).splitlines())
    questions = sum(len(spoilers.asked(cell)) + 3 * bool(re.match(r'ask\("', cell.source)) for cell in code)
    controls = sum(bool(CONTROLS.search(cell.source)) for cell in code)
    proofs = sum(bool(PROOFS.search(cell.source)) for cell in code)
    return words / WORDS + lines * CODE + questions * QUESTION + controls * CONTROL + proofs * PROOF


@pytest.mark.parametrize("number", ALONE)
def test_the_stated_minutes_are_near_the_estimate(notebooks, number):
    assert abs(stated(notebooks[number]) - estimate(notebooks[number])) <= 6


def test_the_sum_stands_rightly_in_00_and_in_the_readme(notebooks, in_git):
    total = sum(stated(cells) for cells in notebooks.values())
    course = next(cell.source for cell in notebooks["00"] if cell.id == "course")
    for text in (course, (in_git / "README.md").read_text(encoding="utf-8")):
        assert f"00 to 06 and 12 take about {total} minutes" in " ".join(text.split())
