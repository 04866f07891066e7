"""Layers written before the catalogue existed: every one is found, each fault is named, right parts stay right."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients import by_hand

NAMED = {
    "without padding the buffer is never copied back: zeros": "zeros_without_padding",
    "the kernel is turned before col2im, which scatters already": "no_turn",
    "col2im assigns where it has to add": "assigned",
    "delta reshaped to rows without the transpose": "delta_reshaped",
    "reshape where the transposed matrix was meant": "dK_reshaped",
    "the bias gradient is averaged over batch and positions": "bias_mean",
    "everything divided by the batch size": "over_N",
    "weights updated before the input gradient": "update_before_dX",
    "only the last filter: = for += over the filters": "last_map_only",
    "padded delta slid over with the kernel as it is": "no_turn",
    "the step of the bias uses the bias itself": "bias_shrinks",
    "turned for a full convolution that turns already": "no_turn",
    "each input channel takes the delta of its own number": "other_map",
    "the same sum over channels for every channel": "channels_summed",
    "true convolution, and dK left unturned": "dK_not_turned",
    "the bias gradient of the last image only": "last_image_only",
    "padding cut one row too early": "padding_forgotten",
    "np.rot90 once": "quarter_turn",
    "flipped along one axis": "one_axis",
    "turned in all four axes: channels reversed too": "channels_reversed",
    "return inside the loop over images": "first_image_only",
    "a ReLU mask of the input that no forward pass has": "masked_by_input",
    "stride forgotten on the way back, in dX and dK": "stride_forgotten",
    "all images into image 0 and the last window only in dK": "all_into_first",
}
RIGHT = [
    ((by_hand.Convolution,), {"gradients": ("dW", "db")}),
    ((by_hand.TrueConv,), {"gradients": ("grads.W", "grads.b")}),
    ((by_hand.ConvNHWC,), {"X": "NHWC", "K": "HWIO"}),
    ((by_hand.Convolutional,), {"X": "CHW", "gradients": "step"}),
]


def handed(layer):
    return layer if isinstance(layer, tuple) else (layer,)


@pytest.mark.parametrize("guess", [False, True], ids=["described", "guessed"])
@pytest.mark.parametrize(
    "layer, description, parts, words", by_hand.FAULTY, ids=[entry[3] for entry in by_hand.FAULTY]
)
def test_the_fault_is_named_where_it_is_and_nowhere_else(layer, description, parts, words, guess):
    report = doctor.examine(*handed(layer), show=False, **({"guess": True} if guess else description))
    assert [name for name in report.parts if report[name].verdict == "wrong"] == parts and not report
    assert report[parts[0]].mistake == NAMED[words]


@pytest.mark.parametrize("layer, description", RIGHT, ids=[entry[0][0].__name__ for entry in RIGHT])
def test_right_layers_are_right(layer, description):
    assert doctor.assert_right(*layer, **description)
    assert doctor.examine(*layer, guess=True, show=False)


def test_a_description_that_does_not_fit_says_which_would():
    with pytest.raises(doctor.DescriptionError, match=r'with X="NHWC".*with X="NCHW", K="OIHW" it is one'):
        doctor.examine(by_hand.Convolution, X="NHWC")
    with pytest.raises(doctor.DescriptionError, match=r"'dw', shaped \(4, 2, 3, 3\).*\.dW \(4, 2, 3, 3\)"):
        doctor.examine(by_hand.Convolution, gradients=("dw", "db"))
    with pytest.raises(doctor.DescriptionError, match="expected letters out of NCHW"):
        doctor.examine(by_hand.Convolution, X="NCQW")


def test_what_the_report_says(capsys):
    report = doctor.examine(by_hand.TurnedForCol2im, gradients=("dW", "db"))
    said = capsys.readouterr().out
    assert "WRONG in every setting" in said and "your layer gave" in said and "notebook 03" in said
    assert (
        report["dX"].settings
        and report["dK"].verdict == "right"
        and report.to_dict()["parts"]["dX"]["mistake"] == "no_turn"
    )
    assert "✗" in report._repr_html_()
    with pytest.raises(AssertionError, match="turned"):
        doctor.assert_right(by_hand.TurnedForCol2im, gradients=("dW", "db"))
    assert report.again(by_hand.Convolution)


def test_what_is_said_of_one_part_fits_beside_a_question():
    report = doctor.examine(by_hand.Convolution, gradients=("dW", "db"), show=False)
    assert report.about("dX").startswith("dX ") and "dK" not in report.about("dX")
    assert max(map(len, report.about("dX", width=40).splitlines())) <= 40
    with pytest.raises(KeyError, match="a report speaks of"):
        report.about("dZ")


def test_the_random_state_of_the_caller_stays_as_it_was():
    np.random.seed(3)
    wanted = np.random.random()
    np.random.seed(3)
    doctor.examine(by_hand.RotatedForConvolve, guess=True, show=False)
    assert np.random.random() == wanted


class ForeignArray:
    """An array of another library that NumPy may not read, as a tensor that records its gradient is."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("can't call numpy() on an array that requires grad")


class WithForeignArrays(by_hand.Convolution):
    """A right layer that also keeps a list of arrays which refuse NumPy."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved = [ForeignArray(), ForeignArray()]


def test_arrays_of_another_library_beside_the_weights_do_no_harm():
    assert doctor.examine(WithForeignArrays, show=False)
