"""The bug lab: choose a bug, predict its effect, and see which test finds it, how it trains, and where it steps.

Curves, test errors and cosines are those of the table that was measured once
(:mod:`cnnlib.bugs.training_results`); the verdicts
are measured when they are shown; "Train it live" runs the 1,200 updates again, for any of the five seeds.
"""

import ipywidgets as widgets

from cnnlib.bugs import catalogue as bugs
from cnnlib.bugs import training_results
from cnnlib.bugs.detectors import slopes
from cnnlib.plots.number_format import percent

from ..parts.controls import button, dropdown, toggle
from ..parts.explorer import Explorer
from ..parts.heartbeat import Heartbeat, quiet_switch
from ..parts.player import when_unseen
from . import view
from .live_run import LiveRun

QUESTION = "<b style='font-size:17px'>Five nets are trained with the wrong line. What will happen?</b>"
ANSWERS = (training_results.AS_WELL, training_results.WORSE, training_results.NOT_AT_ALL)


class BugLab(Explorer):
    """``BugLab()``, or ``BugLab(digits)`` where :func:`cnnlib.data.load_digits` was called already.

    Until an answer is chosen, the verdicts stay hidden; another bug asks again.  A live run ends at once when its
    button is pressed, when another bug or seed is chosen, and when no view of the lab is left.
    """

    def __init__(self, digits=None):
        self.heart = Heartbeat()
        self.live = LiveRun(digits, self.draw_live, self._painted)
        self._build_controls()
        self._build_texts()
        left = widgets.VBox([self.bug, self.cosines], layout=widgets.Layout(flex="0 0 328px"))
        beside = widgets.VBox([self.seed, self.train, self.low_cpu, self.status],
                              layout=widgets.Layout(margin="20px 0 0 8px", width="214px"))  # fmt: skip
        below = widgets.HBox([self.curves, beside])
        right = [self.line, self.question, self.answer, self.comparison, self.verdicts, below]
        rows = [widgets.HBox([left, widgets.VBox(right, layout=widgets.Layout(flex="1 1 590px"))]), self.heart]
        super().__init__(rows, {"bug": self.bug, "answer": self.answer, "seed": self.seed})
        self.add_class("cnn-bug-lab")
        when_unseen(self, self._stop_live)
        self.heart.when_gone(self._stop_live)
        self._shown = None
        slopes()  # takes a tenth of a second, now and not at the first answer
        self.draw()

    def draw(self):
        """Draw all for the chosen bug and answer; a new bug withdraws the answer, a new choice ends a run."""
        chosen = self.bug.value, self.seed.value
        if chosen != self._shown:
            other = self._shown is not None and self._shown[0] != chosen[0]
            self._shown = chosen
            self.live.forget()
            if other and self.answer.value is not None:
                self.answer.value = None  # draws
                return
        key, answer = self.bug.value, self.answer.value
        self.line.value = view.changed_line(key)
        self.comparison.value = view.comparison(key, answer)
        self.verdicts.value = view.verdict_table(key, answer is not None)
        self.cosines.value = view.bars(key, answer is not None)
        self.draw_live()

    def draw_live(self):
        """Draw what a live run changes: the curves, the button and the line of words."""
        shown, live = self.answer.value is not None, self.live
        self.curves.value = view.curves(self.bug.value, shown, live.losses)
        self.train.disabled = not shown
        self.train.description, self.train.icon = ("Stop", "stop") if live.running else ("Train it live", "play")
        words = ""
        if live.losses or live.running:
            words = f"update {len(live.losses):,} of {training_results.UPDATES:,}"
        if live.losses:
            words += f"<br>loss {live.losses[-1]:.3f}"
        if live.test_error is not None:
            kept = training_results.table()["test_error"][self.bug.value][self.seed.value]
            words += f"<br>test error <b>{percent(live.test_error)}</b>, in the table {percent(kept)}"
        self.status.value = f'<div class="cnn-said">{words}</div>'
        self.heart.beat()

    def close(self):
        """Stop, and take the lab and all its parts away."""
        self.live.stop()
        super().close()

    def _toggle(self, _button):
        if self.live.running:
            self.live.stop()
        else:
            self.live.start(self.bug.value, self.seed.value)
        self.draw_live()

    def _stop_live(self):
        self.live.stop()
        self.draw_live()

    async def _painted(self):
        if self._view_count:
            await self.heart.answered()

    def _build_controls(self):
        options = [(bug.sentence, key) for key, bug in bugs.BUGS.items()]
        place = widgets.Layout(width="322px", height="392px")  # all of them, so that none is out of sight
        self.bug = widgets.Select(options=options, rows=len(options), layout=place, tooltip="the bug to plant")
        self.answer = toggle("", ANSWERS, value=None)
        self.seed = dropdown("seed", training_results.SEEDS, "110px")
        self.train = button("play", "train a net with this bug now", width="160px")
        self.train.on_click(self._toggle)
        self.low_cpu = quiet_switch(self.heart)
        self.live.quiet = self.low_cpu.value
        self.low_cpu.observe(lambda change: setattr(self.live, "quiet", change["new"]), "value")

    def _build_texts(self):
        def text(height):
            return widgets.HTML(layout=widgets.Layout(min_height=height))

        self.line, self.question, self.comparison = text("52px"), widgets.HTML(QUESTION), text("50px")
        self.verdicts, self.cosines, self.curves, self.status = map(text, ("180px", "204px", "176px", "80px"))
