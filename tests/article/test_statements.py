"""The index: every statement of the article, every erratum, every misconception, and cells that exist."""

import re

import nbformat
import pytest
from helpers import says

from cnnlib.article import statements as room
from cnnlib.article.statements import address, errata, index, statements, topics

EVERYTHING = [one for kind in room.HEADINGS for one in statements(kind)]
every_statement = pytest.mark.parametrize("one", EVERYTHING, ids=[one.id for one in EVERYTHING])


def words(text):
    """How many words a quote has; a Chinese character counts as one."""
    return len(re.findall(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+", text))


def test_every_number_is_there_once_and_in_order():
    assert [one.id for one in statements("E")] == [f"E{number}" for number in range(1, 32)]
    assert [one.id for one in statements("M")] == [f"M{number}" for number in range(1, 23)]
    assert [one.id for one in statements("A")] == [f"A{number}" for number in range(1, 35)]


@every_statement
def test_a_quote_has_at_most_twenty_words(one):
    assert words(one.zh) <= 20 and len(one.en.split()) <= 20
    assert bool(one.zh) == (one.id[0] != "M" and not one.en.startswith("("))  # or the article says nothing there


@every_statement
def test_it_says_what_is_right_in_a_few_words(one):
    assert one.en and one.right.endswith((".", "!")) and len(one.right.split()) <= 40
    assert one.topic in topics() and one.cells and len(set(one.cells)) == len(one.cells)


@every_statement
def test_what_it_refers_to_exists(one):
    known = {other.id for other in EVERYTHING}
    assert set(re.findall(r"\b[AEM]\d+\b", one.right)) <= known - {one.id}


@pytest.fixture(scope="module")
def cells(in_git):
    """{"05_….ipynb": {cell id: type}} as git has the notebooks."""
    found = {}
    for path in (in_git / "notebooks").glob("*.ipynb"):
        found[path.name] = {cell.id: cell.cell_type for cell in nbformat.read(path, as_version=4).cells}
    return found


@every_statement
def test_the_cells_that_settle_it_exist(one, cells):
    for cell in one.cells:
        name, _, place = address(cell).partition("#cell-id=")
        assert place in cells[name], f"{name} has no cell {place}"


@every_statement
def test_code_settles_it(one, cells):
    """Prose proves nothing: a cell of code is among those named."""
    kinds = [cells[name][place] for name, place in (address(cell).split("#cell-id=") for cell in one.cells)]
    assert "code" in kinds


def test_the_errata_of_a_topic_fit_a_slide():
    assert sum(len(errata(topic)) for topic in topics()) == 31
    assert max(len(errata(topic)) for topic in topics()) <= 6


def test_the_page_in_docs_is_the_one_that_the_data_gives(in_git):
    assert (in_git / "docs" / "index.md").read_text(encoding="utf-8") == index(), "make index"


def test_the_page_names_every_statement_and_links_every_cell():
    page = index()
    for one in EVERYTHING:
        assert page.count(f"| {one.id} |") == 1
        assert all(f"[{cell}](../notebooks/{address(cell)})" in page for cell in one.cells)
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_a_table_in_a_notebook_links_to_its_cells():
    table = errata("slope")
    html = table._repr_html_()
    for one in table:
        assert f"<td>{one.id}</td>" in html and f"「{one.zh}」" in html
        assert all(f'href="{address(cell)}"' in html for cell in one.cells)
    assert all(one.id in repr(table) for one in table)


@pytest.mark.parametrize("kind", room.HEADINGS)
def test_an_index_has_each_statement_in_one_part(kind):
    parts = room.index_of(kind)
    assert sorted(one.id for _, rows in parts for one in rows) == sorted(one.id for one in statements(kind))
    html = parts._repr_html_()
    assert html.count("<details") == len(parts) == len({title for title, _ in parts}) and html.count("<style>") == 1
    assert all(title in html and title in repr(parts) for title, _ in parts)


def test_the_article_is_cut_into_parts_in_its_own_order():
    assert [one.id for _, rows in room.index_of("A") for one in rows] == [one.id for one in statements("A")]
    assert "A4 to A11" in room.index_of("A")._repr_html_()
    assert "E1, E9, E26, E30" in room.index_of("E")._repr_html_()


def test_marks_in_a_statement_stay_what_they_are():
    strange = room.Statement("E1", "turn", "", "a < b | c*", "x_ij.", ("05#title",))
    assert "a &lt; b | c*" in room.Table([strange])._repr_html_()
    assert r"a \< b \| c\*" in room.Table([strange]).markdown() and r"x\_ij." in room.Table([strange]).markdown()


@pytest.mark.parametrize("kind, topic", [("X", None), ("E", "weather"), ("", None)])
def test_what_there_is_not_is_refused_in_words(kind, topic):
    with says("kinds are A, E, M", "turn"):
        statements(kind, topic)


KINDS = ("Right", "Added", "Shorthand", "A slip", "The same slip", "The wrong word", "Layers mixed", "Lines mixed")


def test_an_erratum_begins_with_what_it_is():
    """A slip is not a mistake, and an addition is neither: the reader is told which it is."""
    assert [one.id for one in statements("E") if not re.match(rf"({'|'.join(KINDS)})\b[^.]*:", one.right)] == []


def test_what_the_article_says_itself_is_not_held_against_it():
    """It spells x(1 − x) out, pads the delta in words, divides by the batch, and claims nothing of every layer."""
    right = {one.id: one.right for one in EVERYTHING}
    assert right["E4"].startswith("A slip of notation, with the right result")
    assert "x(1 − x) is right" in right["E5"]
    assert "as the article says in A16" in right["E10"] and "delta is padded" in right["A16"]
    assert "the batch is meant" in right["E13"] and "does not say" in right["E28"]
    assert "not its input" in right["A28"]
    assert "because of the sigmoid" not in right["A16"] and right["E9"].startswith("Added")


def test_m1_says_after_which_forward_pass():
    right = {one.id: one.right for one in EVERYTHING}["M1"]
    assert "After a forward pass with conv2" in right and "After a correlation" in right
