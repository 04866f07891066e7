"""The diagram as a widget: a picture that is drawn many times a second, and whose numbers can be chosen."""

import anywidget
import ipywidgets as widgets
import traitlets

from cnnlib.pass_diagram.provenance import Spot
from cnnlib.validation import whole_number

from ..parts.closing import close_with_parts
from ..parts.traits import check, script


class PassDiagramView(anywidget.AnyWidget):
    """``html`` is what :meth:`cnnlib.pass_diagram.diagram.PassDiagram.html` drew; ``spot`` the number that was
    chosen on it, or None.

    A click chooses a number; so do the arrow keys on an image that has the focus; Escape ends the choice.
    """

    _esm = script("diagram_view.js", __package__)

    html = traitlets.Unicode().tag(sync=True)
    spot = traitlets.List(default_value=None, allow_none=True).tag(sync=True)

    def __init__(self):
        super().__init__(layout=widgets.Layout(overflow="auto"))

    @check("spot")
    def _check_spot(self, proposal):
        if proposal["value"] is None:
            return None
        spot = Spot(*proposal["value"])
        name = "PassDiagramView: a place in spot"
        places = [whole_number(place, name, at_least=0) for place in (spot.stop, *spot[2:])]
        if spot.lane not in ("forward", "backward"):
            raise ValueError(f"PassDiagramView: lane {spot.lane!r} is neither forward nor backward")
        return [places[0], spot.lane, *places[1:]]

    @property
    def chosen(self) -> Spot | None:
        """The spot as a :class:`cnnlib.pass_diagram.provenance.Spot`."""
        return None if self.spot is None else Spot(*self.spot)

    def close(self):
        """Close the picture and its layout."""
        if self.comm is not None:
            super().close()
            close_with_parts(self.layout)
