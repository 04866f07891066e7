"""The desk sheet and the guide: made of the notebooks and the records, complete, on time, and on five pages."""

import re
from importlib import resources

import pytest

from cnnlib.course.desk import guide, sections, sheet
from cnnlib.course.desk.sections import DATA
from cnnlib.course.lecture_slides import control_steps, for_the_room, lectured, role_of, slides_of, tags_of
from cnnlib.course.slides import spoken
from cnnlib.lesson import predictions

STYLE = (resources.files("cnnlib.course.desk") / "desk.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found():
    return sections.sections()


def test_the_minutes_add_up_and_leave_some_for_questions(found):
    for which, long, least in ((0, 90, 8), (1, 45, 4)):
        assert sum(each.minutes[which] or 0 for each in found) + sections.slack()[which] == long
        assert least <= sections.slack()[which] <= 10


def test_the_clock_runs_on_and_a_section_that_is_left_out_has_none(found):
    for which in (0, 1):
        kept = [each for each in found if each.minutes[which] is not None]
        ends = [each.clock[which] + each.minutes[which] for each in kept]
        assert [each.clock[which] for each in kept] == [0, *ends[:-1]]
    assert all((each.clock[1] is None) == (each.minutes[1] is None) for each in found)


def test_the_sections_take_every_slide_once(found):
    for name, notebook in lectured():
        spans = [each.slides for each in found if each.notebook == name[:2]]
        taken = [number for first, last in spans for number in range(first, last + 1)]
        assert taken == [slide.number for slide in slides_of(notebook)], name


def test_every_question_of_the_lecture_is_asked_once_with_its_slide(found):
    """From the notebooks to the guide: a question that a slide asks is missing nowhere."""
    on_slides = [
        (name[:2], slide.number)
        for name, notebook in lectured()
        for slide in slides_of(notebook)
        for cell in slide.cells
        if "ask" in tags_of(cell)
    ]
    asked = [(each.notebook, ask.slide) for each in found for ask in each.asks if not ask.aloud]
    assert asked == on_slides and len(asked) > 15
    page, printed = guide.page(), sheet.page()
    for each in found:
        for ask in each.asks:
            assert ask.question in page and printed.count(sheet.escape(ask.question)) == 1
            assert sum(answer.right for answer in ask.answers) == 1
            assert all(answer.means for answer in ask.answers if not answer.right), ask.question


def presses_of(slides):
    """{id: (number of its slide, the press that brings it)} of every cell that the show brings, from (1, 0)."""
    found = {}
    for slide in slides:
        press = 0
        for cell in slide.cells:
            press += role_of(cell) == "fragment"
            found[cell["id"]] = (slide.number, press)
            press += control_steps(cell)
    return found


def asked_aloud():
    """(notebook, entry, its question, {id: when it comes}) of every question that no record holds."""
    for name, notebook in lectured():
        when = presses_of(slides_of(notebook))
        entries = DATA["notebooks"][name[:2]]
        yield from ((name[:2], entry, entry["ask"], when) for entry in entries if "ask" in entry)


def test_no_answer_to_a_question_asked_aloud_is_on_its_slide_before_a_press():
    """A question of a record keeps its answer closed by itself; these have to name the cell that shows theirs."""
    for number, entry, ask, when in asked_aloud():
        answer, asked = ask.get("answer"), when[ask.get("slide", entry["slide"])]
        if answer == "click":
            assert entry.get("click"), (number, ask["question"])
        elif answer != "open":
            told = f"{number}: {answer} answers {ask['question']!r} too early"
            assert when.get(answer, (0, 0)) > (asked[0], 0), told


def test_what_a_cell_shows_that_comes_after_the_answer_counts_as_later():
    cells = [("title", "slide", []), ("picture", None, []), ("shown", "fragment", ["step"]), ("next", "slide", [])]
    notebook = {"cells": [
        {"id": name, "cell_type": "markdown", "source": [""],
         "metadata": {"tags": ["lecture", *tags]} | ({"slideshow": {"slide_type": role}} if role else {})}
        for name, role, tags in cells
    ]}  # fmt: skip
    when = presses_of(slides_of(for_the_room(notebook)))
    assert when == {"title": (1, 0), "picture": (1, 0), "shown": (1, 1), "next": (2, 0)}


def test_the_questions_are_those_of_the_records(found):
    known = {record["question"] for record in [*predictions.records(), *DATA["boards"].values()]}
    assert {ask.question for each in found for ask in each.asks if not ask.aloud} <= known


def test_every_timed_section_has_an_aim_a_question_and_what_a_wrong_answer_tells(found):
    """In the desk sheet, and in the speaker's note of the slide that begins the section."""
    notes = spoken.of_lecture()
    begins = {(name[:2], slide.number): slide.cells[0]["id"]
              for name, notebook in lectured() for slide in slides_of(notebook)}  # fmt: skip
    for each in found:
        assert each.say, f"{each.notebook}, {each.heading}: no aim"
        assert each.asks, f"{each.notebook}, {each.heading}: no question"
        wrong = [answer.means for ask in each.asks for answer in ask.answers if not answer.right]
        assert wrong and all(wrong), f"{each.notebook}, {each.heading}: no wrong answer"
        note = notes[each.notebook, begins[each.notebook, each.slides[0]]]
        assert spoken.plain(each.say) in note
        assert all(spoken.plain(ask.question) in note for ask in each.asks if ask.aloud)


def test_every_explorer_says_where_it_starts(found):
    clicks = [each.click for each in found if each.click]
    assert len(clicks) >= 7 and sum("Starts" in click for click in clicks) >= 6


def test_a_click_is_on_the_slide_of_an_explorer(found):
    """A section of several slides says on which of them something is clicked."""
    controls = ("row(", "blackboard(", "cnnlib.widgets")
    for each in (each for each in found if each.click):
        notebook = next(notebook for name, notebook in lectured() if name.startswith(each.notebook))
        slide = slides_of(notebook)[each.click_slide - 1]
        assert any(made in "".join(cell["source"]) for cell in slide.cells for made in controls), each.heading
        assert f"slide {each.click_slide}: {each.click}" in guide.page()


@pytest.mark.parametrize("entry", [{"click_slide": "nowhere"}, {"ask": {"question": "?", "slide": "nowhere"}}])
def test_a_slide_of_another_section_is_named(entry, monkeypatch):
    first = DATA["notebooks"]["01"][0] | entry
    monkeypatch.setitem(DATA["notebooks"], "01", [first, *DATA["notebooks"]["01"][1:]])
    with pytest.raises(ValueError, match=r"01 has no slide .*nowhere"):
        sections.sections()


def test_a_slide_that_is_not_in_the_lecture_is_named(monkeypatch):
    monkeypatch.setitem(DATA["notebooks"], "01", [{"slide": "nowhere", "minutes": [1, None]}])
    with pytest.raises(ValueError, match=r"01 has no slide .*nowhere"):
        sections.sections()


def test_indices_stand_below_the_line():
    assert guide.with_indices("z_i = Σ_u x_{i+u}") == "z<sub>i</sub> = Σ<sub>u</sub> x<sub>i+u</sub>"
    assert guide.with_indices("a _b_ c") == "a _b_ c"


@pytest.mark.browser
def test_it_prints_on_four_pages_and_one_for_the_chalk(tmp_path):
    file = tmp_path / "desk.html"
    file.write_text(sheet.page(), encoding="utf-8")
    assert sheet.count_pages(sheet.print_sheet(file)) == sheet.SHEETS == 5
    text = re.sub(r"<[^>]+>", " ", sheet.page())
    assert "Ten minutes with chalk" in text and "If something fails" in text


def test_every_letter_of_the_sheet_can_be_read_at_arms_length():
    sizes = [float(size) for size in re.findall(r"(?:font|font-size): ([\d.]+)pt", STYLE)]
    assert len(sizes) >= 5 and min(sizes) >= 9 and not re.search(r"font(-size)?: [\d.]+(px|em|%)", STYLE)


def test_without_chromium_the_file_is_there_and_the_way_to_print_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sheet, "FOLDER", tmp_path)
    monkeypatch.setattr(sheet.places, "CHROMIUM", ("no-such-browser",))
    assert sheet.main([]) is None
    assert "Print the file from your browser" in capsys.readouterr().out and (tmp_path / "desk.html").exists()
