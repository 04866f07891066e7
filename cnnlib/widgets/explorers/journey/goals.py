"""What to find out on the journey: how a kernel lies, how many numbers there are, and what makes a gradient."""

from cnnlib.article.program_steps import STEPS

from ...parts.goals import Goal, Task

AS_IS, TURNED, UNUSED = "as it is stored", "turned by 180°", "not at all: only δ is read"
FIRST, SECOND, MIXED = "X and δ¹", "A² and δ³", "A³ and δ²"
COVERED = ("lanes", "step", "bar.line")
TOLD = ("step", "bar.line")  # the lanes ask no less


def _before(*fills):
    """Cases: the moment before the step that fills an array."""
    places = {name: number for number, step in enumerate(STEPS) for name in step.fills}
    return tuple({"path": "plain", "step": places[name] - 1} for name in fills)


def _next(journey):
    """The array that the next step fills last."""
    return STEPS[journey.bar.position + 1].fills[-1]


def _kernel(journey):
    """The kernel gradient that the next step fills."""
    return next(name for name in STEPS[journey.bar.position + 1].fills if name.startswith("dK"))


def _after(journey):
    return {"step": journey.bar.position + 1}


def _cells(journey, name):
    return journey.places[name].array.size


def _lies_question(journey):
    if _next(journey) == "A³":
        return "A² to A³: K² is handed to convn, which turns what it is given. How does K² lie on A²?"
    return "δ³ to δ²: rot180(K²) is handed to convn, which turns what it is given. How does K² lie on δ³?"


def _number_question(journey):
    if _next(journey) == "δ³":
        return "δ⁴ to δ³: over how many cells of δ³ is one cell of δ⁴ shared out?"
    *maps, h, w = journey.places["A⁴"].array.shape
    return f"A⁴ to fv: A⁴ has {maps[-1]} maps of {h}×{w}. How many entries has fv?"


def _number(journey):
    if _next(journey) == "δ³":
        return _cells(journey, "δ³") // _cells(journey, "δ⁴")
    return _cells(journey, "fv")


TASK = Task(
    "step",
    "Press ▶| or →: one digit goes down the net, a step at a time; then its deltas come back up.",
    (
        Goal(
            "how does the kernel lie?",
            _lies_question,
            right=lambda journey: TURNED if _next(journey) == "A³" else AS_IS,
            says="convn turns once; rot180 before it turns back. Down it lies turned, and back as it is stored.",
            wrong=lambda journey: {
                AS_IS: "convn is a convolution: it turns the kernel itself.",
                TURNED: "rot180 and convn both turn it, and two turns are none.",
                UNUSED: "Every path back goes through a weight of K².",
            },
            choices=(AS_IS, TURNED, UNUSED),
            cases=_before("δ²", "A³"),
            hides=TOLD,
            shown=_after,
        ),
        Goal(
            "how many numbers?",
            _number_question,
            right=_number,
            says="Pooling took the mean of blocks, and flatten lays all maps into one column.",
            wrong=lambda journey: {
                1: "The mean used every cell of its block.",
                2: "A block has 2 times 2 cells.",
                _cells(journey, "fv") // journey.places["A⁴"].array.shape[-3]: "That is one map; there are more.",
            },
            cases=_before("δ³", "fv"),
            hides=TOLD,
            shown=_after,
        ),
        Goal(
            "what makes dK?",
            lambda journey: f"Which two arrays meet in {_kernel(journey)}?",
            right=lambda journey: SECOND if _kernel(journey) == "dK²" else FIRST,
            says="What the layer read on the way down, and the delta at its own output.",
            wrong=lambda journey: {
                MIXED: "A layer's gradient needs its input and the delta at its output.",
                FIRST: "Those belong to the first layer.",
                SECOND: "Those belong to the second convolution.",
            },
            choices=(FIRST, SECOND, MIXED),
            cases=_before("dK²", "dK¹"),
            hides=COVERED,
            shown=_after,
        ),
    ),
)
