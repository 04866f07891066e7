"""Notebook 14 in JupyterLab and real Chromium: hints, questions, and links that lead to the cell they name."""

import pytest
from screen import course_page, scroll_to, wait_for

# One page for all tests, in the order of the file: the last one opens another notebook in it.
pytestmark = pytest.mark.browser
NAME = "14_exam_and_errata.ipynb"


@pytest.fixture(scope="module")
def page(chromium, in_git, tmp_path_factory):
    notebooks, home = in_git / "notebooks", tmp_path_factory.mktemp("home")
    with course_page(chromium, notebooks, home, NAME) as page:
        yield page


def test_hints_fold_open_one_at_a_time_by_mouse_and_by_keyboard(page):
    scroll_to(page, 'summary:has-text("hint 1 of 3")')
    first = page.locator('details:has(> summary:has-text("hint 1 of 3"))').first
    second, third = (first.locator(f'summary:has-text("hint {number} of 3")') for number in (2, 3))
    assert not second.is_visible() and not third.is_visible()
    first.locator("summary").first.click()
    assert second.is_visible() and not third.is_visible()
    second.focus()
    page.keyboard.press("Enter")
    assert third.is_visible()


def test_the_score_says_what_is_open(page):
    scroll_to(page, 'h3:has-text("Your score")')
    shown = page.locator('.jp-OutputArea-output:has-text("0 of 6 right")').last.inner_text()
    assert shown.count("not yet") == 6 and "net_backward" in shown


def feedback(question):
    """What is said to the answer that was given."""
    return question.locator(".Feedback").inner_text().strip()


def test_an_answer_gets_its_reason(page):
    scroll_to(page, ".Quiz")
    question = page.locator(".Quiz").first
    question.locator(".MCButton", has_text="Yes: the turn").click()
    wait_for(page, lambda: feedback(question).startswith("No."), lambda: feedback(question))


def test_arrow_keys_go_from_answer_to_answer_and_space_gives_one(page):
    scroll_to(page, ".Quiz")
    first, question = page.locator(".Quiz").first, page.locator(".Quiz").nth(1)
    texts, inputs = question.locator(".MCButton").all_inner_texts(), question.locator("input")

    def at():
        """Which answer has the focus."""
        return inputs.evaluate_all("all => all.indexOf(document.activeElement)")

    first.locator("input").first.focus()
    page.keyboard.press("Tab")
    assert at() == 0
    page.keyboard.press("ArrowUp")
    assert at() == len(texts) - 1
    page.keyboard.press("ArrowDown")
    assert at() == 0
    wanted = next(k for k, text in enumerate(texts) if text.startswith("Wrong: the input"))
    for _ in range(wanted):
        page.keyboard.press("ArrowRight")
    assert at() == wanted > 0
    assert feedback(question) == ""  # passing an answer does not give it
    page.keyboard.press("Space")
    wait_for(page, lambda: feedback(question).startswith("No."), lambda: feedback(question))


def test_a_table_of_errata_fits_a_slide(page):
    for number in ("E9", "E10", "E5", "E12", "E24", "E22", "E18", "E31"):
        table = f'table.cnn-statements:has-text("{number}"):visible'
        scroll_to(page, table)
        assert page.locator(table).first.bounding_box()["height"] < 600


def test_an_index_folds_open_part_by_part(page):
    scroll_to(page, 'summary:has-text("The program: forward")')
    part = page.locator('details:has(> summary:has-text("The program: forward"))')
    assert not part.locator("table").is_visible()
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    assert part.locator("table").is_visible() and part.locator("tr").count() == 1 + 5


def test_a_link_opens_the_notebook_at_its_cell(page):
    scroll_to(page, 'a:has-text("03#sigma-both"):visible')
    page.locator('a:has-text("03#sigma-both"):visible').first.click()
    other = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden):has-text("Who is to blame for the loss?")')
    other.wait_for(timeout=30_000)
    page.wait_for_timeout(3000)
    active = other.locator(".jp-Cell.jp-mod-active")
    assert "from_a = a1 * (1 - a1)" in active.inner_text()
    box = active.bounding_box()
    assert 0 < box["y"] < 900


def test_no_request_left_the_machine_and_no_error_was_thrown(page):
    assert not page.away and not page.failures
