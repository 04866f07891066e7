"""Times from runs in turn: candidate, peer, candidate, peer, …, so that whatever slows the machine slows both.

A round asks every runner once, in an order that moves on from round to round.  What is reported of a runner is the
median of its rounds and the quartiles; of two runners the median of the ratios of the same round, which two medians
taken minutes apart would not give.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Times(NamedTuple):
    """What one runner took, in seconds, one entry a round."""

    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles: half of the rounds lie between them."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high

    def times_as_fast_as(self, peer: "Times") -> float:
        """The median over the rounds of (the peer's seconds / these seconds); above 1 this one is faster."""
        return statistics.median(theirs / mine for mine, theirs in zip(self.seconds, peer.seconds, strict=True))


def in_turn(runners: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Times]:
    """{name: Times}: each runner once a round; a runner returns its own seconds.  No two run at the same time."""
    names, spent = list(runners), {name: [] for name in runners}
    for k in range(rounds):
        start = k % len(names)  # nobody is always the one after the slowest
        for name in names[start:] + names[:start]:
            spent[name].append(runners[name]())
    return {name: Times(seconds) for name, seconds in spent.items()}


def timed(action: Callable[[], object], repeats: int = 1, clock: Callable[[], float] = time.perf_counter):
    """A runner: the seconds that a call of ``action`` takes, as the mean of ``repeats`` in a row."""

    def run():
        started = clock()
        for _ in range(repeats):
            action()
        return (clock() - started) / repeats

    return run
