"""Axis strings: how somebody else's array is laid out, and the way to ours and back.

Ours are maps "NCHW" (image, channel, row, column), kernels "OIHW" (output map, input channel, row, column), outputs
"NOHW" and biases "O".  A string names the axes of the other array in its own order::

    "NHWC"      the channels last                     "O(IHW)"    the last three flattened into one axis
    "CHW"       no batch axis: one image              "[C]HW"     a Python list of maps
    "HW"        neither batch nor channels            "111O"      axes of length 1 around the maps

An axis that the string leaves out has length 1 in ours; ValueError where it has not.
"""

import functools
import itertools
import math
import re

import numpy as np

MAPS, KERNELS, OUTPUTS = "NCHW", "OIHW", "NOHW"
AXIS_STRINGS = {"X": MAPS, "K": KERNELS, "Z": OUTPUTS, "b": "OHW"}
GROUP = re.compile(r"\[(\w+)\]|\((\w+)\)|(\w)")
SYNONYMS = {
    MAPS: str.maketrans("BDIM", "NCCN"),
    KERNELS: str.maketrans("FCNKD", "OIOOI"),
    OUTPUTS: str.maketrans("BFCK", "NOOO"),
    "O": str.maketrans("FC", "OO"),
}


class Layout:
    """One axis string.  ``ours`` is the order of our axes, MAPS, KERNELS, OUTPUTS or "O" (untied biases "OHW")."""

    def __init__(self, text: str, ours: str):
        self.ours = ours
        self.text = text.replace(" ", "").upper().translate(SYNONYMS.get(ours, {}))
        found = [match.groups() for match in GROUP.finditer(self.text)]
        self.lists = sum(bool(listed) for listed, _, _ in found)
        self.groups = ["".join(filter(None, group)) for group in found]
        letters = "".join(self.groups).replace("1", "")
        rest = GROUP.sub("", self.text)
        if rest or not letters or len(set(letters)) < len(letters) or set(letters) - set(ours):
            raise ValueError(
                f"axes {text!r}: expected letters out of {ours}, each once, for instance {ours!r}, or "
                f'"(IHW)" for axes flattened into one, "[C]" for a Python list'
            )
        self.letters = letters
        self.missing = "".join(letter for letter in ours if letter not in letters)
        self.order = [ours.index(letter) for letter in letters + self.missing]  # theirs, then axes of length 1
        self.back = [(letters + self.missing).index(letter) for letter in ours]
        self.shapes = {}

    def __repr__(self):
        return self.text

    def __eq__(self, other):
        return isinstance(other, Layout) and (self.text, self.ours) == (other.text, other.ours)

    def __hash__(self):
        return hash((self.text, self.ours))

    def fits(self, shape) -> bool:
        """Whether an array of ours with this shape can be laid out: the axes left out have length 1."""
        return all(shape[axis] == 1 for axis in self.order[len(self.letters) :])

    def shape(self, shape) -> tuple[int, ...]:
        """The shape of the other array for one of ours."""
        if shape not in self.shapes:
            size = {"1": 1, **dict(zip(self.ours, shape, strict=True))}
            self.shapes[shape] = tuple(math.prod(int(size[letter]) for letter in group) for group in self.groups)
        return self.shapes[shape]

    def lay_out(self, array: np.ndarray):
        """Ours → theirs: a fresh C-ordered array, or a list of such."""
        if not self.fits(array.shape):
            raise ValueError(f"{self.text!r} has no axis for some of {self.ours} = {array.shape}")
        raw = array.transpose(self.order).reshape(self.shape(array.shape))
        return _as_lists(np.array(raw, order="C"), self.lists)

    def read(self, raw, shape=None) -> np.ndarray:
        """Theirs → ours.  ``shape`` is ours and is needed for flattened axes; without it any size is taken.

        ValueError where the sizes do not belong together.
        """
        raw = np.asarray(raw, dtype=None if isinstance(raw, np.ndarray) else float)
        if shape is not None and raw.shape != self.shape(shape):
            raise ValueError(
                f"axes {self.text!r} make {self.ours} = {tuple(shape)} an array "
                f"{self.shape(shape)}; found {raw.shape}"
            )
        if shape is None:
            if raw.ndim != len(self.groups) or any(len(group) > 1 for group in self.groups):
                raise ValueError(f"axes {self.text!r} have {len(self.groups)} dimensions; found shape {raw.shape}")
            shape = tuple(dict(zip(self.groups, raw.shape, strict=True)).get(letter, 1) for letter in self.ours)
        size = dict(zip(self.ours, shape, strict=True))
        split = raw.reshape([size[letter] for letter in self.letters + self.missing])
        return split.transpose(self.back)


class AnyLayout(Layout):
    """An output of whatever shape: its numbers in a row, as the only row of one map."""

    def __init__(self):
        super().__init__("NOHW", OUTPUTS)
        self.text = "as it comes"

    def fits(self, shape) -> bool:
        return True

    def lay_out(self, array):
        return array

    def read(self, raw, shape=None):
        return np.asarray(raw, dtype=float).reshape(1, 1, 1, -1)


def _as_lists(raw: np.ndarray, depth: int):
    return [_as_lists(np.array(part, order="C"), depth - 1) for part in raw] if depth else raw


X_GUESSES = (
    "NCHW",
    "NHWC",
    "CHW",
    "HWC",
    "NHW",
    "HW",
    "HWCN",
    "CHWN",
    "CNHW",
    "NWHC",
    "N(CHW)",
    "N(HWC)",
    "[C]HW",
    "(CHW)",
    "HWN",
    "(HWC)N",
    "(CHW)N",
    "WHCN",
    "1NCHW",
)
K_GUESSES = (
    "OIHW",
    "HWIO",
    "OHWI",
    "IOHW",
    "O(IHW)",
    "O(HWI)",
    "(IHW)O",
    "(HWI)O",
    "OHW",
    "HWO",
    "HW",
    "HWOI",
    "IHWO",
    "OIWH",
    "[O]IHW",
    "[O]HWI",
    "[O][I]HW",
    "[I][O]HW",
    "[O]HW",
    "[IO]HW",
    "[OI]HW",
    "(OIHW)",
    "O1IHW",
)
Z_GUESSES = (
    "NOHW",
    "NHWO",
    "OHW",
    "HWO",
    "NHW",
    "HW",
    "HWON",
    "OHWN",
    "ONHW",
    "N(OHW)",
    "N(HWO)",
    "(NHW)O",
    "[O]HW",
    "(OHW)",
    "(HWO)",
    "NWHO",
    "1HWO",
    "1OHW",
    "(HWO)N",
    "(OHW)N",
    "O(HW)N",
    "NO(HW)",
    "WHON",
    "1NOHW",
)
X_ROWS, K_ROWS = ("NCW", "NWC", "CW", "WC", "NW", "W"), ("OIW", "WIO", "OWI", "IOW", "OW", "WO", "W")
Z_ROWS = ("NOW", "NWO", "OW", "WO", "NW", "W")
B_GUESSES = ("O", "O1", "1O", "111O", "O11", "1O11", "11O", "O111", "OHW", "HWO", "HW", "1OHW", "1HWO")


layout_of = functools.lru_cache(maxsize=512)(Layout)  # they are not changed once they are there


def of_shape(shape, kernel, known) -> list[Layout]:
    """The layouts of a kernel whose axes, some of them flattened, have this shape, if none of the known ones has.

    Columns come after rows, since nothing tells them apart; axes of length 1, as that of a group, stay.
    """
    if any(k.fits(kernel) and k.shape(kernel) == tuple(shape) and not k.lists for k in known):
        return []
    orders = (o for o in itertools.permutations("OIHW") if o.index("H") < o.index("W"))
    count = len(shape) if 1 in kernel else sum(n > 1 for n in shape)
    grouped = (groups for order in orders for groups in _grouped("".join(order), count))
    found = (layout_of(_with_ones(groups, shape, count), KERNELS) for groups in grouped)
    return [layout for layout in found if layout.shape(kernel) == tuple(shape)]


def _with_ones(groups, shape, count: int) -> str:
    """The groups as one text, with an axis of length 1 wherever the shape has one beside them."""
    left = iter(groups)
    return "".join("1" if n == 1 and count < len(shape) else next(left) for n in shape)


def _grouped(letters: str, count: int):
    """The letters in so many groups, those of several letters in brackets."""
    for cuts in itertools.combinations(range(1, len(letters)), count - 1) if count else ():
        groups = [letters[a:b] for a, b in zip((0, *cuts), (*cuts, len(letters)), strict=True)]
        yield [group if len(group) == 1 else f"({group})" for group in groups]


def bias_layout(shape, setting, output) -> Layout | None:
    """The layout of a bias array of this shape: one number a map, or untied, one a cell of the output."""
    for text in B_GUESSES:
        ours = "OHW" if "H" in text else "O"
        try:
            layout = layout_of(text, ours)
        except ValueError:
            continue
        wanted = (setting.O, *output) if ours == "OHW" else (setting.O,)
        if layout.fits(wanted) and layout.shape(wanted) == tuple(shape):
            return layout
    return None
