#!/bin/sh
# Finds a Python that is new enough and hands over to bootstrap.py; where there is none, says how to get one.
# Built-in commands of sh only: it must speak on a machine that has nothing else.
#
# usage: sh tools/setup.sh LEVEL     (tools/levels.py has them)     PYTHON=python3.13 is tried first where it is set

cd "${0%/*}/.." || exit 1

# Set for other work, these would hide the scripts from each other, or stop what the set-up installs.
unset PYTHONSAFEPATH PYTHONWARNINGS UV_REQUIRE_HASHES PIP_REQUIRE_HASHES

probe='import sys
print("fits " + sys.executable if sys.version_info >= (3, 11) else "old " + sys.version.split()[0])'
found=

for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    answer=$("$name" -c "$probe" 2>/dev/null) || continue
    case $answer in
        "fits "*) exec "${answer#fits }" tools/bootstrap.py "$1" ;;
        "old "*) found=${found:-"$name is Python ${answer#old }"} ;;
    esac
done

# uv brings a Python of its own. Asking for one that is there already needs no network.
if command -v uv >/dev/null 2>&1; then
    python=$(uv python find --system '>=3.11' 2>/dev/null) || {
        printf '%s\n' "No Python 3.11 or newer on PATH: uv fetches one."
        uv python install 3.13 && python=$(uv python find --system 3.13)
    }
    if [ -n "$python" ]; then exec "$python" tools/bootstrap.py "$1"; fi
fi

printf '%s\n' "The course needs Python 3.11 or newer; ${found:-no Python was found on PATH}." \
    "  Debian 12, Ubuntu 24.04 or newer:  sudo apt install python3 python3-venv" \
    "  Ubuntu 22.04:                      sudo apt install python3.11 python3.11-venv" \
    "  Fedora:                            sudo dnf install python3" \
    "  macOS:                             brew install python" \
    "  with uv, anywhere:                 uv python install 3.13" \
    "  with conda, anywhere:              conda env create -f environment.yml   (README.md says how to go on)" >&2
exit 1
