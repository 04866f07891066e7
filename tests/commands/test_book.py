"""The book's pages: every notebook and module is there, every place the index names too, solutions folded."""

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document

from cnnlib.course.book import build, cells, reference, search
from cnnlib.course.book import pages as book_pages
from cnnlib.course.slides import executed, sources
from cnnlib.lookup.terms import terms

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = executed.notebooks_and_solutions()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages as Sphinx gets them, from notebooks that were not run."""
    mathjax, folder = tmp_path_factory.mktemp("mathjax"), tmp_path_factory.mktemp("pages")
    (mathjax / "es5").mkdir()
    (mathjax / "es5" / "tex-svg-full.js").write_text("// MathJax")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book_pages, "executed", lambda paths: ((path, nbformat.read(path, 4)) for path in paths))
        book_pages.lay_out(folder, mathjax)
    return folder


def entries(pages):
    """The documents in the table of contents, in the book's order."""
    blocks = re.findall(r"```\{toctree\}(.*?)```", (pages / "index.md").read_text(encoding="utf-8"), re.S)
    return [entry for block in blocks for entry in re.findall(r"<(\S+)>$", block, re.M)]


# ---- the pages


def test_every_notebook_and_every_page_is_in_the_table_of_contents_in_order(pages):
    found = entries(pages)
    course = [f"notebooks/{path.relative_to(executed.NOTEBOOKS).with_suffix('').as_posix()}" for path in NOTEBOOKS]
    assert len(course) > 28 and found[: len(course)] == course
    rest = found[len(course) :]
    assert rest[:3] == ["questions", "statements", "glossary"] and "teaching" in found and "reference" in found
    written = {path.relative_to(pages) for path in pages.rglob("*") if path.suffix in {".md", ".ipynb"}}
    names = {path.with_suffix("").as_posix() for path in written}
    assert set(found) == names - {"index"} and len(found) == len(set(found))


def test_the_core_path_has_its_stars(pages):
    text = (pages / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d\d) ★", text, re.M) == ["01", "02", "04", "05", "06", "12"]


def places(page):
    """The cell ids that a page made of a notebook can be entered at."""
    cells = nbformat.read(page, 4).cells
    named = [re.match(r"\+\+\+ cell-id=(\S+)\n\n", cell.source) for cell in cells]
    return {name[1] if name else cell.metadata["cell"] for name, cell in zip(named, cells, strict=True)}


@pytest.mark.parametrize("name, least", [("statements", 100), ("questions", 150), ("glossary", 50)])
def test_every_link_of_a_page_for_looking_up_leads_to_a_cell_of_its_page(pages, name, least):
    text = (pages / f"{name}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((notebooks/[^\s()]+\.ipynb)#cell-id=(\S+?)\)", text)
    assert len(links) > least
    assert [link for link in links if link[1] not in places(pages / link[0])] == []


def test_the_glossary_ends_with_the_notation_of_notebook_00(pages):
    text = (pages / "glossary.md").read_text(encoding="utf-8")
    cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS[0], 4).cells}
    rows = [row for name in ("notation", "indices") for row in cells[name].splitlines() if row[:1] == "|"]
    assert len(rows) > 15 and all(row in text for row in rows) and "| dX |" in text.replace("**", "")


def test_long_code_that_only_draws_is_folded_and_no_other(pages):
    page = nbformat.read(pages / "notebooks" / NOTEBOOKS[0].name, 4)
    folded = {cell.metadata["cell"] for cell in page.cells if "hide-input" in cell.metadata.get("tags", ())}
    assert {"pictures-drawing", "self-test-verdict"} <= folded  # long, and folded in the notebook
    assert not {"forward-loop", "all-inputs-loop"} & folded


def test_imports_and_what_the_notebook_folds_are_folded():
    cell = nbformat.v4.new_code_cell
    assert book_pages.is_scaffolding(cell("import numpy", id="imports"))
    assert book_pages.is_scaffolding(cell("x = 1", metadata={"jupyter": {"source_hidden": True}}))
    assert not book_pages.is_scaffolding(cell("x = 1"))
    for path in NOTEBOOKS:
        for one in nbformat.read(path, 4).cells:
            if one.cell_type == "code" and one.metadata.get("jupyter", {}).get("source_hidden"):
                assert book_pages.is_scaffolding(one), (path.name, one.id)


def test_a_chapter_begins_with_its_key_picture():
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    picture = [nbformat.v4.new_output("display_data", {"text/html": '<img alt="a" src="data:,">'})]
    cells = [text("# Title", id="title"), code("import x", id="imports"), text("why", id="why"),
             code("draw()", id="draw", outputs=picture), code("y", id="rest")]  # fmt: skip
    assert [cell.id for cell in book_pages.picture_first(cells)] == ["title", "why", "draw", "imports", "rest"]
    cells[3].outputs = []
    assert [cell.id for cell in book_pages.picture_first(cells)] == ["title", "imports", "why", "draw", "rest"]


def test_no_page_of_the_book_says_how_its_file_is_made(pages):
    for name in ("questions", "glossary", "statements"):
        text = (pages / f"{name}.md").read_text(encoding="utf-8")
        assert "make index" not in text.split("##")[0] and re.match(r"# .*\n\n[A-Z]", text), name


def test_every_term_of_the_glossary_has_a_place_that_the_search_leads_to(pages):
    text = (pages / "glossary.md").read_text(encoding="utf-8")
    places = [book_pages.place_of(one.term) for one in terms()]
    assert len(set(places)) == len(places) > 50
    assert [place for place in places if f"{{#{place}}} |" not in text] == []


def test_the_search_takes_a_section_apart_at_its_places_and_leaves_outputs_out():
    section = nodes.section("", nodes.title("", "Turn"), nodes.paragraph("", "why it turns"), ids=["turn"])
    cell = nodes.container("", nodes.literal_block("", "K[::-1]"), ids=["cell-id=one"])
    shown = nodes.container("", nodes.literal_block("", "[[3, 2]]"), classes=["cell_output"])
    below = nodes.section("", nodes.title("", "Below"), nodes.paragraph("", "other"), ids=["below"])
    section += [cell, shown, below]
    assert list(search.pieces_of(section)) == [
        ["turn", search.TEXT, "why it turns"], ["cell-id=one", search.CODE, "K[::-1]"]]  # fmt: skip


def test_links_stay_within_the_book_or_become_words():
    text = "[a](01_x.ipynb#cell-id=b) [c](../docs/index.md) [d](../Makefile) [e](../docs/panel.png) [f](https://x.org/)"
    expected = "[a](01_x.ipynb#cell-id=b) [c](../statements.md) d e [f](https://x.org/)"
    assert book_pages.within_the_book(text) == expected


def test_a_page_that_has_not_changed_is_not_written_again(tmp_path):
    book_pages.keep_in_step(tmp_path, {"a.md": b"1", "b/c.md": b"2"})
    before = (tmp_path / "a.md").stat().st_mtime_ns
    book_pages.keep_in_step(tmp_path, {"a.md": b"1", "d.md": b"3"})
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"a.md", "d.md"}


# ---- settings, reference, cells


def test_the_settings_name_nothing_outside_this_machine():
    text = (build.SETTINGS / "conf.py").read_text(encoding="utf-8")
    assert "://" not in text and "://" not in (build.SETTINGS / "book.css").read_text(encoding="utf-8")
    assert 'mathjax_path = "mathjax.js"' in text and 'nb_execution_mode = "off"' in text
    assert text.count("suppress_warnings") == 1 and 'suppress_warnings = ["myst.header", "ref.python"]' in text


def test_every_module_of_cnnlib_has_a_place_in_the_reference_once_and_in_the_order_of_import():
    package = ROOT / "cnnlib"
    modules = {".".join(path.relative_to(package).with_suffix("").parts) for path in package.rglob("*.py")}
    modules = {name for name in modules if not name.rpartition(".")[2].startswith("__")}
    names = reference.names()
    shown = "".join(reference.page(name) for name in names)
    found = re.findall(r"automodule:: cnnlib\.(\S+)", shown)
    assert modules <= set(found) and len(found) == len(set(found))
    assert names[0] == "console" and names[-1] == "course"


def test_a_solution_is_folded_and_the_way_on_is_not():
    page = nodes.section("", nodes.title("", "Solutions for 04: x"))
    exercise = nodes.section("", nodes.title("", "1. Turn"), nodes.paragraph("", "K[::-1]"))
    exercise += [nodes.comment("", "cell-id=next"), nodes.paragraph("", "Next: 05")]
    seen = nodes.section("", nodes.title("", "What you saw"), nodes.paragraph("", "this"))
    page += [exercise, seen]
    document = new_document("solution")
    document += page
    assert cells.mark_cells(document) == ["cell-id=next"]
    cells.fold_solutions(document)
    assert [type(node).__name__ for node in exercise] == ["title", "raw", "paragraph", "raw"]
    assert not list(seen.findall(nodes.raw))
    assert [node.astext() for node in page.children[-2:]] == ["", "Next: 05"]


def test_a_fold_is_called_what_it_says_and_no_header_is_empty():
    context = {"body": '<summary aria-label="Toggle hidden content">Show the code</summary><table><tr>'
               '<th class="head"><p></p></th><th></th><th class="head"><p>size</p></th></tr></table>'
               '<dt class="sig sig-object">f(<dl><dd>x</dd></dl>)</dt><dl><dd>y</dd></dl>'}  # fmt: skip
    cells.mend(None, "", "", context, None)
    assert context["body"] == ("<summary>Show the code</summary><table><tr><td><p></p></td><td></td>"
                               '<th class="head"><p>size</p></th></tr></table><dt class="sig sig-object">f(<div>'
                               '<div>x</div></div>)</dt><dl><dd>y</dd></dl>')  # fmt: skip


# ---- running the notebooks


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder with one short notebook in the place of the course's; returns a function that sets its code."""
    for name in ("NOTEBOOKS", "KEPT"):
        monkeypatch.setattr(executed, name, tmp_path / name.lower())
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "00_small.ipynb"

    def write(source):
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="only")]), path)
        return path

    return write


def test_a_notebook_is_run_once_until_it_changes(small, capsys):
    path = small("print('one')")
    first = executed.run(path)
    assert [cell.id for cell in first.cells] == ["only"] and first.cells[0].outputs[0].text == "one\n"
    assert executed.run(path).cells == first.cells and capsys.readouterr().out.count("running") == 1
    assert executed.run(small("print('two')")).cells[0].outputs[0].text == "two\n"


def test_a_run_is_kept_until_a_file_that_it_read_changes(small, monkeypatch, capsys):
    path = small("from cnnlib import data, ops\nprint(data.load_digits().test_labels[0])")
    executed.run(path)
    [kept] = (executed.KEPT / "notebooks").glob("*.ipynb")
    read = nbformat.read(kept, 4).metadata[executed.READ]
    assert {"ops.py", "data.py", "digits/digits.npz", "course/slides/widget_frames.py"} <= set(read)
    assert not {"symbolic/__init__.py", "course/slides/deck.py"} & set(read)
    assert capsys.readouterr().out.count("running") == 1
    hash_of = sources.hash_of
    for changed, again in (("symbolic/proofs.py", 0), ("digits/digits.npz", 1), ("ops.py", 1)):
        monkeypatch.setattr(sources, "hash_of", lambda name, of=changed: "" if name == of else hash_of(name))
        executed.run(path)
        assert capsys.readouterr().out.count("running") == again


def test_a_run_that_starts_a_process_rests_on_all_of_cnnlib(small):
    executed.run(small("import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])\nprint()"))
    [kept] = (executed.KEPT / "notebooks").glob("*.ipynb")
    assert {"symbolic/__init__.py", "doctor/__init__.py"} <= set(nbformat.read(kept, 4).metadata[executed.READ])


@pytest.mark.skipif(sys.platform == "win32", reason="kernels on Windows have ports alone")
def test_no_channel_of_a_kernel_is_a_port_that_another_could_have_chosen(small):
    """Two kernels that start at once now and then chose the same one: "DELIM not in msg_list" ended the build."""
    transport = "ipykernel.connect.get_connection_info(unpack=True)['transport']"
    run = executed.run(small(f"import ipykernel.connect\nprint({transport})"))
    assert run.cells[0].outputs[0].text == "ipc\n"


WARNS = "import warnings; warnings.warn('x')"


@pytest.mark.parametrize("source, told", [("1 / 0", "cell only: ZeroDivisionError"), (WARNS, "stderr.*only")])
def test_a_cell_that_fails_or_warns_ends_the_build_in_words(small, source, told):
    with pytest.raises(RuntimeError, match=f"00_small.ipynb.*{told}"):
        executed.run(small(source))


def test_without_npm_the_book_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(build, "CACHE", Path("nowhere"))
    assert re.search(r"needs npm.*apt install npm", build.main([]), re.S)


# ---- as part of the site


def test_every_chapter_and_solution_leads_to_its_notebook_in_the_browser(tmp_path, monkeypatch):
    (tmp_path / "es5").mkdir()
    (tmp_path / "es5" / "tex-svg-full.js").write_text("// MathJax")
    monkeypatch.setattr(book_pages, "executed", lambda paths: ((path, nbformat.read(path, 4)) for path in paths))
    book_pages.lay_out(tmp_path / "pages", tmp_path, "../live/run.html?path=notebooks/")
    for path in NOTEBOOKS:
        name = path.relative_to(executed.NOTEBOOKS)
        first = nbformat.read(tmp_path / "pages" / "notebooks" / name, 4).cells[0].source
        up = "../" * (len(name.parts) + 1)
        assert f'href="{up}live/run.html?path=notebooks/{name.as_posix()}">Run this in the browser<' in first
    assert "run.html" in (tmp_path / "pages" / "index.md").read_text(encoding="utf-8")


def test_a_book_by_itself_names_the_command_instead(pages):
    assert "run.html" not in (pages / "notebooks" / NOTEBOOKS[0].name).read_text(encoding="utf-8")
    assert "`make lab`, or `cnnlib`" in (pages / "index.md").read_text(encoding="utf-8")
