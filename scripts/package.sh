#!/usr/bin/env bash
# Builds the Debian packages of the release build: waybill and waybill-dbgsym, in .build/package.
#
#   package.sh [--built] [--lint]     --built takes the release build as it is; --lint has lintian look at the packages
#
# The same sources give the same packages: times are those of the commit, paths those of the source tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
umask 022

fail() {
    echo "package.sh: $*" >&2
    exit 1
}

built='' lint=''
for option in "$@"; do
    case $option in
        --built) built=yes ;;
        --lint) lint=yes ;;
        *) fail "no option $option" ;;
    esac
done

scripts/dependencies.sh build package
[ -n "$built" ] || scripts/release.sh
programs=$PWD/.build/release
[ -x "$programs/waybilld" ] || fail "there is no release build: run 'make build' first"

for program in waybill waybilld; do
    ! grep --quiet --fixed-strings "$PWD/" "$programs/$program" \
        || fail "$programs/$program names $PWD: it was not built by scripts/release.sh; run 'make build' first"
done

version=$(sed -nE 's/.*text = "(.*)".*/\1/p' Sources/API/ProductVersion.swift)
packaged=$(dpkg-parsechangelog --show-field Version)
[ "${packaged%-*}" = "$version" ] \
    || fail "debian/changelog is about $packaged, the programs are version $version: give it an entry for $version-1"
shown=$("$programs/waybill" --version)
[ "$shown" = "$version" ] || fail "the release build is version $shown, the sources are $version: run 'make build' first"

# The tools leave their results beside the source tree, so it gets a folder of its own.
rm -rf .build/package
tree=.build/package/waybill-$version
mkdir -p "$tree"
cp -R debian systemd config docs scripts Makefile README.md CHANGELOG.md "$tree"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || dpkg-parsechangelog --show-field Timestamp)
# Later times become this one in the package, earlier ones would stay: a checkout's are of no interest.
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
export SOURCE_DATE_EPOCH PROGRAMS=$programs
# What make was told about an installation is not about the package's tree.
unset MAKEFLAGS MAKELEVEL PREFIX BINDIR SBINDIR MANDIR DOCDIR SYSCONFDIR UNITDIR SYSUSERSDIR TMPFILESDIR BASHDIR ZSHDIR FISHDIR
unset DESTDIR STRIP

log=.build/package/log
(cd "$tree" && dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes) >"$log" 2>&1 </dev/null || {
    tail -n 30 "$log" >&2
    fail "dpkg-buildpackage failed; its words are in $log"
}
rm -rf "$tree"
[ -z "$lint" ] || lintian --allow-root --fail-on error,warning .build/package/*.changes
ls .build/package/*.deb
