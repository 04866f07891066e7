"""Save and Load of the training panel: the run is written to a file or read from it, and the panel reports it."""

import html
from pathlib import Path

from cnnlib.experiments.run import Run
from cnnlib.experiments.run_files import Head, describe, load_run, read_head, save_run
from cnnlib.models import RECIPES
from cnnlib.without_blas import PLATFORM

MOVED = "it was trained on another platform, which rounds in another way, so new numbers part in their last digits"


class TrainingFiles:
    """The part of :class:`cnnlib.widgets.training_panel.panel.TrainingPanel` that its two file buttons call."""

    def _with_file(self, action):
        """Save or load, and report below the buttons how it went."""
        try:
            outcome = action(_path(self.file.value.strip()))
        except (OSError, ValueError, MemoryError) as error:
            outcome = f"✗ {html.escape(str(error) or type(error).__name__)}"
        self.file_says.value = f'<div role="status" style="line-height:1.4">{outcome}</div>'

    def _save(self, path):
        if path.is_file():
            read_head(path)  # no other kind of file is overwritten
        save_run(path, self.run, self.net.value)
        return f"✓ update {self.run.head:,} saved in {html.escape(path.name)}, {path.stat().st_size / 1e6:.1f} MB"

    def _load(self, path):
        head = read_head(path)
        net, run = self._matching(path, head)
        load_run(path, run)
        with self._by_itself():
            self.net.value = net
        self._take(run)
        moved = "" if head.platform == PLATFORM else f"; {MOVED}"
        return f"✓ update {run.head:,} of {html.escape(path.name)}; Play goes on from there{moved}"

    def _matching(self, path, head: Head):
        """(name, new run) of the net that a file was saved from; if the file names none, of the one that fits."""
        if head.net and head.net not in RECIPES:
            raise ValueError(f"{path}: its net is called {head.net!r:.60}; the panel has {', '.join(RECIPES)}")
        for net in [head.net] if head.net else RECIPES:
            try:
                run = Run(self._digits, build=RECIPES[net].build, **head.settings)
            except TypeError:  # other names than those of Run
                raise ValueError(f"{path}: its settings {head.settings!s:.100} are not those of a run") from None
            if head.net or describe(run) == head.description:
                return net, run
        raise ValueError(f"{path}: saved from {head.description}; none of the panel's nets is that one")


def _path(text):
    """The path that was typed; ValueError where it begins with the name of a user who is not known here."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"{text}: there is no home folder for {text.split('/')[0]}") from None
