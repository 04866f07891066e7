"""The slides of the lecture: how many there are, what a press of PageDown brings, and the copy that is shown."""

import json
import re

import pytest

from cnnlib.course import lecture, lecture_slides, places
from cnnlib.course.copy import FolderError
from cnnlib.course.core_path import CORE
from cnnlib.course.lecture_slides import for_the_room, lectured, role_of, slides_of, tags_of
from cnnlib.lesson import predictions


def cell(name, role=None, *tags, kind="markdown", source="text"):
    metadata = {"slideshow": {"slide_type": role}} if role else {}
    metadata |= {"tags": list(tags)} if tags else {}
    return {"id": name, "cell_type": kind, "source": source, "metadata": metadata}


@pytest.fixture
def notebook():
    return {
        "cells": [
            cell("title", "slide", "lecture"),
            cell("imports", "skip"),
            cell("section", "slide"),
            cell("detail", "fragment"),
            cell("asked", "subslide", "lecture", "ask", source="predict('x')"),
            cell("aside", "notes"),
            cell("shown", "fragment"),  # beside a question: left out
            cell("later", "fragment", "step"),
            cell("exercise", "subslide"),
        ]
    }


def test_only_slides_of_the_lecture_are_shown_and_the_first_of_a_section_begins_it(notebook):
    before = json.dumps(notebook)
    roles = {each["id"]: role_of(each) for each in for_the_room(notebook)["cells"]}
    assert roles == {
        "title": "slide", "imports": "skip", "section": "skip", "detail": "skip", "asked": "slide",
        "aside": "notes", "shown": "skip", "later": "fragment", "exercise": "skip",
    }  # fmt: skip
    assert json.dumps(notebook) == before  # the course itself stays


def test_a_fragment_is_there_with_its_slide_unless_it_is_a_step():
    cells = [cell("title", "slide", "lecture"), cell("code", "fragment"), cell("answer", "fragment", "step")]
    cells += [cell("detail", "fragment", "handout")]
    roles = [role_of(each) for each in for_the_room({"cells": cells})["cells"]]
    assert roles == ["slide", None, "fragment", "skip"]


def test_a_notebook_without_a_slide_of_the_lecture_is_shown_whole():
    notebook = {"cells": [cell("title", "slide"), cell("more", "fragment")]}
    assert for_the_room(notebook) == notebook


def test_presses_are_counted_for_slides_answers_steps_and_boards(notebook):
    first, second = slides_of(for_the_room(notebook))
    assert (first.presses, second.presses) == (1, 3)  # the answer and the step come before the next slide
    assert [each["id"] for each in second.cells] == ["asked", "later"]  # what follows a question may answer it
    board = {"cells": [cell("board", "slide", "lecture", "ask", source="blackboard()")]}
    assert slides_of(board)[0].presses == 1 + lecture_slides.STEPS["blackboard"]


def test_the_lecture_has_about_65_slides_and_at_most_110_presses(in_git):
    slides = [slide for _, notebook in lectured(in_git / "notebooks") for slide in slides_of(notebook)]
    assert 55 <= len(slides) <= 70
    assert sum(slide.presses for slide in slides) <= 110


def test_the_notebooks_of_the_lecture_are_the_row_and_the_core_path(in_git):
    assert [name[:2] for name, _ in lectured(in_git / "notebooks")] == ["00", *CORE]


def test_every_question_of_these_notebooks_has_its_tag_and_no_other_cell(in_git):
    for path in places.notebooks(in_git / "notebooks"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tagged = {each["id"] for each in cells if "ask" in tags_of(each)}
        last = {each["id"]: "".join(each["source"]).strip().rpartition("\n")[2] for each in cells}
        boards = {name for name, line in last.items() if line in ("row()", "blackboard()")}
        asked = {record["cell"] for record in predictions.records(path.name[:2])} | boards
        if tagged or path.name[:2] in ("00", *CORE):
            assert tagged == asked, path.name


def test_every_notebook_of_the_lecture_begins_with_a_picture_below_its_question(in_git):
    """The first slide has more than words: a cell of code shows a picture, or a question with one."""
    for name, notebook in lectured(in_git / "notebooks"):
        title, *shown = slides_of(notebook)[0].cells
        assert "".join(title["source"]).partition("\n")[0].endswith("?"), name
        assert [each["cell_type"] for each in shown] == ["code"], name


def test_no_slide_of_the_lecture_asks_twice(in_git):
    for name, notebook in lectured(in_git / "notebooks"):
        for slide in slides_of(notebook):
            assert sum("ask" in tags_of(each) for each in slide.cells) <= 1, (name, slide.number)


def test_no_slide_of_the_lecture_speaks_to_somebody_alone_at_a_notebook(in_git):
    """Cells to run, text above or below, keys that move something while one reads: none of them is on the wall."""
    alone = re.compile(
        r"\b(run (the|this|all) cells?|(cell|picture|figure|explorer|table) (above|below)|below (is|are|you)"
        r"|scroll|in this notebook|skip this|arrow keys|shift\+enter|while you read|next cell)\b",
        re.IGNORECASE,
    )
    for name, notebook in lectured(in_git / "notebooks"):
        for slide in slides_of(notebook):
            for each in slide.cells:
                if each["cell_type"] == "markdown":
                    assert not (said := alone.search("".join(each["source"]))), (name, each["id"], said)


def test_the_copy_is_made_anew_and_the_course_stays(tmp_path, notebook):
    (tmp_path / "notebooks").mkdir()
    own = tmp_path / "notebooks" / "00_start.ipynb"
    own.write_text(json.dumps(notebook))
    kept = own.read_bytes()
    copy = lecture_slides.make_copy(tmp_path)
    assert copy == tmp_path / "build" / "lecture"
    shown = copy / "notebooks" / "00_start.ipynb"
    assert role_of(json.loads(shown.read_text())["cells"][2]) == "skip"
    shown.write_text("a lecturer's note")
    lecture_slides.make_copy(tmp_path, every=True)
    assert json.loads(shown.read_text()) == notebook and own.read_bytes() == kept


def test_a_course_without_notebooks_is_said_in_words(tmp_path):
    with pytest.raises(lecture.FolderError, match="notebooks are missing"):
        lecture_slides.make_copy(tmp_path)


def test_what_a_show_left_behind_is_gone_at_the_next_start(tmp_path):
    lecture.lay_out(tmp_path, ["00_a.ipynb", "01_b.ipynb"])
    state, tabs = tmp_path / "lecture-settings" / lecture.STATE, tmp_path / "lecture" / "workspaces" / "default"
    for left in (state, tabs):
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_text('{"active": true}')
    lecture.lay_out(tmp_path, ["00_a.ipynb", "01_b.ipynb"])
    assert not state.exists() and not tabs.exists()
    assert 'COURSE = ["00_a.ipynb", "01_b.ipynb"]' in (tmp_path / "lecture" / lecture.EXTENSION).read_text("utf-8")


def test_a_second_lecture_of_the_same_course_is_told_where_the_first_one_runs(tmp_path, monkeypatch):
    """Both would write the one copy: the second start once opened a slide of the first."""
    server = {"root_dir": str(tmp_path / "copy"), "url": "http://127.0.0.1:8890/", "pid": 17}
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: [server])
    lecture.refuse_a_second(tmp_path / "another")
    with pytest.raises(FolderError, match=r"http://127\.0\.0\.1:8890/lab \(process 17\)"):
        lecture.refuse_a_second(tmp_path / "copy")
