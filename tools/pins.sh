#!/bin/sh
# Writes requirements/run.txt, test.txt and audit.txt: exact versions of everything that a fresh environment
# gets for pyproject.toml's lower bounds. Run it to move to newer versions, then run the tests.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

listed() {  # listed <python expression over the project table>: one requirement a line
    "$work/venv/bin/python" -c "import tomllib
project = tomllib.load(open('pyproject.toml', 'rb'))['project']
print(*$1, sep='\n')"
}

frozen() {  # what is installed, without the index's own tools
    "$work/venv/bin/python" -m pip freeze --exclude pip --exclude setuptools
}

echo "Making a fresh environment"
sh tools/venv.sh "$work/venv"
pip="$work/venv/bin/python -m pip --disable-pip-version-check --no-input --quiet"

echo "Resolving what Standby needs to run"
listed "project['dependencies']" > "$work/run.in"
$pip install -r "$work/run.in"
frozen | sed "s/^uvloop==.*/&; platform_system != 'Windows'/" > "$work/run.txt"

echo "Resolving what the tests need"
listed "project['optional-dependencies']['test']" > "$work/test.in"
# The run pins hold: what is tested is what runs.
$pip install -c "$work/run.txt" -r "$work/test.in"
frozen > "$work/all.txt"

echo "Resolving what looks for holes"
sh tools/venv.sh "$work/audit"
listed "project['optional-dependencies']['audit']" > "$work/audit.in"
"$work/audit/bin/python" -m pip --disable-pip-version-check --no-input --quiet install -r "$work/audit.in"
"$work/audit/bin/python" -m pip freeze --exclude pip --exclude setuptools > "$work/audit.txt"

{
    echo "# What looks for holes. Written by \`make pins\`."
    cat "$work/audit.txt"
} > requirements/audit.txt
{
    echo "# What Standby runs with. Written by \`make pins\`."
    cat "$work/run.txt"
} > requirements/run.txt
{
    echo "# What the tests add. Written by \`make pins\`."
    echo "-r run.txt"
    cut -d ';' -f 1 "$work/run.txt" | grep -vxF -f - "$work/all.txt"
} > requirements/test.txt
if grep -n '@' requirements/*.txt; then
    echo "These were not installed from an index: pin them by hand." >&2
    exit 1
fi
wc -l requirements/*.txt
