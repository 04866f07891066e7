"""The large pictures of the panel: the kernel lies turned between the delta maps that it leads from and to."""

import pytest

from cnnlib import data
from cnnlib.experiments.run import Run
from cnnlib.models import RECIPES
from cnnlib.ops import rot180
from cnnlib.pass_diagram.columns import stops
from cnnlib.plots.image_grid import picture, scale_limit
from cnnlib.widgets.training_panel.wall import wall


@pytest.mark.parametrize("net", RECIPES)
def test_the_chosen_slice_is_shown_turned_between_its_delta_maps(net):
    run = Run(data.load_digits(), seed=0, **RECIPES[net].settings())
    network, (trace, _) = run.shown(), run.trace(3)
    page = wall(network, trace, stops(network), (3, 2), {})
    K = network.layers[next(s.layer for s in reversed(stops(network)) if s.kind == "kernels")].params["K"][3, 2]

    def drawn(A):
        image = picture(A[None], columns=1, scale=1, alt="", colours="signed", limit=scale_limit(K))
        return image.split('src="')[1].split('"')[0]

    assert drawn(rot180(K)) in page and drawn(K) not in page
    turns = network["conv2"].operation == "convolution"
    assert ("∗ turns it back" in page) == (">∗<" in page) == turns != (">⋆<" in page)
    assert page.count("<figure") == 4 and page.count('cnn-map-picture cnn-is-turned"') == 1


def test_numbers_that_the_net_does_not_have_wrap_round():
    run = Run(data.load_digits(), seed=0)
    network, (trace, _) = run.shown(), run.trace(3)
    one, other = (wall(network, trace, stops(network), chosen, {}) for chosen in ((0, 0), (12, 6)))
    assert one == other
