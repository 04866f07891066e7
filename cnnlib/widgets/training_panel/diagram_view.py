"""The diagram on the screen: a picture that is drawn many times a second, and whose numbers can be chosen."""

from importlib import resources

import anywidget
import ipywidgets as widgets
import traitlets

from cnnlib.pass_diagram.provenance import Origin, Spot
from cnnlib.plots.number_format import brief
from cnnlib.validation import whole_number

from ..parts.closing import close_with_parts
from ..parts.traits import check

_FILES = resources.files(__package__)


class PassDiagramView(anywidget.AnyWidget):
    """``html`` is what :meth:`cnnlib.pass_diagram.diagram.PassDiagram.html` drew; ``spot`` the number that was
    chosen on it, or None.

    A click chooses; so do the arrow keys on a sheet that has the focus; Escape lets go.
    """

    _esm = _FILES.joinpath("diagram_view.js").read_text(encoding="utf-8")

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
        """Take the picture away, and its layout with it."""
        if self.comm is not None:
            super().close()
            close_with_parts(self.layout)


def sentence(origin: Origin | None, *, largest: int = 3) -> str:
    """An origin in one line of HTML: the number, how many products, and the largest of them."""
    if origin is None:
        return "Choose a number on a map, by a click or with Tab and the arrow keys: what it is made of lights up."
    count = len(origin.products)
    if count == 0:
        return f"<b>{origin.name} = 0</b>: this cell was in no window"
    order = sorted(range(count), key=lambda k: -abs(origin.products[k]))[:largest]
    terms = "; ".join(f"{origin.factors(k)} = {brief(origin.products[k])}" for k in order)
    several = "products" if "·" in origin.factors(0) else "numbers"
    inside = f"sum of {count} {several}" if count > 1 else terms
    inside += f" + bias {brief(origin.added)}" if origin.added else ""
    how = f"{origin.outer}({inside})" if origin.outer else inside
    how += f" with {origin.outer[:-1]} = {brief(origin.factor)}" if origin.outer.endswith("′·") else ""
    rest = f"<br>{'the largest of them' if count > largest else 'they are'}: {terms}" if count > 1 else ""
    return f"<b>{origin.name} = {brief(origin.value)}</b> = {how}{rest}"
