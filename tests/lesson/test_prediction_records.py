"""The records of the course's questions: complete, asked in the cell that they name, at most four in a notebook."""

import json
import re

import nbformat
import spoilers

from cnnlib.lesson import predictions


def test_every_record_is_complete():
    for asked in predictions.records():
        check(asked)


def check(asked):
    value = predictions.KINDS[asked["kind"]]
    wrong = [option for place, option in enumerate(asked["options"]) if place != asked["right"]]
    assert 2 <= len(asked["options"]) <= 4 and len(wrong) == len(asked["options"]) - 1
    assert all({value, "says", "means"} == set(option) for option in wrong)
    assert set(asked["options"][asked["right"]]) == {value, "says"}
    assert all(len(option["says"].split()) >= 5 for option in asked["options"])
    assert asked["kind"] == "choice" or asked["otherwise"]
    assert asked["hidden"] and all(asked["hidden"])
    assert "$" not in json.dumps(asked) and "\\\\" not in json.dumps(asked)
    for row, column in [cell for option in asked["options"] for cell in option.get("cells", ())]:
        assert 0 <= row < asked["rows"] and 0 <= column < asked["columns"]


def test_every_question_is_asked_once_in_its_cell_and_at_most_four_in_a_notebook(in_git):
    places = []
    for path in sorted((in_git / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        here = [(key, path.name[:2], cell.id) for cell in cells for key in spoilers.asked(cell)]
        assert len(here) <= 4, path.name
        places += here
    records = predictions.records()
    assert sorted(places) == sorted((each["key"], each["key"][:2], each["cell"]) for each in records)


def test_right_answers_do_not_all_stand_at_the_same_place():
    places = [each["right"] for each in predictions.records() if each["kind"] == "choice"]
    assert len(places) < 4 or len(set(places)) > 1


def test_keys_are_unique_and_begin_with_their_notebook():
    keys = [each["key"] for each in predictions.records()]
    assert len(set(keys)) == len(keys) and all(re.fullmatch(r"\d\d-[a-z0-9-]+", key) for key in keys)
