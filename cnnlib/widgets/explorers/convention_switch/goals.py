"""What to find out with the convention switch: what lies turned on the way back, under ⋆ and under ∗."""

from cnnlib.widgets.parts.goals import Goal, Task

AS_IS, TURNED, MIRRORED = "as it is", "turned by 180°", "mirrored, left for right"
SLIDES, CONVOLVES, PRODUCT = "δ ⋆ K, full", "δ ∗ K, full", "δ · K, cell by cell"
NONE, ONE, TWO = "no turn", "one turn", "two turns, of X and of δ"


def _cases(gradient, *operations):
    return tuple({"operation": operation, "gradient": gradient} for operation in operations)


def _is_correlation(switch):
    return switch.operation.value == "correlation"


def _forward(switch):
    return "⋆" if _is_correlation(switch) else "∗"


TASK = Task(
    "operation",
    "Switch the forward pass from ⋆ to ∗: formula, picture and line of code change together.",
    (
        Goal(
            "how does K lie on δ?",
            lambda switch: (
                f"Forward is Z = X {_forward(switch)} K. How does K lie on the windows of δ that give dX?"
            ),
            right=lambda switch: TURNED if _is_correlation(switch) else AS_IS,
            says="From one pass to the other there is one turn: it lies the other way than it lay forward.",
            wrong=lambda switch: {
                AS_IS: "Forward under ⋆ it lay as it is; back it cannot lie so again.",
                TURNED: "Under ∗ it lay turned on the way forward already.",
                MIRRORED: "Rows change places as well as columns: that is a turn.",
            },
            choices=(AS_IS, TURNED, MIRRORED),
            cases=_cases("dX", "convolution", "correlation"),
            hides=("back_lanes", "backward_text"),
        ),
        Goal(
            "which operation gives dX?",
            lambda switch: f"Forward is Z = X {_forward(switch)} K. Which one, with K itself, gives dX?",
            right=lambda switch: CONVOLVES if _is_correlation(switch) else SLIDES,
            says="⋆ forward is ∗ back, and ∗ forward is ⋆ back: each is the other's way back.",
            wrong=lambda switch: {
                SLIDES: "That slides K as it lay before; back it has to lie the other way.",
                CONVOLVES: "That turns K, but forward it was turned already.",
                PRODUCT: "δ and K do not even have the same size.",
            },
            choices=(SLIDES, CONVOLVES, PRODUCT),
            cases=_cases("dX", "correlation", "convolution"),
            hides=("back_lanes", "backward_text"),
        ),
        Goal(
            "what turns for dK?",
            lambda switch: f"Forward is Z = X {_forward(switch)} K. How many turns take X ⋆ δ to dK?",
            right=lambda switch: NONE if _is_correlation(switch) else ONE,
            says="X ⋆ δ collects what met each place of the window; where the kernel lay turned, so does this.",
            wrong=lambda switch: {
                NONE: "Under ∗ the kernel lay turned on X, so X ⋆ δ comes out turned.",
                ONE: "Under ⋆ place (u, v) of the window met k[u,v] itself.",
                TWO: "Two turns are none, and neither X nor δ lay turned.",
            },
            choices=(NONE, ONE, TWO),
            cases=_cases("dK", "convolution", "correlation"),
            hides=("back_lanes", "backward_text"),
        ),
    ),
)
