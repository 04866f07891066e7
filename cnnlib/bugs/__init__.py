"""What goes wrong in hand-written backward passes, and which check sees it.

* ``catalogue``: every bug by its key, and ``plant``, which builds it into a copy of a net
* ``broken_layers``: the layers with one wrong line each
* ``update_effect``: what a bug does to one update
* ``detectors``: which test sees it, and which is blind
* ``training_results``: whether the net still trains
"""

from .catalogue import BUGS, NONE, Bug, plant

__all__ = ["BUGS", "NONE", "Bug", "plant"]
