"""Every colour of the course, by its meaning: figures, panels, explorers and quizzes all use these.

A role has three colours: :data:`LINES` for frames, bars and curves (Okabe and Ito: colour-blind readers can tell
them apart), and for its name :data:`INKS` on a light page and :data:`DARK_INKS` on a dark one, with a contrast of
at least 4.5.  CSS gets them as custom properties, ``var(--cnn-kernel)`` for text and ``var(--cnn-kernel-line)``
for the rest: :func:`style` puts them before a style sheet.  No colour is the only cue: roles are named, lines
differ in width and dash, signs are written.
"""

import numpy as np

BLACK, WHITE = "#000000", "#ffffff"
DARK, QUIET, THIN, HAIR = "#1a1a1a", "#5a5a5a", "#8c8c8c", "#cdcdcd"  # text, paler text, lines, lines between cells
PAPER, HATCH = "#f0f0f0", "#c4c4c4"  # padding in a figure
GRID, BAND = "#d9d9d9", "#e3e3e3"  # lines behind curves; a range behind dots

LINES = {"input": "#0072b2", "kernel": "#e69f00", "output": "#009e73", "delta": "#cc79a7"}
INKS = {"input": "#0072b2", "kernel": "#8f5f00", "output": "#00795a", "delta": "#a8447c"}
DARK_INKS = {"input": "#6db9ea", "kernel": "#f0b840", "output": "#4fd1a9", "delta": "#e9a3c9"}

# What a figure draws on its paper, on a dark page; what is not in here keeps its colour (cnnlib.plots.dark_page).
DARK_PAGE, DARK_TEXT, DARK_QUIET = "#111111", "#ececec", "#b4b4b4"
DARK_PADDING, DARK_HATCH, DARK_HAIR = "#262626", "#484848", "#4a4a4a"

# "right" and "wrong" as text, (on a light page, on a dark one); "wrong" as a line.
JUDGED = {"right": ("#00694e", "#4fd1a9"), "wrong": ("#a3340b", "#ff9d73")}
CHANGED = "#c22f3c", "#ff959e"  # what is new in a formula, (on a light page, on a dark one)
RIGHT_LINE, WRONG_LINE, RAW_LINE = LINES["output"], "#d55e00", "#56b4e9"
QUESTION = "#24476b"  # behind a question of the quiz

ON_DARK = {INKS[role]: DARK_INKS[role] for role in INKS} | dict(JUDGED.values()) | {
    BLACK: DARK_TEXT, DARK: DARK_TEXT, QUIET: DARK_QUIET, WHITE: DARK_PAGE,
    PAPER: DARK_PADDING, HATCH: DARK_HATCH, HAIR: DARK_HAIR, GRID: DARK_HAIR, BAND: DARK_HAIR,
}  # fmt: skip

# Anchors of the colour maps.  Negative is the darker end: the sign survives a print without colour.
SCALES = {
    "signed": ["#0b3c6f", "#6f9fd0", "#ffffff", "#f2a285", "#c8401f"],
    "unit": ["#ffffff", "#7fceb8", "#009e73", "#00382a"],
    "ink": ["#ffffff", "#111111"],
}
# One shade for each product, of a yellow that belongs to no role: each darker than the one before, so that the
# order can be seen in a print without colour.
SHADES = ("#f2f5a5", "#dad667", "#b4ac66", "#96842b", "#677135", "#4a4c24")

# The taps of a kernel of three: tints of its orange, k₀ the lightest; each carries its name in DARK.
TAPS = ("#fdeac2", "#f5bd4f", "#d98e00")

# Colours that the page defines, in JupyterLab and in the book; on any other page it is taken for white.
DARK_PAGES = '[data-jp-theme-light="false"], html[data-theme="dark"]'
TEXT, PAGE = "var(--cnn-text, #1a1a1a)", "var(--cnn-page, #ffffff)"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours "#rrggbb", 1 to 21.  Source: WCAG 2.2, relative luminance."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour "#rrggbb", 0 to 1."""
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def linear(colour: str) -> np.ndarray:
    """Red, green and blue of "#rrggbb" as shares of light, each 0 to 1.  Source: sRGB, IEC 61966-2-1."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def ink_on(fill: str) -> str:
    """Black or white, whichever is easier to read on a fill: the contrast is 4.5 at least, on any fill."""
    return max(BLACK, WHITE, key=lambda ink: contrast(ink, fill))


def style(css: str) -> str:
    """A style sheet as an HTML element, with the properties that it uses."""
    return f"<style>{PROPERTIES}{css}</style>"


def _properties():
    """The colours as CSS custom properties, on a light page and on a dark one."""
    light = {f"{role}-line": colour for role, colour in LINES.items()}
    pairs = JUDGED | {"changed": CHANGED}
    light |= {**INKS, **{name: pair[0] for name, pair in pairs.items()}}
    dark = {**DARK_INKS, **{name: pair[1] for name, pair in pairs.items()}}
    light |= {"wrong-line": WRONG_LINE, "mark": "#111111", "halo": WHITE, "thin": "rgba(128, 128, 128, .55)"}
    light |= {"on-tap": DARK, **{f"tap-{u}": colour for u, colour in enumerate(TAPS)}}
    light["mark-on-page"], dark["mark-on-page"] = light["mark"], WHITE  # an outline on the page, not in a map
    # Text follows the page's own colours where it has any.
    for name, jupyter, on_light, on_dark in (
        ("text", "ui-font-color1", DARK, DARK_TEXT),
        ("quiet", "ui-font-color2", QUIET, DARK_QUIET),
        ("page", "layout-color0", WHITE, DARK_PAGE),
    ):
        light[name], dark[name] = (f"var(--jp-{jupyter}, {colour})" for colour in (on_light, on_dark))
    light |= {"focus": INKS["kernel"], "hatch": "#f4f4f4", "hatch-line": "#d2d2d2"}
    dark |= {"focus": DARK_INKS["kernel"], "hatch": DARK_PADDING, "hatch-line": DARK_HATCH}
    return f":root {{{_declared(light)}}}\n{DARK_PAGES} {{{_declared(dark)}}}\n"


def _declared(colours):
    return "".join(f" --cnn-{name}: {colour};" for name, colour in colours.items()) + " "


PROPERTIES = _properties()
