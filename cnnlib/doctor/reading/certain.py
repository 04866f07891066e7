"""Lines that fail whatever they are given: a name that is nowhere, a part that a module has not, zeros(3, 4, 5).

Only of such a line it is certain that not the description is at fault, but the layer.
"""

import ast
import builtins
import inspect
import re
import sys

MAKERS = ("zeros", "ones", "empty")  # whose first parameter is the whole shape


def fails_for_everybody(error) -> bool:
    """Whether somebody's line cannot have worked with any arguments, as far as it can be seen there."""
    inner = getattr(error, "error", None)
    missing = isinstance(inner, (NameError, ImportError)) and not hasattr(builtins, str(getattr(inner, "name", "")))
    lacks = isinstance(inner, AttributeError) and str(inner).startswith("module ")
    return missing or lacks or _sizes_for_a_shape(error)


def is_certain(error) -> bool:
    """The same, and the name that is missing is given nowhere in its file, which may not have been run whole."""
    inner = getattr(error, "error", None)
    if getattr(error, "where", None) is None or not fails_for_everybody(error):
        return False
    return not isinstance(inner, ImportError) and not (
        isinstance(inner, NameError) and _is_given(inner.name, error.where.filename)
    )


def _sizes_for_a_shape(error) -> bool:
    """Whether a line hands sizes one by one to np.zeros or its like, whose second parameter is a type."""
    inner, where = getattr(error, "error", None), getattr(error, "where", None)
    if where is None or not isinstance(inner, TypeError) or not re.search("data type|positional arg", str(inner)):
        return False
    call = re.search(rf"\w+\.({'|'.join(MAKERS)})\(.*\)", where.line)
    try:
        tree = ast.parse(call[0].strip(), mode="eval") if call else None
    except SyntaxError:
        return False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree is not None else []
    return any(
        getattr(node.func, "attr", "") in MAKERS
        and node.args
        and not isinstance(node.args[0], (ast.Tuple, ast.List))
        and (len(node.args) > 2 or any(isinstance(getattr(a, "value", None), int) for a in node.args[1:2]))
        for node in calls
    )


def _is_given(name, filename) -> bool:
    """Whether a file assigns, defines or imports a name anywhere; with a star it may import everything."""
    module = next((m for m in [*sys.modules.values()] if getattr(m, "__file__", None) == filename), None)
    try:
        tree = ast.parse(inspect.getsource(module)) if module is not None else None
    except (OSError, SyntaxError, TypeError):
        tree = None
    if tree is None:
        return True
    given = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            given.add(node.name)
        elif isinstance(node, ast.alias):
            given |= {node.asname or node.name.partition(".")[0], node.name}
        elif isinstance(node, ast.Global):
            given |= {*node.names}
    return bool({name, "*"} & given)
