"""The pages of the book, laid out for Sphinx: notebooks with outputs, index, glossary, docs, the reference."""

import json
import re
from pathlib import Path

import nbformat

from ...article.statements import plain
from ...lookup.terms import terms
from ..core_path import CORE
from ..places import DOCS, NOTEBOOKS
from ..slides.deck import PARTS
from ..slides.executed import executed, notebooks_and_solutions
from .reference import reference, reference_entries

BOOK = Path(__file__).with_name("sphinx")
STEPPER = PARTS / "stepper.js"
EARLY = 8  # the key picture of a chapter is in one of so many cells at its top
PICTURE = re.compile(r"<(img|svg|cnn-\w+)\b|cnn-stepper|cnn-road")
MADE = re.compile(r"^Written by `make index` from `[^`]+`[.:] (\w)", re.MULTILINE)  # left out of the book
LONG = 8  # lines of set-up or drawing code that a page shows unfolded
NOTATION = ("notation", "indices")  # the cells of notebook 00 that stand below the glossary
FIRST = ("questions.md", "statements.md", "glossary.md")  # the pages of docs/ for looking things up
STEPPER_NOTE = (
    '<p class="cnn-stepper-note">Frames of the explorer, worked out beforehand. It is live, and takes your '
    'numbers, '
    "{}.</p>"
)
RUN = '<a class="cnn-run-this" href="{}">Run this in the browser</a>'
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^()\s#]*)(#[^()\s]*)?\)")


def lay_out(folder: Path, mathjax: Path, run_at: str = "") -> None:
    """Write every page, style and script into ``folder``; ``mathjax`` is the folder of that package.

    run_at: the part of the address that runs a notebook before the notebook's name; "" where nothing runs them.
    A page that has not changed keeps its date, so that Sphinx need not read it again.
    """
    course, solutions, pages = [], [], {}
    for path, notebook in executed(notebooks_and_solutions()):
        name, number = path.relative_to(NOTEBOOKS), path.stem[:2]
        entry = f"{entry_title(notebook, number)} <notebooks/{name.with_suffix('').as_posix()}>"
        (solutions if name.parent.name else course).append(entry)
        live = f"{'../' * len(name.parts)}{run_at}{name.as_posix()}" if run_at else ""
        pages[f"notebooks/{name.as_posix()}"] = nbformat.writes(as_page(notebook, number, live))
    found = docs()
    pages |= found | reference() | {"glossary.md": with_places(found["glossary.md"]) + notation()}
    entries = {"COURSE": course, "SOLUTIONS": solutions, "PAGES": entries_of(found), "ROOMS": reference_entries()}
    first = (BOOK / "index.md").read_text(encoding="utf-8")
    for key, lines in entries.items():
        first = first.replace(f"\n{key}\n", "\n" + "\n".join(lines) + "\n")
    pages["index.md"] = first.replace("\nLIVE\n", f"\n{live_words(run_at)}\n")
    files = {"panel.png": DOCS / "gallery" / "12.png", "_static/mathjax.js": mathjax / "es5" / "tex-svg-full.js",
             "_static/stepper.js": STEPPER}  # fmt: skip
    files |= {f"_static/{path.name}": path for path in BOOK.glob("*.*s")}
    contents = {name: text.encode() for name, text in pages.items()}
    keep_in_step(folder, contents | {name: path.read_bytes() for name, path in files.items()})


def keep_in_step(folder: Path, contents: dict[str, bytes]) -> None:
    """Make ``folder`` hold these files and no others; what is there already is not written again."""
    for name, content in contents.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in contents:
            path.unlink()


# -------------------------------------------------------------------------------------------- notebooks


def entry_title(notebook: nbformat.NotebookNode, number: str) -> str:
    """Its line in the table of contents: the number, a star for the core path, and the title."""
    title = heading(notebook.cells[0].source)
    if is_solution(notebook):
        title = title.partition(": ")[2]
        return f"{number} {title[0].upper()}{title[1:]}"
    return f"{number} {'★ ' * (number in CORE)}{title}"


def is_solution(notebook: nbformat.NotebookNode) -> bool:
    """A notebook of solutions says so in its title."""
    return notebook.cells[0].source.startswith("# Solutions")


def live_words(run_at: str) -> str:
    """The sentence of the first page on the live notebooks."""
    if run_at:
        first = RUN.format(f"{run_at}00_start_here.ipynb")
        return f"Every chapter has a link below its title that runs it in this browser. Try the first: {first}."
    return "`make lab`, or `cnnlib` where the course was installed by pip, opens the same notebooks live."


def as_page(notebook: nbformat.NotebookNode, number: str, live: str = "") -> nbformat.NotebookNode:
    """The notebook as the book shows it: a place for each cell's id, long code folded, links within the book.

    live: the address that runs it, as seen from its page.
    """
    where = RUN.format(live) if live else f"in JupyterLab: <code>make lab</code>, notebook {number}"
    notebook.cells = picture_first(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = re.sub(r"^# (?!Solutions)", f"# {number} · ", cell.source)
            if live and source.startswith("# "):
                source += f"\n\n{RUN.format(live)}"
            cell.source = f"+++ cell-id={cell.id}\n\n{within_the_book(source)}"
        else:
            cell.metadata = {"tags": ["hide-input"] * is_scaffolding(cell), "cell": cell.id}
            cell.outputs = [_as_output(output, where) for output in cell.outputs]
    return notebook


def is_scaffolding(cell: nbformat.NotebookNode) -> bool:
    """Code that is folded: imports, what the notebook folds, and long code that only sets up or draws."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    aside = cell.metadata.get("slideshow", {}).get("slide_type") == "skip" and len(lines) > LONG
    return cell.id == "imports" or aside or cell.metadata.get("jupyter", {}).get("source_hidden", False)


def picture_first(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """A chapter begins with its key picture: set-up without outputs between the title and it comes behind it."""
    place = next((n for n, cell in enumerate(cells[:EARLY]) if _shows(cell)), 0)
    setup = [cell for cell in cells[:place] if cell.cell_type == "code" and not cell.outputs]
    return [cell for cell in cells[: place + 1] if cell not in setup] + setup + cells[place + 1 :]


def _shows(cell):
    """Does this code cell show a picture or a control?"""
    shown = [output.get("data", {}) for output in cell.get("outputs", ())]
    return any("image/png" in data or PICTURE.search(data.get("text/html", "")) for data in shown)


def _as_output(output, where):
    """HTML with the book's links instead of plain text; a stepper gets a note that says where the live one is."""
    data = output.get("data", {})
    if "text/html" in data:
        text = re.sub(r'href="([\w/.]+)\.ipynb', r'href="\1.html', data["text/html"])
        if 'class="cnn-stepper"' in text:
            text += STEPPER_NOTE.format(where)
        output["data"] = {"text/html": text}
    return output


def within_the_book(text: str) -> str:
    """Links to the notebooks, docs/ and the parts of the repository, as the book has them.

    Links to anything that is not in the book become plain text.
    """
    return LINK.sub(lambda found: _linked(*found.groups(default="")), text)


def _linked(words, path, place):
    if "://" in path or not path:
        return f"[{words}]({path}{place})"
    path = re.sub(r"^(\.\./)?docs/index\.md$", r"\1statements.md", re.sub(r"^\.\./docs/", "../docs/", path))
    path = path.replace("docs/", "")
    return f"[{words}]({path}{place})" if path.endswith((".ipynb", ".md")) else words


# ------------------------------------------------------------------------------------------- other pages


def docs() -> dict[str, str]:
    """The pages of docs/; the index of statements gets a name of its own, as a book has one index.md already."""
    found = {}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8").replace(", if it is followed in JupyterLab", "")
        text = MADE.sub(lambda begins: begins[1].upper(), text, count=1)
        name = "statements.md" if path.stem == "index" else path.name
        found[name] = within_the_book(text.replace("](../notebooks/", "](notebooks/"))
    return found


def entries_of(found: dict[str, str]) -> list[str]:
    """The pages for looking things up first, and the other pages of docs/ behind them."""
    entries = {name: f"{heading(text)} <{name.removesuffix('.md')}>" for name, text in found.items()}
    return [*(entries.pop(name) for name in FIRST), *entries.values()]


def heading(text: str) -> str:
    """The title of a Markdown text."""
    return re.search(r"^# (.*)", text, re.M)[1]


def with_places(glossary: str) -> str:
    """The glossary with a place for each term, which the search leads to; of a cell the number of its chapter."""
    glossary = re.sub(r"\[(\d\d)#[\w-]+\](?=\()", r"[\1]", glossary)
    for one in terms():
        row = f"| {plain(one.term)} |"
        glossary = glossary.replace(f"\n{row}", f"\n| [{plain(one.term)}]{{#{place_of(one.term)}}} |", 1)
    return glossary


def place_of(term: str) -> str:
    """The name of a term's place on the page of the glossary."""
    return "term-" + re.sub(r"\W+", "-", term.lower()).strip("-")


def notation() -> str:
    """The tables of notation of notebook 00, which stand below the glossary."""
    cells = json.loads((NOTEBOOKS / "00_start_here.ipynb").read_text(encoding="utf-8"))["cells"]
    found = {cell["id"]: "".join(cell["source"]) for cell in cells}
    return "".join("\n" + re.sub(r"^#+ ", "## ", found[name]) + "\n" for name in NOTATION)
