"""Checks of what a widget is told, by code or by the browser: a bad value is answered in words and never kept.

traitlets takes a value back only where its check raises a TraitError; after any other error the widget keeps the
bad value, and breaks at its next drawing.
"""

import functools
from collections.abc import Callable

import traitlets


class BadValueError(traitlets.TraitError, ValueError):
    """A trait was given what it cannot take.  It is a ValueError for whoever calls from a notebook."""


def check(*names: str) -> Callable[[Callable], traitlets.EventHandler]:
    """Mark a method (self, proposal) as the check of traits, as traitlets.validate does.

    The method returns the value to keep; what it raises in words becomes a :class:`BadValueError`, after which the
    trait has the value that it had.
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
