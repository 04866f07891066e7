"""What to find out with the rotator: where a tap comes to, what becomes of a product, and what ∗ does."""

from cnnlib.plots.number_format import written

from ...parts.goals import Goal, Task
from .readings import FRAMES, read_window

SAME, OTHER, MINUS = "the same sum", "another sum", "its negative"
AT_REST = {"sign": "correlation", "turn": 0}


def _corner(rotator):
    return rotator.controls["corner"].value


def _cell(u, v):
    """A function: the cell of X on which place (u, v) of the window lies."""
    return lambda rotator: (_corner(rotator)[0] + u, _corner(rotator)[1] + v)


def _product(u, v):
    """A function: the window's first input times K[u, v]."""
    return lambda rotator: rotator.X[_corner(rotator)] * rotator.K[u, v]


def _sum(operation, frame=0):
    return lambda rotator: read_window(rotator.X, rotator.K, _corner(rotator), operation, frame).total


def _seen(rotator):
    """The sum that stands beside the window while the question is open."""
    return _sum("correlation", rotator.controls["turn"].position)(rotator)


def _question(rotator):
    kernel = "the turned kernel" if rotator.controls["turn"].position else "the kernel as it is stored"
    return f"⋆ with {kernel} gives {written(_seen(rotator))}. What gives ∗ with the kernel as it is stored?"


TASK = Task(
    "turn",
    "Press Play: the kernel turns on its window, and the sum beside it changes.",
    (
        Goal(
            "where does K[0,2] go?",
            "The kernel is about to turn by 180°. Click the cell of X on which K[0,2] will lie then.",
            right=_cell(2, 0),
            says="Both indices change: (0, 2) comes to (2−0, 2−2) = (2, 0) of the window.",
            wrong=lambda rotator: {
                _cell(0, 0)(rotator): "That is a mirror: only the columns have changed places.",
                _cell(2, 2)(rotator): "That is a quarter turn, or a mirror of the rows.",
                _cell(0, 2)(rotator): "There it lies before the turn.",
                _cell(1, 1)(rotator): "Only the tap in the middle stays in the middle.",
            },
            cases=({**AT_REST, "corner": (0, 0)}, {**AT_REST, "corner": (1, 1)}, {**AT_REST, "corner": (0, 1)}),
            map="window",
            shown={"turn": FRAMES},
        ),
        Goal(
            "the first product",
            lambda rotator: (
                f"Input {written(rotator.X[_corner(rotator)])} is multiplied by K[0,0] = "
                f"{written(rotator.K[0, 0])} now. What is this product once the kernel has turned by 180°?"
            ),
            right=_product(2, 2),
            says="The input stays; the tap that comes to lie on it is K[2,2].",
            wrong=lambda rotator: {
                _product(0, 0)(rotator): "That is the product before the turn.",
                _product(0, 2)(rotator): "That takes K[0,2]: a mirror, only the columns changed places.",
                _product(2, 0)(rotator): "That takes K[2,0]: only the rows changed places.",
                rotator.K[2, 2]: "That is the tap alone, without its input.",
            },
            cases=({**AT_REST, "corner": (1, 0)}, {**AT_REST, "corner": (1, 1)}, {**AT_REST, "corner": (0, 0)}),
            shown={"turn": FRAMES},
        ),
        Goal(
            "what does ∗ read?",
            _question,
            right=lambda rotator: SAME if _sum("convolution")(rotator) == _seen(rotator) else OTHER,
            says="∗ turns the kernel itself: X ∗ K is X ⋆ rot180(K), and not X ⋆ K.",
            wrong=lambda rotator: {
                SAME: "∗ is not ⋆ with another name.",
                OTHER: "Both read with the turned kernel: one was turned by you, the other by ∗.",
                MINUS: "A turn moves taps; it changes no sign.",
            },
            choices=(SAME, OTHER, MINUS),
            cases=tuple(
                {"sign": "correlation", "turn": turn, "corner": corner}
                for turn, corner in ((FRAMES, (0, 1)), (0, (1, 0)), (0, (1, 1)), (FRAMES, (1, 1)))
            ),
            shown={"sign": "convolution", "turn": 0},
        ),
    ),
)
