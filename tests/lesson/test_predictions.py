"""Commit, then reveal: what a cell shows keeps its answer closed, and whoever tells it early is found."""

import json

import pytest
import spoilers
from helpers import says
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cnnlib.lesson import predictions
from cnnlib.lesson.elements import as_html
from cnnlib.lesson.predictions import Prediction, predict

CHOICE = {
    "key": "00-unturned", "cell": "no-turn", "kind": "choice",
    "question": "The same slide, the kernel as it is. What does input 2 get?",
    "options": [
        {"text": "321", "means": "order does not matter", "says": "The order matters: look at the first tap."},
        {"text": "123", "says": "Read forwards, the taps spell what they spelled before."},
        {"text": "0", "means": "takes a wrong gradient for none", "says": "The windows still fit: it is a number."},
    ],
    "right": 1, "after": "Nothing crashes, and no shape is wrong.", "hidden": ["instead of 321"],
}  # fmt: skip
NUMBER = CHOICE | {
    "key": "00-number", "kind": "number", "otherwise": "Add the three products of the column.",
    "options": [{"number": 321, "says": "Yes, from the top."},
                {"number": 123, "means": "reads the row", "says": "That is the row."}],
    "right": 0, "hidden": ["= 321"],
}  # fmt: skip
CELLS = CHOICE | {
    "key": "00-cells", "kind": "cells", "rows": 2, "columns": 3, "right": 0, "otherwise": "Follow each window.",
    "options": [{"cells": [[0, 1], [1, 1]], "says": "Yes: the column."},
                {"cells": [[0, 0], [0, 1]], "means": "reads the row", "says": "That is the row."}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """A folder with three records, one of each kind."""
    (tmp_path / "00.json").write_text(json.dumps([CHOICE, NUMBER, CELLS]), encoding="utf-8")
    monkeypatch.setattr(predictions, "FOLDER", tmp_path)


# ---- what a cell shows


def test_the_answer_travels_packed_and_the_question_in_plain_sight():
    for asked in (CHOICE, NUMBER, CELLS):
        shown = Prediction(asked, picture="<p>a picture</p>", evidence="<p>the evidence</p>")
        text = shown._repr_html_()
        assert as_html(asked["question"]) in text and '<div slot="picture"><p>a picture</p></div>' in text
        for secret in [*(option["says"] for option in asked["options"]), "the evidence", asked.get("after", "–")]:
            assert secret not in text and secret not in repr(shown)


def test_no_line_is_broken_before_a_percent_sign_or_inside_a_derivative():
    assert as_html("9.8 % of ∂L/∂x") == "9.8\N{NO-BREAK SPACE}% of ∂L/\N{WORD JOINER}∂x"


def test_evidence_is_what_a_function_prints_shows_or_returns(capsys):
    def both():
        print("12 < 13")
        return "<p>and this</p>"

    assert predict("00-unturned", evidence=both).evidence == "<pre>12 &lt; 13</pre><p>and this</p>"
    assert capsys.readouterr().out == ""


def test_a_block_shows_nothing_of_its_own_and_lets_errors_through(capsys):
    with predict("00-unturned") as asked:
        print("kept")
    assert asked.evidence == "<pre>kept</pre>" and "kept" not in capsys.readouterr().out
    with pytest.raises(AssertionError, match="the cell's own"), predict("00-unturned"):
        raise AssertionError("the cell's own")
    with pytest.raises(ZeroDivisionError):
        predict("00-unturned", evidence=lambda: 1 / 0)


def test_bad_input_is_told_in_words():
    with says("no question '00-no'", "00-unturned, 00-number, 00-cells"):
        predict("00-no")
    with says("ndarray has no HTML", "alt="):
        import numpy as np

        predict("00-unturned", evidence=np.zeros(3))


def test_labels_of_a_map_come_from_the_cell():
    data = predict("00-cells", labels=[[1, 2, 3], [4, 5, 6]])._data()
    assert data["labels"] == [["1", "2", "3"], ["4", "5", "6"]] and data["sets"][0] == [[0, 1], [1, 1]]


def test_the_desk_sheet_names_the_mistake_of_each_answer():
    sheet = predictions.desk_sheet("00")
    assert "takes a wrong gradient for none" in sheet.html and "[right]" in sheet.text


# ---- spoilers


def text(lines, name):
    """A cell of text, so many lines high."""
    return new_markdown_cell("\n\n".join(["word " * 20] * lines), id=name)


def notebook(*cells):
    return new_notebook(cells=list(cells))


ASK = dict(id="no-turn", source='predict("00-unturned", evidence=unturned)')


def question(source=ASK["source"], **shown):
    data = {"text/html": Prediction(CHOICE, **shown)._repr_html_(), "text/plain": repr(Prediction(CHOICE))}
    return new_code_cell(source, id="no-turn", outputs=[new_output("display_data", data)])


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ([new_markdown_cell("It gives 123 instead of 321.", id="above"), question()], "the source of above"),
        ([question(), new_code_cell("x  # instead of 321", id="below")], "the source of below"),
        ([question(), *[text(6, f"far-{n}") for n in range(4)],
          new_markdown_cell("## 123 instead of 321", id="late")], "a heading of late"),
        ([question(picture='<img alt="123 instead of 321" src="data:,">')], "an output of no-turn"),
        ([new_code_cell("f()", id="print", outputs=[new_output("stream", text="instead of 321\n")]), question()],
         "an output of print"),
        ([new_markdown_cell(CHOICE["options"][1]["says"], id="says"), question()], "the source of says"),
        ([question(), new_markdown_cell("<details><summary>123 instead of 321?</summary>So.</details>", id="why")],
         "the source of why"),
        ([question(f"with {ASK['source']}:\n    assert differ(unturned, right)")], "no-turn asserts the outcome"),
    ],
)  # fmt: skip
def test_a_spoiler_is_found_wherever_it_stands(cells, where):
    told = spoilers.found(notebook(*cells))
    assert len(told) >= 1 and all(where in line for line in told)


COUNTED = [[1, 2, 3, 3], [2, 4, 6, 6]]


def printed(text, name, source="show(counted)"):
    return new_code_cell(source, id=name, outputs=[new_output("stream", text=text)])


def maps(rows, name):
    """A cell that shows a map as the checks of the course do: each number in a cell of its own."""
    cells = "".join(f"<span>{entry}</span>" for row in rows for entry in row)
    output = new_output("display_data", {"text/html": f"<div>{cells}</div>"})
    return new_code_cell("equal(a, b)", id=name, outputs=[output])


def number(**shown):
    data = {"text/html": Prediction(NUMBER, **shown)._repr_html_()}
    return new_code_cell('predict("00-number")', id="no-turn", outputs=[new_output("display_data", data)])


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ([number(), printed("[100 210 321 32 3]", "row")], "row, on the same screen, holds the answer 321"),
        ([number(), new_code_cell("assert list(dx) == [100, 210, 321]", id="claim")], "claim, on the same screen"),
        ([new_code_cell('with predict("00-number"):\n    assert 321 in dx', id="no-turn")], "asserts the outcome"),
        ([number(evidence=f"<pre>{COUNTED}</pre>"), *[text(1, f"near-{n}") for n in range(4)],
          maps(COUNTED, "counted")], "counted, on the same screen, shows 1 2 3 3"),
        ([new_code_cell("show(p)", id="proof", outputs=[new_output("display_data", {"text/markdown": "= 321"})]),
          number()], "an output of proof"),
    ],
)  # fmt: skip
def test_an_answer_in_figures_on_the_same_screen_is_found(cells, where):
    told = spoilers.found(notebook(*cells))
    assert told and all(where in line for line in told)


def folded_code(source, name):
    return new_code_cell(source, id=name, metadata={"jupyter": {"source_hidden": True}})


def test_figures_that_were_known_before_or_stand_a_screen_below_are_no_spoiler():
    known = maps(COUNTED, "known")
    asked = number(evidence=f"<pre>{COUNTED}</pre>")
    assert spoilers.found(notebook(known, asked, maps(COUNTED, "again"))) == []
    screen = [text(6, f"far-{n}") for n in range(3)]
    assert spoilers.found(notebook(number(), *screen, printed("[100 210 321 32 3]", "row"))) == []
    assert spoilers.found(notebook(number(), folded_code("# The row, checked.\nassert dx == 321", "check"))) == []


def test_the_first_line_of_folded_code_is_in_sight():
    """JupyterLab shows it beside the dots."""
    assert spoilers.found(notebook(number(), folded_code("assert dx == 321", "check")))
    assert spoilers.found(notebook(folded_code("draw()  # instead of 321", "draw"), question()))


def test_what_is_folded_or_far_below_is_no_spoiler():
    folded = new_markdown_cell("<details><summary>Why</summary>123 instead of 321</details>", id="why")
    hidden = folded_code("draw()\n# instead of 321", "draw")
    far = [text(6, f"far-{n}") for n in range(3)]
    late = new_markdown_cell("So it is 123 instead of 321.", id="late")
    opened = question(evidence="<p>123 instead of 321</p>")
    assert spoilers.found(notebook(folded, hidden, opened, *far, late)) == []
