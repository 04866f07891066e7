"""The lecture guide is what its data make of the notebooks, and the homework that it names exists."""

import re

import nbformat
import pytest

from cnnlib.course import core_path
from cnnlib.course.desk import guide as made

CORE = list(core_path.CORE)


@pytest.fixture(scope="module")
def guide(in_git):
    return (in_git / "docs" / "teaching.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def headings(in_git):
    """The headings of each core notebook, as a reader sees them: no marks of Markdown or of formulas."""
    found = {}
    for number in CORE:
        (path,) = (in_git / "notebooks").glob(f"{number}_*.ipynb")
        cells = nbformat.read(path, as_version=4).cells
        lines = [cell.source.splitlines()[0] for cell in cells if re.match(r"#{1,3} ", cell.source)]
        found[number] = [re.sub(r"[#$`*]", "", line).strip() for line in lines]
    return found


def test_the_page_is_what_make_index_writes(guide):
    assert guide == made.page(), "make index writes docs/teaching.md anew"


def test_each_notebook_of_the_lecture_has_its_part_in_order(guide):
    assert re.findall(r"^## (\d\d), ", guide, re.MULTILINE) == ["00", *CORE]


def test_the_homework_names_exercises_of_its_notebook(guide, headings):
    rows = re.findall(r"^\| (\d\d) \| (\*.+?\*) \|", guide, re.MULTILINE)
    assert [number for number, _ in rows] == CORE
    for number, exercises in rows:
        # their numbers may change
        for exercise in re.findall(r"\*([^*]+)\*", exercises):
            assert any(heading.endswith(exercise) for heading in headings[number]), exercise
