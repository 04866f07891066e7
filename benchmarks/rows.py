"""A measured figure beside its peer and its goal, and the tables made of them, on the screen and in Markdown.

A row is a dict that JSON can hold: ``what``, ``value`` and ``unit``; perhaps ``spread`` (quartiles), ``peer``
(its name), ``peer_value``, ``ratio`` (how many times as fast as the peer), ``goal`` and ``note``.  A goal bounds
the value ("at most", 30) or the ratio ("ratio at least", 2.0).  ``brief`` rows are those that the README shows.
A part that lacks its data, a program or the network raises :class:`NotMeasuredError`; its row then has the reason,
``missing``, and no figure.
"""

LARGER_IS_BETTER = "at least"


class NotMeasuredError(Exception):
    """What a part of the table would need and does not find; the message is the reason that its row shows."""


def row(what, value, unit, *, spread=None, peer=None, peer_value=None, ratio=None, goal=None, note="", brief=False):
    """One figure; ``goal`` is such as ("ratio at least", 2.0).

    ``value`` is None for what never happened, such as an error that was not reached; ``ratio`` and ``peer_value``
    are None where the peer is missing.
    """
    given = dict(what=what, value=_short(value), unit=unit)
    if spread is not None:
        given["spread"] = [_short(end) for end in spread]
    if peer is not None:
        given |= dict(peer=peer, peer_value=_short(peer_value), ratio=_short(ratio))
    if goal is not None:
        given["goal"] = list(goal)
    return given | ({"note": note} if note else {}) | ({"brief": True} if brief else {})


def not_measured(part: str, reason: str) -> dict:
    """The row of a part without figures, and why it has none; the first line of the reason is shown."""
    return {"what": part, "missing": reason.strip().partition("\n")[0], "brief": True}


def reached(entry: dict) -> bool | None:
    """Does the row keep its goal?  No for what never happened; None without a goal or a peer."""
    if "goal" not in entry:
        return None
    words, bound = entry["goal"]
    on_ratio = words.startswith("ratio")
    found = entry.get("ratio") if on_ratio else entry["value"]
    if found is None:
        return None if on_ratio else False
    return found >= bound if words.endswith(LARGER_IS_BETTER) else found <= bound


def cells(entry: dict) -> list[str]:
    """what, figure, peer, ratio, goal — as text."""
    if "missing" in entry:
        return [entry["what"], f"not measured: {entry['missing']}", "", "", ""]
    value = _figure(entry["value"], entry["unit"], entry.get("spread", ()))
    peer = ratio = goal = ""
    if "peer" in entry:
        known = entry["peer_value"] is not None
        peer = f"{entry['peer']}: {_figure(entry['peer_value'], entry['unit'])}" if known else entry["peer"]
        ratio = f"{_number(entry['ratio'])}×" if entry["ratio"] is not None else ""
    if "goal" in entry:
        words, bound = entry["goal"]
        bound = f"{bound:g}×" if words.startswith("ratio") else _figure(bound, entry["unit"])
        verdict = {True: "reached", False: "**not reached**", None: "not measured"}[reached(entry)]
        goal = f"{words.removeprefix('ratio ')} {bound}: {verdict}"
    return [entry["what"], value, peer, ratio, goal]


HEAD = ["what", "here: median (quartiles)", "peer in the same run", "times as fast", "goal"]


def text_table(rows: list[dict]) -> str:
    """For the screen; notes stand below their row."""
    lines = [HEAD, *map(cells, rows)]
    short = [line[:1] if "missing" in entry else line for line, entry in zip(lines[1:], rows, strict=True)]
    widths = [max(len(line[i]) for line in [HEAD, *short] if i < len(line)) for i in range(len(HEAD))]
    notes = ["", *(entry.get("note", "") for entry in rows)]
    shown = []
    for line, note in zip(lines, notes, strict=True):
        cut = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        shown += [cut.replace("**", "")] + ([f"    {note}"] if note else [])
    return "\n".join(shown)


def markdown_table(rows: list[dict]) -> str:
    """For the README; a note follows what it belongs to."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|---|---|---|---|"]
    for entry in rows:
        what, *others = cells(entry)
        what += f" ({entry['note']})" if "note" in entry else ""
        lines.append("| " + " | ".join([what, *others]) + " |")
    return "\n".join(lines)


def _short(value):
    """Four digits that count; more would be noise."""
    return value if value is None or isinstance(value, (int, str)) else float(f"{value:.4g}")


def _number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _figure(value, unit, spread=()):
    """The figure with its unit, and its quartiles in brackets; times in ms below a tenth of a second."""
    if value is None:
        return "never"
    seconds = {"s": 1.0, "ms": 0.001}.get(unit)
    if seconds:
        unit = "s" if abs(value) * seconds >= 0.1 else "ms"
    scale = seconds / {"s": 1.0, "ms": 0.001}[unit] if seconds else 1.0
    ends = [_number(scale * end) for end in spread]
    return f"{_number(scale * value)} {unit}".rstrip() + (f" ({'–'.join(ends)})" if len(set(ends)) > 1 else "")
