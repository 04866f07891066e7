"""A pass in large pictures, for the last row of a lecture room: the digit, and a turned kernel between delta maps.

The kernel K[j, i] of the last convolution, turned by 180°, and δ of map j are what the layer's operation is given;
they give map j's part of δ of map i.  Under ⋆ the kernel lies on δ so; ∗ turns it back.
Its corner mark, on K[0,0], is drawn large: it shows the turn from ten metres.
"""

from html import escape
from importlib import resources

import numpy as np

from cnnlib.network import Network, Trace
from cnnlib.ops import rot180
from cnnlib.pass_diagram.columns import Stop
from cnnlib.plots.colours import style
from cnnlib.plots.image_grid import picture, scale_limit

STYLE = style(resources.files(__package__).joinpath("wall.css").read_text(encoding="utf-8"))


def wall(network: Network, trace: Trace, plan: list[Stop], chosen: tuple[int, int], limits: dict) -> str:
    """The four pictures as HTML; ``chosen`` = (j, i), ``limits`` by symbol, else a map's own."""
    number = max(place for place, stop in enumerate(plan) if stop.kind == "kernels")
    kernels, above, below = plan[number], plan[number + 1], plan[number - 1]
    layer = network.layers[kernels.layer]
    K, turns = layer.params["K"], layer.operation == "convolution"
    j, i = chosen[0] % K.shape[0], chosen[1] % K.shape[1]
    delta, given = trace.deltas[above.gradient][0, j], trace.deltas[below.gradient][0, i]
    kernel = f"{kernels.symbol}[{j + 1}, {i + 1}], turned 180°" + (": ∗ turns it back" if turns else "")
    turned = _map(rot180(K[j, i]), kernel, "kernel", limits.get(kernels.symbol))
    operator = '<div class="cnn-sign" aria-hidden="true">{}</div>'.format
    parts = [
        _map(trace.activations[0][0, 0], "the digit", "input", None, colours="ink"),
        operator(""),
        _map(delta, f"{above.delta} of map {j + 1}", "delta", limits.get(above.delta)),
        operator("∗" if turns else "⋆"),
        turned.replace("cnn-map-picture", "cnn-map-picture cnn-is-turned"),
        operator("→"),
        _map(given, f"{below.delta} of map {i + 1}, over all maps", "delta", limits.get(below.delta)),
    ]
    return f'{STYLE}<div class="cnn-wall">{"".join(parts)}</div>'


def _map(A: np.ndarray, name: str, role: str, limit, colours="signed") -> str:
    """One map as large as the others, whatever its size, with its name above."""
    drawn = dict(scale=1, alt=name, colours=colours, limit=limit or scale_limit(A))
    image = picture(A[None], columns=1, **drawn)
    caption = f"<figcaption>{escape(name)}</figcaption>"
    return f'<figure class="cnn-{role}">{caption}<div class="cnn-map-picture">{image}</div></figure>'
