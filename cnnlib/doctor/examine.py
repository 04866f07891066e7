"""The entry points: :func:`examine`, and :func:`assert_right` for tests."""

import inspect
import sys

from .checks.raising import accidents
from .checks.removed import names_of_old, with_removed
from .checks.turns import turn_in_code
from .checks.unrun import unrun
from .diagnosis.finding import Finding
from .diagnosis.modes import in_all_modes
from .evidence import evidence_of
from .examination import NOT_COMPUTED, NOT_SUPPORTED, WRONG
from .files.picking import first_driven, layers_of, worth_trying
from .patient.plan import NoForwardError
from .report import TELLS, Part, Report
from .running import undisturbed
from .search.fitting import adapter_for
from .styles.several import together
from .wishes import checked_description, likely_kind, of_their_types, subject_of


@undisturbed()
def examine(
    layer,
    backward=None,
    *,
    kind: str | None = None,
    X: str | None = None,
    K: str | None = None,
    Z: str | None = None,
    b: str | None = None,
    gradients=None,
    without=(),
    lr: float | None = None,
    activation: str | None = None,
    stride: str | int | None = None,
    pad: str | int | None = None,
    arguments: dict[str, str] | None = None,
    forward: str | None = None,
    guess: bool = False,
    tell: str = "which",
    show: bool = True,
    settings=None,
) -> Report:
    """Compare a layer's backward pass with central differences of its own forward pass, and name the mistake.

    Most layers need no other word::

        examine(MyConv)                                  a class; a fresh object is made for every setting
        examine(conv_forward, conv_backward)             two functions
        examine(MyConv, guess=True)                      the description that was found is printed as well

    Say what was guessed wrongly, or what the error asks for; what is not said is found out::

        examine(MyConv, gradients=("dW", "db"))          where the gradients are: names, "step" or "returned"
        examine(MyConv, X="NHWC", K="HWIO")              how images and kernels are laid out
        examine(MyConv, without=("dX",))                 dX is left out on purpose, as in a first layer
        examine(MyConv, arguments={"zeta": "stride"})    what a parameter means that nobody knows by its name

    It prints, for the forward pass, dX, dK and db, whether it is right, in which settings it is wrong, and which
    mistake it is.  The report is true if all is right; ``report["dX"].verdict`` and ``report["dX"].mistake`` are
    words, and ``report.again()`` examines the repaired layer as before.  A layer that cannot be called so is
    wrapped in a few lines: see the examples at the end.

    Parameters
    ----------
    layer : class, factory make(K, b, stride, pad, X, k, C, O), object, forward function, or a module
        A factory asks for as many of these, by name, as it needs.  Of a module its likeliest layer.
    backward : backward function, several of them, or the name of the backward method
    kind : "convolution", "dense", "mean pooling", "max pooling", "activation" or "any"
        By default recognised by the name of the layer.  Of "any" layer, as a transposed or dilated convolution, the
        gradients alone are compared, with central differences of its own forward pass.
    X, K, Z, b : axis strings
        N images, C channels, O maps, I input channels, H rows, W columns, in your order: X="NHWC", K="HWIO",
        Z="NHWO"; "HW" for one map; "O(IHW)" flattened; "[C]HW" a list of maps, "[H][W]C" lists of lists; for
        sequences "NCW", "OIW".
    gradients : "returned", "step", names, or {"dK": name, …}
        "step" where only the weights change, in place or as what is returned; names are those of (dK, db) or
        of (dX, dK, db).
    without : names of gradients
        Those that the layer leaves out on purpose, as ("dX",).
    lr : number
        The learning rate of its steps, if it cannot be handed over.
    activation : "linear", "relu", "sigmoid", "tanh", …
        That inside the layer; by default found out, and it may be any function of one number.
    stride, pad : names of those parameters
        Or pad="same" or "valid" for a layer that pads so by itself; of an object that is there already the numbers,
        where they cannot be read from it.
    arguments : {parameter: meaning, or the value itself}
        What the parameters of its constructor, forward and backward pass are: a meaning is "X", "K", "b", "delta",
        "cache", "lr", "stride", "pad", "mode", "k", "C", "O", "H", "W", "N", "Z" or "input shape"; a value any
        other object, as in {"optimizer": None, "training": True}; a word for the layer itself has an equals sign
        before it, {"activation": "=relu"}.
    forward : name of the forward method
    guess : bool
        Print the description that was found.
    tell : "evidence", "where" or "which"
        How much is reported: numbers, which cells as well, or the mistake as well.
    show : bool
        Whether the report is printed.
    settings : list of Settings, or of eight numbers (N, C, O, H, W, k, stride, padding)
        By default those of :data:`cnnlib.doctor.SETTINGS`.  For a layer that knows square images, or as many maps
        as channels: [dataclasses.replace(s, W=s.H, O=s.C) for s in doctor.SETTINGS].  Rows are H=1, k_h=1.

    Returns
    -------
    Report
        Parts "forward", "dX", "dK" and "db"; a mistake is a key of :data:`cnnlib.doctor.CATALOGUE`, or None.

    Raises
    ------
    DescriptionError
        With what was found and expected, for a description that does not fit.

    Examples
    --------
    Any layer can be handed over in a few lines of yours, which build it, call it, and return what it keeps::

        class Wrapped:
            def __init__(self, K, b, stride=1, pad=0):  # leave out what it does not have
                self.layer = MyConv(filters=len(K), size=K.shape[2], stride=stride)
                self.layer.W, self.layer.b = K, b

            def forward(self, X):
                self.layer.input = X
                self.layer.run()
                return self.layer.output

            def backward(self, dZ):
                self.layer.run_back(dZ)
                return self.layer.grad_input, self.layer.grad_W, self.layer.grad_b

        doctor.examine(Wrapped, X="NCHW", K="OIHW")

    A layer whose methods are called forward and backward needs its constructor alone::

        def make(K, b):
            layer = MyConv(filters=len(K), size=K.shape[2])
            layer.W, layer.b = K, b
            return layer

        doctor.examine(make)
    """
    if tell not in TELLS:
        raise ValueError(f"tell={tell!r} is none of {', '.join(TELLS)}")
    given = {name: value for name, value in locals().items() if name not in ("layer", "backward", "tell", "show")}
    if inspect.ismodule(layer) and backward is None and (found := layers_of(layer)):
        words = given | {"tell": tell, "show": show}
        return first_driven(worth_trying(found), lambda one, *back: examine(one, back or None, **words))[0]
    of_their_types(given | {"backward": backward})
    if isinstance(backward, (tuple, list)):
        backward = together(backward) if len(backward) > 1 else next(iter(backward), None)
    without = (without,) if isinstance(without, str) else tuple(without or ())
    subject = subject_of(layer, backward if callable(backward) else None)
    description = checked_description(
        subject, given | {"without": without, "backward": backward if isinstance(backward, str) else None}
    )
    told = settings is not None
    kind = kind or likely_kind(subject)
    try:
        with names_of_old(*filter(None, (subject.thing, subject.pair))) as asked:
            adapter, settings = adapter_for(subject, kind, description, lr)
            asked.clear()
            report = _examined(subject, adapter, settings, asked, (told, without, tell))
    except NoForwardError as error:
        if error.certain is None:
            raise
        report = unrun(subject, kind, error.certain, without, tell)
    report._again = lambda new, new_backward: examine(
        *_renewed(layer, backward, new, new_backward), tell=tell, show=show, **given
    )
    if show:
        if guess:
            print("The description found: " + ", ".join(report.plan.lines()))
        print(report)
    return report


def _examined(subject, adapter, settings, asked, wishes) -> Report:
    """The report on a layer that can be driven; ``asked`` are the names of old that it asks NumPy for."""
    told, without, tell = wishes
    adapter, visits, found, modes = in_all_modes(adapter, settings, told=told)
    with_removed(found, asked)
    found |= {name: Finding(name, NOT_COMPUTED) for name in without if name in found}
    report = _report(subject, adapter, visits, found, without, tell)
    report.modes, ended = modes, accidents(adapter, visits)
    report.accidents = list(ended)
    for setting in (one for settings in ended.values() for one in settings):
        report.refused.pop(str(setting), None)
    return report


def assert_right(layer, backward=None, **description) -> Report:
    """For your own tests: :func:`examine` without output, with an error if anything is wrong.

    Raises
    ------
    AssertionError
        With the whole report.
    """
    report = examine(layer, backward, **{"show": False} | description)
    if not report:
        raise AssertionError(str(report))
    return report


def _report(subject, adapter, visits, found, without, tell):
    ran = [v for v in visits if v.refused is None and v.run is not None]
    judged = found["forward"].settings  # among them those in which only a part of Z was computed
    refused = {
        str(v.setting): v.refused
        for v in visits
        if v.refused and "no axis" not in v.refused and v.setting not in judged
    }
    anatomies = [v.expected.anatomy for v in ran if v.expected and v.expected.anatomy]
    parts = {}
    for name, finding in found.items():
        more = sum(all(v.setting != one for v in ran) for one in finding.settings)
        without_it = sum(v.run.failed is not None and v.verdicts.get(name) == NOT_SUPPORTED for v in ran)
        without_it = 0 if finding.verdict in (WRONG, NOT_SUPPORTED) and without_it == len(ran) else without_it
        part = parts[name] = Part(finding, len(ran) + more - without_it, without_it)
        if finding.verdict == WRONG:
            part.structure, part.terms, part.impulse = evidence_of(finding, adapter)
            part.hint = turn_in_code(adapter, part.mistake)
    said = [text for v in ran for text in v.run.said]
    return Report(
        subject.name,
        adapter.plan,
        parts,
        anatomy=anatomies[0] if anatomies else None,
        without=without,
        tell=tell,
        refused=refused,
        said=said,
        again=None,
    )


def _renewed(layer, backward, new, new_backward):
    """The layer that now has the same name, or the one that was handed over."""

    def current(thing):
        home = sys.modules.get(getattr(thing, "__module__", None) or "")
        return getattr(home, getattr(thing, "__name__", ""), thing) if home else thing

    layer = current(layer) if new is None else new
    if new_backward is not None:
        return layer, new_backward
    return layer, current(backward) if callable(backward) else backward
