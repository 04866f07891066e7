"""The lecture guide agrees with the notebooks: every section it names exists, and the minutes add up."""

import re

import nbformat
import pytest

from cnnlib.course import places

CORE = list(places.CORE)
ROW = re.compile(r"^\| (?!section)(.+?) \| (\d+) \| (\d*) ?\|$", re.MULTILINE)


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


def parts(guide):
    """The text of the guide on each core notebook."""
    pieces = re.split(r"^## ", guide, flags=re.MULTILINE)
    return {number: piece for piece in pieces for number in CORE if piece.startswith(f"{number}, ")}


def test_each_notebook_of_the_core_path_has_its_part_in_order(guide):
    assert re.findall(r"^## (\d\d), ", guide, re.MULTILINE) == CORE


@pytest.mark.parametrize("number", CORE)
def test_the_tables_name_sections_in_the_order_of_the_notebook(guide, headings, number):
    sections = [row[0] for row in ROW.findall(parts(guide)[number])]
    assert len(sections) >= 4
    places = [headings[number].index(section) for section in sections]
    assert places == sorted(places)


@pytest.mark.parametrize("number", CORE)
def test_the_questions_stand_at_sections_that_exist(guide, headings, number):
    """A place may be named by its first words."""
    text = parts(guide)[number].replace("\n  ", " ")
    places = re.findall(r"\*\*(?:Ask|Click)\*\* at \*([^*]+)\*", text)
    assert places
    for place in places:
        assert any(heading.startswith(place) for heading in headings[number]), place


@pytest.mark.parametrize("column, minutes", [(1, 90), (2, 45)])
def test_the_minutes_add_up(guide, column, minutes):
    assert sum(int(row[column] or 0) for row in ROW.findall(guide)) == minutes


def test_the_homework_names_exercises_of_its_notebook(guide, headings):
    rows = re.findall(r"^\| (\d\d) \| (\*.+?\*) \|", guide, re.MULTILINE)
    assert [number for number, _ in rows] == CORE
    for number, exercises in rows:
        for exercise in re.findall(r"\*([^*]+)\*", exercises):
            assert exercise in headings[number], exercise
