#!/usr/bin/env bash
# The demonstration: a network of three namespaces on this host, the daemon in its client, and the waterfall of real
# requests to real servers. Builds what it shows, needs no internet beyond packages, and removes what it made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
id=demo$((BASHPID % 100000))
daemons=()

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
    local daemon
    for daemon in "${daemons[@]}"; do
        kill -TERM "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    done
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
    (cd "$root" && "${as[@]}" env "PATH=$PATH" "TMPDIR=$scratch" scripts/release.sh) </dev/null >"$scratch/log" 2>&1 \
        || status=$?
    [ "$status" = 0 ] || grep -E 'error:' "$scratch/log" >&2 || tail -20 "$scratch/log" >&2
    rm -rf "$scratch"
    [ "$status" = 0 ] || fail "the build failed; 'make build' shows it whole"
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
router=(ip netns exec "$LAB_ROUTER_NS" "$root/.build/release/waybill" --socket "$LAB_DIR/router.sock")
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step "Making the network: client $LAB_CLIENT - router $LAB_GATEWAY with dnsmasq and NAT - server $LAB_SERVER with nginx"
"$here/lab.sh" up "$id"

# The daemon in a namespace, and waits until it answers.
start() { # NAMESPACE SOCKET COMMAND...
    local log=$LAB_DIR/log/waybilld-$1 deadline=$((SECONDS + 15)) daemon
    ip netns exec "$1" "$here/with_tracefs.sh" "$root/.build/release/waybilld" --user root --socket "$2" --history "" </dev/null >"$log" 2>&1 &
    daemon=$!
    daemons+=("$daemon")
    until "${@:3}" status >/dev/null 2>&1; do
        if ! kill -0 "$daemon" 2>/dev/null; then
            cat "$log" >&2
            fail "waybilld ended at once; its words are above"
        fi
        ((SECONDS < deadline)) || fail "waybilld does not answer on $2: $(tail -3 "$log")"
        sleep 0.05
    done
}

step "Starting waybilld in the client, and another one in the router"
start "$LAB_CLIENT_NS" "$LAB_SOCKET" "${waybill[@]}"
start "$LAB_ROUTER_NS" "$LAB_DIR/router.sock" "${router[@]}"

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
step "Everything that the client's daemon saw"
echo '$ waybill list'
"${waybill[@]}" list
step "The same encrypted request on the router: both sides of its NAT are one request"
request=$("${router[@]}" list --port 443 --format ndjson | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
echo "\$ waybill show $request"
"${router[@]}" show "$request"
step "And what NAT made of all of them"
echo '$ waybill nat'
"${router[@]}" nat
step "Removing the network. On this host: 'make run' in one terminal, 'waybill follow' in another."
