"""A widget that draws nothing and that every explorer has: it lets the explorer take the width there is.

A notebook leaves 934 px beside an open file browser, a narrow window or a telephone a third of that.  Rows that are
too wide wrap, and a map too wide for its line is drawn smaller: nothing reaches beyond the room or is cut off.
"""

from importlib import resources

import anywidget

_FILES = resources.files(__package__)


class Fit(anywidget.AnyWidget):
    """Draws nothing.  The explorer it stands in has the class ``cnn-narrow`` where its rows have to wrap."""

    _esm = _FILES.joinpath("fit.js").read_text(encoding="utf-8")
    _css = _FILES.joinpath("fit.css").read_text(encoding="utf-8")
