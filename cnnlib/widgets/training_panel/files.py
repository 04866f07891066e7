"""Save and Load of the training panel: the run goes to a file and comes back, and the panel says how it went."""

import html
from pathlib import Path

from cnnlib.experiments.run_files import load_run, read_run, save_run
from cnnlib.models import RECIPES


class TrainingFiles:
    """The part of :class:`cnnlib.widgets.training_panel.panel.TrainingPanel` that its two file buttons call."""

    def _with_file(self, action):
        """Save or load, and say below the buttons how it went."""
        path = Path(self.file.value.strip()).expanduser()
        try:
            said = action(path)
        except (OSError, ValueError) as error:
            said = f"✗ {html.escape(str(error))}"
        self.file_says.value = f'<div role="status" style="line-height:1.4">{said}</div>'

    def _save(self, path):
        if path.is_file():
            read_run(path)  # another kind of file is not written over
        save_run(path, self.run, self.net.value)
        return f"✓ update {self.run.head:,} saved in {html.escape(path.name)}, {path.stat().st_size / 1e6:.1f} MB"

    def _load(self, path):
        arrays = read_run(path)
        net = str(arrays["net"])
        run = self._new_run(net if net in RECIPES else self.net.value)
        load_run(path, run, arrays)
        self._setting = True
        self.net.value = net
        self._setting = False
        self._take(run)
        return f"✓ update {run.head:,} of {html.escape(path.name)}; Play goes on from there"
