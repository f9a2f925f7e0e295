#!/usr/bin/env bash
# Proves that the same commit gives the same bytes: builds its package a second time, in another folder and from nothing,
# and compares with the one in .build/package. Takes as long as a first release build does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ -z "$(git status --porcelain)" ] || {
    echo "reproducible.sh: there are changes that are in no commit" >&2
    exit 1
}
second=$(mktemp -d)
trap 'rm -rf "$second"' EXIT
trap 'exit 130' INT TERM
build() { # FOLDER
    "$1/scripts/package.sh" >"$second/log" 2>&1 || {
        tail -n 20 "$second/log" >&2
        exit 1
    }
}
build .
mkdir "$second/first"
cp .build/package/*.deb "$second/first"
git clone --quiet . "$second/another-folder"
build "$second/another-folder"
different=0
for package in "$second"/first/*.deb; do
    other="$second/another-folder/.build/package/${package##*/}"
    if cmp --silent "$package" "$other"; then
        echo "the same: $(sha256sum "$package" | cut -c1-64)  ${package##*/}"
    else
        echo "differs: ${package##*/}"
        different=1
    fi
done
exit "$different"
