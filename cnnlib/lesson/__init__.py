"""What the reader meets on his way through the course, beyond notebooks and panels.

    elements, capture     a control that needs no kernel; what a cell shows, as HTML
    predictions           a question that is answered before its answer is shown, and the record of each
    row                   the row in motion, which opens the course
"""

from .predictions import predict
from .row import row

__all__ = ["predict", "row"]
