"""A pad to draw a digit on: by mouse, by finger, or with the arrow keys."""

from importlib import resources

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from cnnlib.handwriting import as_digit
from cnnlib.plots.colours import PROPERTIES, THIN, WHITE

from .closing import close_with_parts

SIDE = 84  # cells of the pad along each side, three for each of the image
_FILES = resources.files(__package__)


class Sketch(anywidget.AnyWidget):
    """``sketch.image()`` is the drawing as the net knows its digits, (1, 28, 28); None while nothing is drawn."""

    _esm = _FILES.joinpath("sketch.js").read_text(encoding="utf-8")
    _css = f"""{PROPERTIES}
    .cnn-sketch-pad {{ position: relative; width: 150px; height: 150px; margin: 5px; }}
    .cnn-sketch {{ width: 150px; height: 150px; background: {WHITE}; cursor: crosshair; touch-action: none;
      box-shadow: 0 0 0 1px {THIN}; border-radius: 2px; }}
    .cnn-sketch:focus-visible {{ outline: 3px solid var(--cnn-focus); outline-offset: 2px; }}
    .cnn-sketch-pen {{ position: absolute; width: 12px; height: 12px; margin: -7px 0 0 -7px;
      border: 1.5px solid var(--cnn-input-line); border-radius: 50%; pointer-events: none; visibility: hidden; }}
    .cnn-sketch:focus-visible + .cnn-sketch-pen {{ visibility: visible; }}
    .cnn-sketch-pen.down {{ background: var(--cnn-input-line); }}
    """

    # SIDE·SIDE bytes from 0, paper, to 255, row by row.  Not a Bytes trait: the browser's arrive as a memoryview.
    ink = traitlets.TraitType(b"").tag(sync=True)
    cleared = traitlets.Int(0).tag(sync=True)  # counts up: the browser wipes the pad

    def __init__(self):
        super().__init__(layout=widgets.Layout(width="164px", overflow="visible"))

    @traitlets.validate("ink")
    def _check_ink(self, proposal):
        given = proposal["value"]
        ink = bytes(given) if isinstance(given, (bytes, bytearray, memoryview)) else b"?"
        if len(ink) not in (0, SIDE * SIDE):
            raise ValueError(f"Sketch: ink takes {SIDE * SIDE} bytes, one a cell of the pad, not {given!r:.40}")
        return ink

    def image(self) -> np.ndarray | None:
        """The drawing, scaled and centred as :func:`cnnlib.handwriting.as_digit` does it."""
        ink = np.frombuffer(self.ink, dtype=np.uint8)
        return as_digit(ink.reshape(SIDE, SIDE) / 255) if (ink > 25).any() else None

    def clear(self):
        """Wipe the pad."""
        self.ink = b""
        self.cleared += 1

    def close(self):
        """Take the pad away, and its layout with it."""
        if self.comm is not None:
            super().close()
            close_with_parts(self.layout)
