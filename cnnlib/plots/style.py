"""The course's figures look alike on every machine: the reader's own Matplotlib settings do not reach them.

A ``matplotlibrc`` file may turn images upside down (``image.origin: lower``) or send all text through LaTeX.  So
:data:`STYLE` first sets everything to Matplotlib's defaults, and then applies ``course.mplstyle``.  A notebook
calls ``plt.style.use(figures.STYLE)`` once; :func:`in_course_style` applies it for one function.
"""

import functools
from collections.abc import Callable

import matplotlib
from matplotlib import style

STYLE = ("default", "cnnlib.plots.course")  # for matplotlib.style.use; a later one adds to an earlier one
WINDOWS = ("backend", "interactive", "toolbar", "tk.", "macosx.", "webagg.", "keymap.", "savefig.directory",
           "timezone", "date.epoch", "docstring.", "figure.raise_window", "figure.max_open_warning")  # fmt: skip


def in_course_style(function: Callable) -> Callable:
    """``function``, run under the settings of the course, which are undone when it returns."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        if _in_course_style_already():
            return function(*args, **kwargs)
        with matplotlib.rc_context(_settings()):
            return function(*args, **kwargs)

    return run


@functools.cache
def _settings():
    """Every setting that affects a picture, as STYLE sets it; those of windows stay the reader's own."""
    with matplotlib.rc_context():
        style.use(list(STYLE))
        return {name: matplotlib.rcParams[name] for name in matplotlib.rcParams if not name.startswith(WINDOWS)}


def _in_course_style_already():
    now = matplotlib.rcParams
    return all(now[name] == value for name, value in _settings().items())
