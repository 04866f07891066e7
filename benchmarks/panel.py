"""The training panel of notebook 12, measured: its share of the kernel's time, frames, pause, memory.

    python benchmarks/panel.py [--updates 10000] [--no-browser] [--save]

In the kernel: the panel's own work for each frame beside that of training, the memory after many updates, the size
of the record.  In Chromium on the same machine: frames painted a second, updates a second with and without it, and
how long a pause takes.  With --save the result is written to cnnlib/experiments/results/panel.json.
"""

import argparse
import asyncio
import gc
import itertools
import os
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `make lab` does it; has to be said before NumPy is loaded

from cnnlib import data
from cnnlib.course import places
from cnnlib.experiments import records
from cnnlib.models import RECIPES
from cnnlib.widgets.training_panel.controls import AS_FAST
from cnnlib.widgets.training_panel.panel import TrainingPanel

TESTS = Path(__file__).resolve().parents[1] / "tests"
ONE_A_FRAME = "1 update a frame"
SPOT = [3, "backward", 2, 5, 7]  # a number that is chosen, so that its origins are drawn as well
EPOCHS = 50  # 10,000 updates: the net must not have finished while it is watched
NOTEBOOK = f"""
from cnnlib import data
from cnnlib.widgets.training_panel.panel import TrainingPanel
panel = TrainingPanel(data.load_digits(), epochs={EPOCHS})
panel
"""


def own_work(digits, net, frames=100):
    """Milliseconds of this process for a frame of the panel, and for an update, medians; one number is chosen."""
    panel = TrainingPanel(digits, net=net)
    panel.diagram_view.spot = SPOT
    drawing, training = [], []
    for _ in range(frames):
        for spent, action in ((training, panel.run.forward), (drawing, panel.draw)):
            started = time.process_time()
            action()
            spent.append(1000 * (time.process_time() - started))
    panel.close()
    return statistics.median(drawing), statistics.median(training)


async def playing(digits, seconds):
    """(share of the time that drawing takes, updates a second) of a panel that plays, without a browser."""
    panel, spent = TrainingPanel(digits, epochs=EPOCHS), [0.0]
    panel.bar.speed.value, draw = AS_FAST, panel.draw

    def timed():
        started = time.process_time()
        draw()
        spent[0] += time.process_time() - started

    panel.draw = timed
    began = time.process_time()
    panel.play()
    await asyncio.sleep(seconds)
    panel.pause()
    share, updates = spent[0] / (time.process_time() - began), panel.run.head / seconds
    panel.close()
    return share, updates


def memory(digits, updates):
    """(bytes gained over so many updates, beside the record; MB of the record at the end).

    By the median of the gains of five fifths: now and then Python moves one of its own tables, a megabyte or two,
    and that is no leak.
    """
    panel = TrainingPanel(digits, epochs=-(-updates // 200))
    run, points = panel.run, []
    tracemalloc.start()
    for fifth in range(6):
        while run.head < updates * fifth // 5:
            run.forward()
            if run.head % 20 == 0:
                panel.draw()
        gc.collect()
        points.append(tracemalloc.get_traced_memory()[0] - record_size(run.history))
    tracemalloc.stop()
    size = record_size(run.history)
    panel.close()
    return 5 * statistics.median(b - a for a, b in itertools.pairwise(points)), size / 1e6


def record_size(history):
    """Bytes of all that a record holds: keyframes and curves, with the objects that they are made of."""
    return _size([history.keyframes, history.losses, history.smoothed, history.norms, history.errors])


def _size(thing):
    inside = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else ()
    return sys.getsizeof(thing) + sum(map(_size, inside))


def in_chromium(seconds=10):
    """{what: figure} of a panel that plays in JupyterLab."""
    sys.path.insert(0, str(TESTS))
    from playwright.sync_api import sync_playwright
    from screen import cells_page

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=["--disable-gpu", *sandbox])
        with cells_page(browser, home, NOTEBOOK) as page:
            found = {speed: _watched(page, speed, seconds) for speed in (ONE_A_FRAME, AS_FAST)}
            found["pause"] = [_pause(page) for _ in range(10)]
        browser.close()
    return found


# Counts how often the picture of the deltas is replaced, and that the browser has painted since.
WATCH = """seconds => new Promise(done => {
  const sheet = document.querySelector('[data-stop="3"][data-lane="backward"] img');
  let frames = 0, waiting = false;
  const painted = () => { frames += 1; waiting = false; };
  const seen = new MutationObserver(() => { if (!waiting) { waiting = true; requestAnimationFrame(painted); } });
  seen.observe(sheet, { attributes: true, attributeFilter: ["src"] });
  setTimeout(() => { seen.disconnect(); done(frames); }, 1000 * seconds);
})"""

# Milliseconds from the click on Pause until the button says Play again.
PAUSE = """() => new Promise(done => {
  const button = [...document.querySelectorAll('button')].find(e => e.textContent.trim() === 'Pause');
  const start = performance.now();
  const look = () => button.textContent.trim() === 'Play' ? done(performance.now() - start) : setTimeout(look, 1);
  button.click(); look();
})"""


def _watched(page, speed, seconds):
    """(frames painted a second, updates a second) at one of the panel's speeds."""
    page.locator(".widget-dropdown", has_text="speed").locator("select").select_option(speed)
    before = _update(page)
    page.click('button:has-text("Play")')
    page.wait_for_timeout(500)
    frames = page.evaluate(WATCH, seconds)
    after = _update(page)
    page.click('button:has-text("Pause")')
    page.wait_for_timeout(500)
    return frames / seconds, (after - before) / (seconds + 0.5)


def _pause(page):
    page.click('button:has-text("Play")')
    page.wait_for_timeout(700)
    taken = page.evaluate(PAUSE)
    page.wait_for_timeout(200)
    return taken


def _update(page):
    text = page.locator("text=/update [\\d,]+ of/").first.inner_text()
    return int(text.split(" of ")[0].removeprefix("update ").replace(",", ""))


def main():
    """Measure, print, and save if asked to; the exit status says whether all limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=10_000, help="for the memory")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--save", action="store_true", help="write the result down")
    options = parser.parse_args()
    digits, record = data.load_digits(), {"limits": LIMITS}

    def note(**figures):
        record.update(figures)
        for name, value in figures.items():
            print(f"{name:<32}{value}", flush=True)

    note(draw_and_update_ms={net: own_work(digits, net) for net in RECIPES})
    share, alone = asyncio.run(playing(digits, 10))
    note(own_share=share, updates_per_second_alone=alone)
    if not options.no_browser:
        found = in_chromium()
        frames, _ = found[ONE_A_FRAME]
        fast, updates = found[AS_FAST]
        note(frames_per_second=frames, frames_per_second_as_fast=fast, updates_per_second_in_chromium=updates)
        note(pause_ms={"median": statistics.median(found["pause"]), "largest": max(found["pause"])})
    gained, size = memory(digits, options.updates)
    note(updates=options.updates, bytes_gained=gained, record_mb=size)
    if options.save:
        print(f"written to {records.write('panel', **record)}")
    raise SystemExit(bool(broken(record)))


LIMITS = {"frames_per_second": 25, "own_share": 0.2, "pause_ms": 100, "record_mb": 200, "bytes_gained": 1_000_000}


def broken(record):
    """The names of the limits that a record does not keep."""
    values = {**record, "pause_ms": record.get("pause_ms", {}).get("median", 0)}
    return [name for name, limit in LIMITS.items() if name in values and
            (values[name] < limit if name == "frames_per_second" else values[name] > limit)]  # fmt: skip


if __name__ == "__main__":
    main()
