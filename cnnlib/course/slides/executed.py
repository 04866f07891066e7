"""The notebooks, run cold, for decks and book: each is run once and kept in build/executed/ until it changes.

Neither has a kernel, so a widget becomes frames (:mod:`widget_frames`).  What a run shows depends on the notebook,
whose hash is in the name of the kept file, and on the files of cnnlib that the run read: :mod:`sources` lists them
with their hashes, and the list is kept with the outputs.  Where decks and book are built at the same time, the
second waits for the run of the first.
"""

import ast
import hashlib
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
import nbformat
from traitlets.config import Config

from ..kernels import own_sockets
from ..places import BUILD, NOTEBOOKS, notebooks
from .one_at_a_time import lock
from .sources import unchanged

KEPT = BUILD / "executed"
FIRST = """import cnnlib.course.slides.sources as _sources; _sources.watch(); del _sources
import cnnlib.course.slides.widget_frames as _frames; _frames.install(); del _frames"""
LAST = "print(__import__('cnnlib.course.slides.sources', fromlist=['used']).used())"
READ = "cnnlib_files"  # in the metadata of what is kept
SECONDS = 900  # for one cell, on a busy machine


def notebooks_and_solutions() -> list[Path]:
    """Every notebook of the course in reading order, then every solution."""
    return notebooks() + notebooks(NOTEBOOKS / "solutions")


def executed(paths: list[Path]) -> Iterator[tuple[Path, nbformat.NotebookNode]]:
    """(path, notebook with outputs) in the order of ``paths``; what is not kept is run, two at a time."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads would wait for the other kernel
    with ThreadPoolExecutor(2) as pool:
        yield from zip(paths, pool.map(run, paths), strict=True)


def run(path: Path) -> nbformat.NotebookNode:
    """The notebook with outputs, kept or new.  RuntimeError, naming the notebook, where a cell fails or warns."""
    notebook, folder = nbformat.read(path, as_version=4), KEPT / path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{path.stem}.{digest_of(notebook)[:16]}.ipynb"
    with lock(folder / f"{path.stem}.lock"):  # one process runs it, the others then find the result
        if (known := _kept(kept)) is not None:
            return known
        print(f"running {path.parent.name}/{path.name}", flush=True)
        for old in folder.glob(f"{path.stem}.*.ipynb"):
            old.unlink()
        notebook.metadata[READ] = _execute(notebook, path)
        unfinished = kept.with_suffix(".new")
        nbformat.write(notebook, unfinished)
        unfinished.replace(kept)
    del notebook.metadata[READ]
    return notebook


def _kept(path):
    """The kept run, if there is one and all files that it read are unchanged; else None."""
    if not path.exists():
        return None
    notebook = nbformat.read(path, as_version=4)
    return notebook if unchanged(notebook.metadata.pop(READ, {})) else None


def _execute(notebook, path):
    """Run it in place, in a kernel that shows widgets as frames; {file of cnnlib that it read: its hash}."""
    own = notebook.cells[:]
    notebook.cells = [nbformat.v4.new_code_cell(FIRST), *own, nbformat.v4.new_code_cell(LAST)]
    failed = []
    try:
        # What a cell saves goes into a folder of its own: the course itself may be read-only.
        with tempfile.TemporaryDirectory() as scratch, own_sockets() as settings:
            nbclient.NotebookClient(
                notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": scratch}},
                extra_arguments=["--log-level=ERROR"], store_widget_state=False, coalesce_streams=True,
                on_cell_error=lambda cell, **_: failed.append(cell.id), config=Config(settings),
            ).execute()  # fmt: skip
    except nbclient.exceptions.CellExecutionError as error:
        raise RuntimeError(f"{path.name}, cell {failed[0]}: {error.ename}: {error.evalue}") from None
    except TimeoutError as error:
        raise RuntimeError(f"{path.name}: {error}") from None
    files = ast.literal_eval(notebook.cells[-1].outputs[0].text)
    notebook.cells = own
    warned = [cell.id for cell in notebook.cells for out in cell.get("outputs", ()) if out.get("name") == "stderr"]
    if warned:
        raise RuntimeError(f"{path.name}: these cells print to stderr: {warned}")
    return files


def digest_of(notebook: nbformat.NotebookNode) -> str:
    """One hash of the notebook: its code, the text around it, and what is run before and after."""
    total = hashlib.sha256(f"{FIRST}\0{LAST}\0".encode())
    for cell in notebook.cells:
        total.update(f"{cell.id}\0{cell.source}\0{cell.metadata}\0".encode())
    return total.hexdigest()
