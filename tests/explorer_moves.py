"""Moving an explorer as a person would, over everything that it can be set to."""

import numpy as np

from cnnlib.widgets.parts.explorer import move, values_of


def control_value(control):
    """What a control is set to."""
    return control.position if hasattr(control, "position") else control.value


def move_at_random(control, rng):
    """Set a control to one of its values."""
    values = list(values_of(control))
    move(control, values[rng.integers(len(values))])


def through_whole_range(explorer, check):
    """Each control through all its values, the others as they are at first; ``check(explorer)`` after each move."""
    for control in explorer.controls.values():
        start = control_value(control)
        for value in list(values_of(control)):
            move(control, value)
            check(explorer)
        move(control, start)


def through_combinations(explorer, check, *, seed=0, each_move=False):
    """All controls to random values, 200 times; ``check(explorer)`` after each time, or after each move."""
    rng = np.random.default_rng(seed)
    for _ in range(200):
        for control in explorer.controls.values():
            move_at_random(control, rng)
            if each_move:
                check(explorer)
        check(explorer)
