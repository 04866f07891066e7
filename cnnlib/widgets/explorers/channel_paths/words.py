"""The sum of a chosen path as HTML: in maps, in numbers at one cell, and the products of the framed number."""

from cnnlib.plots.number_format import written
from cnnlib.widgets.parts import formula

from .terms import FORWARD, added_up

RUNS = {
    True: "c runs: the sum goes along row {o}.",
    False: "o runs: the sum goes down column {c}; every slice is turned in its place.",
}


def in_words(paths, direction, c, o, cell, found):
    """Four lines for the term (o, c) and a cell of the result; ``found`` are the products in that cell."""
    forward, place = direction == FORWARD, (o, c)
    together = added_up(direction, c, o, paths.terms.shape[:2])
    result = formula.letter("output", f"Z[{o}]") if forward else formula.letter("input", f"dX[{c}]")
    in_maps = [_framed(_term(forward, *other), other == place) for other in together]
    numbers = [_framed(formula.factor(paths.terms[other][cell]), other == place) for other in together]
    total = written(paths.results[o if forward else c][cell])
    parts = [f"{formula.factor(product.source)}·{formula.factor(product.tap)}" for product in found]
    return formula.announced(
        f"{result} = {' + '.join(in_maps)}",
        f"{result} at ({cell[0]}, {cell[1]}): {' + '.join(numbers)} = <b>{total}</b>",
        f"{_framed(formula.factor(paths.terms[place][cell]), True)} = {' + '.join(parts)}",
        RUNS[forward].format(c=c, o=o),
    )


def _term(forward, o, c):
    kernel = formula.letter("kernel", f"K[{o},{c}]")
    if forward:
        return f"{formula.letter('input', f'X[{c}]')} ⋆ {kernel}"
    return f"{formula.letter('delta', f'δ[{o}]')} ⋆<sub>full</sub> rot180({kernel})"


def _framed(text, chosen):
    """Framed if it belongs to the chosen slice; the others have the width of the frame, so that nothing moves."""
    lit = " cnn-lit" * chosen
    return f'<span class="cnn-product{lit}" style="padding:0 3px;margin:0 4px">{text}</span>'
