"""axe-core, the usual checker of accessibility, run on a part of a page.

It is no part of the course: ``npm pack`` fetches it once, as it fetches what decks are made of, and its hash is
checked (:mod:`cnnlib.course.slides.front_end`).
"""

from functools import cache
from pathlib import Path

from cnnlib.course.slides import front_end

LISTED = Path(__file__).with_name("axe.json")


@cache
def script() -> str:
    """The text of axe.min.js."""
    folder = front_end.fetch(front_end.CACHE, front_end.packages(LISTED))["axe-core"]
    return (folder / "axe.min.js").read_text(encoding="utf-8")


def violations(page, inside: str) -> list[str]:
    """What axe finds wrong inside the elements of a selector: "rule: element", the impact left out.

    JupyterLab's body has no height and cuts off what reaches beyond it; axe would take all of the page for hidden.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(script())
    assert page.locator(inside).count(), f"nothing is {inside}"
    return page.evaluate(
        """async inside => {
          document.body.style.minHeight = "100vh";
          const rules = { "label-content-name-mismatch": { enabled: true } };  // off by default
          const found = await axe.run({ include: [[inside]] }, { resultTypes: ["violations"], rules });
          const told = (id) => ({ html }) => `${id}: ${html.slice(0, 160)}`;
          return found.violations.flatMap(({ id, nodes }) => nodes.map(told(id)));
        }""",
        inside,
    )
