#!/bin/sh
# Makes the virtual environment in the directory given as $1 with a Python of version 3.11 or later.
# PYTHON names the interpreter; without it the first suitable one on the PATH is taken.
set -eu
venv=$1

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
    if suits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "Standby needs Python 3.11 or later; tried: ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}." >&2
    echo "On Debian or Ubuntu: apt install python3 python3-venv. Or name one: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

rm -rf "$venv"
if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    "$python" -m venv "$venv"
elif "$python" -c 'import venv, pip; sys = __import__("sys"); sys.exit(int(pip.__version__.split(".")[0]) < 23)' >/dev/null 2>&1; then
    # Debian cuts ensurepip out of Python; a pip that is there already can put itself into the environment.
    "$python" -m venv --without-pip "$venv"
    "$python" -m pip --quiet --python "$venv/bin/python" install pip
else
    echo "$python can't make virtual environments: its venv or ensurepip module is missing." >&2
    echo "On Debian or Ubuntu: apt install python3-venv" >&2
    exit 1
fi
