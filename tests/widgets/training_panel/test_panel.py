"""The training panel in a live kernel, driven by the messages a front end would send; no browser."""

import asyncio
import json
import time

import nbformat
import pytest
from ipywidgets.widgets.widget import _instances
from jupyter_client.manager import start_new_kernel

from cnnlib.data import Digits, load_digits
from cnnlib.widgets.training_panel.controls import AS_FAST
from cnnlib.widgets.training_panel.panel import SPEEDS, TrainingPanel

BUILD = """
from cnnlib import data
from cnnlib.widgets.training_panel.panel import TrainingPanel
digits = data.load_digits()
panel = TrainingPanel(digits, seed=0)
"""


LIT = "panel.diagram_view.html.count('class=' + chr(34) + 'cnn-lit')"  # boxes on the road


class Kernel:
    """A kernel with the panel in it, and what a browser can do to it."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client
        self.run(BUILD)

    def run(self, code):
        """Execute a cell and wait for it."""
        reply = self.client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply["content"]

    def value(self, expression):
        """The JSON value of an expression, asked for between two frames."""
        asking = {"x": f"__import__('json').dumps({expression})"}
        asked = self.client.execute("", user_expressions=asking, silent=True)
        while True:
            reply = self.client.get_shell_msg(timeout=30)
            if reply["parent_header"]["msg_id"] == asked:
                answer = reply["content"]["user_expressions"]["x"]
                assert answer["status"] == "ok", answer
                return json.loads(answer["data"]["text/plain"][1:-1].encode().decode("unicode_escape"))

    def send(self, control, data):
        """A comm message to one of the panel's controls, as the browser sends it."""
        comm = self.value(f"panel.{control}.model_id")
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.client.shell_channel.send(message)

    def click(self, control):
        self.send(control, {"method": "custom", "content": {"event": "click"}})

    def set(self, control, **state):
        self.send(control, {"method": "update", "state": state, "buffer_paths": []})


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def wait_until(kernel, expression, seconds=20):
    end = time.monotonic() + seconds
    while not kernel.value(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        time.sleep(0.05)


def test_play_trains_and_pause_stops_within_a_fifth_of_a_second(kernel):
    kernel.click("bar.play_button")
    wait_until(kernel, "panel.run.head > 5")
    picture = kernel.value("panel.diagram_view.html[-3000:]")
    wait_until(kernel, "panel.run.head > 12")
    assert kernel.value("panel.diagram_view.html[-3000:]") != picture
    quickest = stopping(kernel)
    while quickest >= 0.2 and kernel.value("panel.run.head") < 60:  # the machine may have been busy elsewhere
        kernel.click("bar.play_button")
        quickest = min(quickest, stopping(kernel))
    assert quickest < 0.2
    stopped = kernel.value("panel.run.head")
    time.sleep(0.5)
    assert kernel.value("panel.run.head") == stopped


def stopping(kernel):
    """Seconds from a click on Pause until the panel no longer plays."""
    wait_until(kernel, "panel.playing")
    started = time.monotonic()
    kernel.click("bar.play_button")
    assert not kernel.value("panel.playing")
    return time.monotonic() - started


def test_step_and_scrub_and_return(kernel):
    head = kernel.value("panel.run.head")
    kernel.click("bar.forward")
    wait_until(kernel, f"panel.run.head == {head + 1}")
    now = kernel.value("panel.diagram_view.html[-3000:]")
    kernel.set("bar.scrubber", value=3)
    wait_until(kernel, "panel.run.cursor == 3")
    assert "update 3" in kernel.value("panel.status.value")
    assert kernel.value("panel.diagram_view.html[-3000:]") != now
    kernel.click("bar.back")
    wait_until(kernel, "panel.run.cursor == 2")
    kernel.click("bar.first")
    wait_until(kernel, "panel.run.cursor == 0")
    kernel.click("bar.last")
    wait_until(kernel, f"panel.run.cursor == {head + 1}")
    kernel.set("bar.scrubber", value=1000)  # not trained yet: it snaps back to the newest update
    wait_until(kernel, f"panel.run.cursor == {head + 1} and panel.bar.scrubber.value == {head + 1}")


def test_chosen_digit_and_slice_are_shown(kernel):
    kernel.set("digit", index=7)
    wait_until(kernel, "'a handwritten 7' in panel.diagram_view.html")
    kernel.set("sample", value=2)
    kernel.set("to_map", index=3)
    kernel.set("from_map", index=1)
    wait_until(kernel, "'from map 2 to map 4' in panel.diagram_view.html")
    assert kernel.value("panel._image()[1]") == 7


def test_cells_run_while_it_plays_and_the_speed_can_change(kernel):
    kernel.set("bar.speed", index=list(SPEEDS).index("5 updates a second"))
    kernel.click("bar.play_button")
    kernel.run("during = panel.playing, panel.run.head")
    assert kernel.value("during[0]")
    kernel.set("bar.speed", index=list(SPEEDS).index("as fast as it goes"))
    wait_until(kernel, "panel.run.head > during[1] + 10")
    kernel.click("bar.play_button")
    assert not kernel.value("panel.playing")


def test_skip_over_the_plateau_and_play_on(kernel):
    kernel.run("panel.play(skip_to=60)")
    wait_until(kernel, "panel.run.head > 60")
    assert kernel.value("panel.playing") and kernel.value("panel.run.on_plateau()")
    wait_until(kernel, "'on the plateau' in panel.status.value")
    assert kernel.value("panel.skip.layout.visibility") == "visible"
    kernel.click("skip")
    wait_until(kernel, "panel.run.head > 70 and panel.skip.layout.visibility == 'hidden'")
    kernel.click("bar.play_button")
    assert not kernel.value("panel.playing")


def test_play_from_the_past_replays_before_it_trains(kernel):
    head = kernel.value("panel.run.head")
    kernel.set("bar.speed", index=list(SPEEDS).index("5 updates a second"))
    kernel.click("bar.first")
    kernel.click("bar.play_button")
    wait_until(kernel, "panel.run.cursor > 2")
    assert kernel.value("panel.run.head") == head
    kernel.click("bar.play_button")


def test_start_over_with_another_seed(kernel):
    kernel.set("seed", value=5)
    kernel.click("restart")
    wait_until(kernel, "panel.run.head == 0 and panel.run.seed == 5")
    assert "update 0" in kernel.value("panel.status.value")


def test_it_stops_when_no_view_is_left(kernel):
    kernel.run("panel._view_count = 1")
    kernel.click("bar.play_button")
    wait_until(kernel, "panel.playing")
    kernel.run("panel._view_count = 0")
    assert not kernel.value("panel.playing")


def test_an_interrupt_of_the_kernel_pauses_what_plays(kernel):
    kernel.click("bar.play_button")
    wait_until(kernel, "panel.playing and panel.run.head > 3")
    time.sleep(0.5)
    kernel.manager.interrupt_kernel()
    wait_until(kernel, "not panel.playing and panel.bar.play_button.description == 'Play'", seconds=5)
    kernel.click("bar.play_button")  # and it plays again
    wait_until(kernel, "panel.playing")
    kernel.click("bar.play_button")
    wait_until(kernel, "not panel.playing")
    kernel.manager.interrupt_kernel()  # nothing plays: nothing happens
    time.sleep(0.3)
    assert not kernel.value("panel.playing")


def test_an_interrupt_of_the_kernel_pauses_the_bar_of_an_explorer_too(kernel):
    kernel.run("from cnnlib.widgets.explorers.rotator import Rotator\nrotator = Rotator()")
    kernel.run("rotator.bar = rotator.controls['turn']\nrotator.bar.speed.value = 'slow'\nrotator.bar.play()")
    wait_until(kernel, "rotator.bar.playing and rotator.bar.position > 1")
    time.sleep(0.5)
    kernel.manager.interrupt_kernel()
    wait_until(kernel, "not rotator.bar.playing and rotator.bar.play_button.description == 'Play'", seconds=5)
    assert kernel.value("0 < rotator.bar.position < rotator.bar.count - 1")
    kernel.run("rotator.close()")


def test_it_stops_when_the_tab_was_closed(kernel):
    """A closed tab sends nothing at all: the count of views stays, the browser no longer answers."""
    kernel.run("from cnnlib.widgets.parts import heartbeat\nheartbeat.GONE = 1.5\npanel._view_count = 1")
    kernel.click("bar.play_button")
    wait_until(kernel, "panel.heart.sent > panel.heart.seen")
    kernel.set("heart", seen=kernel.value("panel.heart.sent"))  # there is a browser
    wait_until(kernel, "panel.playing and panel.heart.sent > panel.heart.seen")
    wait_until(kernel, "not panel.playing", seconds=10)
    kernel.run("heartbeat.GONE = 90.0\npanel._view_count = 0")


def test_a_browser_that_is_behind_is_waited_for(kernel):
    kernel.set("bar.speed", index=list(SPEEDS).index("1 update a frame"))
    kernel.run("panel._view_count = 1")
    before = kernel.value("panel.heart.sent")
    kernel.click("bar.play_button")
    wait_until(kernel, f"panel.heart.sent == {before + 1}")
    time.sleep(0.6)
    assert kernel.value("panel.heart.sent") == before + 1  # what comes next waits for an answer to this one
    kernel.set("heart", seen=before + 1)
    wait_until(kernel, f"panel.heart.sent > {before + 1}")
    kernel.click("bar.play_button")
    kernel.run("panel._view_count = 0")


def test_a_chosen_delta_lights_up_what_it_is_made_of(kernel):
    assert "Choose a number" in kernel.value("panel.says.value")
    kernel.set("diagram_view", spot=[3, "backward", 2, 5, 7])
    wait_until(kernel, "'δ²(3)[5,7] = ' in panel.says.value")
    # Windows in δ³, slices of K² as it is and turned, and in each lane the large slice both ways: it follows.
    assert kernel.value(LIT) == 12 + 12 + 12 + 4 and kernel.value("panel.from_map.value") == 3
    kernel.set("from_map", index=0)
    wait_until(kernel, f"{LIT} == 36")  # this one takes no part
    assert kernel.value("panel.diagram_view.html.count('chosen-cell')") == 1 + 1  # and its rule in the style
    for nonsense in ([3, "backward", 99, 5, 7], [0, "backward", 0, 0, 0], [3, "sideways", 0, 0, 0]):
        kernel.set("diagram_view", spot=nonsense)
        wait_until(kernel, "'Choose a number' in panel.says.value")
    kernel.set("diagram_view", spot=None)


def test_a_drawing_goes_through_the_net_and_has_a_label_of_its_own(kernel):
    kernel.set("sketch", strokes=[[[0.5, 0.1], [0.5, 0.5], [0.52, 0.9]]])
    wait_until(kernel, "panel.digit.value == 'my drawing' and 'your drawing is' in panel.status.value")
    assert kernel.value("bool((panel._image()[0] == panel.sketch.image()).all())")
    kernel.set("label", index=1)
    wait_until(kernel, "panel._image()[1] == 1 and 'a handwritten 1' in panel.diagram_view.html")
    kernel.click("wipe")
    wait_until(kernel, "panel.sketch.image() is None")
    kernel.set("digit", index=0)
    wait_until(kernel, "'this 0' in panel.status.value")


@pytest.mark.parametrize("index, slices", [(1, (16, 6)), (2, (16, 6)), (0, (12, 6))])
def test_another_net(kernel, index, slices):
    kernel.set("diagram_view", spot=[6, "forward", 11, 0, 0])
    kernel.set("net", index=index)
    wait_until(kernel, f"(len(panel.to_map.options), len(panel.from_map.options)) == {slices}")
    assert kernel.value("panel.run.head") == 0 and kernel.value("panel.diagram_view.spot") is None
    kernel.click("bar.forward")
    wait_until(kernel, "panel.run.head == 1 and 'update 1' in panel.status.value")


def test_save_and_load(kernel, tmp_path):
    kernel.set("file", value=str(tmp_path / "mine.npz"))
    kernel.set("net", index=2)
    wait_until(kernel, "panel.run.head == 0 and 'ReLU' in str(panel.run.network.layers)")
    kernel.click("bar.forward")
    kernel.click("bar.forward")
    kernel.click("save")
    wait_until(kernel, "'✓ update 2 saved in mine.npz' in panel.file_says.value")
    loss = kernel.value("panel.run.history.losses[1]")
    kernel.set("net", index=0)
    kernel.click("load")
    wait_until(kernel, "panel.run.head == 2 and panel.net.value == 'modern'")
    assert kernel.value("panel.run.history.losses[1]") == loss and "✓" in kernel.value("panel.file_says.value")
    kernel.click("bar.forward")
    wait_until(kernel, "panel.run.head == 3")


def test_a_file_that_does_not_fit_is_answered_in_words_and_nothing_is_lost(kernel, tmp_path):
    other = tmp_path / "letter.npz"
    other.write_text("not a run")
    kernel.set("file", value=str(other))
    head = kernel.value("panel.run.head")
    for button in ("save", "load"):
        kernel.click(button)
        wait_until(kernel, "'✗' in panel.file_says.value and 'letter.npz' in panel.file_says.value")
        kernel.run("panel.file_says.value = ''")
    assert other.read_text() == "not a run" and kernel.value("panel.run.head") == head
    kernel.set("file", value=str(tmp_path / "<b>" / "x.npz"))
    kernel.click("save")
    wait_until(kernel, "'✗' in panel.file_says.value and '&lt;b&gt;' in panel.file_says.value")


def test_a_loss_that_diverges_is_said_on_the_panel(kernel):
    kernel.run("panel.close()\npanel = TrainingPanel(digits, net='tanh', learning_rate=5.0)")
    kernel.click("bar.play_button")
    wait_until(kernel, "not panel.playing and 'try a smaller learning rate' in panel.status.value")
    kernel.click("bar.play_button")  # there is nothing to go on with, and nothing breaks
    wait_until(kernel, "not panel.playing")
    kernel.click("restart")
    wait_until(kernel, "panel.run.head == 0 and 'update 0' in panel.status.value")


def test_running_the_cell_of_the_notebook_again_leaves_no_task_and_no_widget_behind(kernel, in_git):
    notebook = nbformat.read(in_git / "notebooks/12_watch_lenet_learn.ipynb", as_version=4)
    (cell,) = [cell.source for cell in notebook.cells if cell.id == "live-panel"]
    count = "len(__import__('ipywidgets').widgets.widget._instances)"
    kernel.run(cell)
    before = kernel.value(count)
    kernel.run("old = panel\npanel.play()")
    kernel.run(cell)
    assert kernel.value(count) == before and not kernel.value("old.playing")


def test_close_leaves_no_task_and_no_widget():
    """In this process: a panel closes all its controls."""
    before = set(_instances)
    panel = TrainingPanel(load_digits())
    panel.step()
    assert panel.run.head == 1 and len(_instances) > len(before)
    panel.close()
    assert set(_instances) == before


@pytest.fixture
def small():
    """A panel over 100 digits, 12 updates, in this process."""
    panel = TrainingPanel(Digits(*(array[:100] for array in load_digits())))
    panel.bar.speed.value = AS_FAST
    yield panel
    panel.close()


def test_playing_ends_by_itself_after_the_last_update(small):
    async def scene():
        small.play()
        await asyncio.wait_for(small.bar._player._task, 20)
        assert not small.playing and small.bar.play_button.description == "Play"
        assert small.run.head == small.run.total == 12 and len(asyncio.all_tasks()) == 1

    asyncio.run(scene())


def test_closing_the_panel_ends_the_task(small):
    async def scene():
        small.play()
        await asyncio.sleep(0)
        small.close()
        done = small.run.head
        await asyncio.sleep(0.2)
        assert not small.playing and small.run.head == done < 12 and len(asyncio.all_tasks()) == 1

    asyncio.run(scene())


def test_with_low_cpu_most_of_the_time_is_slept():
    panel = TrainingPanel(load_digits())
    panel.bar.speed.value = AS_FAST
    panel.heart.reduced = True  # as a browser says that asks for less motion
    assert panel.low_cpu.value

    async def scene():
        panel.play()
        await asyncio.sleep(0.5)
        spent, started = time.process_time(), time.perf_counter()
        await asyncio.sleep(2)
        share = (time.process_time() - spent) / (time.perf_counter() - started)
        panel.pause()
        assert panel.run.head > 10 and share < 0.6

    asyncio.run(scene())
    panel.close()


def test_play_outside_a_notebook_says_what_to_do():
    panel = TrainingPanel(load_digits())
    with pytest.raises(RuntimeError, match=r"call step\(\)"):
        panel.play()
    panel.close()


def test_a_click_on_a_number_computes_no_pass_again(small, monkeypatch):
    passes, trace_image = [], small.run.trace_image
    monkeypatch.setattr(small.run, "trace_image", lambda *asked: passes.append(asked) or trace_image(*asked))
    for spot in ([3, "backward", 2, 5, 7], [3, "backward", 2, 5, 8], None):
        small.diagram_view.spot = spot
        assert ("δ²(3)" in small.says.value) == (spot is not None)
    assert passes == []
    small.step()  # another moment, another image, another label: each needs its own
    small.digit.value = 7
    small.sample.value = 2
    assert len(passes) == 3


def test_a_slide_that_asks_about_the_loss_shows_its_curve_before_the_first_update():
    panel = TrainingPanel(load_digits())
    try:
        assert panel.part.value == "large" and "cnn-part-large" in panel.loss_view._dom_classes
        assert "<svg" in panel.loss_view.value and "loss" in panel.loss_view.value
        before = panel.loss_view.value
        panel.step()
        assert panel.loss_view.value != before
    finally:
        panel.close()
