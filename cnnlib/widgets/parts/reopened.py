"""The line that replaces an explorer when a saved notebook is opened again.

An explorer exists only in the kernel.  JupyterLab writes "model not found" where one was, so a line beside it
explains what to do.  It hides itself as long as the explorer is there.
"""

from IPython.display import HTML, display

LINE = """<style>.cnn-reopened { display: none }
.jp-OutputArea:not(:has(.cnn-explorer, .cnn-training)) .cnn-reopened { display: block; padding: .3em 0 }</style>
<div class="cnn-reopened">Explorers live in the kernel: <b>run this cell</b> to bring this one back, or
Run ▸ Run All Cells for all of them.</div>"""


class Reopened:
    """Mixed into a widget: displays the line, then the widget."""

    def _ipython_display_(self):
        display(HTML(LINE))
        display(self._repr_mimebundle_(), raw=True)
