"""The hand-out decks, without a browser: the list of front-end files, the frames of widgets, and one small deck."""

import base64
import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import ipywidgets as widgets
import nbformat
import numpy as np
import pytest
from explorer_moves import control_value
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cnnlib import data
from cnnlib.course import lecture_slides
from cnnlib.course.desk import sections as desk
from cnnlib.course.slides import deck, executed, front_end, links, spoken, tracks
from cnnlib.course.slides import widget_frames as frames
from cnnlib.lesson import predictions
from cnnlib.widgets.explorers import rotator
from cnnlib.widgets.explorers.convention_switch import explorer as convention_switch
from cnnlib.widgets.explorers.four_pictures import explorer as four_pictures
from cnnlib.widgets.explorers.padding import explorer as padding_explorer
from cnnlib.widgets.explorers.pixel_tracer import explorer as pixel_tracer
from cnnlib.widgets.training_panel.panel import TrainingPanel

ROOT = Path(__file__).resolve().parents[2]

IMAGE = '<img alt="three maps" src="data:,">'


def as_slides(*cells):
    """The sections of a notebook of these cells, each (slide type, source, output as HTML or None)."""
    made = []
    for kind, source, output in cells:
        metadata = {"slideshow": {"slide_type": kind}} if kind else {"tags": ["continues"]}
        if output is None and not source.startswith("ask("):
            made.append(new_markdown_cell(source, metadata=metadata))
        else:
            shown = [new_output("display_data", {"text/html": output})] if output else []
            made.append(new_code_cell(source, metadata=metadata, outputs=shown))
    return deck.sections(new_notebook(cells=made))


# --------------------------------------------------------------------------------- front-end files


def test_the_list_fixes_versions_and_hashes_and_names_no_address():
    listed = front_end.packages()
    assert set(listed) == {"reveal.js", "mathjax"}
    for entry in listed.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
        assert len(base64.b64decode(entry["integrity"].removeprefix("sha512-"), validate=True)) == 64
    assert all(set(entry) == {"name", "version", "integrity"} for entry in listed.values())


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A package in the cache, and the list that names it."""
    monkeypatch.setattr(front_end, "require", lambda name: name)
    path = tmp_path / "tiny-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as packed:
        file = tarfile.TarInfo("package/tiny.js")
        file.size = 4
        packed.addfile(file, io.BytesIO(b"1+1;"))
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    return path, {"tiny": {"name": "tiny", "version": "1.0.0", "integrity": f"sha512-{digest}"}}


def test_a_cached_archive_needs_no_npm_and_is_checked_each_time(archive, tmp_path):
    path, listed = archive
    folder = front_end.fetch(tmp_path, listed)["tiny"]
    assert (folder / "tiny.js").read_text() == "1+1;"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(front_end.FrontEndError, match=r"tiny-1.0.0 is not the file that was tested"):
        front_end.fetch(tmp_path, listed)
    assert not path.exists()


def test_a_weaker_hash_is_not_taken(archive):
    path, _ = archive
    digest = base64.b64encode(hashlib.sha1(path.read_bytes()).digest()).decode()
    assert not front_end.matches(path, f"sha1-{digest}")


def test_without_npm_the_command_says_what_to_install(tmp_path):
    command = [sys.executable, "-m", "cnnlib", "slides", "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "npm" in done.stderr and "sudo apt install npm" in done.stderr and "Traceback" not in done.stderr


# ------------------------------------------------------------------------------ cells into sections


def test_slide_roles_become_sections_fragments_and_notes():
    page = as_slides(
        ("slide", "# Title", None), ("notes", "say this", None), ("skip", "secret", None),
        ("subslide", "### Below", None), ("fragment", "x = 1", "<b>one</b>"), ("slide", "## Next", None),
    )  # fmt: skip
    assert page.count("<section") == 2 + 3  # two columns, three slides
    notes = re.findall(r'<aside class="notes">(.*?)</aside>', page, re.DOTALL)
    assert len(notes) == 1 and "say this" in notes[0]
    assert "secret" not in page
    assert page.count('class="fragment"') == 1 and "<b>one</b>" in page


def test_a_picture_stands_without_its_call_and_keeps_its_words():
    page = as_slides(("slide", "# Title", None), (None, "draw(3)", IMAGE), ("fragment", "show(4)", IMAGE))
    assert page.count('alt="three maps"') == 2
    assert "draw" not in without_folded(page) and "show" in without_folded(page)


def test_a_slide_of_text_shows_the_result_that_it_announces_and_folds_its_code():
    page = as_slides(
        ("slide", "# Title", None), ("subslide", "### By hand:", None), ("skip", "compute()", "<b>144 equal</b>"),
        ("notes", "and more", None), ("skip", "other()", "<b>of the note</b>"),
        ("subslide", "### Code", None), ("fragment", "x = 1", "<b>1</b>"), ("skip", "hidden()", "<b>beside it</b>"),
        ("slide", "## Setting", None), ("skip", "import numpy", None),
    )  # fmt: skip
    assert "144 equal" in page and "compute" in page and "compute" not in without_folded(page)
    assert "of the note" not in page and "beside it" not in page and "numpy" not in page


def test_a_form_that_asks_for_code_is_no_evidence():
    cells = [new_markdown_cell("# Exercise", metadata={"slideshow": {"slide_type": "slide"}})]
    form = new_output("execute_result", {"text/html": "<b>not yet</b>"}, execution_count=1)
    cells += [new_code_cell("check()", metadata={"slideshow": {"slide_type": "skip"}}, outputs=[form])]
    assert "not yet" not in deck.sections(new_notebook(cells=cells))


def test_a_few_words_that_lead_to_a_question_stand_on_its_slide():
    asked, heading = "<cnn-predict></cnn-predict>", ("slide", "## A net you can count", None)
    whole = '<div class="cnn-stepper" data-widget="Journey"></div>'

    def sections(*cells):
        return as_slides(*cells).count("<section")

    assert sections(heading, ("subslide", "predict_()", asked)) == 2
    assert sections(heading, ("subslide", "### Its own words", None), (None, "predict_()", asked)) == 3
    assert sections(("slide", "# Title", None), ("subslide", "predict_()", asked)) == 3
    assert sections(heading, ("subslide", "Journey()", whole)) == 3


def test_the_line_that_opens_a_section_stands_on_the_slide_below_it():
    line, below = ("slide", "## Five layers\n\nFor each: back.", None), ("subslide", "### 1. Slide", None)

    def sections(*cells):
        return as_slides(*cells).count("<section") - len({cell[0] for cell in cells if cell[0] == "slide"})

    assert sections(line, below, ("fragment", "x = 1", "1")) == 1
    assert sections(line, below, ("fragment", "draw()", IMAGE)) == 2
    assert sections(line, below, ("skip", "def f():\n    ...", None)) == 2  # an exercise has room to write
    assert sections(line, ("subslide", "### 1. Slide\n\n" + "word " * 200, None)) == 2
    assert sections(("slide", "## Five\n\n" + "word " * 60, None), below) == 2


def test_of_a_value_to_look_through_a_slide_shows_what_stood_before_it():
    cells = [new_markdown_cell("# Ask PyTorch:", metadata={"slideshow": {"slide_type": "slide"}})]
    value = new_output("execute_result", {"text/plain": "long"}, execution_count=1)
    outputs = [new_output("stream", text="equal\n"), value]
    cells += [new_code_cell("said", metadata={"slideshow": {"slide_type": "skip"}}, outputs=outputs)]
    page = deck.sections(new_notebook(cells=cells))
    assert "equal" in page and "long" not in page


def without_folded(page):
    """The page without the code that only the key C shows."""
    return re.sub(
        r'<div class="cnn-folded">.*?</div>\s*</div>\s*</div>\s*</div>\s*</div>', "", page, flags=re.DOTALL
    )


def test_code_that_is_folded_in_the_notebook_is_on_the_slide_for_the_key_c_alone():
    folded, metadata = {"source_hidden": True}, {"slideshow": {"slide_type": "fragment"}}
    said = [new_output("stream", text="in all 813 settings\n")]
    cells = [new_markdown_cell("# Title", metadata={"slideshow": {"slide_type": "slide"}})]
    cells += [new_code_cell("check(1)", metadata={**metadata, "jupyter": folded}, outputs=said)]
    cells += [new_code_cell("subject(2)", metadata=metadata, outputs=said)]
    page = deck.sections(new_notebook(cells=cells))
    assert page.count("in all 813 settings") == 2 and page.count('class="cnn-folded"') == 1 and "check" in page
    seen = without_folded(page)
    assert seen.count("in all 813 settings") == 2 and "check" not in seen and "subject" in seen


def test_links_lead_to_decks_and_those_that_would_lead_nowhere_are_only_words():
    text = "[a](01_first.ipynb) [b](solutions/01_first.ipynb) [c](https://example.org/x) [d](../README.md)"
    text += " [Solution](solutions/01_first.ipynb)"
    page = as_slides(("slide", text, None))
    assert re.findall(r'<a href="([^"]*)"[^>]*>(\w)</a>', page) == [
        ("01_first.html", "a"), ("https://example.org/x", "c")]  # fmt: skip
    assert "b" in page and "d" in page and "Solution" not in page


def test_a_link_to_a_cell_that_its_deck_leaves_out_leads_to_the_slide_before_it(tmp_path):
    roles = [("first", "slide"), ("shown", "fragment"), ("left-out", "skip"), ("said", "notes"), ("last", "skip")]
    cells = [{"id": name, "metadata": {"slideshow": {"slide_type": role}}} for name, role in roles]
    (tmp_path / "03_x.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    asked = ["first", "shown", "left-out", "last", "nowhere"]
    html = "".join(f'<a href="03_x.ipynb#cell-id={name}">x</a>' for name in asked)
    led = re.findall(r'03_x\.html#cell-id=([\w-]+)"', links.among_decks(html, tmp_path))
    assert led == ["first", "shown", "shown", "shown", "nowhere"]  # the last is a fault


def text_of(page):
    """The slides of a page as plain text, one string a slide; speaker notes are left out."""
    page = re.sub(r'<aside class="notes">.*?</aside>', "", page, flags=re.DOTALL)
    slides = re.findall(r"<section[^>]*>((?:(?!<section).)*?)</section>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", " ", slide)) for slide in slides]


def test_a_quiz_shows_its_options_and_the_last_slide_its_answers():
    slides = text_of(as_slides(("slide", "# Title", None), ("notes", "## Three questions", None),
                               ("skip", 'ask("02")', None), ("slide", "## What you saw", None)))  # fmt: skip
    asked = json.loads((ROOT / "cnnlib" / "exercises" / "quizzes" / "02.json").read_text(encoding="utf-8"))
    assert len(slides) == 1 + len(asked) + 1 + 1
    for slide, entry in zip(slides[1:], asked, strict=False):
        assert all(plain(answer["answer"]) in plain(slide) for answer in entry["answers"])
        right = next(answer for answer in entry["answers"] if answer["correct"])
        assert right["feedback"] not in "".join(slides[:-1])  # an answer stands on no slide but the last
    assert "Answers: the quiz" in slides[-1] and "C . 26 + 2·2 − 3 + 1 = 28." in plain(slides[-1])


def test_a_heading_alone_before_the_quiz_is_no_slide_of_its_own():
    slides = text_of(as_slides(("slide", "# Title", None), ("slide", "## Three questions", None),
                               ("skip", 'ask("02")', None)))  # fmt: skip
    assert "Quiz, question 1" in slides[1] and not any("Three questions" in slide for slide in slides)


def plain(text):
    return " ".join(text.split())


def test_a_question_of_the_lesson_has_a_note_for_the_speaker_and_its_answer_at_the_end():
    page = as_slides(("slide", "# Title", None), ("fragment", 'predict("02-pad")', "<cnn-predict></cnn-predict>"),
                     ("skip", 'predict("02-words")', "<cnn-predict></cnn-predict>"))  # fmt: skip
    [note] = re.findall(r'<aside class="notes">(.*?)</aside>', page, re.DOTALL)
    asked = predictions.record("02-pad")
    wrong = [option for n, option in enumerate(asked["options"]) if n != asked["right"]]
    assert len(wrong) == 2 and all(option["means"] in note and option["text"] in note for option in wrong)
    assert "Right: 2" in note and asked["question"] in note
    *_, last = text_of(page)
    assert asked["question"] in last and asked["options"][1]["says"] in last
    assert predictions.record("02-words")["question"] not in page  # which is on no slide


def test_every_slide_of_the_lecture_has_a_note():
    notes = spoken.of_lecture()
    for name, notebook in lecture_slides.lectured():
        slides = lecture_slides.slides_of(notebook)
        assert slides and all((name[:2], slide.cells[0]["id"]) in notes for slide in slides), name
    said = [one for one in desk.sections() if one.say or one.click]
    assert len(said) > 20 and len(notes) > 50
    cell = new_markdown_cell("# T", id="title", metadata={"slideshow": {"slide_type": "slide"}})
    page = deck.sections(new_notebook(cells=[cell]), "04")
    [note] = re.findall(r'<aside class="notes">(.*?)</aside>', page, re.DOTALL)
    assert "slide 1 of" in note and next(one for one in said if one.notebook == "04").say[:30] in note


def test_the_room_to_write_comes_behind_all_that_is_on_the_slide_of_an_exercise():
    stub = ("fragment", "def column(K): ...", "<i>not yet</i>")
    page = as_slides(("subslide", "### Exercise 1: a column", None), stub, ("subslide", "### Next", None))
    assert page.index("not yet") < page.index('class="cnn-write"') < page.index("Next")


def test_an_exercise_has_its_function_and_room_to_write():
    stub = "def turn(K):\n    ...\n\nnb01.turn.check(turn)"
    page = as_slides(("subslide", "### Exercise 1. Turn it", None), ("skip", stub, ""))
    assert "nb01" in page and page.count('class="cnn-write"') == 1
    assert 'class="cnn-write"' not in as_slides(("subslide", "### No exercise", None), ("skip", stub, ""))


def test_a_printed_explorer_shows_the_frame_that_says_most():
    turning = rotator.Rotator()
    recorded = frames.record(turning)
    track, frame = recorded["paper"]
    assert recorded["tracks"][track]["frames"][frame]["words"].startswith("180°")
    turning.close()
    for name, (track, frame) in tracks.PAPER.items():
        assert track < len(tracks.TRACKS.get(name, {"": {}})) and frame >= -1


def test_formulas_are_set_once_until_the_slides_change(tmp_path, monkeypatch):
    made = []

    def node(command, input, **_):
        made.append(input)
        return subprocess.CompletedProcess(command, 0, json.dumps({"html": input.upper(), "style": "s"}), "")

    monkeypatch.setattr(deck.subprocess, "run", node)
    kept = tmp_path / "formulas" / "01.json"
    for html_, runs in (("a $x$", 1), ("a $x$", 1), ("b $x$", 2), ("b $x$", 2)):
        assert deck.typeset(html_, tmp_path / "mathjax-1", kept) == (html_.upper(), "s")
        assert len(made) == runs
    deck.typeset("b $x$", tmp_path / "mathjax-2", kept)
    assert len(made) == 3


def test_a_cell_that_fails_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(executed, "KEPT", tmp_path / "executed")
    path = tmp_path / "05_x.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0", id="divide")]), path)
    with pytest.raises(deck.DeckError, match=r"05_x.ipynb, cell divide: ZeroDivisionError: division by zero"):
        deck.build(path, tmp_path, {})


# -------------------------------------------------------------------------------- widgets as frames

delta, K = np.array([[1, 10], [100, 1000]]), np.array([[1, 2, 3], [4, 5, 6]])
EXPLORERS = {
    "rotator": (rotator.Rotator, 2, 37),
    "padding": (padding_explorer.PaddingExplorer, 6, 9),
    "tracer": (pixel_tracer.PixelTracer, 2, 9),
    "switch": (lambda: convention_switch.ConventionSwitch(np.eye(3), np.eye(2), np.eye(2)), 1, 4),
    "four": (lambda: four_pictures.FourPictures(delta, K, cell=(1, 1)), 3, 5),
}


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_of_the_core_path_is_stepped_through_and_put_back(name):
    make, tracks, moments = EXPLORERS[name]
    explorer = make()
    before = settings(explorer)
    recorded = json.loads(json.dumps(frames.record(explorer)))
    assert len(recorded["tracks"]) == tracks
    assert len(recorded["tracks"][0]["frames"]) == moments
    words = [frame["words"] for frame in recorded["tracks"][0]["frames"]]
    assert all(words) and len(set(words)) == moments
    assert all(frame["changed"] for frame in recorded["tracks"][0]["frames"])
    assert settings(explorer) == before
    explorer.close()


def settings(explorer):
    """What every control of an explorer is set to."""
    return {name: control_value(control) for name, control in explorer.controls.items()}


def test_a_frame_keeps_only_what_changed():
    menu, view = widgets.ToggleButtons(options=["a", "b"], description="letter"), widgets.HTML("a")
    menu.observe(lambda change: setattr(view, "value", change["new"]), "value")
    recorded = frames.record(widgets.VBox([menu, view, widgets.HTML("still"), widgets.Button()]))
    first, second = recorded["tracks"][0]["frames"]
    assert (first["words"], second["words"]) == ("letter a", "letter b")
    assert len(first["changed"]) == 4  # the box, the menu and two texts; no button
    assert {number: state["html"] for number, state in second["changed"].items()} == {1: "letter <b>b</b>", 2: "b"}


def test_what_a_frame_says_cannot_end_its_script():
    assert frames.as_html(widgets.HTML("</script><b>")).count("</script>") == 1


def test_a_view_that_ends_otherwise_is_refused():
    assert frames._function("function render() {}\nexport default { render };\n").endswith("return render;")
    with pytest.raises(ValueError, match="a view that a deck can draw ends in"):
        frames._function("export default { render, initialize };")


def test_the_notebooks_read():
    assert all(deck.title(nbformat.read(path, as_version=4)) for path in (ROOT / "notebooks").glob("[01]*.ipynb"))


def test_the_last_slide_of_the_sites_decks_leads_to_the_notebook_in_the_browser():
    slide = {"slideshow": {"slide_type": "slide"}}
    cells = new_notebook(cells=[new_markdown_cell(title, metadata=slide) for title in ("# One", "# Last")])
    cells.cells.append(deck._way_to("../live/run.html?path=notebooks/01_x.ipynb"))
    page = deck.sections(cells)
    assert 'href="../live/run.html?path=notebooks/01_x.ipynb">Run this in the browser</a>' in page
    assert page.index("Last") < page.index("Run this")


def test_what_a_deck_leaves_out_of_the_panel_is_part_of_it():
    panel = TrainingPanel(data.load_digits(), seed=0)
    try:
        assert all(isinstance(getattr(panel, name), widgets.Widget) for name in tracks.HIDDEN["TrainingPanel"])
    finally:
        panel.close()
