"""The value that each meaning of a parameter has in one case: the kernel in their layout, the stride as a pair."""

import numpy as np

from .carrier import Carrier, weights_in
from .standins import LABEL, Bag, Identity, Initialiser, Node, Recorder, Settings, Sink, Slope

ROWS, COLUMNS = ("h", "height", "row", "rows", "x"), ("w", "width", "col", "cols", "y")  # the ends of names

ALWAYS = {"small": 0.1, "nought": 0, "no": False, "yes": True, "label": LABEL}


class Context:
    """Everything a call may ask for in one case; ``facts`` grows as the forward pass gives Z and a cache."""

    def __init__(self, case, plan, **facts):
        self.case, self.plan, self.facts = case, plan, facts

    def value(self, meaning: str, variant: int, name: str):
        """The value of a meaning in one of its variants; ``name`` tells height from width."""
        if meaning in self.facts or meaning in ALWAYS:
            return self.facts.get(meaning, ALWAYS.get(meaning))
        if meaning in ("C", "H", "W", "N"):
            return getattr(self.case.setting, meaning)
        return getattr(self, "_" + meaning.replace(" ", "_"))(variant, name.lower())

    def carried(self, meaning, name, read, value, methods=()):
        """What carries the value, the same on every call: X among its sizes, K beside b, delta beside Z.

        ``methods`` are those that are called on it.
        """
        kept = self.facts.setdefault("carried", {})
        if meaning == "K":
            known = {said: self.value(part, 0, "") for part, said in weights_in(read).items()}
        else:
            made = self.facts.get("cache") if meaning in ("delta", "Z") else None
            known = dict(made) if isinstance(made, dict) and not isinstance(made, Bag) else {}
        if name not in kept or meaning in ("delta", "Z"):
            array = self.facts["delta"] if meaning == "Z" else value
            kept[name] = Carrier(array, self.value, meaning, methods, **known)
        return kept[name]

    def _one(self, pair, variant, name):
        """A pair as a number (variant 0) or a pair (variant 1); of two unlike numbers the one the name asks for."""
        if variant == 1:
            return pair
        return pair[1] if pair[0] != pair[1] and name.endswith(COLUMNS) else pair[0]

    def _stride(self, variant, name):
        if not self.case.setting.even and not name.endswith(ROWS + COLUMNS):
            variant = 1
        return self._one(self.case.setting.strides, variant, name)

    def _pad(self, variant, name):
        setting = self.case.setting
        p, (q, _) = setting.p, setting.pads[1]
        if p != q and variant in (0, 5) and not name.endswith(ROWS + COLUMNS):
            raise ValueError(f"one number for the paddings {p} and {q}")
        if variant < 2:
            return self._one((p, q), variant, name)
        if variant > 3:
            return ((p, p), (q, q)) if variant == 4 else (p, p, p, p)
        same = ((setting.k_w if setting.flat else setting.k_h) - 1) // 2, (setting.k_w - 1) // 2
        both = (setting.k_h // 2, setting.k_w // 2)  # of an even kernel one side has one cell less
        if (p, q) not in ((0, 0), same if p != q else (same[1],) * 2, both):
            raise ValueError(f"padding {p} is neither valid nor same for a kernel of {setting.k_w}")
        word = "same" if p or q else "valid"
        return word.upper() if variant == 3 else word

    def _said(self, variant, name):
        """A word that is asked for as it stands."""
        return variant

    def _mode(self, variant, name):
        if "pooling" in self.plan.kind:
            words = ("max", "MAX", "Max") if self.plan.kind == "max pooling" else ("mean", "avg", "average")
            return words[variant]
        if isinstance(variant, type):  # an enumeration with these words
            word = self._pad(2, name)
            return next(member for member in variant if member.name.lower() == word)
        return self._pad(2 + variant if variant < 2 else 0, name)

    def _single(self, variant, name):
        """One group, no gaps between the taps: as a number or a pair."""
        return (1, 1) if variant else 1

    def _k(self, variant, name):
        setting = self.case.setting
        size = (setting.k_w,) if setting.flat else (setting.k_h, setting.k_w)
        if setting.flat and variant < 2:
            return size if variant else setting.k_w
        if variant < 2:
            if variant == 0 and size[0] != size[1] and not name.endswith(("w", "width", "h", "height", "x", "y")):
                return size
            return self._one(size, variant, name)
        full = {"O": setting.O, "I": setting.C}
        shapes = (
            (full["O"], full["I"], *size),
            (*size, full["I"], full["O"]),
            (full["I"], *size),
            (*size, full["I"]),
            (full["O"], *size, full["I"]),
            (full["I"], full["O"], *size),
        )
        return shapes[variant - 2]

    def _centre(self, variant, name):
        """The tap of a kernel that lies on the pixel whose output it gives: the middle one."""
        return self._one((self.case.setting.k_h // 2, self.case.setting.k_w // 2), 1 - variant, name)

    def _axes(self, variant, name):
        """How many axes a map has."""
        return 1 if self.case.setting.flat else 2

    def _sink(self, variant, name):
        return Sink()

    def _input_shape(self, variant, name):
        setting, letters = self.case.setting, self.plan.X.letters
        size = {"N": setting.N, "C": setting.C, "H": setting.H, "W": setting.W, "1": 1}
        if isinstance(variant, str):
            return tuple(size[letter] for letter in variant)
        whole = tuple(size[group] for group in self.plan.X.groups if group in size)
        one = tuple(size[letter] for letter in letters if letter != "N")
        if variant > 3:  # one number: a side, or the channels
            return setting.C if variant > 4 or self.plan.kind == "dense" else setting.H
        return (one, (setting.H, setting.W), whole, (setting.C, setting.H, setting.W))[variant]

    def _output_shape(self, variant, name):
        size = {"O": self.case.setting.O, "H": self.case.setting.output[0], "W": self.case.setting.output[1]}
        if variant > 6:
            return tuple((size | {"N": self.case.setting.N})[letter] for letter in ("NOHW", "NHWO")[variant - 7])
        if variant in (4, 5):  # that of a transposed convolution
            n, (s_h, s_w) = self.case.setting, self.case.setting.strides
            size |= {"H": (n.H - 1) * s_h + n.k_h, "W": (n.W - 1) * s_w + n.k_w}
            return tuple(size[letter] for letter in ("OHW", "HWO")[variant - 4])
        if variant > 1:
            return size["O"] if variant > 5 else self._one((size["H"], size["W"]), 3 - variant, name)
        return tuple(size[letter] for letter in ("OHW", "HWO")[variant])

    def _O(self, variant, name):
        """The maps, or (variant 1) how many there are for each channel."""
        C, maps = self.case.setting.C, self.case.setting.O
        if variant and maps % C:
            raise ValueError(f"{maps} maps are no multiple of {C} channels")
        return maps // C if variant else maps

    def _lr(self, variant, name):
        return self.plan.lr

    def _linear(self, variant, name):
        return (None, Identity(), "linear", "Linear", Slope())[variant]

    def _optimiser(self, variant, name):
        return Recorder(in_place=variant == 2) if variant != 1 else None

    def _neighbours(self, variant, name):
        """The layer before, or a list of it, which keeps what it is handed."""
        return Recorder(bare=True) if variant else [Recorder(bare=True)]

    def _initialiser(self, variant, name):
        return Initialiser() if variant == 0 else None

    def _lists(self, variant, name):
        return [[] for _ in range(self.case.setting.O)]

    def _chance(self, variant, name):
        return np.random.RandomState(0) if variant else np.random.default_rng(0)

    def _store(self, variant, name):
        return self.facts.setdefault("carried", {}).setdefault(name, {})

    def _cache(self, variant, name):
        return None

    def _bag(self, variant, name):
        found = self.facts.setdefault("cache", Bag())
        object.__setattr__(found, "ask", self.value)
        return found

    def _node(self, variant, name):
        meant = [m for m, _ in self.plan.forward.values() if m in ("X", "K", "b")]
        return Node([self.value(m, 0, "") for m in meant], self.facts.get("Z"))

    def _Z(self, variant, name):
        return None

    def _part(self, variant, name):
        return self.facts.get("parts", {}).get(name)

    def _X(self, variant, name):
        return self.facts.setdefault("X", self.plan.X.lay_out(self.case.X))

    def _K(self, variant, name):
        if self.plan.K is None:
            return None
        return self.facts.setdefault("K", self.plan.K.lay_out(self.case.K))

    def _b(self, variant, name):
        return self.facts.setdefault("b", self.plan.lay_out_bias(self.case.b))

    def _settings(self, variant, name):
        kept = self.facts.setdefault("carried", {})
        if name in kept:
            return kept[name]
        setting, found = self.case.setting, kept.setdefault(name, Settings())
        object.__setattr__(found, "ask", self.value)
        found.update(dict.fromkeys(("stride", "strides", "s", "S"), setting.s if setting.even else setting.strides))
        found.update(
            dict.fromkeys(
                ("pad", "padding", "p", "P", "pad_size"),
                setting.p if setting.p_w is None else (setting.p, setting.p_w),
            )
        )
        found.update(dict.fromkeys(("kernel_size", "k", "f", "filter_size", "kernel", "HH", "WW"), setting.k_h))
        found.update(dict.fromkeys(("group", "groups", "dilation", "dilations"), 1))
        found.update(C=setting.C, F=setting.O, N=setting.N, H=setting.H, W_in=setting.W, lr=self.plan.lr)
        if self.plan.K is not None and name in ("params", "parameters"):
            found.update(W=self._K(0, ""), w=self._K(0, ""), b=self._b(0, ""))
        return found
