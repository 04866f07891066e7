"""Both lanes, from the digit to o − y, fit a notebook's output at 1366×768 with the file browser open."""

import pytest

from cnnlib import data
from cnnlib.experiments.run import Run
from cnnlib.models import RECIPES
from cnnlib.pass_diagram.diagram import PassDiagram

pytestmark = pytest.mark.browser
OUTPUT = 945  # pixels


@pytest.mark.parametrize("name", ["article", "tanh", "modern"])
def test_no_lane_is_cut_off_at_the_right(chromium, name):
    run = Run(data.load_digits(), seed=0, **(RECIPES[name].settings() if name in RECIPES else {}))
    trace, label = run.trace(3)
    shown = PassDiagram(run.network).html(run.network, trace, label, chosen=(3, 2))
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.set_content(f'<body style="font-family: system-ui, sans-serif">{shown}')
    assert page.locator(".cnn-road").bounding_box()["width"] <= OUTPUT
    page.close()
