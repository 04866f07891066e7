"""The explorer of notebook 03: choose a bias or a weight of a small dense net and follow it to the loss.

The paths are drawn thick, and each stands below as a product of factors, with every index and with numbers.
Their sum is the gradient; beside it stands the slope that is measured by moving the parameter.
"""

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import style
from cnnlib.widgets.parts.controls import dropdown
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.parse import parse_numbers

from .drawing import picture
from .goals import TASK
from .paths import ALL, Net, measured, number, paths, product

STYLE = style("""
.cnn-dense-path { --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 32px; }
.cnn-dense-path .cnn-says { font-size: 16px; line-height: 21px; color: var(--cnn-text);
  font-variant-numeric: tabular-nums; min-height: 105px; }
.cnn-dense-path :is(.widget-html, .widget-html-content) { margin-block: 0; }
.cnn-dense-path .cnn-plain { display: none; }
.cnn-dense-path .cnn-covered:has(+ .cnn-plain) { display: none; }
.cnn-dense-path .cnn-covered + .cnn-plain { display: block; }
.cnn-dense-path .cnn-says .cnn-later { color: var(--cnn-quiet); }
.cnn-dense-path .cnn-problem { font-size: 16px; color: var(--cnn-wrong); }
""")


class DensePath(Explorer):
    """``DensePath(x, W1, b1, W2, b2, y)``: x (n,), W1 (h, n), b1 (h,), W2 (m, h), b2 (m,), target y (m,).

    ``parameter`` and ``path`` choose what is shown; ``inputs`` takes other numbers for x.
    """

    task = TASK

    def __init__(self, x, W1, b1, W2, b2, y):
        self.net = Net(*(np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2, y)))
        parameters = [(str(parameter), parameter) for parameter in self.net.parameters()]
        self.parameter = dropdown("parameter", parameters, "190px")
        through = [("all paths", ALL)] + [(f"through output {j}", j) for j in range(len(self.net.b2))]
        self.path = dropdown("show", through, "230px")
        self.inputs = widgets.Text(", ".join(f"{value:g}" for value in self.net.x), description="x",
                                   continuous_update=False)  # fmt: skip
        self.inputs.style.description_width, self.inputs.layout.width = "initial", "220px"
        self.problem, self.drawing, self.sum = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.plain = widgets.HTML()  # the net without its thick paths, while a goal asks for them
        self.plain.add_class("cnn-plain")
        choices = widgets.VBox([self.parameter, self.path, self.inputs, self.problem])
        line = widgets.HBox([self.drawing, self.plain, choices], layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([widgets.HTML(STYLE), line, self.sum], {"parameter": self.parameter, "path": self.path})
        self.add_class("cnn-dense-path")
        self.inputs.observe(self._other_inputs, "value")
        self.draw()

    def draw(self):
        parameter, chosen = self.parameter.value, self.path.value
        outputs = range(len(self.net.b2)) if chosen == ALL else (chosen,)
        self.drawing.value, self.plain.value = picture(self.net, parameter, tuple(outputs)), picture(self.net)
        self.sum.value = gradient_sum(self.net, parameter, chosen)

    def _other_inputs(self, change):
        try:
            x = parse_numbers(change["new"], self.net.x.shape, symbols=False)
        except ValueError as error:  # the last valid numbers stay on the screen
            self.problem.value = f'<span class="cnn-problem" role="status">{_escaped(error)}</span>'
            return
        self.problem.value = ""
        self.net = self.net._replace(x=x)
        self.draw()


def gradient_sum(net, parameter, chosen=ALL):
    """The gradient as HTML: the sum of its paths in letters and in numbers, and the measured slope."""
    found = paths(net, parameter)
    letters = [_one(" · ".join(f.text for f in factors), j, chosen) for j, factors in found.items()]
    numbers = [_one(" · ".join(_signed(f.value) for f in factors), j, chosen) for j, factors in found.items()]
    products = [_one(_signed(product(factors), 5), j, chosen) for j, factors in found.items()]
    lines = [f"<b>∂L/∂{parameter}</b> = " + " + ".join(letters), "= " + " + ".join(numbers)]
    if len(found) > 1:
        lines.append("= " + " + ".join(products))
    total = sum(map(product, found.values()))
    if chosen != ALL and chosen not in found:
        lines.append(f"{parameter} feeds output {parameter.index[0]} alone. Through output {chosen} comes nothing.")
    elif chosen != ALL and len(found) > 1:
        lines.append(f"This path alone: {number(product(found[chosen]), 5)}.")
    seen = number(measured(net, parameter), 5)
    lines.append(f"<b>gradient {number(total, 5)}</b>, measured by moving it: {seen}")
    return '<div class="cnn-says" role="status">' + "".join(f"<div>{line}</div>" for line in lines) + "</div>"


def _one(text, j, chosen):
    """A path's text, pale unless it is chosen."""
    return text if chosen in (ALL, j) else f'<span class="cnn-later">{text}</span>'


def _signed(value, decimals=3):
    """A number inside a sum or product: a negative one in brackets."""
    text = number(value, decimals)
    return f"({text})" if value < 0 else text


def _escaped(error):
    return str(error).replace("&", "&amp;").replace("<", "&lt;")
