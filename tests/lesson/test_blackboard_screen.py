"""The proof on the blackboard and from memory, in Chromium without a kernel."""

import re

import pytest

from cnnlib.lesson import blackboard, rewrite
from cnnlib.lesson.proof_lines import lines

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(chromium, tmp_path):
    """A function that opens what a control shows as a page of its own."""
    failures, context = [], chromium.new_context(viewport={"width": 950, "height": 700})

    def opened(shown):
        path = tmp_path / "page.html"
        path.write_text(f'<!doctype html><meta charset="utf-8"><body>{shown.html}', encoding="utf-8")
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield opened
    context.close()
    assert not failures


def give_reason(page, number):
    page.locator("button.reason").nth(number).click()


# What is typed into the board: {line: (refused answers and what is told, the right one, what that writes)}.
TYPED = {
    0: ([("2", "last tap"), ("k", "adds nothing")], "0", "Agreed: ku = 0 where"),
    2: ([("i-p", "The sign"), ("3 +", "cannot be read"), ("q", "For which u")], "-i + p", "p−i"),
    3: ([("p+a", "h − 1 too many"), ("a+p-h", "make p − 1"), ("q", "Do they make p")], "a-h+1+p", "p+a−(h−1)"),
}


def type_it(page, number):
    """Answer the board's question for a line, first wrongly; nothing is written before the right answer."""
    refused, right, written = TYPED[number]
    board, said = page.locator("ol.board"), page.locator(".said")
    for typed, told in refused:
        page.locator("input").fill(typed)
        page.locator("input").press("Enter")
        assert told in said.inner_text() and written not in board.inner_text()
    page.locator("input").fill(right)
    page.locator("input").press("Enter")
    assert said.inner_text().startswith("✓") and written in board.inner_text()


def test_each_line_waits_for_its_reason_and_for_what_the_learner_types(open_page):
    page = open_page(blackboard())
    board, said, four = page.locator("ol.board"), page.locator(".said"), lines()
    for number, line in enumerate(four):
        assert board.locator("li").count() == number + 1
        if "index" in line:
            type_it(page, number)
        wrong = (line["right"] + 1) % 3
        give_reason(page, wrong)
        assert said.inner_text().startswith("✗") and not page.locator("text=next line").count()
        give_reason(page, line["right"])
        assert said.inner_text().startswith("✓")
        if "agree" in line:
            type_it(page, number)
        if number < 3:
            page.locator("text=next line").click()
    page.locator("text=add the second axis").click()
    assert "i+u, j+v" in board.inner_text()


def test_earlier_reasons_make_room_for_the_line_that_is_asked_for_and_come_back(open_page):
    """With all of them line (iv)'s answers and what was said of them lay below a window of 680 pixels."""
    page = open_page(blackboard())
    reasons = page.locator("ol.board .reason-given")
    for number, line in enumerate(lines()):
        assert reasons.count() == 0
        for part in ("index", "reason", "agree"):
            if part == "reason":
                give_reason(page, (line["right"] + 1) % 3)
                said = page.locator(".said").bounding_box()
                assert said["height"] > 0 and said["y"] + said["height"] <= 700
                give_reason(page, line["right"])
            elif part in line:
                type_it(page, number)
        if number < 3:
            page.locator("text=next line").click()
    assert reasons.count() == 4


def test_picture_and_numbers_follow_p(open_page):
    page = open_page(blackboard())
    page.evaluate("document.querySelector('cnn-blackboard').step(4)")
    page.locator("button[aria-label^='one input to the right']").focus()
    for p, terms in ((3, "δ1·k2 + δ2·k1 + 0·k0"), (4, "δ2·k2 + 0·k1 + 0·k0"), (4, "δ2·k2 + 0·k1 + 0·k0")):
        page.keyboard.press("ArrowRight")
        told = page.locator(".numbers").inner_text()
        assert f"p = {p}" in told and terms in told
        assert f"what x{p} meets" in page.locator(".picture").inner_text().replace("\n", "")


def test_on_a_wall_the_words_for_a_reader_alone_are_left_out(open_page):
    page = open_page(blackboard())
    page.evaluate("document.querySelector('cnn-blackboard').step(4)")
    told = page.locator(".frame").inner_text()
    page.evaluate("document.body.dataset.jpDeckMode = 'presenting'")  # as in a show
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_selector("cnn-blackboard[stage]")
    on_wall = page.locator(".frame").inner_text()
    for words in ("That is the convolution", "Look away from it", "from the start"):
        assert words in told and words not in on_wall
    assert "the turned kernel slides over δ" in on_wall


def rows_of_the_strip(page):
    """The strip of line (iv) as {head: cells}."""
    rows = page.locator("table.strip tr").all()
    cells = [[cell.inner_text().replace("\n", "") for cell in row.locator("th, td").all()] for row in rows]
    return {head: values for head, *values in cells}


def test_the_strip_of_line_four_has_the_numbers_of_the_line_for_every_p(open_page):
    """Place a of the window holds output p + a − 2, 0 where there is none, under tap 2 − a."""
    page = open_page(blackboard())
    strip = page.locator("table.strip")
    page.evaluate("document.querySelector('cnn-blackboard').step(3)")
    assert not strip.is_visible()
    page.evaluate("document.querySelector('cnn-blackboard').step(4)")
    page.locator("button[aria-label^='one input to the left']").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    for p in range(5):
        outputs = [p + a - 2 for a in range(3)]
        deltas = [f"δ{i}" if 0 <= i <= 2 else "0" for i in outputs]
        assert rows_of_the_strip(page) == {
            "a": ["0", "1", "2"], "i = p + a − 2": [str(i).replace("-", "−") for i in outputs],
            "δi": deltas, "tap k2−a": ["k2", "k1", "k0"],
        }  # fmt: skip
        page.keyboard.press("ArrowRight")
    page.evaluate("document.querySelector('cnn-blackboard').step(5)")
    assert not strip.is_visible()


def test_the_board_says_what_is_zero_outside_and_what_the_sum_is(open_page):
    """The sizes stand from the start; what is agreed and the convolution only when they have been asked for."""
    page = open_page(blackboard())
    text = lambda: page.locator("ol.board").inner_text().replace("\n", "")  # noqa: E731
    assert "k has h taps" in text() and "ku = 0" not in text() and "δ ∗ k" not in text()
    page.evaluate("document.querySelector('cnn-blackboard').step(1)")
    assert "ku = 0 where there is no tap, and δi" in text()
    for number, said in ((2, False), (3, True)):
        page.evaluate("number => document.querySelector('cnn-blackboard').step(number)", number)
        assert ("That is the convolution δ ∗ k" in text()) == said


def test_a_show_writes_a_line_a_step_and_then_blanks_the_board(open_page):
    page = open_page(blackboard())
    step = "number => document.querySelector('cnn-blackboard').step(number)"
    for number in range(1, 5):
        page.evaluate(step, number)
        assert page.locator("ol.board li").count() == number
    page.evaluate(step, 6)
    assert "k" not in page.locator("ol.board").inner_text() and "again" in page.locator(".ask").inner_text()


def judge(page, number, typed):
    """What is said to a typed line; "" where it is right."""
    memory = page.locator("cnn-rewrite")
    return memory.evaluate("(one, [n, typed]) => one.wrongLine(one.lines[n], typed)", [number, typed])


# fmt: off
RIGHT = [
    ["sum_u x[i+u] k[u]", "Σ_v x_{v+i} k_v", "z_i = sum_t k_t · x_{t+i}", "∑_u x_{i+u}k_u"],
    ["sum_i delta_i dz_i/dx_p", "Σ_i δ_i ∂z_i/∂x_p", "dL/dx_p = sum_m dz[m]/dx[p] * delta[m]",
     "sum_i dL/dz_i dz_i/dx_p", "Σ_{i=0}^{n-h} δ_i ∂z_i/∂x_p"],
    ["k_{p-i}", "k[-i+p]", "k(p − i)"],
    ["sum_a delta[p+a-h+1] k[h-1-a]", "Σ_b δ_{p+b−(h−1)}·k_{h−1−b}, with b = i − p + h − 1",
     "sum_a k[-a-1+h] delta[a+p-(h-1)]", "sum_{a=0}^{h-1} δ_{p+a-(h-1)} k_{h-1-a}",
     "sum_a=0..h-1 delta[p+a-h+1] k[h-1-a]", "Σ_{a = 0 … h−1} δ_{p+a−(h−1)} k_{h−1−a}"],
]
# fmt: on


@pytest.fixture
def memory(open_page):
    return open_page(rewrite())


def test_a_right_line_is_right_however_it_is_typed(memory):
    for number, typed in enumerate(RIGHT):
        assert [judge(memory, number, text) for text in typed] == [""] * len(typed)


def test_every_known_mistake_is_wrong_and_gets_its_sentence(memory):
    for number, line in enumerate(lines()):
        for typed, told in line["mistakes"]:
            assert told in judge(memory, number, typed), typed


def test_the_padded_delta_is_named_as_what_it_is(memory):
    """Code slides over padded[p + a]; on the board the same number is δ at p + a − (h − 1)."""
    told = judge(memory, 3, "sum_a delta[p+a] k[h-1-a]")
    assert "padded" in told and "p + h − 1, and it has to be p" in told
    assert not judge(memory, 3, "sum_a delta[p+a-(h-1)] k[h-1-a]")


@pytest.mark.parametrize(
    "typed", ["", "k", "alert(1)", "sum_u x[i+u] k[u] ; 1", "sum_u x[i+u k[u]", "x[i**2] k[u]", "x[i+u] + k[u]"]
)
def test_what_is_no_such_line_is_not_read(memory, typed):
    assert "cannot be read" in judge(memory, 0, typed)


def test_one_wrong_sign_or_letter_is_seen_in_each_line(memory):
    for number, line in enumerate(lines()):
        typed = line["typed"].partition("=")[2]
        changed = [typed.replace("+", "-", 1), typed.replace("-", "+", 1), typed.replace("delta", "x", 1),
                   typed.replace("k[", "x[", 1), typed.replace("sum_u", "sum_i").replace("sum_a", "sum_p")]
        assert all(judge(memory, number, text) for text in changed if text != typed)


def test_gaps_are_checked_and_the_first_wrong_line_is_named(memory):
    fields = memory.locator("input")
    right = [index for line in lines() for _, index, _ in line["gaps"]]
    assert {"i+u", "p-i", "p+a-(h-1)", "h-1-a", "h-1", "n-h", "0"} <= set(right)
    for gap, typed, told in ((3, "n-h+1", "the last is number n − h"), (2, "h", "how many taps")):
        for number, index in enumerate(right):
            fields.nth(number).fill(typed if number == gap else index)
        fields.last.press("Enter")
        assert told in memory.locator(".said").inner_text()
    turned = right.index("h-1-a")
    for number, typed in enumerate(right):
        fields.nth(number).fill("a" if number == turned else typed)
    fields.last.press("Enter")
    said = memory.locator(".said")
    assert "Line (iv)" in said.inner_text() and "not turned" in said.inner_text()
    fields.nth(turned).fill("h - a - 1")
    fields.last.press("Enter")
    assert said.inner_text().startswith("✓")
    memory.locator("[role=tab]", has_text="from memory").click()
    assert memory.locator("input").count() == 5


# fmt: off
AGREED = [
    ("k = 0 and δ = 0 outside", ""), ("k_u = δ_i = 0", ""), ("outside, k and delta are 0", ""),
    ("both 0: k, delta", ""), ("k and δ are zero outside", ""), ("k and δ vanish outside", ""),
    ("0 outside for k and delta", ""), ("kernel and delta are 0 outside", ""), ("k and δ are 1", "which number"),
    ("δ is 0 outside", "where there is no tap"), ("k[u] = 0 outside 0 … h-1", "where there is no output"),
    ("k and delta", "which number"), ("k = 1, delta = 0", "which number"), ("k = 0, delta = 10", "which number"),
]
# fmt: on


@pytest.mark.parametrize(("typed", "told"), AGREED)
def test_what_is_zero_outside_has_to_be_said_with_line_one(memory, typed, told):
    one = memory.locator("cnn-rewrite")
    said = one.evaluate("(one, typed) => one.notAgreed(one.lines[0].memory, typed)", typed)
    assert told in said and bool(said) == bool(told)


def test_the_right_line_without_what_is_agreed_is_not_the_whole_line(memory):
    memory.locator("[role=tab]", has_text="from memory").click()
    fields, said = memory.locator("input"), memory.locator(".said")
    typed = [RIGHT[0][0], "k = 0 outside", *(line[0] for line in RIGHT[1:])]
    for number, text in enumerate(typed):
        fields.nth(number).fill(text)
    fields.last.press("Enter")
    assert "Line (i)" in said.inner_text() and "no output" in said.inner_text()
    fields.nth(1).fill("k and δ are 0 outside")
    fields.last.press("Enter")
    assert said.inner_text().startswith("✓")


ON_ONE_LINE = """gaps => gaps.every((gap) => {
    let before = gap.previousSibling;
    while (!before.textContent.trim()) before = before.previousSibling;
    const texts = document.createTreeWalker(before, NodeFilter.SHOW_TEXT), range = document.createRange();
    let last; while (texts.nextNode()) last = texts.currentNode;
    range.setStart(last, last.length - 2); range.setEnd(last, last.length);
    const letter = range.getBoundingClientRect(), field = gap.getBoundingClientRect();
    return letter.bottom > field.top && letter.top < field.bottom && letter.left < field.left })"""


@pytest.mark.parametrize("width", range(390, 1200, 90))
def test_a_gap_never_stands_on_another_line_than_what_it_is_equal_to(memory, width):
    memory.set_viewport_size({"width": width, "height": 700})
    gaps = memory.locator(".formula.gaps .number")
    assert gaps.count() == 8 and gaps.evaluate_all(ON_ONE_LINE)
    assert memory.evaluate("document.documentElement.scrollWidth") <= width


def test_two_of_the_lines_can_be_asked_for_again(open_page):
    """Notebook 12 asks for (i) and (iv), which are forgotten first; the numbers stay those of the board."""
    page = open_page(rewrite("i", "iv"))
    assert page.locator(".frame ol.board li").count() == 2
    page.locator("[role=tab]", has_text="from memory").click()
    fields, said = page.locator("input"), page.locator(".said")
    for number, text in enumerate((RIGHT[0][0], "k and δ are 0 outside", "sum_a delta[p+a] k[h-1-a]")):
        fields.nth(number).fill(text)
    fields.last.press("Enter")
    assert "Line (iv)" in said.inner_text() and "padded" in said.inner_text()
    with pytest.raises(ValueError, match="no line 'v'"):
        rewrite("v")


def test_the_sheet_has_the_answer_overleaf():
    from cnnlib.lesson.rewrite import sheet

    front, back = sheet().split("page-break-before")[1].split('<div class="over">')
    assert "p−i" not in front and "h−1−a" not in front and "p−i" in back and "h−1−a" in back
    said = [re.sub("<[^>]*>", "", page) for page in (front, back)]
    assert "are 0" not in said[0] and "ku = 0" not in said[0] and "ku = 0" in said[1]
