"""The change of index with numbers: one window over δ, and what the formula and the code call each of its places.

``strip()`` stands in notebook 00 under the loop ``dx[p] += padded[p + a] * turned[a]``.  With h taps, place a of a
window lies over output i = p + a − (h − 1), so the tap there is k_{p−i} = k_{h−1−a}: the sum dx_p = Σ_i δ_i·k_{p−i}
and the slide of the turned kernel are the same.  The arrows choose p; the taps stay, the outputs move.
"""

from ..plots.number_format import lowered, written
from .elements import Shown, element
from .row import DELTA, K, P, X

BORDER = len(K) - 1  # zeros on either side of δ
WORDS = {
    "name": "One window over the deltas, place by place",
    "left": "one input to the left (left arrow)",
    "right": "one input to the right (right arrow)",
}


def strip() -> Shown:
    """The table for every input p, one of them in sight; a page without scripts shows inputs 2 and 3."""
    tables = [table(p) for p in range(len(X))]
    still = "".join(f"<p>Input {p}</p>{tables[p]}" for p in (P, P + 1))
    data = {"tables": tables, "p": P, "words": WORDS}
    return Shown(element("strip", data, still), "\n\n".join(f"input {p}\n{_text(p)}" for p in (P, P + 1)))


def places(p: int) -> list[tuple[int, int, int, int]]:
    """(a, i, δ_i, k_{p−i}) for each place a of the window of input p; δ is 0 where there is no output i."""
    outputs = [(a, p + a - BORDER) for a in range(len(K))]
    return [(a, i, DELTA[i] if 0 <= i < len(DELTA) else 0, K[p - i]) for a, i in outputs]


def table(p: int) -> str:
    """The window of input p as an HTML table: place, output, delta, tap, product, with both names of each."""
    window = places(p)
    rows = [
        ("place in the window", "a", [f"<td>{a}</td>" for a, *_ in window]),
        ("output there", "i = p + a − 2", [_output(i) for _, i, *_ in window]),
        ("its delta", "δ<sub>i</sub> = <code>padded[p + a]</code>",
         [f"<td class={'delta' if _exists(i) else 'border'}>{delta}</td>" for _, i, delta, _ in window]),
        ("tap between i and p", "k<sub>p−i</sub> = k<sub>2−a</sub> = <code>turned[a]</code>",
         [f"<td class=tap-{p - i}>k{lowered(p - i)} = {tap}</td>" for _, i, _, tap in window]),
    ]  # fmt: skip
    listed = "".join(
        f"<tr><th>{words}</th><th class=name>{name}</th>{''.join(cells)}</tr>" for words, name, cells in rows
    )
    return f"<table>{listed}</table><p>{_sum(p)}</p><p class=quiet>{_why(p)}</p>"


def _exists(i):
    return 0 <= i < len(DELTA)


def _output(i):
    return f"<td>{i}</td>" if _exists(i) else f"<td class=none>{written(i)}: none</td>"


def _sum(p):
    """Both sums and their common value."""
    window = places(p)
    met = " + ".join(f"δ{lowered(i)}·k{lowered(p - i)}" for _, i, *_ in window if _exists(i))
    numbers = " + ".join(f"{delta}·{tap}" for *_, delta, tap in window)
    return f"dx{lowered(p)} = {met} = {numbers} = <b>{sum(delta * tap for *_, delta, tap in window)}</b>"


def _why(p):
    if all(_exists(i) for _, i, *_ in places(p)):
        return "Every place of this window lies over an output. Choose another input: the taps stay where they are."
    return "Where there is no output the formula has no term. The code multiplies a zero of the border instead."


def _text(p):
    """The same in plain text."""
    lines = (f"a = {a}  i = {written(i)}  δ = {delta}  k{lowered(p - i)} = {tap}" for a, i, delta, tap in places(p))
    return "\n".join(lines)
