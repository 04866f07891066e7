"""What the reader meets on his way through the course, beyond notebooks and panels.

    elements, capture     a control that needs no kernel; what a cell shows, as HTML
    predictions           a question that is answered before its answer is shown, and the record of each

"""

from .predictions import predict

__all__ = ["predict"]
