"""The four lines of the proof in one dimension, with reasons, gaps and the usual mistakes: ``proof_lines.json``.

k has h taps, x has n ≥ h entries, z has n − h + 1.  One convention makes every line exact for every index: outside
their ranges k = 0 and δ = 0, so that no line needs cases::

    (i)    z_i = Σ_u x_{i+u} k_u                                  the forward pass
    (ii)   ∂L/∂x_p = Σ_i δ_i ∂z_i/∂x_p                            the chain rule
    (iii)  ∂z_i/∂x_p = k_{p−i}                                    the only u with i + u = p
           so ∂L/∂x_p = Σ_i δ_i k_{p−i} = (δ ∗ k)_p               (iii) put into (ii): the result
    (iv)   ∂L/∂x_p = Σ_{a=0…h−1} δ_{p+a−(h−1)} k_{h−1−a}          put i = p + a − (h − 1): a window over δ

Each line holds ``one`` and ``two`` (in one and two dimensions), ``note`` (what its letters mean), ``result``
(what follows from it or is agreed with it), ``typed`` (how it can be typed, and how it is checked), ``gaps``
(what stands before a gap, the right index, what stands behind), ``filled`` (the typed line with the gaps @0, @1 …
put in), ``mistakes`` (typed lines that have a name), ``slips`` (the same for a single gap), and ``reasons`` with
what is said to each. ``index`` and ``agree`` are what the learner types on the board, before the reason and after
it; ``memory`` is what has to be said with the line when it is written from memory.
"""

import json
import re
from importlib import resources

INDEXED = re.compile(r"([A-Za-zΣδ])_\{([^{}]*)\}")
HOLE = '<span class="hole">?</span>'


def lines() -> list[dict]:
    """The four lines; every formula in them as HTML."""
    text = (resources.files(__package__) / "proof_lines.json").read_text(encoding="utf-8")
    return _formulas(json.loads(text))


def below(line: dict) -> list[str]:
    """What stands below a line of the board in one dimension: what is agreed, the reason, what follows."""
    beside = {name: line[name]["one"] for name in ("note", "result") if name in line}
    reason = line["reasons"][line["right"]]
    return [text for text in (beside.get("note"), reason, beside.get("result")) if text]


def formula(text: str) -> str:
    """Text with k_{p−i} in it as HTML, the kernel in its colour."""

    def shown(match):
        letter, index = match[1], match[2].replace("?", HOLE)
        made = f"{letter if letter == 'Σ' else f'<i>{letter}</i>'}<sub>{index}</sub>"
        return f'<span class="kernel">{made}</span>' if letter == "k" else made

    return INDEXED.sub(shown, text)


def _formulas(part):
    """The same structure with every text set."""
    if isinstance(part, str):
        return formula(part)
    if isinstance(part, list):
        return [_formulas(each) for each in part]
    return {name: _formulas(each) for name, each in part.items()} if isinstance(part, dict) else part
