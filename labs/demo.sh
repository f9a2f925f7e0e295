#!/usr/bin/env bash
# The demonstration: a network of three namespaces on this host, the daemon in its client, and the waterfall of real
# requests to real servers. Builds what it shows, needs no internet beyond packages, and removes what it made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
id=demo$((BASHPID % 100000))
daemon=

fail() {
    echo "demo: $*" >&2
    exit 1
}

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' plain=$'\e[0m'
fi

step() {
    printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

clean_up() {
    local status=$?
    trap - EXIT
    if [ -n "$daemon" ]; then
        kill -TERM "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    "$here/lab.sh" down "$id"
    exit "$status"
}

# As the person who called sudo, so that .build stays theirs.
build() {
    local as=() scratch status=0
    if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
        as=(sudo -u "$SUDO_USER")
    fi
    # The build tools leave temporary folders behind: theirs is made and removed here.
    scratch=$("${as[@]}" mktemp -d)
    (cd "$root" && "${as[@]}" env "PATH=$PATH" "TMPDIR=$scratch" swift build -c release) </dev/null >"$scratch/log" 2>&1 \
        || status=$?
    [ "$status" = 0 ] || grep -E 'error:' "$scratch/log" >&2 || tail -20 "$scratch/log" >&2
    rm -rf "$scratch"
    [ "$status" = 0 ] || fail "the build failed; 'swift build -c release' shows it whole"
}

if [ "${1:-}" != --built ]; then
    "$root/scripts/dependencies.sh" build lab
    step "Building waybilld and waybill (release; the first time takes a few minutes)"
    build
fi
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "network namespaces and packet capture need root: run 'make demo' as root"
    echo "network namespaces and packet capture need root: continuing with sudo"
    exec sudo --preserve-env=TMPDIR,NO_COLOR,TERM "${BASH_SOURCE[0]}" --built
fi

eval "$("$here/lab.sh" env "$id")"
waybill=(ip netns exec "$LAB_CLIENT_NS" "$root/.build/release/waybill" --socket "$LAB_SOCKET")
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step "Making the network: client $LAB_CLIENT - router $LAB_GATEWAY with dnsmasq and NAT - server $LAB_SERVER with nginx"
"$here/lab.sh" up "$id"

step "Starting waybilld in the client"
daemon_log=$LAB_DIR/log/waybilld
ip netns exec "$LAB_CLIENT_NS" "$here/with_tracefs.sh" "$root/.build/release/waybilld" --socket "$LAB_SOCKET" </dev/null >"$daemon_log" 2>&1 &
daemon=$!
deadline=$((SECONDS + 15))
until "${waybill[@]}" status >/dev/null 2>&1; do
    if ! kill -0 "$daemon" 2>/dev/null; then
        cat "$daemon_log" >&2
        fail "waybilld ended at once; its words are above"
    fi
    ((SECONDS < deadline)) || fail "waybilld does not answer on $LAB_SOCKET: $(tail -3 "$daemon_log")"
    sleep 0.05
done

# Runs a command under `waybill run`, whose exit status is the command's own: failing is what some are for.
show() { # COMMAND...
    printf '$ waybill run -- %s\n' "$*"
    "${waybill[@]}" run -- "$@" || true
}

step "A request by name"
show curl -sS -o /dev/null "http://$LAB_NAME/"
step "The same through the router's NAT, encrypted"
show curl -sS -o /dev/null --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME_IPV4/"
step "A name that does not exist"
show curl -sS -o /dev/null "http://$LAB_NAME_NXDOMAIN/"
step "A port where nothing listens"
show curl -sS -o /dev/null "http://$LAB_SERVER:$LAB_PORT_REFUSED/"
step "A firewall that drops: two seconds of silence"
show curl -sS -o /dev/null --connect-timeout 2 "http://$LAB_SERVER:$LAB_PORT_BLACKHOLE/"
step "Everything that the daemon saw"
echo '$ waybill list'
"${waybill[@]}" list
step "Removing the network. On this host: 'make run' in one terminal, 'waybill follow' in another."
