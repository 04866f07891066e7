"""Grid and transport bar in JupyterLab and real Chromium: mouse, keyboard, both themes, nothing that jumps."""

import numpy as np
import pytest
import screen

from cnnlib import ops
from cnnlib.plots.number_format import numbers

pytestmark = pytest.mark.browser

EXPLORER = """
import ipywidgets as widgets
import numpy as np
from cnnlib import ops
from cnnlib.widgets.parts.window_cells import window
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport

X, K = np.arange(-9, 21).reshape(5, 6) / 2, np.array([[1, 2, -1], [3, -4, 2]])
Z = ops.correlate(X, K)
padded = ops.pad(X, 1)
image = MapGrid(padded, symbol="X", role="input", colours="signed", caption="zero-padded", notes={}, first=(-1, -1),
                indices=("p", "q"), hatched=ops.pad(np.ones_like(X), 1) == 0)
kernel = MapGrid(ops.rot180(K), symbol="K turned", role="kernel", colours="signed", mark="turned", angle=0)
output = MapGrid(Z, symbol="Z", role="output", colours="signed", indices=("i", "j"), interactive=True)
symbols = MapGrid([["δ₀₀·k₁₁", "δ₀₁·k₁₀"]], symbol="dX", role="delta")
bar = Transport(Z.size, words=lambda t: f"window {t + 1} of {Z.size}", speeds={"quick": 0.05})

def draw(_change=None):
    i, j = divmod(bar.position, Z.shape[1])
    lies = window((i + 1, j + 1), K.shape)
    image.show(outlined=lies, notes={cell: f"·{k}" for cell, k in zip(lies, K.flat)})
    output.chosen = (i, j)
    kernel.angle = 7.5 * bar.position

bar.observe(draw, "position")
output.observe(lambda change: setattr(bar, "position", change.new[0] * Z.shape[1] + change.new[1]), "chosen")
draw()
grids = widgets.HBox([image, kernel, output, symbols], layout=widgets.Layout(flex_flow="row wrap"))
explorer = widgets.VBox([grids, bar])
explorer.add_class("cnn-explorer")
explorer
"""

X, K = np.arange(-9, 21).reshape(5, 6) / 2, np.array([[1, 2, -1], [3, -4, 2]])
Z = ops.correlate(X, K)


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with screen.cells_page(chromium, home, EXPLORER, shows=".cnn-position", size=(1280, 720)) as page:
        yield page


@pytest.fixture(autouse=True)
def at_the_beginning(page):
    page.click('button[title^="to the first"]')
    wait_for(page, lambda: words(page).startswith("window 1 of"))


def grid(page, n):
    return page.locator(".cnn-map").nth(n)


def shown(page, n):
    """The texts in the cells, rows of strings."""
    return (
        grid(page, n)
        .locator("[role=row]")
        .evaluate_all(
            "rows => rows.map(r => [...r.querySelectorAll('.cnn-text')].map(e => e.textContent)).filter(r => "
            "r.length)"
        )
    )


def words(page):
    return page.locator(".cnn-position").inner_text()


def focused(page):
    """The (row, column) of the cell that has the focus."""
    cell = page.evaluate("document.activeElement.dataset.cell ?? ''")
    return tuple(map(int, cell.split(","))) if cell else None


def label(page, n, i, j):
    return grid(page, n).locator(f'[data-cell="{i},{j}"]').get_attribute("aria-label")


def wait_for(page, condition):
    screen.wait_for(page, condition, lambda: f"the bar says {words(page)}")


def test_the_cells_show_the_arrays(page):
    for n, A in enumerate([ops.pad(X, 1), ops.rot180(K), Z]):
        np.testing.assert_array_equal(numbers(shown(page, n)), A)
    assert shown(page, 3) == [["δ₀₀·k₁₁", "δ₀₁·k₁₀"]]
    assert [grid(page, n).locator(".cnn-title").inner_text().split() for n in range(2)] == [
        ["X", "5×6", "zero-padded"],
        ["K", "turned", "2×3"],
    ]


def test_the_grid_is_a_grid_to_a_screen_reader(page):
    output = grid(page, 2)
    assert output.locator("[role=grid]").get_attribute("aria-label") == "Z, output, 4 rows, 4 columns"
    assert output.locator("[role=row]").count() == 5  # the names of the columns are one
    assert output.locator("[role=gridcell]").count() == 16
    assert output.locator("[role=columnheader]").all_inner_texts() == ["i↓ j→", "0", "1", "2", "3"]
    assert output.locator("[role=rowheader]").all_inner_texts() == ["0", "1", "2", "3"]
    assert output.locator("[aria-selected=true]").evaluate_all("all => all.map(e => e.dataset.cell)") == ["0,0"]
    assert label(page, 2, 1, 3) == f"i = 1, j = 3, value {Z[1, 3]:.1f}".replace("-", "−")
    assert label(page, 0, 0, 2) == "p = −1, q = 1, value 0.0, padding"
    assert label(page, 0, 1, 3) == "p = 0, q = 2, value −3.5 ·−1, inside the outline"
    assert label(page, 1, 1, 2) == "row 1, column 2, value 1, the corner mark of K[0,0]"


def test_a_click_chooses_and_the_kernel_answers(page):
    grid(page, 2).locator('[data-cell="2,1"]').click()
    wait_for(page, lambda: words(page) == "window 10 of 16")
    assert label(page, 0, 3, 2).endswith("·1, inside the outline")
    grid(page, 0).locator('[data-cell="0,0"]').click()  # this one is for reading only
    page.wait_for_timeout(300)
    assert words(page) == "window 10 of 16"
    assert grid(page, 0).locator("[aria-selected=true]").count() == 0


def test_one_tab_stop_a_grid_and_the_arrows_move_inside(page):
    assert [grid(page, n).locator('[tabindex="0"]').count() for n in range(4)] == [1, 1, 1, 1]
    page.click('button[title^="to the last"]')
    wait_for(page, lambda: grid(page, 2).locator('[tabindex="0"]').get_attribute("data-cell") == "3,3")
    page.click('button[title^="to the first"]')
    wait_for(page, lambda: words(page) == "window 1 of 16")
    grid(page, 2).locator('[tabindex="0"]').focus()
    assert focused(page) == (0, 0)
    walk = ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "End", "ArrowRight", "Home", "Control+End",
            "ArrowDown", "Control+Home", "ArrowUp", "ArrowLeft"]  # fmt: skip
    places = []
    for step in walk:
        page.keyboard.press(step)
        places.append(focused(page))
    assert places == [
        (0, 1),
        (0, 2),
        (1, 2),
        (1, 1),
        (1, 3),
        (1, 3),
        (1, 0),
        (3, 3),
        (3, 3),
        (0, 0),
        (0, 0),
        (0, 0),
    ]
    assert words(page) == "window 1 of 16"  # moving is not choosing
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for(page, lambda: words(page) == "window 5 of 16")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    wait_for(page, lambda: words(page) == "window 6 of 16")
    assert focused(page) == (1, 1)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert focused(page) == (1, 1)  # back to the cell that was left


def test_the_notebook_does_not_move_with_the_keys(page):
    def selected():
        return page.locator(".jp-Notebook .jp-Cell").evaluate_all(
            "all => all.findIndex(c => c.matches('.jp-mod-active'))"
        )

    grid(page, 2).locator('[tabindex="0"]').focus()
    before = selected()
    for press in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter", "Space", "Home", "End"):
        page.keyboard.press(press)
    page.locator(".cnn-transport [role=slider]").focus()
    for press in ("ArrowRight", "End", "Home"):
        page.keyboard.press(press)
    assert selected() == before and page.locator(".jp-Notebook.jp-mod-editMode").count() == 0


@pytest.mark.parametrize("where", [".cnn-transport [role=slider]", 'button[title^="one on"]'])
def test_arrows_step_home_returns_end_goes_to_the_last(page, where):
    page.locator(where).focus()
    for press, position in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 16), ("Home", 1)]:
        page.keyboard.press(press)
        wait_for(page, lambda position=position: words(page) == f"window {position} of 16")
    handle = page.locator(".cnn-transport [role=slider]")
    wait_for(page, lambda: handle.get_attribute("aria-valuetext") == "window 1 of 16")


def test_space_plays_and_pauses(page):
    page.locator(".cnn-transport [role=slider]").focus()
    page.keyboard.press("Space")
    page.wait_for_selector('button:has-text("Pause")')
    wait_for(page, lambda: not words(page).startswith("window 1 of"))
    page.keyboard.press("Space")
    page.wait_for_selector('button:has-text("Play")')
    held = words(page)
    page.wait_for_timeout(300)
    assert words(page) == held
    page.click('button:has-text("Play")')
    wait_for(page, lambda: words(page) == "window 16 of 16")
    page.wait_for_selector('button:has-text("Play")')


def test_nothing_jumps_over_the_whole_range(page):
    def places():
        return page.locator(
            ".cnn-map, .cnn-map .cnn-grid:not(.cnn-turns *), .cnn-transport button, .cnn-position"
        ).evaluate_all("all => all.map(e => [e.offsetLeft, e.offsetTop, e.offsetWidth, e.offsetHeight])")

    before = places()
    for position in range(2, 17):
        page.click('button[title^="one on"]')
        wait_for(page, lambda position=position: words(page) == f"window {position} of 16")
        assert places() == before


def test_the_outline_lies_on_its_cells_and_the_mark_in_its_corner(page):
    def box(locator):
        return locator.evaluate(
            "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }"
        )

    image = grid(page, 0)
    first, last = box(image.locator('[data-cell="1,1"]')), box(image.locator('[data-cell="2,3"]'))
    around = box(image.locator("path.cnn-window"))
    assert np.abs(np.subtract(around, [*first[:2], *last[2:]])).max() <= 3  # half a line, and what Chromium adds
    assert box(image.locator("path.cnn-frame"))[:2] == pytest.approx(first[:2], abs=3)
    marked = grid(page, 1).locator(".cnn-mark")
    assert marked.get_attribute("data-cell") == "1,2" and "bottom-right" in marked.get_attribute("class")


def test_the_angle_turns_the_cells_and_leaves_the_numbers_upright(page):
    def turned(selector):
        return (
            grid(page, 1)
            .locator(selector)
            .first.evaluate(
                """e => { let m = new DOMMatrix(); for (let n = e; n; n = n.parentElement)
                m = new DOMMatrix(getComputedStyle(n).transform).multiply(m);
                return Math.atan2(m.b, m.a) * 180 / Math.PI }"""
            )
        )

    grid(page, 2).locator('[data-cell="3,0"]').click()  # position 12 of 0 … 15, at 7.5° each
    wait_for(page, lambda: words(page) == "window 13 of 16")
    assert turned(".cnn-grid") == pytest.approx(90) and turned(".cnn-text") == pytest.approx(0, abs=1e-6)
    outer, inner = (grid(page, 1).locator(part).bounding_box() for part in (".cnn-room", ".cnn-grid"))
    assert outer["x"] <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert outer["y"] <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"]


CONTRASTS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (e) => {
    const c = rgb(getComputedStyle(e).backgroundColor);
    return c[3] === 0 ? behind(e.parentElement) : c;
  };
  const parts = ['b', '.cnn-size', '.cnn-caption', '.cnn-index span', '.cnn-text', '.cnn-note']
    .map(part => `.cnn-map ${part}`)
    .concat('.cnn-position').join();
  return [...document.querySelectorAll(parts)].filter(e => e.textContent).map(e => {
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    return [(a + .05) / (b + .05), e.className, e.textContent];
  });
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_every_text_is_readable_in_both_themes(page, theme):
    page.click('.lm-MenuBar-item:has-text("Settings")')
    page.hover('.lm-Menu-item:has-text("Theme")')
    page.click(f'.lm-Menu-item:has-text("{theme}") >> nth=0')
    dark = "false" if "Dark" in theme else "true"
    page.wait_for_selector(f'body[data-jp-theme-light="{dark}"]', state="attached")
    page.wait_for_timeout(500)
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 90
    assert min(contrasts)[0] >= 4.5, sorted(contrasts)[:5]


def test_nothing_moves_by_itself(page):
    """No transition, no animation: there is nothing that prefers-reduced-motion would have to switch off."""
    durations = page.locator(".cnn-map *").evaluate_all(
        "all => all.flatMap(e => [getComputedStyle(e).transitionDuration, getComputedStyle(e).animationName])"
    )
    assert set(durations) == {"0s", "none"}


def test_nothing_left_the_machine_and_nothing_failed(page):
    assert page.away == set() and page.failures == []
