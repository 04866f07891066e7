"""A notebook in JupyterLab whose one menu builds every explorer, for the tests that look at them on the screen."""

from pathlib import Path

import screen
from scripts import script

ROOT = Path(__file__).resolve().parents[1]
EXPLORERS, build = script("explorers").EXPLORERS, script("explorers").build
PANEL = "training panel"
SOURCE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "benchmarks")!r}]
import ipywidgets as widgets
from explorers import EXPLORERS, build
from cnnlib.data import load_digits
from cnnlib.widgets.training_panel.panel import TrainingPanel

choice, place = widgets.Dropdown(options=["", *EXPLORERS, {PANEL!r}]), widgets.VBox()
choice.add_class("choice")

def show(change):
    for old in place.children:
        old.close()
    name = change["new"]
    made = TrainingPanel(load_digits()) if name == {PANEL!r} else name and build(name)
    place.children = [made] if name else []

choice.observe(show, "value")
widgets.VBox([choice, place])
"""


def page_of_explorers(browser, home, *, size):
    """The page, as a context; :func:`shown` puts an explorer on it."""
    return screen.cells_page(browser, home, SOURCE, shows=".choice", size=size)


def shown(page, name):
    """This explorer, new, as a locator."""
    menu = page.locator(".choice select")
    for chosen in ("", name):
        menu.select_option(chosen)
        count = int(bool(chosen))
        screen.wait_for(page, lambda n=count: page.locator(".cnn-explorer").count() == n, lambda: f"no {name}")
    page.wait_for_timeout(600)
    return page.locator(".cnn-explorer")
