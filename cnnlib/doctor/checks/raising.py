"""A forward pass that ends by accident with a stride or a padding that the layer has as a parameter.

A layer may refuse a setting: its own ``raise`` or ``assert`` says so.  An index that is out of range or shapes that
do not fit are no refusal; they are told, although no gradient can be judged there.
"""

from ..kinds import has_kernel

REFUSALS = ("raise ", "raise(", "assert ", "assert(")
ASKED = (
    ("a stride", {"stride"}, lambda s: max(s.strides) > 1),
    ("a padding", {"pad", "mode"}, lambda s: max(max(pads) for pads in s.pads) > 0),
)
"""In words, the meanings of a parameter for it, and which settings have it."""


def by_accident(error) -> bool:
    """Whether somebody's code ended with an error that no ``raise`` or ``assert`` of its own made."""
    where = getattr(error, "where", None)
    return where is not None and not where.line.strip().startswith(REFUSALS)


def accidents(adapter, visits) -> dict[str, list]:
    """Sentence → settings, on what the layer has a parameter for and ends by accident with."""
    plan, ran = adapter.plan, [v.setting for v in visits if v.run is not None]
    meant = {meaning for site in plan.sites for meaning, _ in site.values()}
    if not ran or not has_kernel(plan.kind):
        return {}
    found, blamed = {}, []
    for words, meanings, has in ASKED if meant else ():
        others = [other for _, _, other in ASKED if other is not has]
        seen = [
            v
            for v in visits
            if has(v.setting)
            and _plain(v.setting, ran)
            and not any(other(v.setting) and (other in blamed or not any(map(other, ran))) for other in others)
        ]
        ended = [v for v in seen if v.run is None and by_accident(v.error)]
        if meant & meanings and ended:
            blamed.append(has)
            count = "in every setting" if len(ended) == len(seen) else f"in {len(ended)} of {len(seen)} settings"
            sentence = f"with {words}, {count} tried, for instance {ended[0].setting}: {ended[0].refused}"
            found[sentence] = [v.setting for v in ended]
    return found


def _plain(setting, ran) -> bool:
    """Whether a setting differs from those that ran by stride and padding alone, as far as shapes go."""
    return (
        setting.square
        and setting.even
        and any(
            (one.H > one.W) - (one.H < one.W) == (setting.H > setting.W) - (setting.H < setting.W) for one in ran
        )
        and (setting.N == 1 or any(one.N > 1 for one in ran))
        and any(one.k_w == setting.k_w for one in ran)
    )
