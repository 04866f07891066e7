"""Does the browser keep up?  A panel that plays asks before it draws the next frame.

A kernel can send frames faster than a busy browser paints them.  They would queue up, and a pause would
show only when the queue is empty.  So each frame ends with a beat, and the browser answers once it is painted.
"""

import asyncio
import time

import anywidget
import ipywidgets as widgets
import traitlets

PATIENCE = 1.0  # seconds; a hidden tab paints nothing and never answers


class Heartbeat(anywidget.AnyWidget):
    """Unseen.  ``beat()`` after a frame was sent; ``await answered()`` before the next one is."""

    _esm = """
    export default { render({ model, el }) {
      const painted = () => { model.set("seen", model.get("sent")); model.save_changes(); };
      const answer = () => requestAnimationFrame(painted);
      model.on("change:sent", answer);
      return () => model.off("change:sent", answer);
    } }"""

    sent = traitlets.Int(0).tag(sync=True)
    seen = traitlets.Int(0).tag(sync=True)

    def __init__(self):
        super().__init__(layout=widgets.Layout(display="none"))
        self._since = 0.0

    def beat(self):
        """The frame is on its way."""
        self.sent += 1
        self._since = time.perf_counter()

    async def answered(self):
        """Wait until the browser has painted the last frame, but no longer than PATIENCE."""
        while self.seen < self.sent and time.perf_counter() - self._since < PATIENCE:
            await asyncio.sleep(0.005)
