"""Lays the notebooks and pages of the course into the wheel; everything else stands in pyproject.toml.

A clone keeps them at its top, an installed package below cnnlib/course/files. What a reader of the clone has run
since is not part of the course: outputs are left out of both archives.
"""

import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
PARTS = ("notebooks", "docs")
KINDS = {".ipynb", ".md", ".svg", ".png"}


def course_files():
    """Paths, relative to here, of what a learner's copy of the course holds."""
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in KINDS and not any(step.startswith(".") for step in path.relative_to(ROOT).parts):
                yield path.relative_to(ROOT)


def without_outputs(path):
    """The bytes of a file; a notebook as git has it, with nothing that a run has left."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    notebook["metadata"].pop("widgets", None)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def lay(source, target):
    """A file as the archives hold it. It replaces what is there, which may be a link to the clone's."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.write_bytes(without_outputs(source))


class WithCourse(build_py):
    """build_py, and the course beside the code."""

    def run(self):
        super().run()
        if not self.editable_mode:
            for name in course_files():
                lay(ROOT / name, Path(self.build_lib, "cnnlib", "course", "files", name))


class Stripped(sdist):
    """sdist, with notebooks as git has them."""

    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        for name in course_files():
            lay(ROOT / name, Path(base_dir, name))


setup(cmdclass={"build_py": WithCourse, "sdist": Stripped})
