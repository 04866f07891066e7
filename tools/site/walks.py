"""What is moved in the page, notebook by notebook, once it has run: each walk fails in words or gives figures."""

import time

SEEN = 15_000  # ms within which something has to show
INNER = "(output) => output.innerHTML"
COUNT = """picture => {
  window.frames_seen = 0;
  new MutationObserver(() => { window.frames_seen += 1; }).observe(picture,
    { attributes: true, childList: true, subtree: true, attributeFilter: ['src'] });
}"""


def _changed(page, place, what, before):
    """Wait until the text of a place is another one."""
    arguments = [place.element_handle(), what, before]
    page.wait_for_function("([e, what, old]) => e[what] !== old", arg=arguments, timeout=SEEN, polling=10)


def walk(page, path: str) -> dict:
    """The walk of a notebook, if it has one; figures for the table."""
    found = {}
    for name, step in WALKS.get(path[:2] if "/" not in path else "", ()):
        found |= step(page) or {}
        found["moved"] = [*found.get("moved", []), name]
    return found


def explorer(page) -> dict:
    """Another choice in the first menu that a widget shows: milliseconds until its picture changed."""
    menu = page.locator(".jp-OutputArea .jupyter-widgets select:visible").first
    menu.scroll_into_view_if_needed()
    output = page.locator(".jp-OutputArea-output", has=page.locator(".jupyter-widgets select:visible")).first
    before = output.evaluate(INNER)
    values = menu.locator("option").evaluate_all("all => all.filter(o => !o.selected).map(o => o.index)")
    started = time.perf_counter()
    menu.select_option(index=values[-1])
    _changed(page, output, "innerHTML", before)
    return {"explorer_ms": round(1000 * (time.perf_counter() - started))}


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
    """A stroke on the drawing pad, and what the net says of it."""
    page.locator('select:has(option:has-text("0")):has(option:has-text("draw"))').first.select_option(index=10)
    pad = page.locator(".jupyter-widgets canvas:visible").first
    pad.scroll_into_view_if_needed()
    says = page.locator(".cnn-part-drawing").first
    before, box = says.inner_text(), pad.bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] - 20, steps=12)
    page.mouse.up()
    _changed(page, says, "innerText", before)


def save_and_load(page) -> None:
    """The run into a file of the page, and back."""
    box = page.locator(".cnn-part-file").first
    for button in ("Save", "Load"):
        before = box.inner_text()
        box.locator(f'button:has-text("{button}")').click()
        _changed(page, box, "innerText", before)
    assert "run.npz" in box.inner_text(), box.inner_text()


def endless(page) -> None:
    """A loop that never ends, in a cell of its own: the kernel is restarted, and a cell runs again."""
    page.click('.jp-NotebookPanel-toolbar [data-command="notebook:insert-cell-below"]')
    page.keyboard.press("Enter")
    page.keyboard.type("while True: pass")
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
