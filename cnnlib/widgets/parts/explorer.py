"""The base of every explorer: controls, and one picture that follows them.

A control changes a setting, ``draw`` computes with the library and shows the result.  The controls are
listed in ``controls``, so that a test and a benchmark can move each one through its whole range.
"""

import ipywidgets as widgets

from .closing import close_with_parts
from .goals import Goals, light
from .keys_and_names import Fit, MenuKeys, Names
from .reopened import Reopened
from .transport import Transport


class Explorer(Reopened, widgets.VBox):
    """Rows of widgets with named ``controls``; a subclass gives ``draw`` and calls it once it is built.

    Above them stand the goals of its ``task``, where it has one.

    Space, the arrow keys and Home reach the transport bar from anywhere in the explorer; a menu keeps its keys.
    """

    task = None  # a Task of cnnlib.widgets.parts.goals: what to do first, and what to find out

    def __init__(self, rows, controls):
        self.controls = controls
        self.goals = Goals(self, self.task) if self.task else None
        super().__init__([*([self.goals] if self.goals else []), *rows, MenuKeys(), Names(), Fit()])
        if self.goals:
            first = controls[self.task.light]
            light(first, _trait(first), lambda: self.goals.set_trait("begun", True))
        self.add_class("cnn-explorer")
        for control in controls.values():
            control.observe(lambda _change: self.draw(), _trait(control))

    def draw(self):
        """Bring the picture up to date with the controls."""
        raise NotImplementedError

    def close(self):
        """Take the explorer and all its parts away."""
        close_with_parts(self)


def values_of(control):
    """Every value a control can take, in order."""
    if isinstance(control, Transport):
        return range(control.count)
    if hasattr(control, "options"):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if hasattr(control, "step"):
        return range(control.min, control.max + 1, control.step)
    return (False, True)


def move(control, value):
    """Set a control as a person would."""
    setattr(control, _trait(control), value)


def _trait(control):
    return "position" if isinstance(control, Transport) else "value"
