"""Which frames of a widget a deck shows: tracks, each a name and the moments that are stepped through.

A moment is reached by moving the widget's own controls, and its description is yielded.  By default an explorer has
these tracks: its transport bar from end to end, or each choice of its menus.  The explorers of the core path have
a list of their own, so that a hand-out shows the same cases as the lecture.
"""

import html
import re
from itertools import product
from math import prod

from cnnlib.plots.line_chart import Line, chart
from cnnlib.widgets.parts.explorer import move, values_of
from cnnlib.widgets.parts.transport import Transport
from cnnlib.widgets.training_panel.view import ERROR, RAW, SMOOTH

MOST = 64  # frames of a track
HIDDEN = {  # useless without a kernel, or already in the description of the moment
    "TrainingPanel": ("says", "choices", "drawing", "file_box", "bar", "status", "fit"),
}
APART = "\u00a0" * 6  # no-break spaces: the next name starts where this one ends in larger text
PAPER = {  # the class → the track and the frame to print; −1 is the last
    "Rotator": (0, -1),  # K turned
    "PaddingExplorer": (2, 0),  # mode full, where the last tap meets the first input
    "PixelTracer": (0, 4),  # the input in the middle, which lies in every window
}
CHART = 560  # pixels of one of the two charts below the diagram, so that their text can be read
UPDATES = (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 1200)

TRACKS = {  # the class → {name of the track: settings of the controls}
    "Rotator": {"⋆ correlation": {"sign": "correlation"}, "∗ convolution": {"sign": "convolution"}},
    "PaddingExplorer": {
        "valid: no padding": {},
        "same: padding 1": {"padding": 1},
        "full: padding 2": {"padding": 2},
        "stride 2": {"stride": 2},
        "dilation 2": {"dilation": 2},
        "stride 2, padding 1": {"stride": 2, "padding": 1},
    },
    "PixelTracer": {"numbers": {"shown": "numbers"}, "symbols": {"shown": "symbols"}},
    "FourPictures": {
        "an inner cell": {"cell": (1, 1)},
        "the corner": {"cell": (0, 0)},
        "an edge": {"cell": (0, 1)},
    },
}


def tracks_of(widget):
    """Pairs (name of the track, its moments), to be gone through in order; the widget ends as it began."""
    if type(widget).__name__ == "TrainingPanel":
        yield "the run of the notebook", _training(widget)
        return
    if type(widget).__name__ == "BugLab":
        yield "", _bugs(widget)
        return
    controls = getattr(widget, "controls", None) or _menus(widget)
    before = {name: _value(control) for name, control in controls.items()}
    for name, settings in TRACKS.get(type(widget).__name__, {"": {}}).items():
        for control, value in {**before, **settings}.items():
            move(controls[control], value)
        yield name, _moments(controls)
    for name, value in before.items():
        move(controls[name], value)


def on_paper(widget, counts: list[int]) -> tuple[int, int]:
    """(track, frame) to print, of tracks with so many frames: by default the end of what is played, the first of
    what is chosen by menus."""
    played = any(isinstance(control, Transport) for control in getattr(widget, "controls", {}).values())
    played = played or type(widget).__name__ == "TrainingPanel"
    track, frame = PAPER.get(type(widget).__name__, (0, -1 if played else 0))
    track = min(track, len(counts) - 1)
    return track, min(frame, counts[track] - 1) if frame >= 0 else counts[track] - 1


def _moments(controls):
    """The description of each moment, MOST at most: along the bar, or through the choices of the menus.

    Where the menus have too many combinations, only the menu with the most choices is moved.
    """
    bar = next((control for control in controls.values() if isinstance(control, Transport)), None)
    if bar is not None:
        for position in _thinned(range(bar.count)):
            move(bar, position)
            yield bar.line.words
        return
    menus = [(control, list(values_of(control))) for control in controls.values()]
    if prod(len(values) for _, values in menus) > MOST:
        menus = [max(menus, key=lambda menu: len(menu[1]))]
    for values in _thinned(list(product(*(values for _, values in menus)))):
        for (control, _), value in zip(menus, values, strict=True):
            move(control, value)
        labelled = [control for control, _ in menus if hasattr(control, "label")]
        yield ", ".join(f"{control.description} {control.label}".strip() for control in labelled)


def _thinned(moments):
    """At most ``MOST`` of them, first and last included."""
    if len(moments) <= MOST:
        return moments
    return [moments[round(k * (len(moments) - 1) / (MOST - 1))] for k in range(MOST)]


def _training(panel):
    """Moments of a run of the panel's own net and seed."""
    for update in UPDATES:
        while panel.run.cursor < min(update, panel.run.total):
            panel.run.forward()
        panel.draw()
        panel.curves_view.value = _charts(panel.run)
        yield html.unescape(re.sub("<[^>]*>", "", panel.status.value))
    panel.seek(0)


def _bugs(lab):
    """Every bug of the lab, with its question answered, so that the verdicts are shown."""
    first, *_ = values_of(lab.bug)
    for bug in values_of(lab.bug):
        move(lab.bug, bug)  # which withdraws the answer
        move(lab.answer, next(iter(values_of(lab.answer))))
        yield lab.bug.label
    move(lab.bug, first)


def _charts(run):
    """Loss and test error, wide enough for text of 18 pixels; the panel itself has three small charts."""
    updates, usual = range(1, len(run.history.losses) + 1), dict(x_max=run.total, cursor=run.cursor, width=CHART)
    steps, errors = zip(*run.history.errors, strict=True) if run.history.errors else ((), ())
    losses = [Line("each batch" + APART, updates, run.history.losses, RAW),
              Line("smoothed", updates, run.history.smoothed, SMOOTH)]  # fmt: skip
    tested = [Line(f"{len(run.digits.test_images):,} images", steps, errors, ERROR)]
    charts = [chart("loss", losses, y_max=1.2, **usual),
              chart("test error", tested, y_max=1, percent=True, **usual)]  # fmt: skip
    return f'<div style="display:flex;gap:32px">{"".join(charts)}</div>'


def _menus(widget):
    """Menus anywhere in a widget that is no explorer."""
    found = {}
    for child in getattr(widget, "children", ()):
        if hasattr(child, "options"):
            found[child.description] = child
        found.update(_menus(child))
    return found


def _value(control):
    return control.position if isinstance(control, Transport) else control.value
