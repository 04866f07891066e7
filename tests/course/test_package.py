"""The wheel: everything that cnnlib needs and the whole course is inside, and nothing that a run has left."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(in_git, tmp_path_factory):
    """{name: content} of a wheel built from what git has, one notebook having been run."""
    source, out = tmp_path_factory.mktemp("ein Ordner ü") / "source", tmp_path_factory.mktemp("wheel")
    shutil.copytree(in_git, source)
    notebook = source / "notebooks" / "00_start_here.ipynb"
    run = json.loads(notebook.read_text(encoding="utf-8"))
    code = next(cell for cell in run["cells"] if cell["cell_type"] == "code")
    code.update(outputs=[{"output_type": "stream", "name": "stdout", "text": ["a run"]}], execution_count=7)
    notebook.write_text(json.dumps(run), encoding="utf-8")
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", build, out], cwd=source, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Package would be ignored" not in done.stderr
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_every_file_of_cnnlib_that_git_has(wheel, in_git):
    there = {path.relative_to(in_git).as_posix() for path in (in_git / "cnnlib").rglob("*") if path.is_file()}
    assert there - set(wheel) == set()


def test_it_holds_every_notebook_solution_and_page(wheel, in_git):
    names = [*in_git.glob("notebooks/**/*.ipynb"), *in_git.glob("docs/**/*.*")]
    inside = {f"cnnlib/course/files/{path.relative_to(in_git).as_posix()}" for path in names}
    assert inside - set(wheel) == set() and len(inside) > 30
    assert wheel["cnnlib/course/files/docs/index.md"] == (in_git / "docs" / "index.md").read_bytes()


def test_no_notebook_in_it_carries_a_run(wheel, in_git):
    for name, content in wheel.items():
        if name.endswith(".ipynb"):
            as_in_git = (in_git / name.removeprefix("cnnlib/course/files/")).read_bytes()
            assert content == as_in_git, name


def test_it_names_what_an_index_shows(wheel):
    metadata = next(content for name, content in wheel.items() if name.endswith("/METADATA")).decode()
    for line in ("Name: cnnlib", "Requires-Python: >=3.11", "License-Expression:", "Provides-Extra: lab",
                 "Classifier: Programming Language", "Classifier: Operating System :: OS Independent"):  # fmt: skip
        assert line in metadata
    assert any(name.endswith("entry_points.txt") for name in wheel)
