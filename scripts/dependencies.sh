#!/usr/bin/env bash
# Installs with apt what building (build), packaging (package), the lab (lab) and the checks (check) need and the machine
# lacks.
#
#   dependencies.sh [build] [package] [lab] [check]     all of them when none is named
#
# Silent when nothing is missing. Swift itself comes from swift.org, not from apt.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

# What shows that a package is there (a command, or a file by its path), and the package.
build=(/usr/include/pcap/pcap.h:libpcap-dev pkg-config:pkg-config /usr/include/seccomp.h:libseccomp-dev /usr/include/zlib.h:zlib1g-dev git:git
    /usr/include/sqlite3.h:libsqlite3-dev /usr/include/zstd.h:libzstd-dev)
packaging=(dh:debhelper lintian:lintian dpkg-buildpackage:dpkg-dev)
lab=(ip:iproute2 nft:nftables dnsmasq:dnsmasq-base nginx:nginx-light curl:curl openssl:openssl dig:bind9-dnsutils
    ping:iputils-ping wget:wget conntrack:conntrack python3:python3 tcpdump:tcpdump sysctl:procps systemd-nspawn:systemd-container)
# What single scenarios need besides stands in them; devices and Python's modules are no packages of Debian.
while read -r pair; do lab+=("$pair"); done < <(
    sed -n 's/^needs=(\(.*\))$/\1/p' "$(dirname "${BASH_SOURCE[0]}")"/../labs/scenarios/*.sh | tr ' ' '\n' | sort -u \
        | grep -vE '^(python:|/dev/)'
)
check=(shellcheck:shellcheck python3:python3 tshark:tshark promtool:prometheus)
# Debian's own Python makes no virtual environments without it.
python3 -c 'import ensurepip' 2>/dev/null || check+=(/usr/lib/python3/ensurepip:python3-venv)

fail() {
    echo "dependencies.sh: $*" >&2
    exit 1
}

wanted=()
for group in "${@:-all}"; do
    case $group in
        build) wanted+=("${build[@]}") ;;
        package) wanted+=("${packaging[@]}") ;;
        lab) wanted+=("${lab[@]}") ;;
        check) wanted+=("${check[@]}") ;;
        all) wanted+=("${build[@]}" "${packaging[@]}" "${lab[@]}" "${check[@]}") ;;
        *) fail "no group '$group'; there are: build package lab check" ;;
    esac
done

missing=()
for pair in "${wanted[@]}"; do
    sign=${pair%:*} package=${pair##*:}
    case $sign in
        /*) [ -e "$sign" ] || missing+=("$package") ;;
        *) command -v "$sign" >/dev/null || missing+=("$package") ;;
    esac
done

swift_help="install Swift 6.3 from https://www.swift.org/install/linux/ and put it into PATH (with sudo: sudo env PATH=\"\$PATH\" make …)"
[[ " ${*:-build} " != *" build "* ]] || command -v swift >/dev/null || fail "swift is not in PATH: $swift_help"
[ "${#missing[@]}" -gt 0 ] || exit 0

command -v apt-get >/dev/null || fail "not installed: ${missing[*]} (Debian's names); install them with your package manager"
as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "installing ${missing[*]} needs root: run 'make deps' as root first"
    as_root=(sudo)
fi

echo "installing ${missing[*]}"
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
made_policy=
clean_up() {
    rm -f "$log"
    [ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The lab starts its own nginx, unbound and Prometheus in its own namespace: the packages must not start one on this host, now
# or at boot.
services=()
for service in nginx prometheus unbound; do
    command -v "$service" >/dev/null || services+=("$service")
done
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi
install_packages() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1 </dev/null
}
update_lists() {
    "${as_root[@]}" apt-get update -qq >"$log" 2>&1 </dev/null
}
if ! install_packages && ! { update_lists && install_packages; }; then
    tail -20 "$log" >&2
    fail "apt could not install ${missing[*]}; the lines above say why"
fi
for service in "${services[@]}"; do
    if [ -d /run/systemd/system ] && command -v "$service" >/dev/null; then
        "${as_root[@]}" systemctl disable --quiet "$service.service" 2>/dev/null || true
    fi
done
