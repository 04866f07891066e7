"""What a view of ours needs beyond anywidget: checks of its values, classes that follow its widget, a quiet end.

A value that code or the browser gives is checked: a bad one raises an error and is not kept.  traitlets restores
the old value only where its check raises a TraitError; after any other error the widget keeps the bad value, and
breaks at its next drawing.
"""

import functools
from collections.abc import Callable
from importlib import resources

import traitlets

_FILES = resources.files(__package__)


class BadValueError(traitlets.TraitError, ValueError):
    """A trait was given a value that does not fit.  In a notebook it can be caught as a ValueError."""


def check(*names: str) -> Callable[[Callable], traitlets.EventHandler]:
    """Mark a method (self, proposal) as the check of traits, as traitlets.validate does.

    The method returns the value to keep; its error becomes a :class:`BadValueError`, and the trait keeps its old
    value.
    """

    def mark(method):
        @functools.wraps(method)
        def checked(self, proposal):
            try:
                return method(self, proposal)
            except (TypeError, ValueError, OverflowError) as error:
                raise error if isinstance(error, BadValueError) else BadValueError(str(error)) from error

        return traitlets.validate(*names)(checked)

    return mark


def script(name: str, package: str = __package__) -> str:
    """The script ``name`` of a package, with ``followClasses`` and ``savingTo`` before it."""
    files = _FILES / "classes.js", _FILES / "saving.js", resources.files(package) / name
    return "".join(file.read_text(encoding="utf-8") for file in files)
