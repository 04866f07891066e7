"""Many small maps as one picture: arrays in, a palette PNG out, quickly enough to redraw while a net trains.

A palette PNG holds one byte per pixel, so a whole layer costs a fraction of a millisecond and no
plotting library.  Colours are those of the course: signed arrays on one diverging map whose white is
exactly 0, activations on a white-to-teal map, images as ink on paper.
"""

import base64
import html
import struct
import zlib

import numpy as np
from numpy.typing import ArrayLike

from ..validation import unmasked
from .colours import SCALES
from .number_format import brief

GAP = 0  # palette index 0: the grey line between two maps
STEPS, MIDDLE = 255, 128  # indices 1 … 255 carry values; 128 is the exact middle



def palette(name: str) -> np.ndarray:
    """The colours of a map, (256, 3) uint8: row 0 is the gap, rows 1–255 run from lowest value to highest."""
    if name not in SCALES:
        raise ValueError(f"palette {name!r} is none of {', '.join(SCALES)}")
    anchors = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in SCALES[name]])
    where = np.linspace(0, len(anchors) - 1, STEPS)
    colours = np.stack([np.interp(where, np.arange(len(anchors)), channel) for channel in anchors.T], axis=1)
    return np.vstack([[205, 205, 205], colours.round()]).astype(np.uint8)


PALETTES = {name: palette(name) for name in SCALES}


def scale_limit(*maps: ArrayLike) -> float:
    """The end of a symmetric colour scale that the maps share: their largest ``|number|``, 1 where there is
    none."""
    numbers = [A for A in map(np.asarray, maps) if A.dtype.kind in "buif"]
    return max((float(np.abs(A).max(initial=0.0, where=np.isfinite(A))) for A in numbers), default=0.0) or 1.0


def shade(A: ArrayLike, name: str, limit: float = 1.0) -> np.ndarray:
    """A as palette indices 1 … 255: −limit to limit on "signed", 0 to limit on the others, clipped at the ends.

    NaN is grey, as the gaps are.
    """
    share = np.asarray(unmasked(A, "shade"), dtype=np.float64) / (limit or 1.0)
    if name == "signed":
        indices = MIDDLE + np.rint((MIDDLE - 1) * np.clip(share, -1, 1))
    else:
        indices = 1 + np.rint((STEPS - 1) * np.clip(share, 0, 1))
    return np.where(np.isnan(share), GAP, indices).astype(np.uint8)


def limit_text(limit: float) -> str:
    """A symmetric limit in two digits that can be read aloud: ±0.031, ±0.00078, ±3.1·10⁻⁶."""
    return f"±{brief(limit)}"


def tile(indices: np.ndarray, *, columns: int, scale: int = 1, gap: int = 2) -> np.ndarray:
    """Maps (C, h, w) of palette indices side by side, ``columns`` in a row, each cell scale×scale pixels."""
    count, h, w = indices.shape
    rows = -(-count // columns)
    image = np.full((rows * (h * scale + gap) - gap, columns * (w * scale + gap) - gap), GAP, dtype=np.uint8)
    big = indices.repeat(scale, axis=1).repeat(scale, axis=2)
    for c in range(count):
        top, left = (c // columns) * (h * scale + gap), (c % columns) * (w * scale + gap)
        image[top : top + h * scale, left : left + w * scale] = big[c]
    return image


def png(image: np.ndarray, colours: np.ndarray) -> bytes:
    """An image of palette indices (rows, columns) as the bytes of a PNG file.

    Source: the PNG specification, colour type 3 (one byte a pixel).
    """
    rows, columns = image.shape
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)  # each line starts with its filter type, 0
    lines[:, 1:] = image
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", colours.tobytes())]
    chunks += [(b"IDAT", zlib.compress(lines.tobytes(), 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(
    maps: np.ndarray,
    *,
    colours: str,
    limit: float = 1.0,
    columns: int,
    scale: int,
    gap: int = 2,
    alt: str,
) -> str:
    """Maps (C, h, w) as one HTML image with a sentence for those who cannot see it."""
    image = tile(shade(maps, colours, limit), columns=columns, scale=scale, gap=gap)
    source = base64.b64encode(png(image, PALETTES[colours])).decode()
    height, width = image.shape
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" decoding="sync" '
        f'style="image-rendering:pixelated;display:block;margin:0" src="data:image/png;base64,{source}">'
    )
