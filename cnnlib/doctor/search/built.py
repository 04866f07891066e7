"""Layers to look at, not to run: one for all calls of a constructor that hand over the same values."""

from ..patient.context import Context
from ..patient.session import Session
from ..running import LayerError
from ..settings import Case

BOTH = {"settings", "bag", "node"}  # what may be asked for arrays in any layout
OF_X, OF_K = {"X", *BOTH}, {"K", "b", *BOTH}  # meanings whose values are laid out as X is, and as K is
MOST_IN_VAIN = 1000  # different calls that failed, after which nobody thinks that one will end


class Built:
    """The layers of one subject that were built, by what the constructor was handed.

    Most layouts make no difference to a constructor: a size is the same in all of them.  What raised in one of
    them raises in all.
    """

    def __init__(self, subject, anything: bool):
        self.subject, self.anything, self.known, self.seen, self.any = subject, anything, {}, {}, False

    @property
    def in_vain(self) -> bool:
        """Whether so many calls have failed, and none has ended, that no other is worth a try."""
        return not self.any and len(self.known) > MOST_IN_VAIN

    def layer(self, plan, probe):
        """A layer that this plan builds in the setting of a probe; LayerError where its constructor fails."""
        key = (probe, id(plan.make), *self._laid_out(plan, probe))
        if key not in self.known:  # with the way to call it, whose identity no other then gets
            self.known[key] = (*self._built(plan, probe), plan.make)
        layer, error, _ = self.known[key]
        if error is not None:
            raise error
        return layer

    def look(self, function, layer, *more):
        """``function(layer, *more)``, worked out once for each of these layers."""
        key = (function, id(layer), *more)
        if key not in self.seen:
            self.seen[key] = function(layer, *more)
        return self.seen[key]

    def _laid_out(self, plan, probe):
        """What of the values that the constructor is handed depends on the layouts of X and K."""
        meant = {meaning for meaning, _ in plan.make.values()}
        shapes = [(name, way) for name, way in plan.make.items() if way[0] == "input shape"]
        context = Context(Case.of(probe), plan) if shapes else None
        yield tuple(context.value(*way, name) for name, way in shapes)
        yield plan.X if meant & OF_X or self.anything else None
        yield plan.K if meant & OF_K or self.anything else None

    def _built(self, plan, probe):
        try:
            layer = Session(self.subject, plan, Case.of(probe)).layer
        except LayerError as error:
            return None, error
        self.any = True
        return layer, None
