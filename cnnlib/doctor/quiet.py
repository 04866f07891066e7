"""Running somebody else's code: silently, the global random state restored, its errors told by line."""

import contextlib
import io
import random
import traceback
import warnings
from pathlib import Path

import numpy as np


class LayerError(Exception):
    """Something that somebody's code raised: ``stage`` says where, ``line`` which line of it."""

    def __init__(self, stage: str, error: BaseException):
        ours = (str(Path(__file__).parent), str(Path(np.__file__).parent))
        frames = traceback.extract_tb(error.__traceback__)
        own = [
            f
            for f in frames
            if not f.filename.startswith(ours) and not f.filename.startswith("<__array") and f.line
        ]
        self.stage, self.error, self.where = stage, error, own[-1] if own else None
        super().__init__(f"{stage} raised {type(error).__name__}: {error}{self.at_line}")

    @property
    def at_line(self) -> str:
        return f' (line {self.where.lineno}: "{self.where.line.strip()}")' if self.where else ""


@contextlib.contextmanager
def quietly(stage: str, said: list[str] | None = None):
    """Run somebody's code: what it prints is kept in ``said``, what it raises becomes a LayerError."""
    state, python_state, out = np.random.get_state(), random.getstate(), io.StringIO()
    np.random.seed(0)
    random.seed(0)
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    except (KeyboardInterrupt, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        raise LayerError(stage, error) from error
    finally:
        np.random.set_state(state)
        random.setstate(python_state)
        if said is not None and out.getvalue():
            said.append(out.getvalue())
