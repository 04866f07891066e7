"""What a widget cannot take, from code or from the browser, is answered in words, and it goes on as it was."""

import importlib
import inspect
import pkgutil

import ipywidgets
import numpy as np
import pytest
import traitlets

import cnnlib.widgets
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.sketch import Sketch
from cnnlib.widgets.parts.transport import Transport
from cnnlib.widgets.training_panel.diagram_view import PassDiagramView

MAKERS = {
    MapGrid: lambda: MapGrid(np.zeros((2, 3)), chosen=(1, 1), outlined=[(0, 0)], notes={(0, 0): "k"}),
    Sketch: Sketch,
    PassDiagramView: PassDiagramView,
    Transport: lambda: Transport(5, position=2),
}
NONSENSE = [5, -1, 1e400, float("nan"), "nonsense", b"1234", True, [], [[]], [1, 2, 3], [[9, 9]], [[0.5, "x"]],
            {"a": 1}, [3, "sideways", 0, 0, 0], ["a", "forward", 0, 0, 0], [0, "forward", 0, 0],
            [0, "forward", 0, 0, None], {"type": "Buffer"}, [{}], [[[0.1, 7]]], [[[None, 0.1]]]]  # fmt: skip


def modules():
    for found in pkgutil.walk_packages(cnnlib.widgets.__path__, "cnnlib.widgets."):
        yield importlib.import_module(found.name)


def checked(kind):
    """The names of the traits that a class checks by a method of its own."""
    handler = traitlets.traitlets.ValidateHandler
    handlers = [value for _, value in inspect.getmembers(kind) if isinstance(value, handler)]
    return sorted({name for handler in handlers for name in handler.trait_names})


def test_every_widget_that_checks_its_traits_is_tried_here():
    kinds = {kind for module in modules() for kind in vars(module).values()
             if inspect.isclass(kind) and issubclass(kind, ipywidgets.Widget) and checked(kind)
             and kind.__module__.startswith("cnnlib.")}  # fmt: skip
    assert kinds == set(MAKERS)


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_nonsense_is_refused_in_words_and_not_kept(kind):
    refused = 0
    for name in checked(kind):
        for value in NONSENSE:
            widget = MAKERS[kind]()
            before = repr(getattr(widget, name))
            for tell in (lambda: widget.set_state({name: value}), lambda: setattr(widget, name, value)):  # noqa: B023
                try:
                    tell()
                except traitlets.TraitError as error:
                    refused += 1
                    assert str(error) and repr(getattr(widget, name)) == before, (name, value)
                else:
                    before = repr(getattr(widget, name))  # it could be taken, or taken as something near
            widget.close()
    assert refused > 2 * len(checked(kind))


def test_a_bad_value_among_good_ones_leaves_all_as_they_were():
    grid = MAKERS[MapGrid]()
    with pytest.raises(traitlets.TraitError, match="outside a 2×3 map"):
        grid.set_state({"caption": "new", "chosen": [7, 7]})
    assert (grid.chosen, grid.caption) == ((1, 1), "")
    grid.show([[1, 2, 3], [4, 5, 6]], chosen=(0, 2))
    assert grid.chosen == (0, 2)


def test_a_drawing_that_is_refused_leaves_the_last_one():
    pad = Sketch()
    pad.strokes = [[(0.1, 0.2), (0.3, 0.4)]]
    image = pad.image()
    with pytest.raises(ValueError, match="on the paper"):
        pad.set_state({"strokes": [[[5, 5]]]})
    np.testing.assert_array_equal(pad.image(), image)
    with pytest.raises(ValueError, match="10,000 points"):
        pad.strokes = [[(0.5, 0.5)] * 10_001]
    pad.clear()
    assert pad.image() is None
