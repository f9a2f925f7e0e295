#!/usr/bin/env bash
# Proves that the same commit gives the same bytes: builds its package a second time, in another folder and from nothing,
# and compares with the one in .build/package. Takes as long as a first release build does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ -z "$(git status --porcelain)" ] || {
    echo "reproducible.sh: there are changes that are in no commit" >&2
    exit 1
}
scripts/package.sh >/dev/null
second=$(mktemp -d)
trap 'rm -rf "$second"' EXIT
trap 'exit 130' INT TERM
mkdir "$second/first"
cp .build/package/*.deb "$second/first"
git clone --quiet . "$second/another-folder"
"$second/another-folder/scripts/package.sh" >/dev/null
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
