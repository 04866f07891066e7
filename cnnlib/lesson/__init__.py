"""Questions, checks and pictures that the notebooks ask and show in the course of a lesson.

* ``elements``, ``capture``: a control that needs no kernel; what a cell shows, as HTML
* ``predictions``: a question that is answered before its answer is shown, and the record of each
* ``row``: the row in motion, which opens the course
* ``strip``: the change of index with numbers: what formula and code call each place of one window
* ``verdict``: a check that shows what it compares: two maps, the cells that differ, one sentence
* ``proof_lines``: the four lines of the proof, with reasons
* ``blackboard``, ``rewrite``: the proof line by line, and again from memory
* ``pytorch``: what PyTorch computes, now or as recorded (imported by itself)
* ``stake``: two nets trained, one of them without the turn (imported by itself)
"""

from .blackboard import blackboard
from .predictions import predict
from .rewrite import rewrite
from .row import row
from .strip import strip
from .verdict import differ, equal

__all__ = ["blackboard", "differ", "equal", "predict", "rewrite", "row", "strip"]
