"""Inside the notebook's kernel: a widget becomes a list of still frames, which a small script steps through.

A deck has no kernel.  :func:`install` makes IPython show each widget as HTML: the tree of its boxes and views, and
what each of them shows in every frame.  :mod:`tracks` chooses the frames; here the widget is moved through them, by
the same controls a person would move, and back to its start.  The views that draw themselves (MapGrid,
PassDiagramView, Fit) keep their own script; buttons and fields are left out, and a menu or slider becomes a line of
words.
"""

import html
import json

import anywidget
import ipywidgets as widgets
from ipywidgets.widgets.widget_selection import _Selection

from cnnlib.widgets.parts.reopened import Reopened
from cnnlib.widgets.parts.transport import Transport

from .tracks import HIDDEN, on_paper, tracks_of

TEXTS = (widgets.HTML, widgets.HTMLMath, widgets.Label)
SETTINGS = (_Selection, widgets.IntSlider, widgets.FloatSlider)
DRAWN = ("MapGrid", "PassDiagramView", "Fit")
OWN = ("layout", "tooltip", "tabbable")  # of every widget
END = "export default { render };"


def install():
    """From now on every widget that a cell shows becomes frames."""
    from IPython import get_ipython

    formatter = get_ipython().display_formatter.mimebundle_formatter
    if hasattr(Reopened, "_ipython_display_"):  # not needed here: the frames are shown instead of the widget
        del Reopened._ipython_display_
    formatter.for_type(widgets.Widget, lambda widget, **_: {"text/html": as_html(widget), "text/plain": ""})


def as_html(widget: widgets.Widget) -> str:
    """A widget as one element that holds its frames as JSON; ``stepper.js`` draws them."""
    data = json.dumps(record(widget), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    name = html.escape(type(widget).__name__)
    return f'<div class="cnn-stepper" data-widget="{name}"><script type="application/json">{data}</script></div>'


def record(widget: widgets.Widget) -> dict:
    """{"tree", "scripts", "tracks", "paper"}: what to draw, how, the frames of each track, (track, frame) to print.

    A frame is {"words": …, "changed": {number of the view: what it shows}}; only what changed since the frame
    before it is kept.
    """
    views, scripts = [], {}
    hidden = [getattr(widget, name) for name in HIDDEN.get(type(widget).__name__, ())]
    tree = _node(widget, views, scripts, hidden)
    known, found = {}, []
    for name, moments in tracks_of(widget):
        frames = []
        for words in moments:
            states = {number: _state(view) for number, view in enumerate(views)}
            changed = {number: state for number, state in states.items() if known.get(number) != state}
            known.update(changed)
            frames.append({"words": words, "changed": changed})
        found.append({"name": name, "frames": frames})
    paper = on_paper(widget, [len(track["frames"]) for track in found])
    return {"tree": tree, "scripts": scripts, "tracks": found, "paper": paper}


def _node(widget, views, scripts, hidden):
    """A widget as {"view": its number, "kind": …, "children": […]}; None for what a deck does not show."""
    kind = type(widget).__name__
    if isinstance(widget, widgets.Box) and not isinstance(widget, Transport):
        number = len(views)
        views.append(widget)
        children = [_node(child, views, scripts, hidden) for child in widget.children if child not in hidden]
        return {"view": number, "kind": _box(widget), "children": [child for child in children if child]}
    if kind in DRAWN:
        scripts.setdefault(kind, {"script": _function(widget._esm), "style": str(getattr(widget, "_css", ""))})
    elif isinstance(widget, TEXTS):
        kind = "text"
    elif isinstance(widget, SETTINGS) and widget.description:
        kind = "setting"
    else:
        return None
    views.append(widget)
    return {"view": len(views) - 1, "kind": kind, "children": []}


def _box(widget):
    if isinstance(widget, widgets.GridBox):
        return "grid"
    return "row" if isinstance(widget, widgets.HBox) else "column"


def _function(module):
    """A view's module as the body of a function that returns its render; ValueError for any other module."""
    body, end, rest = str(module).rpartition(END)
    if not end or rest.strip():
        raise ValueError(f"a view that a deck can draw ends in {END!r}")
    return f"{body}return render;"


def _state(widget):
    """What a view shows now, as JSON: its style, its classes, and its contents."""
    state = {"style": _css(widget.layout), "classes": list(widget._dom_classes)}
    if isinstance(widget, anywidget.AnyWidget):
        names = [name for name in widget.keys if not name.startswith("_") and name not in OWN]
        state["traits"] = {**widget.get_state(names), "interactive": False}
    elif isinstance(widget, SETTINGS):
        label = widget.label if isinstance(widget, _Selection) else widget.value
        state["html"] = f"{html.escape(widget.description)} <b>{html.escape(str(label))}</b>"
    elif not isinstance(widget, widgets.Box):
        state["html"] = widget.value
    return json.loads(json.dumps(state))


def _css(layout):
    """The settings of a Layout as CSS."""
    settings = layout.get_state().items()
    chosen = [(name, value) for name, value in settings if not name.startswith("_") and value is not None]
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in chosen)
