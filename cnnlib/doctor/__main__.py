"""python -m cnnlib.doctor path/to/file.py:ClassName — examine a layer in a file, in a process of its own."""

import argparse
import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from .examine import examine
from .files.loading import load
from .files.picking import first_driven, layers_of, names_of, worth_trying
from .guard import TOLD, RefusedError, leave, limit_memory, run_apart, stand_guard
from .kinds import ANYTHING
from .patient.plan import MEANINGS
from .report import TELLS, WIDTH
from .running import LayerError, said_by
from .settings import KINDS

RIGHT, WRONG, UNKNOWN, STOPPED = 0, 1, 2, 3
OUTSIDE_BRACKETS = re.compile(r",(?![^(\[{]*[)\]}])")  # a comma that ends an argument, none within its value
WORDS = {
    "X": 'the axes of X, as in NHWC; CHW or HW for one image; "[C]HW" for a list of maps',
    "K": "the axes of K, as in HWIO or O(IHW)",
    "Z": "the axes of the output, as in NHWO",
    "b": "the axes of the bias, as in O, 1O11 or OHW",
    "activation": "that inside the layer, as in tanh; found out where it is left out",
    "stride": "the name of the parameter for it",
    "pad": "the name of the parameter for it; same or valid for a layer that pads so by itself",
    "forward": "the name of the forward method",
    "backward": "the name of the backward method",
}


def arguments() -> argparse.ArgumentParser:
    """The words and options of the command."""
    parser = argparse.ArgumentParser(
        "python -m cnnlib.doctor",
        description="Examine a layer in a file: is its backward pass right, and if not, which mistake is it?  "
        "The file is run, because you name it, in a process of its own that may open no sockets and write no "
        "files: a guard, no sandbox.",
        epilog=f"Exit status: {RIGHT} all right, {WRONG} something wrong, {UNKNOWN} not found or not described, "
        f"{STOPPED} stopped, by a limit or by you.  "
        "A layer that is built or called in a way of its own: write a class with __init__(self, K, b, stride=1, "
        "pad=0), forward(self, X) and backward(self, dZ) around it, which returns dX, dK, db, and name that class; "
        "python -c 'from cnnlib import doctor; help(doctor.examine)' shows one.",
    )
    parser.add_argument(
        "layer",
        help="path/to/file.py:ClassName, or :forward,backward for two functions, or :make for a function "
        "make(K, b) of yours that builds a layer; without a name the file's likeliest layer",
    )
    parser.add_argument("--kind", choices=(*KINDS, ANYTHING), help="told by the name where it is left out")
    for name, words in WORDS.items():
        parser.add_argument(f"--{name}", metavar="…", help=words)
    parser.add_argument(
        "--arguments",
        default="",
        help=f"what parameters are, as in y=X,q=stride,training=True,act==relu: one of {', '.join(MEANINGS)}; or a "
        "value; or, behind a second equals sign, a word for the layer itself",
    )
    parser.add_argument(
        "--settings",
        default="",
        help="sizes to run it in, as in 1,2,3,5,5,3,1,0/2,4,4,6,6,3,1,0: N, C, O, H, W, kernel, stride, padding",
    )
    parser.add_argument("--gradients", help='"returned", "step", or names, as in dW,db or grads.W,grads.b')
    parser.add_argument("--without", default="", help="gradients left out on purpose, as in dX")
    parser.add_argument("--lr", type=float, help="the learning rate of the layer's own steps")
    parser.add_argument("--tell", choices=TELLS, default=TELLS[-1], help="how much is told")
    parser.add_argument("--seconds", type=float, default=60, help="time limit (60)")
    parser.add_argument(
        "--megabytes", type=int, default=4096, help="memory limit, where the system offers one (4096)"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--told-apart", action="store_true", help=argparse.SUPPRESS)
    return parser


def examined(options) -> int:
    """Examine in this process; the exit status."""
    (place, names), left = parted(options.layer), []
    sys.argv = [place]  # a file that reads its command line finds none
    try:
        module, left = load(Path(place))
        report = _report(module, place, names, _described(options))
    except (LayerError, ValueError, RefusedError) as error:
        said = RefusedError.attempts[0] if RefusedError.attempts else _with_line(error)
        more = f"  (Left out of the file: {'; '.join(left[:6])}.)" if left else ""
        return complain(as_command(said, place) + more)
    except MemoryError:
        said = f"Stopped: the layer needs more than {options.megabytes} MB (--megabytes sets the limit)."
        return complain(said, STOPPED)
    except Exception as error:  # it has changed what the doctor itself needs, as NumPy or sum
        return complain(
            f"The doctor failed at this layer, and says nothing of it: {type(error).__name__}{said_by(error)}"
            f".  Does {Path(place).name}, or what it imports, replace parts of NumPy or of Python?"
        )
    if RefusedError.attempts:  # what it would have done then nobody knows
        return complain(RefusedError.attempts[0])
    if left:
        say(f"Left out of {Path(place).name}: {'; '.join(left[:6])}{'; …' * (len(left) > 6)}.")
    say("The description found: " + ", ".join(report.plan.lines()))
    say(str(report))
    return RIGHT if report else WRONG


def parted(layer: str) -> tuple[str, str]:
    """(path, names): a drive's colon names no class, and a file that is there may stand alone."""
    path, _, names = layer.rpartition(":")
    return (layer, "") if Path(layer).is_file() or set(names) & set("\\/") else (path, names)


def _described(options) -> dict:
    """The words of ``examine`` that the command was given."""
    gradients = options.gradients
    if gradients and ("," in gradients or gradients not in ("returned", "step")):
        gradients = tuple(gradients.split(","))
    without = tuple(filter(None, options.without.split(",")))
    meant = dict(part.split("=", 1) for part in OUTSIDE_BRACKETS.split(options.arguments) if "=" in part)
    meant = {name: _value(said) for name, said in meant.items()}
    sizes = [tuple(map(_value, one.split(","))) for one in options.settings.split("/") if one]
    return (
        {name: getattr(options, name) for name in (*WORDS, "kind", "lr", "tell")}
        | {"gradients": gradients, "without": without, "arguments": meant or None, "show": False}
        | ({"settings": sizes} if sizes else {})
    )


def _value(said: str):
    """True, None, a number, a tuple or a dict for what is written so; else the word as it is."""
    try:
        return ast.literal_eval(said)
    except (ValueError, SyntaxError):
        return said


def _report(module, place: str, names: str, described: dict):
    """The report on the named layer, or on the likeliest of the file that can be driven; ValueError for none."""
    told = described.pop("backward")
    if names:
        names = ",".join(filter(None, (name.strip() for name in names.split(","))))
        layers = [vars(module).get(name) for name in names.split(",")]
        if all(layer is not None for layer in layers):
            return examine(layers[0], tuple(layers[1:]) or told, **described)
        own = ", ".join(n for n, a in vars(module).items() if getattr(a, "__module__", "") == module.__name__)
        missing = next(n for n, layer in zip(names.split(","), layers, strict=True) if layer is None)
        raise ValueError(f"{place} has no {missing}; it has {own or 'nothing of its own'}")
    found = layers_of(module)
    if not found:
        raise ValueError("the file has no class with a backward pass and no function beside its backward function")
    failed, examined = [], found[0]
    try:
        report, failed = first_driven(worth_trying(found), lambda f, *back: examine(f, back or told, **described))
        examined = worth_trying(found)[len(failed)]
    finally:
        others = [names_of(one) for one in found if one != examined and one not in [bad for bad, _ in failed]]
        more = [f"not driven: {names_of(bad)}" for bad, _ in failed]
        more += [f"also there: {'; '.join(others)}"] if others else []
        say(f"Examined: {names_of(examined)}" + f" ({'; '.join(more)})" * bool(more))
    return report


def as_command(said: str, place: str) -> str:
    """A sentence in which a call of ``examine`` stands as the command that does the same."""

    def command(call):
        words = dict(re.findall(r'(\w+)="([^"]*)"', call[2]))
        words |= {"arguments": ",".join(f"{n}={m}" for n, m in re.findall(r'"(\w+)": (…)', call[2]))}
        options = " ".join(f'--{name} "{value}"' for name, value in words.items() if value)
        return f'python -m cnnlib.doctor "{place}:{call[1].replace(", ", ",")}" {options}'

    return re.sub(r'examine\(([\w, ]+?), ((?:\w+=(?:"[^"]*"|{[^}]*})(?:, )?)+)\)', command, said)


def _with_line(error) -> str:
    """The error in words, with the line that Python could not read."""
    inner = getattr(error, "error", None)
    shown = inner.text.strip() if isinstance(inner, SyntaxError) and inner.text else ""
    return f"{error}: {shown[:WIDTH]!r}" if shown else str(error)


def say(text: str) -> None:
    """Print; a reader that has seen enough, as ``| head`` has, changes nothing about the exit status."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str, status: int = UNKNOWN) -> int:
    """Print a sentence where errors go; the exit status, by default that of what could not be examined."""
    print(sentence, file=sys.stderr)
    return status


def main(argv=None) -> int:
    """The command: check the path, start the child, stop it when its time is up."""
    argv = sys.argv[1:] if argv is None else list(argv)
    options = arguments().parse_args(argv)
    if options.inside:
        return _inside(options)
    if wrong := _wrong_place(options.layer):
        return complain(wrong)
    command = [sys.executable, "-X", "utf8", "-m", "cnnlib.doctor", "--inside", "--told-apart", *argv]
    try:
        ended = run_apart(command, options.seconds)
    except subprocess.TimeoutExpired:
        return complain(
            f"Stopped after {options.seconds:g} s (--seconds sets the limit).  A slow layer takes less time in one "
            "small setting: --settings 1,2,3,5,5,3,1,0",
            STOPPED,
        )
    except KeyboardInterrupt:
        return complain("Stopped by Ctrl-C.", STOPPED)
    if not 0 <= ended - TOLD <= STOPPED:
        return complain(f"The file ended Python itself (exit status {ended}): nothing is said of its layers.")
    return ended - TOLD


def _inside(options) -> int:
    """The child's part.  Told apart, a status of ours is none that a file can leave with by chance."""
    if not limit_memory(options.megabytes):
        print("(This system offers no limit on memory.)", file=sys.stderr)
    stand_guard()
    try:
        status = examined(options)
    except KeyboardInterrupt:
        status = complain("Stopped by Ctrl-C, or by a file that does the same.", STOPPED)
    if options.told_apart:
        leave(status)
    return status


def _wrong_place(layer: str) -> str | None:
    """The sentence on a place that is no file of Python."""
    path, name = parted(layer)
    expected = "expected path/to/file.py or path/to/file.py:ClassName"
    if Path(layer).is_dir() or (path and Path(path).is_dir()):
        return f"{path or layer} is a folder; {expected}"
    if (path or layer).endswith(".ipynb"):
        return f"{path or layer} is a notebook: call doctor.examine(…) in it, or save its code; {expected}"
    if not path or (not name and not path.endswith(".py")):
        return f"{layer!r}: {expected}"
    return None if Path(path).is_file() else f"{path}: there is no such file; {expected}"


if __name__ == "__main__":
    sys.exit(main())
