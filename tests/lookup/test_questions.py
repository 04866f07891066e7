"""Questions people ask: every link leads somewhere, every entry is found by its own words and by others.

paraphrases.json says each question in two other ways, as somebody who has not read the page might type it.
blind.json keeps what was asked in public and looked up before anything had been changed for it: with date and
score, and with the entries that answer it by now.
"""

import html
import json
import re
import urllib.parse
from pathlib import Path

import nbformat
import pytest
from helpers import says

from cnnlib.article.statements import address
from cnnlib.lookup import ask_course, questions
from cnnlib.lookup.questions import FOLDER, Answers, _place, page, topics
from cnnlib.lookup.search import NUMBER, Finder

EVERY = questions.questions()
SHARED = json.loads((FOLDER / "questions.json").read_text(encoding="utf-8"))
PARAPHRASES = json.loads(Path(__file__).with_name("paraphrases.json").read_text(encoding="utf-8"))
BLIND = json.loads(Path(__file__).with_name("blind.json").read_text(encoding="utf-8"))["sets"]
every_question = pytest.mark.parametrize("one", EVERY, ids=[one.id for one in EVERY])


def found(text, shown=questions.SHOWN):
    return [one.id for one in ask_course(text, shown)]


def test_there_are_300_or_more_and_four_or_more_of_each_situation():
    assert len(EVERY) >= 300
    assert len({one.id for one in EVERY}) == len({one.question for one in EVERY}) == len(EVERY)
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    said = int(re.search(r"more than (\d+) of them, each answered", readme)[1])
    assert said < len(EVERY) <= said + 20, "the README's number of questions"
    numbers = [sum(one.topic == topic for one in EVERY) for topic in topics()]
    assert sum(numbers) == len(EVERY) and min(numbers) >= 4


@every_question
def test_it_is_short_and_says_where_it_was_asked(one):
    assert 3 <= len(one.question.split()) <= 20
    assert one.answer.endswith(".") and len(one.answer.split()) <= 80
    assert not one.more or (one.more.endswith(".") and len(one.more.split()) <= 90)
    if one.source:
        place = urllib.parse.urlsplit(one.source)
        assert place.scheme in {"http", "https"} and place.netloc and place.path.strip("/")


@pytest.fixture(scope="module")
def cells(in_git):
    """{"05_….ipynb": {cell id: type}} as git has the notebooks."""
    paths = (in_git / "notebooks").glob("*.ipynb")
    return {
        path.name: {cell.id: cell.cell_type for cell in nbformat.read(path, as_version=4).cells} for path in paths
    }


@every_question
def test_its_cells_exist_and_code_settles_it(one, cells):
    kinds = []
    for cell in one.cells:
        name, _, place = address(cell).partition("#cell-id=")
        assert place in cells[name], f"{name} has no cell {place}"
        kinds.append(cells[name][place])
    assert "code" in kinds and len(set(one.cells)) == len(one.cells)


@every_question
def test_it_is_found_by_its_own_words_and_by_two_others(one):
    assert found(one.question)[0] == one.id
    assert len(PARAPHRASES[one.id]) == 2
    for said in PARAPHRASES[one.id]:
        assert one.id in found(said), found(said)


@pytest.mark.parametrize("asked", BLIND, ids=[asked["set"] for asked in BLIND])
def test_what_was_asked_in_public_goes_on_being_found(asked):
    assert len(asked["asked"]) == asked["of"] >= asked["two looks"]
    first, lists = [], []
    unanswered = {text for text, names in asked["asked"].items() if not names}  # no entry has it yet
    for text, names in asked["asked"].items():
        answers = ask_course(text)
        right = set(names.split())
        assert right <= {one.id for one in EVERY}
        first += [text] * bool(right & {one.id for one in answers})
        lists += [text] * bool(right & {one.id for one in (*answers, *answers.near)})
    assert set(asked["asked"]) - set(lists) == unanswered and len(first) >= asked["of"] - len(unanswered) - 2


def test_the_paraphrases_are_not_in_the_data():
    files = (FOLDER / "topics" / f"{topic}.json" for topic in topics())
    data = " ".join(" ".join(file.read_text(encoding="utf-8") for file in files).lower().split())
    said = [text for texts in PARAPHRASES.values() for text in texts]
    assert PARAPHRASES.keys() == {one.id for one in EVERY} and len(set(said)) == len(said)
    assert [text for text in said if text.lower() in data] == []


def test_a_slip_of_the_pen_and_other_languages_are_understood():
    assert "checkerboard" in found("chekerboard patern")
    of = questions.words().of
    assert of("normalized colors, BatchNorm") == of("normalised colours, batch normalisation")
    assert of("numerically creation") == of("numeric created") != of("numbers creature")
    assert "why-turn" in found("为什么反向传播卷积核要旋转180度")
    assert "equivariance" in found("erkennt ein CNN Kernel auch gedrehte oder skalierte Muster")
    assert "dk" in found("как вычислить градиент фильтра свёрточного слоя")
    assert "same-thing" in found("¿Las redes neuronales convolucionales voltean el núcleo?")
    assert "ties" in found("MAX POOLING TIES")
    assert found("parameters 1516 and not 2416")[0] == "lenet-c3"


def test_what_shares_no_word_finds_nothing_and_says_so():
    assert not ask_course("Rhabarber xyzzy")
    assert "other words" in repr(ask_course("Rhabarber xyzzy")) and "docs/questions.md" in Answers()._repr_html_()


@pytest.mark.parametrize("text", ["", "   ", None, 3, ["loop"]])
def test_what_is_no_question_is_refused_in_words(text):
    with says("ask in words", "my loop has no rotation"):
        ask_course(text)


def test_an_answer_in_a_notebook_links_to_its_cells():
    answers = ask_course("my loop has no rotation")
    shown = answers._repr_html_()
    assert len(answers) == questions.SHOWN and answers[0].id == "no-rotation"
    for one in answers:
        assert all(f'href="{address(cell)}"' in shown for cell in one.cells) and one.question in repr(answers)
    assert "<script" not in shown


def test_a_second_paragraph_opens_behind_the_answer_and_stands_on_the_page():
    answers = ask_course("max pooling backward gives mostly zeros")
    [one] = [one for one in answers if one.id == "max-pool"]
    shown, more = answers._repr_html_(), html.escape(one.more)
    assert len(one.more.split()) > 20 and f"<summary>More</summary><p>{more}</p></details>" in shown
    assert shown.count('class="cnn-questions-rest"') == sum(bool(each.more) for each in answers)
    assert f"{one.answer}\n    {one.more}\n" in repr(answers) and questions.plain(one.more) in page()


def test_below_the_answers_stand_the_next_in_rank_and_the_others_of_the_situation():
    answers = ask_course("my loop has no rotation")
    assert [one.id for one in (*answers, *answers.near)] == found("my loop has no rotation", 14)
    listed = (*answers.near, *answers.others)
    assert answers.topic == "loop" and len(set(listed) | set(answers)) == len(listed) + len(answers)
    assert {one for one in EVERY if one.topic == "loop"} <= {*answers, *listed} and len(answers.others) > 5
    shown = answers._repr_html_()
    assert shown.count("<details>") == len(listed) + 1 and topics()["loop"] in repr(answers)
    for one in listed:
        assert f"· {one.question}" in repr(answers) and html.escape(one.answer) in shown
        assert all(f'href="{address(cell)}"' in shown for cell in one.cells)


def test_the_page_in_docs_is_the_one_that_the_data_gives(in_git):
    text = (in_git / "docs" / "questions.md").read_text(encoding="utf-8")
    assert text == page(), "make index"
    lines = [line.partition(" ")[0] for line in text.splitlines()]
    assert lines.count("###") == len(EVERY) and lines.count("##") == len(topics())
    assert all(text.count(f"* [{title}](#") == 1 for title in topics().values())
    contents = text.partition("\n## ")[0]
    assert contents.count("\n  * [") == len(EVERY)
    for one in EVERY:
        assert contents.count(f"](#{_place(one.question)})") == 1
        assert all(f"[{cell}](../notebooks/{address(cell)})" in text for cell in one.cells)


def test_two_or_three_words_find_the_entry_that_is_about_them():
    asked = json.loads(Path(__file__).with_name("short.json").read_text(encoding="utf-8"))["asked"]
    missed = [text for text, right in asked.items() if not {*right.split()} & {*found(text, 3)}]
    assert len(missed) <= len(asked) // 10, missed


def test_the_ten_basic_questions_are_found_in_words_that_the_data_does_not_have():
    asked = json.loads(Path(__file__).with_name("basic.json").read_text(encoding="utf-8"))["asked"]
    data = {wording.lower() for wording in questions.asked()}
    assert len(asked) >= 70 and not data & {text.lower() for text in asked}
    missed = [text for text, right in asked.items() if not {*right.split()} & {*found(text)}]
    assert len(missed) <= len(asked) // 8, missed


def test_what_people_asked_is_short_and_finds_an_entry_that_answers_it():
    asked = questions.asked()
    assert len(asked) >= 800 and len({wording.lower() for wording in asked}) == len(asked)
    assert max(map(len, asked)) <= 125
    assert {one for ids in asked.values() for one in ids.split()} <= {one.id for one in EVERY}
    missed = [wording for wording, ids in asked.items() if not {*ids.split()} & {*found(wording)}]
    assert len(missed) <= len(asked) // 50, missed


def test_a_wording_is_a_title_of_its_entry_and_a_word_in_several_fields_counts_more():
    one, other = [("how a kernel turns", 1.0), ("dark", 0.5)], [("kernel size", 1.0), ("kernel light", 0.5)]
    fields, words = {"one": one, "other": other}, questions.words()
    assert [key for key, _ in Finder(fields, words).find("kernel")] == ["other", "one"]
    assert Finder(fields, words, {"one": ["filter"]}).find("kernel")[0][0] == "one"


def test_every_file_of_a_situation_is_read_and_a_wording_stands_in_that_of_its_first_entry():
    assert {file.name for file in (FOLDER / "topics").iterdir()} == {f"{topic}.json" for topic in topics()}
    of = {one.id: one.topic for one in EVERY}
    for topic in topics():
        rows = json.loads((FOLDER / "topics" / f"{topic}.json").read_text(encoding="utf-8"))
        assert rows.keys() == {"questions", "asked"} and {of[row["id"]] for row in rows["questions"]} == {topic}
        assert {of[ids.split()[0]] for ids in rows["asked"].values()} == {topic}


def test_a_number_is_one_word_and_counts_half():
    words = questions.words()
    assert words.of("5×5, 5 x 5, 5*5; 0.57") == ["5x5", "5x5", "5x5", "0.57"]
    assert words.of("0 and 1.") == ["=zero", "=one"] and words.of("torch 1.0") == ["=pytorch", "1.0"]
    finder = Finder({"one": [("loss 13", 1.0)], "other": [("loss rising", 1.0)]}, words)
    assert finder.idf["13"] == NUMBER * finder.idf["ris"] and finder._known("12345") is None
    assert words.pattern.pattern.count("(?<!") == 2, "boundaries in front of each synonym take seconds"
    assert "zero-init" not in found("LeNet trains far worse than a dense net, loss 0.57")


def test_an_answer_about_gradients_or_turns_counts_less_for_a_question_without_them():
    fields = {
        "back": [("gradient of a dilated layer", 1.0), ("delta", 0.1)],
        "size": [("output height and width of a dilated layer", 1.0)],
    }
    words, subjects = questions.words(), questions.subjects()
    finder = Finder(fields, words, subjects=subjects)
    assert [finder.find(asked)[0][0] for asked in ("dilated layer", "dilated layer, dout")] == ["size", "back"]
    assert Finder(fields, words).find("dilated layer")[0][0] == "back"
    answers = ask_course("tensorflow SAME padding wrong output size 14 instead of 15 kernel 2 stride 2")
    assert "transposed" not in {one.topic for one in answers[:3]}


def test_no_word_stands_for_two_groups():
    groups = SHARED["synonyms"]
    members = [member for group in groups for member in group]
    assert len(members) == len(set(members)) and all(member == member.lower().strip() for member in members)
