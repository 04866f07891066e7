"""The book in Chromium, without network: every page whole at two widths, both themes readable, search and links."""

import json
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.browser]
OURS = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def book():
    """build/book as `make book` makes it; Sphinx takes a warning as an error."""
    done = subprocess.run([sys.executable, "-m", "cnnlib", "book"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return ROOT / "build" / "book"


@pytest.fixture
def reader(chromium):
    """A window without network; ``page.noted`` collects what went wrong or away."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.noted = []
    page.on("request", lambda request: request.url.startswith(OURS) or page.noted.append(request.url))
    page.on("requestfailed", lambda request: page.noted.append(f"not there: {request.url}"))
    page.on("pageerror", lambda error: page.noted.append(str(error)[:300]))
    yield page
    context.close()


def settled(page, path):
    """Open a page and wait for its formulas."""
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    return page


LOOK = r"""() => {
    const article = document.querySelector('article.bd-article') || document.body;
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const tex = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.data, parent = walker.currentNode.parentElement;
        if (/\\\(|\\\[|\$\$/.test(text) && !parent.closest('code, pre, script, style, mjx-container'))
            tex.push(text.slice(0, 80));
    }
    return {
        tex,
        refused: [...article.querySelectorAll('[data-mml-node=merror]')].map(e => e.textContent.slice(0, 80)),
        unset: [...article.querySelectorAll('.math')].filter(e => !e.querySelector('mjx-container')).length,
        empty: [...article.querySelectorAll('.cnn-stepper')]
            .filter(e => e.getBoundingClientRect().height < 60).length,
        unnamed: [...article.querySelectorAll('img:not([alt])')].length,
        ids: [...document.querySelectorAll('[id]')].map(e => e.id),
        links: [...document.querySelectorAll('a[href]')].map(e => e.href),
    };
}"""
WIDE = """() => {
    const room = document.documentElement.clientWidth, scrolls = e => {
        for (let up = e.parentElement; up; up = up.parentElement)
            if (up.tagName !== 'BODY' && getComputedStyle(up).overflowX !== 'visible') return true;
        return false; };
    const beyond = [...document.querySelectorAll('article.bd-article *')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width && box.right > room + 1 && !scrolls(e) && getComputedStyle(e).position !== 'fixed'; });
    return [document.documentElement.scrollWidth - room, ...beyond.slice(0, 3).map(e => e.outerHTML.slice(0, 100))];
}"""


def test_every_page_is_whole_without_network(book, reader):
    wrong, ids, links = {}, {}, []
    for path in sorted(path for path in book.rglob("*.html") if "_static" not in path.parts):
        seen = settled(reader, path).evaluate(LOOK)
        ids[path] = set(seen.pop("ids"))
        links += [(path, link) for link in seen.pop("links")]
        for width in (1280, 390):
            reader.set_viewport_size({"width": width, "height": 900})
            if (beyond := reader.evaluate(WIDE)) != [0]:
                seen[width] = beyond
        if any(seen.values()) or reader.noted:
            wrong[path.name] = {key: value for key, value in seen.items() if value}, reader.noted[:3]
            reader.noted.clear()
    assert wrong == {}
    assert len(ids) > 60 and dangling(links, ids) == []


def dangling(links, ids):
    """Links within the book to a page or a place that is not there; a cell's place among them."""
    found = set()
    for path, link in links:
        address = urllib.parse.urlsplit(link)
        if address.scheme == "file":
            target, place = Path(urllib.parse.unquote(address.path)), urllib.parse.unquote(address.fragment)
            if not target.exists() or (place and target in ids and place not in ids[target]):
                found.add(f"{path.name}: {target.name}#{place}")
    return sorted(found)


def test_the_search_finds_rotated(book, reader):
    reader.goto(f"{(book / 'search.html').as_uri()}?q=rotated")
    reader.wait_for_selector("#search-results li a", timeout=20_000)
    assert reader.locator("#search-results li a").count() > 3 and reader.noted == []


def test_a_link_of_the_index_goes_to_the_cell_and_solutions_open(book, reader):
    settled(reader, book / "statements.html").click('a[href*="cell-id=step-collapse-term"] >> nth=0')
    cell = reader.locator('[id="cell-id=step-collapse-term"]')
    cell.wait_for()
    reader.wait_for_timeout(500)
    assert 0 <= cell.bounding_box()["y"] < 900
    page = next((book / "notebooks" / "solutions").glob("04*.html"))
    folded = settled(reader, page).locator("details.cnn-solution")
    assert folded.count() == 2 and not folded.first.locator("pre").first.is_visible()
    folded.first.locator("summary").first.press("Enter")
    assert folded.first.locator("pre").first.is_visible()


CONTRAST = """() => {
    const share = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const light = text => text.match(/[\\d.]+/g).slice(0, 3).map(share)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const paper = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$|transparent/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
    const texts = 'p, li, td, th, h1, h2, h3, a, code, pre, pre span, summary', low = new Set();
    for (const e of document.querySelectorAll(`article.bd-article :is(${texts})`)) {
        const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!own || !e.getBoundingClientRect().width) continue;
        const [a, b] = [light(getComputedStyle(e).color), light(paper(e))].sort((x, y) => y - x);
        if ((a + .05) / (b + .05) < 4.5) low.add(`${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
    }
    return [...low].slice(0, 5);
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast_in_both_themes(book, reader, theme):
    reader.add_init_script(f"localStorage.mode = localStorage.theme = {json.dumps(theme)}")
    low = {}
    for name in ("index", "notebooks/04*", "notebooks/solutions/04*", "notebooks/13*", "statements", "api/ops"):
        page = next(book.glob(f"{name}.html"))
        assert settled(reader, page).evaluate("document.documentElement.dataset.theme") == theme
        if found := reader.evaluate(CONTRAST):
            low[name] = found
    assert low == {}
