"""axe-core on a page: the accessibility rules that a machine can check.  For tests alone; no page of ours has it.

The script is fetched by npm once, at a fixed version whose hash is checked, as the decks' front end is.
"""

from pathlib import Path

from cnnlib.course.slides.front_end import CACHE, fetch, packages

LISTED = Path(__file__).with_name("front_end.json")
RUN = """async ([within, without]) => {
  const found = await axe.run({ include: [...document.querySelectorAll(within)], exclude: without },
    { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } });
  const told = (rule, node) => `${rule.id}: ${node.html.slice(0, 120)}`;
  return found.violations.flatMap(rule => rule.nodes.slice(0, 4).map(node => told(rule, node)));
}"""


def violations(page, within: str, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds inside of the selector, as "rule: element"; contrast has a test of its own (contrast.py)."""
    if not page.evaluate("() => Boolean(window.axe)"):
        folder = fetch(CACHE, packages(LISTED))["axe-core"]
        page.evaluate((folder / "axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(RUN, [within, list(without)])
