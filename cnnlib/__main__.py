"""``python -m cnnlib``: the same as the command ``cnnlib``."""

import sys

from cnnlib.course.command import main

if __name__ == "__main__":
    sys.exit(main())
