"""A small map as real cells: numbers or symbols that can be clicked, reached by keyboard, and read aloud.

One grid serves every explorer: the input, the kernel with its corner mark, the output, a delta map with
its hatched padding.  The explorer computes; it hands arrays to :meth:`MapGrid.show` and observes ``chosen``.
Only what changed is sent.  For maps up to about 12×12; larger ones are pictures (:mod:`cnnlib.plots.image_grid`).
"""

from importlib import resources

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnlib.plots.colours import LINES, PROPERTIES
from cnnlib.plots.image_grid import PALETTES, scale_limit
from cnnlib.plots.number_format import LOWERED, entries, minus, numbers
from cnnlib.validation import as_pair, whole_number

from . import window_cells
from .closing import close_with_parts
from .traits import check, script

MARKS = {"as_is": (0, 0), "turned": (1, 1)}
LARGEST = 28  # rows or columns
_FILES = resources.files(__package__)


def _synced(default):
    """A trait that is sent to the browser; a method of the class checks every value, None included."""
    return traitlets.TraitType(default).tag(sync=True)


def _notes_as_lists(notes, _widget):
    """Notes as lists, since JSON has no pairs as keys."""
    return None if notes is None else [[i, j, text] for (i, j), text in notes.items()]


class MapGrid(anywidget.AnyWidget):
    """A map on the screen: ``MapGrid(K, symbol="K", role="kernel", colours="signed", mark="as_is")``.

    All but ``decimals`` may be changed at any time, one by one or together by :meth:`show`.

    Parameters
    ----------
    values : (rows, columns) of numbers, symbols or texts
    colours : "signed" (white is 0), "unit", "ink", or None for plain cells
    limit : in units of the values
        The end of the scale, by default the largest ``|value|`` so far ("signed") or 1.
    decimals : of every number, by default as few as lose nothing
    **settings
        Any of the attributes.

    Attributes
    ----------
    symbol, caption, role
        Stand above: the symbol, the size, the caption.  The role, "input", "kernel", "output", "delta" or "", gives
        symbol and frame their colour.
    chosen
        (i, j) or None, the cell somebody chose: by a click, Enter or Space if ``interactive``.
    outlined, hatched
        The cells inside one thick outline, and those of the padding: pairs (i, j) or a mask.
    mark
        Where K[0,0] is: None, "as_is", "turned", or another corner as (bottom, right), each 0 or 1.
    notes
        {(i, j): text}: small, in a cell's upper right corner.  {} keeps space for them; None for a map without any.
    indices, first
        Names of row and column index, such as ("p", "q"), to be written along the map, or None; and the index
        of the first row and column, (−1, −1) with a padding of 1.
    digits, angle
        The least width of a cell in digits.  Degrees clockwise; None, without space for a turn, for all other maps.
    asks
        A question is open whose answer is a cell: what is clicked becomes ``answered``, and not ``chosen``.

    Raises
    ------
    ValueError
        In words, for whatever does not fit the map.
    """

    _esm = script("map_grid.js")
    _css = PROPERTIES + _FILES.joinpath("map_grid.css").read_text(encoding="utf-8")

    texts, fills, inks = _synced(()), _synced(()), _synced(())
    symbol, caption, role = _synced(""), _synced(""), _synced("")
    chosen, mark, indices, angle = _synced(None), _synced(None), _synced(None), _synced(None)
    outlined, hatched = _synced(()), _synced(())
    notes = _synced(None).tag(to_json=_notes_as_lists)
    first, digits = _synced((0, 0)), _synced(1)
    interactive = traitlets.Bool(False).tag(sync=True)
    asks, answered = traitlets.Bool(False).tag(sync=True), _synced(None)

    def __init__(
        self,
        values: ArrayLike,
        *,
        colours: str | None = None,
        limit: float | None = None,
        decimals: int | None = None,
        **settings,
    ):
        if colours is not None and colours not in PALETTES:
            raise ValueError(f"MapGrid: colours {colours!r} is none of {', '.join(PALETTES)}, nor None")
        self._colours, self._decimals, self._limit, self._largest = colours, decimals, None, 0.0
        self.values = _as_map(values)
        super().__init__()
        self.show(values, limit=limit, **settings)

    def show(self, values: ArrayLike | None = None, *, limit: float | None = None, **settings) -> None:
        """Change any of the settings at once, in one message.  ``values`` of another size clear what belonged to
        the old cells: chosen, outlined, hatched and notes."""
        unknown = settings.keys() - SETTINGS
        if unknown:
            raise ValueError(f"MapGrid: {min(unknown)!r} is none of its settings: {', '.join(SETTINGS)}")
        with self.hold_sync():
            if limit is not None:
                self._limit = _positive(limit)
            if values is not None:
                self._show_values(_as_map(values))
            for name, value in settings.items():
                setattr(self, name, value)

    def shown(self) -> np.ndarray:
        """The numbers as they stand in the cells, float64; ValueError if they are symbols."""
        return numbers(self.texts)

    def close(self) -> None:
        """Take the grid away, and its layout with it."""
        if self.comm is not None:
            super().close()
            close_with_parts(self.layout)

    def __repr__(self):
        return f"<{self.symbol or 'map'} {'×'.join(map(str, self.values.shape))}: {self.texts}>"

    def _show_values(self, values):
        if values.shape != self.values.shape:
            self.show(chosen=None, outlined=(), hatched=(), notes=None if self.notes is None else {})
        self.values = values
        self.texts = entries(values, self._decimals)
        self.fills, self.inks = window_cells.fills(values, self._colours, self._scale_end())
        self.digits = max(self.digits, *(_width(text) for row in self.texts for text in row))

    def _scale_end(self):
        """The given limit, else one that only grows, so that a colour means the same number from step to step."""
        if self._limit is not None or self._colours != "signed" or self.values.dtype.kind not in "buif":
            return self._limit or 1.0
        if np.any(self.values):
            self._largest = max(self._largest, scale_limit(self.values))
        return self._largest or 1.0

    # ---------------------------------------------------------------- what fits, and what does not

    @check("symbol", "caption")
    def _check_text(self, proposal):
        return str(proposal["value"])

    @check("role")
    def _check_role(self, proposal):
        if proposal["value"] not in ("", *LINES):
            raise ValueError(f"MapGrid: role {proposal['value']!r} is none of {', '.join(LINES)}, nor empty")
        return proposal["value"]

    @check("chosen", "answered")
    def _check_chosen(self, proposal):
        return None if proposal["value"] is None else self._cell(proposal["value"], proposal["trait"].name)

    @check("outlined", "hatched")
    def _check_cells(self, proposal):
        given, name = proposal["value"], proposal["trait"].name
        if isinstance(given, np.ndarray) and given.dtype == bool:
            if given.shape != self.values.shape:
                raise ValueError(f"MapGrid: {name} is a mask {given.shape} for a map {self.values.shape}")
            given = np.argwhere(given)
        if not isinstance(given, (list, tuple, np.ndarray)):
            raise ValueError(f"MapGrid: {name} takes pairs (i, j) or a mask, not {given!r}")
        return [self._cell(cell, name) for cell in given]

    @check("notes")
    def _check_notes(self, proposal):
        notes = proposal["value"]
        if not isinstance(notes, (dict, type(None))):
            raise ValueError(f"MapGrid: notes take a dict {{(i, j): text}} or None, not {notes!r}")
        return None if notes is None else {self._cell(cell, "notes"): minus(text) for cell, text in notes.items()}

    @check("mark")
    def _check_mark(self, proposal):
        corner = proposal["value"]
        corner = MARKS.get(corner, corner) if isinstance(corner, str) else corner
        if corner is None or corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
            return corner
        raise ValueError(f"MapGrid: mark {corner!r} is none of as_is, turned, a corner (bottom, right), None")

    @check("indices")
    def _check_indices(self, proposal):
        names = proposal["value"]
        if names is None or (len(names) == 2 and all(isinstance(name, str) and name for name in names)):
            return names and tuple(names)
        raise ValueError(f"MapGrid: indices {names!r} have to be two names such as ('p', 'q'), or None")

    @check("first")
    def _check_first(self, proposal):
        return as_pair(proposal["value"], "MapGrid: first, the index of the first row and column,")

    @check("digits")
    def _check_digits(self, proposal):
        return whole_number(proposal["value"], "MapGrid: digits", at_least=1)

    @check("angle")
    def _check_angle(self, proposal):
        try:
            return None if proposal["value"] is None else float(proposal["value"])
        except (TypeError, ValueError):
            raise ValueError(f"MapGrid: angle {proposal['value']!r} is no number of degrees") from None

    def _cell(self, pair, name):
        """(i, j) as two ints inside the map."""
        i, j = as_pair(pair, f"MapGrid: {name}, row and column,", at_least=0)
        rows, columns = self.values.shape
        if i >= rows or j >= columns:
            raise ValueError(f"MapGrid: {name} holds ({i}, {j}), which is outside a {rows}×{columns} map")
        return i, j


SETTINGS = ("symbol", "caption", "role", "chosen", "outlined", "hatched", "mark", "notes", "indices", "first",
            "digits", "angle", "interactive")  # fmt: skip


def _as_map(values):
    try:
        values = np.array(values)  # a copy: later changes of the caller's array do not change it
    except ValueError:
        raise ValueError("MapGrid: the rows of values are not equally long") from None
    if values.ndim != 2 or values.size == 0 or max(values.shape) > LARGEST:
        raise ValueError(f"MapGrid: values have shape {values.shape}; it takes (rows, columns), {LARGEST} at most")
    if values.dtype.kind not in "buifOU":
        raise ValueError(f"MapGrid: values hold {values.dtype}; it takes real numbers, symbols or texts")
    return values


def _width(text):
    """The width of a text, in digits: a subscript counts half."""
    small = sum(ord(character) in LOWERED.values() for character in text)
    return len(text) - small // 2


def _positive(limit):
    if isinstance(limit, str) or not (np.isscalar(limit) and 0 < limit < np.inf):
        raise ValueError(f"MapGrid: limit has to be a positive number, not {limit!r}")
    return float(limit)
