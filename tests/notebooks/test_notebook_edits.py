"""The proofs must be able to fail: change one token of a proof cell, and the notebook stops with an error.

The code cells are executed one after the other in this process, with nothing shown. A notebook that nobody
edited runs to its end in the same way, and no later section takes a name that an earlier cell reads: else a cell
that a learner runs again computes something else. With the slow tests each cell does run again, the last one first.
"""

import importlib
import linecache
import pkgutil
import sys
from pathlib import Path

import edits
import matplotlib
import nbformat
import pytest
from ipywidgets.widgets import widget
from matplotlib import pyplot as plt

from cnnlib.exercises import quiz

MODULES = [importlib.import_module(f"edits.{found.name}") for found in pkgutil.iter_modules(edits.__path__)]
EDITS = [pytest.param(module.NOTEBOOK, *edit, id=f"{module.NOTEBOOK[:2]} {edit[0]}: {edit[2]}",
                      marks=[pytest.mark.slow] if edit[0] in getattr(module, "LATE", ()) else [])
         for module in MODULES for edit in module.EDITS]  # fmt: skip
TRAINS_IN_PLACE = {"10_the_article_line_by_line"}  # one net goes through its updates: in order only
SLOW_CHECKS = {cell for module in MODULES for cell in getattr(module, "SLOW_CHECKS", ())}


@pytest.fixture
def quiet(monkeypatch):
    """What a notebook does to its process is taken back: styles, figures, widgets, SymPy's way of printing."""
    open_before = set(widget._instances)
    monkeypatch.setattr(quiz, "ask", lambda _name: None)
    monkeypatch.setattr(sys, "displayhook", sys.displayhook)
    with matplotlib.rc_context():
        yield
    plt.close("all")
    for key in set(widget._instances) - open_before:
        if key in widget._instances:  # an explorer takes its parts with it
            widget._instances[key].close()


def code_cells(folder, name):
    """(id, source) of every code cell."""
    notebook = nbformat.read(Path(folder, "notebooks", f"{name}.ipynb"), as_version=4)
    return [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]


class Names(dict):
    """A namespace that keeps which cell gave each name that a cell reads, and which cell gave it last."""

    def __init__(self):
        super().__init__(__name__="__main__")
        self.cell, self.giver, self.read = None, {}, set()

    def __getitem__(self, name):
        value = super().__getitem__(name)
        if self.giver.get(name) not in (None, self.cell):
            self.read.add((self.cell, name, self.giver[name]))
        return value

    def __setitem__(self, name, value):
        self.giver[name] = self.cell
        super().__setitem__(name, value)

    def taken_later(self):
        """(cell, name, later cell): run again the cell would read what the later one gave."""
        now = self.giver
        return sorted((cell, name, now[name]) for cell, name, giver in self.read if giver != now[name])


def stops_at(cells, namespace=None):
    """Run the cells in one namespace: the id of the first that fails, or None."""
    namespace = Names() if namespace is None else namespace
    for name, source in cells:
        namespace.cell = name
        # As IPython does it, so that inspect.getsource finds what a cell defines.
        linecache.cache[f"<{name}>"] = len(source), None, source.splitlines(keepends=True), f"<{name}>"
        try:
            exec(compile(source, f"<{name}>", "exec"), namespace)
        except Exception:
            return name
    return None


@pytest.mark.parametrize("name", sorted(module.NOTEBOOK for module in MODULES))
def test_unedited_notebook_runs_to_its_end_and_no_name_is_taken_twice(name, in_git, quiet):
    cells, namespace = code_cells(in_git, name), Names()
    assert stops_at(cells, namespace) is None
    assert not namespace.taken_later()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(module.NOTEBOOK for module in MODULES))
def test_each_cell_of_a_notebook_that_has_run_runs_once_more(name, in_git, quiet):
    cells, namespace = code_cells(in_git, name), Names()
    assert stops_at(cells, namespace) is None
    again = cells if name in TRAINS_IN_PLACE else reversed(cells)
    assert [cell for cell, source in again if stops_at([(cell, source)], namespace)] == []


@pytest.mark.parametrize("name, cell, old, new", EDITS)
def test_one_wrong_token_stops_the_notebook(name, cell, old, new, in_git, quiet):
    cells = code_cells(in_git, name)
    place = [here for here, _ in cells].index(cell)
    assert cells[place][1].count(old) == 1
    before = [each for each in cells[:place] if each[0] not in SLOW_CHECKS]  # no later cell uses what they define
    edited = [(cell, cells[place][1].replace(old, new)), *cells[place + 1 :]]
    stopped = stops_at(before + edited)
    assert stopped in [here for here, _ in edited]
