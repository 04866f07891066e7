"""A pad to draw a digit on: by mouse, by finger, or with the arrow keys."""

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from cnnlib.handwriting import as_digit, as_strokes
from cnnlib.plots.colours import PROPERTIES, THIN, WHITE

from .closing import close_with_parts
from .traits import check, script

MOST_POINTS = 10_000


class Sketch(anywidget.AnyWidget):
    """``sketch.strokes`` is what was drawn; ``sketch.image()`` is the same as an input of the net, (1, 28, 28).

    A stroke is a list of points (x, y) from (0, 0), the upper left corner, to (1, 1); a tap is a stroke of one.
    """

    _esm = script("sketch.js")
    _css = f"""{PROPERTIES}
    .cnn-sketch-pad {{ position: relative; width: 150px; height: 150px; margin: 5px; }}
    .cnn-sketch {{ width: 150px; height: 150px; background: {WHITE}; cursor: crosshair; touch-action: none;
      box-shadow: 0 0 0 1px {THIN}; border-radius: 2px; }}
    .cnn-sketch:focus-visible {{ outline: 3px solid var(--cnn-focus); outline-offset: 2px; }}
    .cnn-sketch-pen {{ position: absolute; width: 12px; height: 12px; margin: -7px 0 0 -7px;
      border: 1.5px solid var(--cnn-input-line); border-radius: 50%; pointer-events: none; visibility: hidden; }}
    .cnn-sketch:focus-visible + .cnn-sketch-pen {{ visibility: visible; }}
    .cnn-sketch-pen.cnn-down {{ background: var(--cnn-input-line); }}
    """

    strokes = traitlets.TraitType(()).tag(sync=True)

    def __init__(self):
        super().__init__(layout=widgets.Layout(width="164px", overflow="visible"))

    @check("strokes")
    def _check_strokes(self, proposal):
        strokes = as_strokes(proposal["value"])
        if sum(map(len, strokes)) > MOST_POINTS:
            raise ValueError(f"Sketch: a drawing has {MOST_POINTS:,} points at the most")
        return [stroke.round(4).tolist() for stroke in strokes]

    def image(self) -> np.ndarray | None:
        """The drawing as :func:`cnnlib.handwriting.as_digit` scales and centres it; None while there is none."""
        return as_digit(self.strokes) if self.strokes else None

    def clear(self):
        """Wipe the pad."""
        self.strokes = []

    def close(self):
        """Take the pad away, and its layout with it."""
        if self.comm is not None:
            super().close()
            close_with_parts(self.layout)
