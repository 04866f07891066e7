"""What is moved in the page, notebook by notebook, once it has run: each walk fails in words or gives figures."""

import contextlib
import re
import time

from playwright.sync_api import Error, TimeoutError

SEEN = 15_000  # ms within which something has to show
INNER = "(output) => output.innerHTML"
COUNT = """picture => {
  window.frames_seen = 0;
  new MutationObserver(() => { window.frames_seen += 1; }).observe(picture,
    { attributes: true, childList: true, subtree: true, attributeFilter: ['src'] });
}"""


def _changed(page, place, what, before, patience=SEEN):
    """Wait until the text of a place is another one."""
    arguments = [place.element_handle(), what, before]
    page.wait_for_function("([e, what, old]) => e[what] !== old", arg=arguments, timeout=patience, polling=10)


def walk(page, path: str) -> dict:
    """The walk of a notebook, if it has one; figures for the table."""
    found = {}
    for name, step in WALKS.get(path[:2] if "/" not in path else "", ()):
        try:
            found |= step(page) or {}
        except (AssertionError, Error) as error:
            raise AssertionError(f"{name}: {str(error)[:300]}") from None
        found["moved"] = [*found.get("moved", []), name]
    return found


def explorer(page) -> dict:
    """The first menu or slider of a widget that changes its picture: the milliseconds that takes."""
    for kind in ("select", ".noUi-handle"):
        control = page.locator(f".jp-OutputArea .jupyter-widgets {kind}:visible").first
        if control.count():
            control.scroll_into_view_if_needed()
            output = control.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")
            page.wait_for_timeout(1000)  # what the run has left to draw
            before = output.evaluate(INNER)
            for move in _moves(control, kind):  # one that is refused leaves the picture as it was: take the next
                started = time.perf_counter()
                move()
                with contextlib.suppress(TimeoutError):
                    _changed(page, output, "innerHTML", before, 3000)
                    return {"explorer_ms": round(1000 * (time.perf_counter() - started))}
    raise AssertionError("no choice of the first menu or slider changes what the explorer shows")


def _moves(control, kind):
    """What can be done to a control, one after the other."""
    if kind != "select":
        return [lambda key=key: control.press(key) for key in ("ArrowRight", "ArrowLeft")]
    other = control.locator("option").evaluate_all("all => all.filter(o => !o.selected).map(o => o.index)")
    return [lambda index=index: control.select_option(index=index) for index in other]


def quiz(page) -> None:
    """An answer of the first quiz is given, and told what it is worth."""
    answer = page.locator(".jp-OutputArea .Quiz label, .jp-OutputArea .MCButton").first
    answer.scroll_into_view_if_needed()
    feedback = page.locator(".jp-OutputArea .Feedback").first
    answer.click()
    page.wait_for_function("e => e.textContent.trim().length > 3", arg=feedback.element_handle(), timeout=SEEN)


def panel(page) -> dict:
    """Play at one update a frame and as fast as it goes: frames and updates a second; then pause."""
    page.locator('button:has-text("Play")').scroll_into_view_if_needed()
    picture = page.locator('.jupyter-widgets img[alt*="delta maps"]').first
    picture.evaluate(f"(image) => ({COUNT})(image.parentElement)")
    found = {}
    for speed, name in ((None, "frames_a_second"), ("as fast as it goes", "updates_a_second")):
        if speed:
            page.locator(f'select:has(option:has-text("{speed}"))').first.select_option(label=speed)
        page.click('button:has-text("Play")')
        page.wait_for_timeout(2000)
        first, frames, started = update(page), page.evaluate("window.frames_seen"), time.perf_counter()
        page.wait_for_timeout(6000)
        spent = time.perf_counter() - started
        done, seen = update(page) - first, page.evaluate("window.frames_seen") - frames
        assert done > 0, "the panel does not train"
        found[name] = round((done if speed else min(seen, done)) / spent, 1)
        page.click('button:has-text("Pause")')
    return found


def update(page) -> int:
    """The update that the panel shows."""
    words = page.locator(".cnn-status").first.inner_text()
    return int(words.partition("update ")[2].split(" of ")[0].replace(",", ""))


def sketch(page) -> None:
    """A stroke on the drawing pad: it becomes the image that the net reads."""
    pad = page.locator("canvas.cnn-sketch").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 75, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 130, steps=8)
    page.mouse.up()
    page.wait_for_selector('.cnn-status:has-text("your drawing is")', timeout=SEEN)


def save_and_load(page) -> None:
    """The run into a file of the page, and back."""
    for button, said in (("Save", "saved in run.npz"), ("Load", "of run.npz")):
        page.click(f'.jupyter-widgets button:has-text("{button}")')
        answer = page.locator('.cnn-part-file [role="status"]', has_text=re.compile(f"{said}|✗"))
        answer.wait_for(timeout=4 * SEEN)
        assert said in answer.inner_text(), answer.inner_text()


def endless(page) -> None:
    """A loop that outlasts the walk, in a cell of its own: the kernel is restarted, and a cell runs again.

    The page may have saved the cell by then: when all cells run again, without the server, the loop's time is over.
    """
    page.click('.jp-NotebookPanel-toolbar [data-command="notebook:insert-cell-below"]')
    page.keyboard.press("Enter")
    page.keyboard.type(f"import time; any(iter(lambda: time.time() > {time.time() + 45:.0f}, True))")
    page.keyboard.press("Shift+Enter")
    page.wait_for_timeout(2000)
    page.click('.lm-MenuBar-item:has-text("Kernel")')
    page.click('.lm-Menu-item[data-command="kernelmenu:restart"]')
    page.click(".jp-Dialog button.jp-mod-accept")
    page.wait_for_selector("text=/Python.*\\| Idle/", timeout=60_000)
    page.keyboard.press("Escape")
    page.click('.jp-NotebookPanel-toolbar [data-command="notebook:insert-cell-below"]')
    page.keyboard.press("Enter")
    page.keyboard.type("print(6 * 7)")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector('.jp-OutputArea-output:has-text("42")', timeout=60_000)


WALKS = {
    "01": [("explorer", explorer), ("quiz", quiz), ("endless loop, kernel restarted", endless)],
    "02": [("explorer", explorer)],
    "12": [("panel", panel), ("sketch pad", sketch), ("save, load", save_and_load)],
}
