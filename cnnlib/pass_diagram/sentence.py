"""How a chosen number was computed, in one line of HTML: the text that goes with the boxes in the diagram."""

from ..plots.number_format import brief
from .provenance import Origin


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
