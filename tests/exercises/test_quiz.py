"""The quizzes: three questions a notebook, 22 in the exam, a reason for each answer, and nothing from the web."""

import json

import nbclient
import nbformat
import pytest
from helpers import says
from traitlets.config import Config

from cnnlib.course.kernels import own_sockets
from cnnlib.exercises import quiz

NAMES = sorted(file.name.removesuffix(".json") for file in quiz.FOLDER.iterdir())
every_quiz = pytest.mark.parametrize("name", NAMES)


def test_there_are_quizzes():
    assert {"01", "02"} <= set(NAMES)


@every_quiz
def test_three_questions_or_a_group_of_the_exam(name):
    """A notebook asks three questions; the exam's are in groups, 14-1 and so on, as long as a screen holds."""
    assert len(quiz.questions(name)) == 3 if "-" not in name else 4 <= len(quiz.questions(name)) <= 6


def exam():
    return [question for name in NAMES if "-" in name for question in quiz.questions(name)]


def test_the_exam_asks_about_every_misconception_once():
    asked = [question["about"] for question in exam()]
    assert sorted(asked) == sorted(f"M{number}" for number in range(1, 23))


def test_the_exam_counts_its_questions_through():
    numbers = [question["question"].split(".")[0] for question in exam()]
    assert numbers == [str(number) for number in range(1, 23)]


@every_quiz
def test_each_question_has_a_right_answer_and_a_wrong_one(name):
    for question in quiz.questions(name):
        verdicts = [answer["correct"] for answer in question["answers"]]
        assert True in verdicts and False in verdicts and set(verdicts) <= {True, False}
        assert question["type"] == ("multiple_choice" if verdicts.count(True) == 1 else "many_choice")
        texts = [answer["answer"] for answer in question["answers"]]
        assert len(set(texts)) == len(texts) >= 3


@every_quiz
def test_every_answer_is_answered_with_a_reason(name):
    """The first word says right or wrong, so that colour is not the only cue."""
    for question in quiz.questions(name):
        for answer in question["answers"]:
            assert answer["feedback"].startswith("Yes" if answer["correct"] else "No")
            assert len(answer["feedback"].split()) >= 6


@every_quiz
def test_no_tex_no_address_and_no_markup(name):
    """TeX would need a MathJax of jupyterquiz's choice; a < or a [text](…) would be taken as markup."""
    text = json.dumps(quiz.questions(name), ensure_ascii=False)
    for mark in ("$", "\\\\(", "http", "<", "]("):
        assert mark not in text


def test_right_answers_do_not_all_stand_at_the_same_place():
    """The order is fixed, so that a class sees what the teacher sees."""
    for name in NAMES:
        places = [[a["correct"] for a in q["answers"]].index(True) for q in quiz.questions(name)]
        assert len(set(places)) > 1, name


def test_unknown_quiz_is_refused_in_words():
    with says("no quiz '99'", "01, 02"):
        quiz.questions("99")


@pytest.fixture(scope="module")
def shown():
    """What ``ask`` sends to a page: (HTML, script)."""
    cell = nbformat.v4.new_code_cell('from cnnlib.exercises.quiz import ask\nask("01")')
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with own_sockets() as settings:
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3", config=Config(settings)).execute()
    place, script = (output["data"] for output in notebook.cells[0].outputs)
    return place["text/html"], script["application/javascript"]


def test_ask_shows_the_questions(shown):
    place, script = shown
    data = script[script.index("=") + 1 : script.index(";\n\nif")]
    assert json.loads(data) == quiz.questions("01")
    assert "--jq-correct-color: #00694e" in place and quiz.STYLE in place


def test_the_script_never_looks_for_another_mathjax(shown):
    _, script = shown
    assert "typeof MathJax" not in script and script.count("typeof undefined") >= 2
