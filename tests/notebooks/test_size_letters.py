"""One set of size letters in all that a reader sees: n inputs, h taps, m outputs along one axis; k names the taps.

Code keeps k_h and k_w, the h and w of K.  Looked at: the cells of the notebooks and their solutions, the records in
JSON, and every text in the package's code.
"""

import ast
import json
import re

import pytest

AS_A_SIZE = re.compile(
    r"(?<![\w`\[.·}])k ?[−-] ?1(?!\])\b"  # k − 1 zeros
    r"|(?<![\w])[nm] ?[−+-] ?k\b(?!\[)"  # n − k + 1
    r"|(?<![\w`])k(?:²|\^2|×k|·k\b|//2)|(?<=d\()k(?= ?[−-])"  # k², k×k, d(k − 1)
    r"|\b(?:even|odd|Kernel size) \$?k\b"
    r"|\bH ?[−-] ?h\b|\bH ≥ h\b"  # the input has n entries
)
CODE = re.compile(r"`[^`]*`")


def strings(value):
    """Every text in a JSON value; what a reader types into a search, "words", is his own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name, part in value.items() if name != "words" for text in strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in strings(part))


def notebook(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield "".join(cell["source"])


def module(path):
    """The texts and docstrings of a module, without what is code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


KINDS = {  # what is read of the repository: pattern of paths, and the function that takes texts out of a file
    "notebooks": ("notebooks/**/*.ipynb", notebook),
    "records": ("cnnlib/**/*.json", lambda path: strings(json.loads(path.read_text(encoding="utf-8")))),
    "package": ("cnnlib/**/*.py", module),
}


def found(text):
    return AS_A_SIZE.findall(CODE.sub("", text))


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_counts_taps_with_the_letter_that_names_them(kind, in_git):
    pattern, texts = KINDS[kind]
    files = sorted(in_git.glob(pattern))
    assert len(files) > 15
    wrong = {(path.name, hit) for path in files for text in texts(path) for hit in found(text)}
    assert not wrong


SIZES = ["a border of $k - 1$ zeros", "n − k + 1", "d(k−1) + 1", "k² windows", "a k×k kernel", "even k", "H − h"]
TAPS = ["k_{h−1−a}", "k₀ k₁ k₂", "k[p - i]", "`k[-1]` is the last tap", "n − h + 1", "δ ∗ k"]


@pytest.mark.parametrize("text", SIZES)
def test_such_a_text_is_seen(text):
    assert found(text)


@pytest.mark.parametrize("text", TAPS)
def test_the_name_of_a_tap_is_none(text):
    assert not found(text)
