"""What a person needs who uses the keyboard, listens, or cannot tell faint text: asked of a page in Chromium."""

import re
from typing import NamedTuple

# Texts whose colour stands out less than 4.5 from what is behind them: [contrast, text, where].  The opacity of
# all that a text stands in counts; a control that cannot be used at the moment does not.
FAINT = """root => {
  const parts = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + .05) / (low + .05);
  };
  const behind = (e) => {
    if (!e) return [255, 255, 255, 1];
    const own = parts(getComputedStyle(e).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(e.parentElement));
  };
  // What a text in a drawing stands on: the last box drawn before it that lies under its middle.
  const patch = (e) => {
    const box = e.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const under = [...e.closest("svg").querySelectorAll("rect, circle")].filter(one => {
      const r = one.getBoundingClientRect();
      const before = one.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
      const filled = before && getComputedStyle(one).fill !== "none";
      return filled && r.left < x && x < r.right && r.top < y && y < r.bottom;
    });
    return under.length ? parts(getComputedStyle(under.at(-1)).fill) : null;
  };
  const opacity = (e) => e ? getComputedStyle(e).opacity * opacity(e.parentElement) : 1;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
  for (let node; (node = texts.nextNode());) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.data.trim() || !e.getClientRects().length || style.visibility === "hidden") continue;
    if (e.closest("style, script, option:not(:checked), :disabled, mjx-assistive-mml")) continue;
    const inSvg = e instanceof SVGElement && style.fill !== "none";
    const ink = parts(inSvg ? style.fill : style.color), paper = behind(e.closest("svg")?.parentElement ?? e);
    const under = inSvg ? patch(e) ?? paper : paper;
    const seen = contrast(over([...ink.slice(0, 3), ink[3] * opacity(e)], under), under);
    const where = e.getAttribute("class");
    if (seen < 4.5) found.push([Math.round(100 * seen) / 100, node.data.trim().slice(0, 40), where]);
  }
  return found;
}"""

# Pictures that nobody has described: no alt text, no label, and not marked as mere decoration.
UNDESCRIBED = """root => [...root.querySelectorAll("img, svg, canvas")].filter(e =>
  !e.closest("[aria-hidden=true]") && !e.getAttribute("alt")?.trim() && !e.getAttribute("aria-label")?.trim()
  && !e.querySelector(":scope > title")).map(e => e.outerHTML.slice(0, 120))"""

# What moves by itself or slides on after a change: [tag, class, duration, animation].
MOVING = """root => [...root.querySelectorAll("*")].map(e => [e, getComputedStyle(e)])
  .filter(([e, s]) => s.animationName !== "none" || s.transitionDuration.split(", ").some(d => parseFloat(d)))
  .map(([e, s]) => [e.tagName, e.className.toString(), s.transitionDuration, s.animationName])"""

# Everything that a move of a control may change, as text: what stands there, and how pictures and fields are.
PICTURE = """root => {
  const parts = [...root.querySelectorAll("*")].map(e => {
    const { width, transform, left } = e.style ?? {}, own = [e.value, e.checked, e.src, width, transform, left];
    const classes = (e.getAttribute("class") ?? "").replace(/(mod|lm)-\\S+|cnn-focus\\S*/g, "");
    const names = ["d", "points", "aria-label", "aria-valuenow", "aria-checked", "fill", "x", "y", "cx", "cy"];
    return [classes, ...own, ...names.map(name => e.getAttribute(name)), e.style?.cssText].join();
  });
  return root.innerText + parts.join();
}"""


class Stop(NamedTuple):
    """One stop of the Tab key: what it is and what it is called, as a screen reader says it."""

    role: str
    name: str
    value: str


def accessible(page) -> Stop:
    """Role, name and value of what has the focus, computed by Chromium itself."""
    session = page.context.new_cdp_session(page)
    focused = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    asked = {"objectId": focused, "fetchRelatives": False}
    told = session.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
    session.detach()
    said = (str(told.get(part, {}).get("value", "")).strip() for part in ("role", "name", "value"))
    return Stop(*(re.sub(r"[\ue000-\uf8ff]", "", text).strip() for text in said))  # icons are letters of a font


def stops(page, root, most=80):
    """Go through ``root`` by Tab alone, from before it to beyond it: yields each :class:`Stop`.

    The focus is on the stop while it is yielded; a test may press keys there that leave the focus where it is.
    """
    root.evaluate("""root => {
        const before = document.createElement("span");
        before.tabIndex = -1;
        root.before(before);
        before.focus();
    }""")
    inside = False
    for _ in range(most):
        page.keyboard.press("Tab")
        here = root.evaluate("root => root.contains(document.activeElement)")
        if inside and not here:
            return
        inside = inside or here
        if here:
            yield accessible(page)
    raise AssertionError(f"after {most} stops Tab is still inside, or never came in: {inside}")
