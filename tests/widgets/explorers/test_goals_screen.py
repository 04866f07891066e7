"""Explorers in a notebook at 1366×768, file browser open: how high they are, and their goals by keyboard alone."""

import json
from operator import attrgetter

import pytest
from explorer_page import EXPLORERS, build, page_of_explorers, shown

pytestmark = pytest.mark.browser
NAMES = [name for name in EXPLORERS if name != "bug lab"]  # it asks for a prediction itself
HIGHEST = 400  # pixels
BEYOND = """root => { const room = root.closest(".jp-OutputArea-output").getBoundingClientRect();
  return [...root.querySelectorAll("*")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && getComputedStyle(e).visibility !== "hidden" && !e.closest("[aria-hidden=true]")
      && box.right > room.right + 1;
  }).map(e => e.className.toString()); }"""

# How many parts are covered, and what can be seen of them all the same.
COVERED = """root => { const parts = [...root.querySelectorAll(".cnn-covered")];
  const seen = parts.flatMap(part => [...part.querySelectorAll("*")].filter(e => {
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    return words && e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  }));
  return [parts.length, seen.map(e => e.textContent)]; }"""


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with page_of_explorers(chromium, home, size=(1366, 768)) as page:
        page.keyboard.press("Control+b")  # the file browser is open again
        page.wait_for_timeout(500)
        yield page


@pytest.fixture
def explorer(page, request):
    """The explorer of the test's name, new, as a locator."""
    return shown(page, request.param)


@pytest.mark.parametrize("explorer", NAMES, indirect=True)
def test_it_is_as_wide_as_its_cell_at_most_and_400_pixels_high(explorer):
    assert explorer.bounding_box()["height"] <= HIGHEST
    assert explorer.evaluate(BEYOND) == []


def answers(name):
    """For each goal: how many parts it covers, a named mistake in its first case, what is right in its second."""
    made, found = build(name), []
    for number, goal in enumerate(made.task.goals):
        made.goals.ask(number)
        wrong = [value for value in goal.wrong(made) if not _is(value, goal.right(made))]
        made.goals.leave()
        made.goals.ask(number)
        right = goal.right(made)
        parts = [attrgetter(place)(made) for place in goal.hides]
        covered = sum(len(part) if isinstance(part, list) else 1 for part in parts)
        found.append((goal, covered, wrong[0], min(right) if isinstance(right, set) else right))
        made.goals.leave()
    made.close()
    return found


def _is(value, right):
    return value in right if isinstance(right, set) else value == right


def give(page, explorer, goal, value):
    """Answer by keyboard alone; the focus is where the goals have put it."""
    if goal.choices:
        page.keyboard.press(str(goal.choices.index(value) + 1))
    elif goal.map:
        cell = explorer.locator(f'.cnn-asks [data-cell="{value[0]},{value[1]}"]')
        explorer.locator(".cnn-asks [data-cell][tabindex='0']").focus()
        i, j = map(int, page.evaluate("document.activeElement.dataset.cell").split(","))
        for key, by in (("Down" if value[0] > i else "Up", value[0] - i),
                        ("Right" if value[1] > j else "Left", value[1] - j)):  # fmt: skip
            for _ in range(abs(by)):
                page.keyboard.press(f"Arrow{key}")
        assert cell.evaluate("cell => cell === document.activeElement")
        page.keyboard.press("Enter")
    else:
        page.keyboard.type(f"{float(value):.10g}")
        page.keyboard.press("Enter")
    explorer.locator(".cnn-goals.cnn-answered").wait_for()


@pytest.mark.parametrize("explorer", NAMES, indirect=True)
def test_every_goal_by_keyboard_a_mistake_is_named_and_a_right_prediction_ticks(page, explorer, request):
    name = request.node.callspec.params["explorer"]
    goals = explorer.locator(".cnn-goals")
    for number, (goal, covered, wrong, right) in enumerate(answers(name)):
        goals.locator(".cnn-goal").nth(number).focus()
        page.keyboard.press("Enter")
        explorer.locator(".cnn-goals.cnn-asking").wait_for()
        assert explorer.evaluate(COVERED) == [covered, []], goal.name
        give(page, explorer, goal, wrong)
        assert explorer.evaluate(COVERED) == [0, []]
        assert goals.locator(".cnn-verdict.cnn-wrong").count() == 1, (goal.name, wrong, goals.inner_text())
        page.keyboard.press("Enter")  # another one
        explorer.locator(".cnn-goals.cnn-asking:not(.cnn-answered)").wait_for()
        give(page, explorer, goal, right)
        assert goals.locator(".cnn-verdict.cnn-right").count() == 1, (goal.name, right, goals.inner_text())
        assert goals.bounding_box()["height"] <= 90  # a long sentence takes one line more
        page.keyboard.press("Enter")  # go on
        explorer.locator(".cnn-goals:not(.cnn-asking)").wait_for()
        labels = goals.locator(".cnn-goal").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        assert [label.endswith(": reached") for label in labels] == [n <= number for n in range(len(labels))]


@pytest.mark.parametrize("explorer", ["rotator"], indirect=True)
def test_the_first_move_lights_the_first_goal_and_the_focus_stays(page, explorer):
    explorer.locator('.cnn-transport button[title^="one on"]').focus()
    page.keyboard.press("Space")
    explorer.locator(".cnn-goal.cnn-next").wait_for()
    assert explorer.locator(".cnn-first").count() == 0
    assert page.evaluate("!!document.activeElement.closest('.cnn-transport')")


def test_nothing_left_the_machine_and_nothing_failed(page):
    assert (page.away, page.failures) == (set(), []), json.dumps(page.failures)
