"""Does the browser keep up?  A panel that plays asks at intervals, and waits for a browser that is behind.

A kernel can send frames faster than a busy browser paints them.  They would queue up, and a pause would
show only when the queue is empty.  So some frames end with a beat, which the browser answers once it has painted
them.  Not every frame has one: an answer makes JupyterLab show the kernel busy and idle again, which costs as much
as a frame.  :func:`quiet_switch` is the switch for a panel that draws seldom.
"""

import asyncio
import os
import time

import anywidget
import ipywidgets as widgets
import traitlets

from .traits import script

EVERY = 0.2  # seconds from one beat to the next
LAG = 0.12  # seconds that the browser may be behind: a few frames
PATIENCE = 1.0  # seconds that a frame is waited for
GONE = 90.0  # seconds without an answer after which the tab is closed; one that is hidden answers once a minute


class Heartbeat(anywidget.AnyWidget):
    """An invisible widget: call ``beat()`` after sending a frame, and ``await answered()`` before the next one."""

    _esm = script("heartbeat.js")

    sent = traitlets.Int(0).tag(sync=True)
    seen = traitlets.Int(0).tag(sync=True)
    reduced = traitlets.Bool(False).tag(sync=True)  # the browser asks for less motion

    def __init__(self):
        super().__init__(layout=widgets.Layout(display="none"))
        self._since = self._asked = 0.0
        self._gone = lambda: None

    def when_gone(self, action):
        """Call ``action`` when a browser that answered before is silent for GONE seconds: its tab was closed."""
        self._gone = action

    def beat(self):
        """Ask whether the frame just sent was painted, unless the last question is recent."""
        if self._age() > (EVERY if self.seen >= self.sent else PATIENCE):
            self._since = time.perf_counter()
            if self.seen >= self.sent:
                self._asked = self._since
            self.sent += 1

    async def answered(self):
        """Wait while the browser is more than LAG behind, but no longer than PATIENCE."""
        if 0 < self.seen < self.sent and time.perf_counter() - self._asked > GONE:
            self._gone()
        while self.seen < self.sent and LAG < self._age() < PATIENCE:
            await asyncio.sleep(0.005)

    def _age(self):
        return time.perf_counter() - self._since


def quiet_switch(heart: Heartbeat) -> widgets.Checkbox:
    """The switch for low CPU and less motion.

    It is on at first where the browser asks for less motion, and on a JupyterHub, whose cores a class shares: a hub
    is known by the variable that it gives to every server it starts.
    """
    shared = "JUPYTERHUB_SERVICE_PREFIX" in os.environ
    switch = widgets.Checkbox(description="low CPU, less motion", indent=False, value=shared)
    heart.observe(lambda _change: switch.set_trait("value", True), "reduced")
    return switch
