"""The quiz at the end of a notebook: a few questions, each wrong answer with the reason why it is wrong.

``ask("01")`` shows the questions of ``quizzes/01.json`` with jupyterquiz; the exam's come in groups, "14-1" to
"14-4".  An answer stays in the browser and never reaches the kernel.  jupyterquiz would load MathJax from the web
where a page has another version than it expects, so that part of its script is switched off: nothing is fetched.
Questions hold no TeX.
"""

import json
from importlib import resources

from ..plots.colours import JUDGED, PAGE, QUESTION, THIN, WHITE, style
from ..plots.html import STAR_FONT

FOLDER = resources.files(__package__) / "quizzes"

# Readable on light and on dark paper; jupyterquiz has one set of colours for both.
COLOURS = {
    "--jq-multiple-choice-bg": QUESTION,
    "--jq-many-choice-bg": QUESTION,
    "--jq-text-color": WHITE,
    "--jq-mc-button-bg": PAGE,
    "--jq-mc-button-border": THIN,
    "--jq-correct-color": JUDGED["right"][0],
    "--jq-incorrect-color": JUDGED["wrong"][0],
}
STYLE = style(STAR_FONT + """.Quiz { font-family: "course star", var(--jp-content-font-family, sans-serif); }
.Quiz.Quiz { margin-left: 0; margin-right: auto; } /* where the text is, on a wide screen, too */
.Quiz .MCButton { color: var(--cnn-text); line-height: 1.35; font-size: 17px; gap: .5em; }
.Quiz .MCButton input { width: 18px; height: 18px; flex: none; margin: 0; }
.Quiz .MCButton:focus-within { outline: 3px solid var(--cnn-focus); outline-offset: 1px; }
.Quiz .MCButton.correctButton, .Quiz .MCButton.incorrectButton { color: white; }
.Quiz .MCButton.correctButton::after { content: "✓"; font-weight: bold; }
.Quiz .MCButton.incorrectButton::after { content: "✗"; font-weight: bold; }
.Quiz .MultipleChoiceQn, .Quiz .ManyChoiceQn { line-height: 1.35; font-size: 18px; }
.Quiz .Feedback { font-size: 17px; line-height: 1.35; text-align: left; min-height: 2.8em; }
.Quiz .Feedback.correct { color: var(--cnn-right); }
.Quiz .Feedback.incorrect { color: var(--cnn-wrong); }
""")
# The arrow keys go from answer to answer, and Space gives one.  Without this, JupyterLab would take them to move
# from cell to cell, and a browser would give every answer that is passed.
KEYS = """
if (!window.cnnQuizKeys) {
  window.cnnQuizKeys = true;
  window.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || !event.target.matches?.(".Quiz input")) return;
    event.preventDefault();
    event.stopPropagation();
    const answers = [...event.target.closest(".Quiz").querySelectorAll("input")];
    answers.at((answers.indexOf(event.target) + step) % answers.length).focus();
  }, true); // on its way down, before JupyterLab
}
"""


def questions(name):
    """The questions of a notebook, as jupyterquiz takes them; ``name`` is its number, such as "01"."""
    known = sorted(file.name.removesuffix(".json") for file in FOLDER.iterdir() if file.name.endswith(".json"))
    if name not in known:
        raise ValueError(f"there is no quiz {name!r}; there are {', '.join(known)}")
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def ask(name):
    """Show the quiz of a notebook: ``ask("01")``.

    Raises
    ------
    ValueError
        For a notebook that has none.
    """
    from IPython.display import HTML, Javascript, display
    from IPython.utils.capture import capture_output
    from jupyterquiz import display_quiz

    asked = questions(name)
    with capture_output() as captured:
        display_quiz(asked, shuffle_answers=False, max_width=860, border_radius=6, colors=COLOURS)
    shown = [output.data for output in captured.outputs]
    display(HTML("".join(data.get("text/html", "") for data in shown) + STYLE))
    script = "".join(data.get("application/javascript", "") for data in shown)
    display(Javascript(script.replace("typeof MathJax", "typeof undefined") + KEYS))
