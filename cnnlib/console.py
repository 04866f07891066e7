"""Printing on any console: one in code page 936 or 1252 has no ✓ and no →, and printing must not fail there."""

import sys
from typing import TextIO

PLAIN = str.maketrans(
    {
        "✓": "ok", "✗": "x", "→": "->", "←": "<-", "…": "...", "−": "-", "–": "-", "·": "*", "×": "x", "∘": "*",
        "≤": "<=", "≥": ">=", "≠": "!=", "⋆": "(corr)", "∗": "(conv)", "°": " degrees", "“": '"', "”": '"',
        "’": "'", "∂": "d", "Σ": "Sum ", "δ": "delta", "σ": "sigma", "ε": "epsilon", "θ": "theta", "′": "'",
        "ᵀ": "^T", "²": "^2", "½": "1/2", "∞": "infinity", "⟨": "<", "⟩": ">", "‖": "||", "⌊": "floor(", "⌋": ")",
    }
)  # fmt: skip


def carried(text: str, stream: TextIO | None = None) -> str:
    """``text`` as ``stream`` (standard output if None) can print it: unchanged wherever that is possible.

    Otherwise each character that the stream's code page lacks is written in ASCII, "->" for →, or as "?" where
    ASCII has nothing like it.
    """
    stream = sys.stdout if stream is None else stream
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
        return text
    except LookupError:
        return text.translate(PLAIN).encode("ascii", "replace").decode("ascii")
    except UnicodeEncodeError:
        return "".join(_sign(sign, encoding) for sign in text)


class Printable:
    """Base of objects whose ``__repr__`` can be printed on any stream."""

    def __str__(self):
        return carried(repr(self))


def say(text: str) -> None:
    """Print ``text`` on standard output, whatever its code page."""
    print(carried(text))


def _sign(sign, encoding):
    try:
        sign.encode(encoding)
        return sign
    except UnicodeEncodeError:
        return sign.translate(PLAIN).encode(encoding, "replace").decode(encoding)


class Progress:
    """One line on stderr, driven by pooch.HTTPDownloader (whose own bar would need tqdm)."""

    def __init__(self, name: str):
        self.name, self.total, self.done = name, 0, 0

    def update(self, n_bytes: int) -> None:
        self.done = min(self.done + n_bytes, self.total)  # pooch counts whole chunks
        bar = "#" * (30 * self.done // max(self.total, 1))
        line = f"\r{self.name} [{bar:.<30}] {self.done / 1e3:,.0f} of {self.total / 1e3:,.0f} kB"
        print(line, end="", file=sys.stderr, flush=True)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        print(file=sys.stderr)
