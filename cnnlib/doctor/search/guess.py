"""Finding the description: layouts, values of the parameters and the layer's own weights, by trying them.

Settings with a different length on every axis (:data:`cnnlib.doctor.settings.PROBES`) tell layouts apart; a plan
under which the forward pass *is* a convolution is taken at once, else the one whose output looks most like one.
"""

import itertools
import time
from dataclasses import replace

from ..kinds import has_kernel
from ..patient import calls
from ..patient.axes import layout_of
from ..patient.plan import NoForwardError, Plan
from ..reading.building import builds_of
from ..reading.certain import is_certain
from ..running import LayerError
from ..settings import PROBES
from .activations import with_activations
from .built import Built
from .failure import nothing_found
from .methods import backward_name, forward_names, ways_ahead
from .order import SQUARE, in_order, layouts_of, probes_of
from .own_weights import lacking, left_to_fill, may_fit, own_weights, that_fit_first
from .probe import EXACT, fits_one_alone, one_map_for_all, try_plan

MOST_TRIES, MOST_IF_TOLD, MOST_ERRORS = 6000, 800, 40  # layouts that were told leave little to try
PATIENCE, SHORT = 2.4, 0.6  # seconds of processor time, at most; those after a plan that resembles
LEAST, RESEMBLING, SURE = 0.9, 1.25, 1.99  # scores: of all plans; of the right layout alone; with its bias alone
LIKELIEST, OTHERS = slice(0, 2), slice(2, 24)  # ways to call the forward pass: these first, in all layouts
ENOUGH, FEW = 160, 40  # plans tried in vain since, before such a one is taken
BIASES = ("O", "O1", "111O", "1O", "O11", "1O11", "OHW", "HWO", "HW")  # layouts of b, as they are tried
ALIKE = 1.9  # a score at which the output is all but a convolution's


class Search:
    """The search for one subject; ``given`` holds what the description fixes."""

    def __init__(self, subject, kind: str, given: dict, lr: float = 1.0):
        self.subject, self.kind, self.given, self.lr, self.errors = subject, kind, given, lr, []
        self.usual_bias, self.biased = True, False  # a bias handed over is tried as "O" first, in all layouts of X
        self.ways, self.best, self.patience = LIKELIEST, None, given.get("patience") or PATIENCE
        self.built = Built(subject, self._anything())
        self.start, self.tries, self.since, self.seen = time.process_time(), 0, 0, 0.0
        few = any(given.get(name) for name in ("X", "K", "Z", "few"))
        self.most = MOST_IF_TOLD if few or kind != "convolution" else MOST_TRIES
        self.probes = given.get("settings") or probes_of(kind, given)
        self.x, self.k = layouts_of(subject, kind, self.probes[0].flat, given)

    def options(self, site, function):
        listed = calls.options(site, function, self.given.get("names") or {})
        return calls.combinations(with_activations(listed, self.subject.thing) if site == "make" else listed)

    def find(self):
        """The best fit; DescriptionError with what was seen where no plan runs."""
        maker = self.subject.maker()
        makes = that_fit_first(self, self.options("make", maker)) if maker is not None else [{}]
        for self.usual_bias, self.ways in itertools.product((True, False), (LIKELIEST, OTHERS)):
            if not (self.usual_bias or self.biased) or self._done(self._through(makes)):
                break
        if self.best is None or self.best.score < RESEMBLING or fits_one_alone(self):
            self._once_more(makes[:1])
        if self.best is None or self.best.score < LEAST:
            raise NoForwardError(nothing_found(self), [*filter(is_certain, self.errors[:1]), None][0])
        return self.best

    def _once_more(self, makes):
        """The likeliest call alone, with several images and channels in every layout of X, K and b."""
        kept, self.best, before = self.best, None, self.tries
        self.start, self.ways = time.process_time() - self.patience / 2, LIKELIEST  # half as long
        self.tries, self.since = 0, 0
        alone = kept is not None and one_map_for_all(kept)
        probes = [p for p in self.probes if p.p == 0 and p.C > 1 and (p.N > 1 or alone)]
        for usual, probe, x in itertools.product((True, False), probes, self.x):
            self.usual_bias = usual
            if not (self.usual_bias or self.biased) or self._tired():
                break
            if any(self._done(self._try_make(probe, make, x)) for make in makes if x.fits(probe.shapes["X"])):
                break
        self.tries += before
        least = LEAST if alone else min(EXACT, kept.score) if kept is not None else 0
        if self.best is None or self.best.score < least:
            self.best = kept

    def _through(self, makes):
        """All tiers in turn; the best score, as soon as it is good enough."""
        for probes, tier, layouts in self._tiers(makes):
            for probe, make, x in itertools.product(probes, tier, layouts):
                if x.fits(probe.shapes["X"]) and self._done(self._try_make(probe, make, x)):
                    return self.best.score
                if self._tired():
                    break
            if self.best is not None and self.best.score > ALIKE:
                break
        return self.best and self.best.score

    def _tired(self) -> bool:
        """Whether the search has had enough time: less if the layout is right and only the numbers are not."""
        score, now = self.best.score if self.best is not None else 0.0, time.process_time()
        if score < RESEMBLING:
            return self.tries > self.most or now - self.start > self.patience or self.built.in_vain
        sure = score > SURE and self.best.session.case.setting.O > 1
        return self.tries - self.since > (FEW if sure else ENOUGH) or now - self.seen > SHORT

    def _tiers(self, makes):
        """What is tried in which order: the usual layouts first, then single images, other calls, rarer layouts."""
        probes, first, later = self.probes, makes[:10], makes[10:]
        usual, rare = self.x[:2], self.x[2:]
        one = [x for x in self.x if "N" not in x.letters]
        plain = [probe for probe in probes if probe.p == 0]
        yield probes[:1], first, usual
        yield [p for p in plain if p.N == 1 and p.C > 1], first, one
        yield probes[:1], later, usual
        yield probes[1:5], first, usual
        yield [p for p in plain if p.C == 1 and p.O > 1], first, [x for x in self.x if "C" not in x.letters]
        yield [p for p in plain if p.C == 1 and p.O > 1], first, self.x
        yield [SQUARE] if len(probes) > len(PROBES) else [], first, usual
        yield [replace(SQUARE, N=1)] if len(probes) > len(PROBES) else [], first, one
        yield [replace(SQUARE, N=1, O=1)], first, [x for x in self.x if not {*"NC"} & {*x.letters}]
        yield [replace(SQUARE, O=1)], first, [x for x in self.x if x.text == "NHW"]
        yield probes[:1], first, rare
        yield [p for p in plain if p.O == 1], first, [x for x in self.x if "C" not in x.letters]
        yield [p for p in plain if p.O == 1], first, self.x
        yield [p for p in probes if p.O > 1], makes, self.x

    def note(self, error):
        """Keep what went wrong in words, the likeliest calls first."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)

    def _done(self, score):
        return (score or 0) >= EXACT

    def _says_less(self, fit) -> bool:
        """Whether one map hides what several show: a fit to it counts for nothing beside a likeness to several."""
        several = self.best is not None and self.best.score >= RESEMBLING
        return several and self.best.session.case.setting.O > 1 and fit.session.case.setting.O == 1

    def _keep(self, fit):
        self.tries += 1
        if fit is not None and self._says_less(fit):
            return None
        if fit is not None and (self.best is None or fit.score > self.best.score):
            self.best, self.since, self.seen = fit, self.tries, time.process_time()
        return fit.score if fit is not None else None

    def _try_make(self, probe, make, x):
        """Every way to give the weights and to call the forward pass, for one way to call the constructor."""
        plan = Plan(
            kind=self.kind,
            X=x,
            make=make,
            lr=self.lr,
            activation=self.given.get("activation"),
            takes_kernel=False,
            takes_bias=False,
        )
        meanings = {meaning for meaning, _ in make.values()} | calls.keyed(self.subject.maker(), make)
        takes_kernel = "K" in meanings or self._anything()
        layer = self.layer_with(plan, probe, takes_kernel)
        if layer is None or not (takes_kernel or self.built.look(may_fit, layer, probe, self.kind)):
            return None
        best, filled = None, self.built.look(left_to_fill, layer)
        for fields in ({}, filled) if filled else ({},):
            meanings |= {meaning for meaning, _ in fields.values()}
            for name in forward_names(self, layer):
                score = self._try_forward(plan.but(forward_name=name, fields=fields), probe, layer, meanings)
                best = score if best is None or (score or 0) > best else best
                if self._done(score) or self._tired():
                    return best
        return best

    def _try_forward(self, plan, probe, layer, meanings):
        """Every way to call one forward method."""
        name = backward_name(layer, plan.forward_name, self.given.get("backward"))
        plan = plan.but(backward_name=name or "backward")
        best = None
        method = self.subject.method(layer, plan.forward_name)
        for forward in self.built.look(ways_ahead, layer, plan.forward_name, self)[self.ways]:
            asked = meanings | {meaning for meaning, _ in forward.values()} | calls.carried(method, forward)
            handed = {"K", "b"} if self._anything() and "K" not in asked else asked
            tried = plan.but(
                forward=forward,
                takes_kernel=has_kernel(self.kind) and "K" in handed,
                takes_bias=has_kernel(self.kind) and "b" in handed,
            )
            score = self._try_weights(tried, probe, layer)
            best = score if best is None or (score or 0) > best else best
            if self._done(score) or self._tired():
                break
        return best

    def _anything(self):
        """A factory with *args gets kernel, bias, stride and padding in this order."""
        maker = self.subject.maker()
        return maker is not None and calls.takes_anything(maker)

    def layer_of(self, make, probe):
        """A layer from one way to call the constructor, whatever it then does; None where the constructor fails."""
        plan = Plan(kind=self.kind, X=self.x[0], make=make, takes_kernel=False, takes_bias=False)
        return self.layer_with(plan, probe, False)

    def layer_with(self, plan, probe, takes_kernel):
        """A layer to look at, with the first kernel layout that its constructor accepts."""
        for k in self.k if takes_kernel else self.k[:1]:
            if not k.fits(probe.shapes["K"]):
                continue
            try:
                return self.built.layer(plan.but(K=k), probe)
            except LayerError as error:
                self.note(error)
        return None

    def _try_weights(self, plan, probe, layer):
        if not has_kernel(self.kind):
            return self._each(plan.but(builds=one) for one in builds_of(layer))(probe)
        if plan.takes_kernel:
            layouts = [k for k in self.k if k.fits(probe.shapes["K"])]
            first, *others = self.bias_layouts(plan)
            self.biased = self.biased or bool(others)
            biases = [first] if self.usual_bias else others
            return self._each(plan.but(K=k, b=b) for k in layouts for b in biases)(probe)
        return self._each(own_weights(self, plan, probe, layer))(probe) if self.usual_bias else None

    def _each(self, plans):
        def run(probe):
            best = None
            for plan in plans:
                score = self._run(plan, probe)
                best = score if best is None or (score or 0) > best else best
                if self._done(score) or self._tired():
                    break
            return best

        return run

    def bias_layouts(self, plan):
        if not plan.takes_bias:
            return [None]
        texts = [self.given["b"]] if self.given.get("b") else BIASES
        listed = [layout_of(text, "OHW" if "H" in text else "O") for text in texts]
        return in_order(listed, self.subject, "b", self.given.get("names") or {})

    def _run(self, plan, probe):
        try:
            return self._keep(try_plan(self.subject, plan, probe, self.given.get("Z")))
        except (LayerError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            self.note(error)
            more = lacking(self.subject, plan, error)
        return self._keep(None) if more is None else self._run(more, probe)
