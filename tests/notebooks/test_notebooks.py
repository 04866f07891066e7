"""Every notebook, as git has it: it runs cold and alone, and keeps the notebook rules of CONTRIBUTING.md."""

import ast
import json
import re
import statistics
import subprocess
import time
import warnings
from pathlib import Path

import nbclient
import nbformat
import pytest
import spoilers
from traitlets.config import Config

from cnnlib.course.kernels import own_sockets

ROOT = Path(__file__).resolve().parents[2]


def notebooks_in_git():
    """Their paths; a learner's own copies beside them do not count.  Without git: those on disk."""
    try:
        command = ["git", "ls-files", "notebooks"]
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/**/*.ipynb")]
    return sorted(name for name in names if name.endswith(".ipynb") and ".ipynb_checkpoints" not in name)


NAMES = notebooks_in_git()
SECONDS = {"04_prove_it_2x2": 15}  # the others have a minute
SLIDES = {"slide", "subslide", "fragment", "notes", "skip"}


@pytest.fixture(params=NAMES)
def notebook(request, in_git):
    """A notebook from git, whatever a learner has saved over it."""
    return nbformat.read(in_git / request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def test_there_are_notebooks():
    assert {"notebooks/00_start_here.ipynb", "notebooks/12_watch_lenet_learn.ipynb"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_cold_and_alone_within_a_minute(name, in_git):
    notebook = nbformat.read(in_git / name, as_version=4)
    started = time.perf_counter()
    with own_sockets() as settings:
        nbclient.NotebookClient(
            notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": in_git / "notebooks"}},
            config=Config(settings),
        ).execute()  # fmt: skip
    assert time.perf_counter() - started < SECONDS.get(Path(name).stem, 60)
    warned = [cell.id for cell in code(notebook) for out in cell.outputs if out.get("name") == "stderr"]
    assert not warned, f"these cells print to stderr: {warned}"
    assert spoilers.found(notebook) == []


def test_stored_without_outputs_counts_and_stray_metadata(notebook):
    for cell in code(notebook):
        assert not cell.outputs, cell.id
        assert cell.execution_count is None, cell.id
    assert all(set(cell.metadata) <= {"slideshow", "tags", "jupyter"} for cell in notebook.cells)
    folded = [cell.metadata["jupyter"] for cell in notebook.cells if "jupyter" in cell.metadata]
    assert all(each == {"source_hidden": True} for each in folded)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"


def test_no_cell_is_python_that_a_newer_version_warns_of(notebook):
    """Such as a backslash before a letter that means nothing: Python 3.11 is silent, 3.12 prints it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in code(notebook):
            compile(cell.source, cell.id, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_cell_ids_are_readable_and_unique(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{2,40}", text) for text in ids), ids


def test_cells_are_short(notebook):
    assert statistics.median(len(lines(cell)) for cell in code(notebook)) <= 6
    long_code = [cell.id for cell in code(notebook) if len(lines(cell)) > 20]
    long_prose = [cell.id for cell in prose(notebook) if len(cell.source.split()) > 120]
    assert (long_code, long_prose) == ([], [])


def test_every_cell_has_a_place_in_the_slides(notebook):
    for cell in notebook.cells:
        role = cell.metadata.get("slideshow", {}).get("slide_type")
        continues = "continues" in cell.metadata.get("tags", [])
        assert continues if role is None else role in SLIDES, f"{cell.id}: {role}"
        if cell.cell_type == "code" and len(lines(cell)) > 12:
            assert role == "skip", f"{cell.id}: code of more than 12 lines does not fit a slide"
        if re.match(r"#{1,3} ", cell.source) and cell.cell_type == "markdown":
            assert role in {"slide", "subslide", "notes"}, f"{cell.id}: a heading is a slide"


def test_one_title_and_a_way_on(notebook):
    titles = [line for cell in prose(notebook) for line in cell.source.splitlines() if re.match(r"# ", line)]
    assert len(titles) == 1
    assert "**Next" in notebook.cells[-1].source


def test_nothing_is_fetched_or_started(notebook):
    text = json.dumps([cell.source for cell in code(notebook)])
    for word in ("urlopen", "requests.", "!pip", "%pip", "subprocess", "threading", "load_mnist("):
        assert word not in text, word


def test_randomness_is_seeded(notebook):
    for cell in code(notebook):
        assert not re.search(r"default_rng\(\)|np\.random\.(?!default_rng|Generator)", cell.source), cell.id
