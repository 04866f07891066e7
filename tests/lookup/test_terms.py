"""The glossary: every term with its meaning, other names, Chinese and a cell that exists."""

import re

import nbformat
import pytest
from helpers import says

from cnnlib.article.statements import address
from cnnlib.lookup import glossary
from cnnlib.lookup.terms import page, parts

EVERY = glossary()


@pytest.mark.parametrize("one", EVERY, ids=[one.term for one in EVERY])
def test_every_term_is_complete_and_found_by_each_of_its_names(one, in_git):
    name, _, place = address(one.cell).partition("#cell-id=")
    cells = {cell.id for cell in nbformat.read(in_git / "notebooks" / name, as_version=4).cells}
    assert place in cells and one.part in parts() and one.also
    assert re.search(r"[\u3400-\u9fff]", one.zh) and 2 <= len(one.meaning.split()) <= 22
    for said in (one.term, *one.also, one.zh):
        assert one in glossary(said), said


@pytest.mark.parametrize(
    ("said", "term"),
    [("filter", "kernel"), ("dA_prev", "dX"), ("deconvolution", "transposed convolution"), ("backward data", "dX"),
     ("fold", "col2im"), ("checkerboard", "checkerboard"), ("vanishing gradient", "vanishing gradient"),
     ("column-major", "column-major"), ("NHWC", "NCHW"), ("互相关", "cross-correlation ⋆")],
)  # fmt: skip
def test_the_words_of_other_people_come_first(said, term):
    assert glossary(said)[0].term == term


def test_the_whole_glossary_is_folded_by_parts_and_a_few_terms_are_not():
    html = glossary()._repr_html_()
    assert html.count("<details") == len(parts()) and html.count("<tr>") == len(EVERY) + len(parts())
    assert "<details" not in glossary("deconvolution")._repr_html_()


def test_the_page_in_docs_is_the_one_that_the_data_gives(in_git):
    assert (in_git / "docs" / "glossary.md").read_text(encoding="utf-8") == page(), "make index"
    rows = [line for line in page().splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6} and len(rows) == len(EVERY) + 2 * len(
        parts()
    )


def test_what_there_is_not_is_said_in_words():
    assert not glossary("Rhabarber") and "no such word" in repr(glossary("Rhabarber"))
    with says("give a word", "deconvolution"):
        glossary(" ")
