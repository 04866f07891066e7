"""How a notebook opens: with the picture that its question is about, and with two questions from earlier ones."""

import re

import nbformat
import pytest

SCREEN = 6  # cells that a reader has met when the first picture has to be there
CALL = r"(?!print|ask|rewrite|predict|ask_)\w+\(.*\)"  # of what draws: row(), blackboard(), two_lanes(X, K)
PICTURE = re.compile(rf"^(?:{CALL}|.*(?:figures\.show|HTML)\(.*|.*\bpicture=.*)$", re.MULTILINE)
EARLIER = 10  # cells that may come before the last question from earlier notebooks
FOLDED = re.compile(r"<summary>(?:Two|A) questions? from before|<summary>From before|Two questions from before")
LINES = re.compile(r"^rewrite\((.*)\)", re.MULTILINE)


@pytest.fixture(scope="module")
def notebooks(in_git):
    """{name: cells}."""
    paths = sorted((in_git / "notebooks").glob("*.ipynb"))
    return {path.stem: nbformat.read(path, as_version=4).cells for path in paths}


def shows_a_picture(cells):
    """Does a cell of code call what draws, or ask with a picture, and not only define it?"""
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return any(PICTURE.search(re.sub(r"^(?:def|    ).*$", "", source, flags=re.MULTILINE)) for source in sources)


def asked_from_before(cells):
    """How many questions from earlier notebooks these cells ask: folded ones, and lines of the proof."""
    count = 0
    for cell in cells:
        count += sum(2 if "Two" in found else 1 for found in FOLDED.findall(cell.source))
        count += sum(len(lines.split(",")) for lines in LINES.findall(cell.source))
    return count


def test_the_picture_stands_within_the_first_six_cells(notebooks):
    assert [name for name, cells in notebooks.items() if not shows_a_picture(cells[:SCREEN])] == []


def test_from_02_on_two_questions_from_earlier_notebooks_open_it(notebooks):
    counts = {name: asked_from_before(cells[:EARLIER]) for name, cells in notebooks.items() if name >= "02"}
    assert [name for name, count in counts.items() if count < 2] == []
