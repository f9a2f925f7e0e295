#!/usr/bin/env bash
# A virtual environment of Python with what a file of requirements names, from PyPI, made once for each content of that file.
#
#   python_environment.sh NAME REQUIREMENTS    prints its folder, .build/NAME
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

environment=$PWD/.build/$1 requirements=$2
wanted=$(sha256sum "$requirements" | cut -c1-16)
if [ "$(cat "$environment/made-of" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$environment"
    python3 -m venv "$environment" >&2
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    echo "$wanted" >"$environment/made-of"
fi
echo "$environment"
