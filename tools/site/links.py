"""Do the links inside the site lead somewhere? Every one of them, from page to page and into pages."""

import re
import urllib.parse
from pathlib import Path

HREF = re.compile(r'(?:href|src)="([^"]+)"')
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


def broken(site: Path) -> list[str]:
    """"page: link" for every link of a page that leads to no file of the site, or to no place on its page."""
    found, texts = [], {}
    book = [page for page in (site / "book").rglob("*.html") if "_static" not in page.parts]  # a theme's templates
    for page in sorted([site / "index.html", *book, *(site / "slides").glob("*.html")]):
        for link in HREF.findall(_text(page, texts)):
            if problem := _problem(site, page, link.replace("&amp;", "&"), texts):
                found.append(f"{page.relative_to(site)}: {link} {problem}")
    return found


def _problem(site, page, link, texts):
    address = urllib.parse.urlsplit(link)
    if address.scheme or address.netloc or (link.startswith("#") and len(link) < 2):
        return ""
    target = (page.parent / urllib.parse.unquote(address.path)).resolve() if address.path else page
    if not target.is_file():
        return "leads nowhere"
    path = urllib.parse.parse_qs(address.query).get("path", [""])[0]
    if path and not (site / "live" / "files" / path).is_file():
        return "names no notebook"
    place = urllib.parse.unquote(address.fragment)
    if not place or place.startswith("/") or target.suffix != ".html":  # "/" begins a slide's place in a deck
        return ""
    known = re.search(rf'(?:id|name)="{re.escape(place)}"', _text(target, texts))
    return "" if known else "names no place on that page"


def _text(page, texts):
    if page not in texts:
        texts[page] = SCRIPT.sub("", page.read_text(encoding="utf-8"))
    return texts[page]
