"""What the report says of a mistake, and of explanations that reach some of the wrong settings only."""

NONE = "none of the {count} known ones, nor two of them together."


def told(head: str, mistake, more: str = "") -> list[str]:
    """The lines on one mistake: what it is, what to try, and the notebook that settles it."""
    return [
        f"          {head}: {mistake.sentence}{more}  [{mistake.key}]",
        f"          Try: {mistake.advice}",
        f"          What settles it: notebook {mistake.notebook}.",
    ]


def in_part(finding, count: int):
    """The lines on a part that no mistake explains everywhere: what is known of it, and where more is left."""
    if not finding.partly:
        yield f"          Which mistake: {NONE.format(count=count)}"
        return
    rest = list(finding.settings)
    for clause in finding.partly:
        found = [setting for setting in rest if setting in clause.settings]
        rest = [setting for setting in rest if setting not in clause.settings]
        where = f"{clause.where}, " if clause.where else ""
        head = f"Which mistake, {where}in {len(found)} of the {len(finding.settings)} wrong settings"
        for mistake in clause.mistakes:
            yield from told(head, mistake)
            head = "Together with it"
    if rest:
        there = f"In {rest[0]}" if len(rest) == 1 else f"In the other {len(rest)}, for instance {rest[0]},"
        yield f"          {there} there is more: {NONE.format(count=count)}"


def as_dict(clause) -> dict:
    """A clause as plain values."""
    return {
        "where": clause.where or "",
        "mistakes": [mistake.key for mistake in clause.mistakes],
        "settings": [vars(setting) for setting in clause.settings],
    }
