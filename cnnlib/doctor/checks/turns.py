"""What the source of a backward pass says of turns, where the kernel stands the wrong way round.

Nothing is said unless it is plain: of several turns it is not known which one makes dX, and a helper may turn too.
"""

import inspect
import re

TURNS = r"rot90|rot180|np\.flip|\.flip\(|flipud|fliplr|::\s*-\s*1"
PRODUCTS = r"einsum|tensordot|np\.sum|np\.dot|\.dot\(|matmul| @ |\.sum\("
OTHERS = r"convol|corr|helper|utils?\.|super\(\)|\.backward\("
SCATTERS = r"\+=|col2im|np\.add\.at"


def turn_in_code(adapter, mistake) -> str | None:
    """For a kernel in the wrong orientation: the one turn of the backward pass, or that there is none."""
    if mistake not in ("no_turn", "dK_not_turned"):
        return None
    subject = adapter.subject
    function = subject.pair or getattr(subject.thing, adapter.plan.backward_name, None)
    try:
        lines = [line.strip() for line in inspect.getsource(function).splitlines()]
    except (OSError, TypeError):
        return None
    code = [line for line in lines if line and not line.startswith(("#", '"', "'", "def "))]
    turns = [line for line in code if re.search(TURNS, line)]
    if len(turns) == 1 and any(re.search(SCATTERS, line) for line in code):
        return f'the turn in "{turns[0][:80]}" is one too many if the loop scatters.'
    if turns or any(re.search(OTHERS, line) for line in code):
        return None
    gathers = any(re.search(PRODUCTS, line) for line in code)
    return "no turn (rot180, flip, [::-1]) is in sight: a gather needs one." if gathers else None
