#!/usr/bin/env bash
# The release build of waybilld and waybill, in .build/release: Swift's runtime inside, libpcap and libc of the system.
#
#   release.sh [OPTION...]     options are those of `swift build`
#
# The same sources give the same bytes, in whichever folder they lie. No path of this machine goes into the programs or
# their debug information; and since the compiler keeps the length of some, the sources stand at one place while they are
# built: in a mount namespace of the build's own. (The versions of compiler and dependencies are part of "the same":
# Package.resolved tells the latter.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place=/usr/src/waybill
if [ "$PWD" != "$place" ]; then
    namespace=(unshare --mount --propagation private)
    # Whoever is not root is so in a user namespace.
    [ "$(id -u)" = 0 ] || namespace+=(--user --map-root-user)
    if [ -d "${place%/*}" ] && "${namespace[@]}" mount -t tmpfs tmpfs "${place%/*}" 2>/dev/null; then
        # shellcheck disable=SC2016  # its words are for the shell inside
        exec "${namespace[@]}" -- sh -ec '
            mount -t tmpfs tmpfs "${1%/*}"
            mkdir "$1" "${1%/*}/tmp"
            # What macros expand to is written there, and named by the debug information.
            export TMPDIR="${1%/*}/tmp"
            mount --rbind . "$1"
            cd "$1"
            shift
            exec scripts/release.sh "$@"' sh "$place" "$@"
    fi
    echo "release.sh: no mount namespace to be had: the programs will differ in a few bytes from those built elsewhere" >&2
fi

swift=$(command -v swift) || {
    echo "release.sh: swift is not in PATH" >&2
    exit 1
}
toolchain=$(dirname "$(dirname "$(readlink -f "$swift")")")
maps=()
for map in "$PWD=." "$toolchain=swift"; do
    maps+=(-Xswiftc -file-prefix-map -Xswiftc "$map" -Xcc "-ffile-prefix-map=$map")
done
# No breadcrumbs: they are hashes of compiled C modules, which differ from build to build.
exec swift build --configuration release --static-swift-stdlib --disable-local-rpath "${maps[@]}" \
    -Xswiftc -Xfrontend -Xswiftc -no-clang-module-breadcrumbs -Xlinker --build-id=sha1 "$@"
