#!/usr/bin/env bash
# Records the project's own captures: for each scenario one file of what tcpdump sees on the lab client's eth0, and
# beside it what the tools themselves observed meanwhile (scenario.sh's JSON). Needs root.
#
#   record.sh                     every scenario, into Tests/Captures
#   record.sh FOLDER NAME...      these scenarios, into FOLDER
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The download alone is too large to keep.
mapfile -t scenarios < <("$here/scenario.sh" list | grep -vx download)
folder=$here/../Tests/Captures
if [ $# -gt 0 ]; then
    folder=$1
    shift
    [ $# = 0 ] || scenarios=("$@")
fi
largest=51200 # bytes a capture may take in the repository

fail() {
    echo "record.sh: $*" >&2
    exit 1
}

await() { # WHAT COMMAND...
    local what=$1 deadline=$((SECONDS + 15))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || fail "$what did not happen within 15 s"
        sleep 0.02
    done
}

id=rec$((BASHPID % 100000))
eval "$("$here/lab.sh" env "$id")"
tcpdump_pid=

clean_up() {
    [ -z "$tcpdump_pid" ] || kill "$tcpdump_pid" 2>/dev/null || true
    "$here/lab.sh" down "$id"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

in_client() {
    ip netns exec "$LAB_CLIENT_NS" "$@"
}

# True once the client's connections are over as far as packets go: TIME-WAIT alone sends nothing.
connections_are_over() {
    [ -z "$(in_client ss -Htn state all exclude time-wait exclude listening)" ]
}

# True once tcpdump has read all that its socket received: on SIGUSR1 it prints both counts. Frames that its buffer
# had no room for stay a difference, so a capture with gaps is never kept.
capture_is_read() {
    kill -USR1 "$tcpdump_pid"
    sleep 0.02
    local line
    line=$(grep 'received by filter' "$LAB_DIR/log/tcpdump" | tail -1)
    [[ $line =~ ([0-9]+)\ packets?\ captured,\ ([0-9]+)\ packets?\ received ]] \
        && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
}

record() { # NAME
    local capture=$folder/$1.pcap count=()
    [ "$1" != parallel ] || count=(20)
    # Every capture starts with the neighbour's resolution.
    ip -n "$LAB_CLIENT_NS" neighbour flush dev eth0
    # Emptied here, not by the redirection below, which the waiting may overtake.
    : >"$LAB_DIR/log/tcpdump"
    # Immediate mode gives each frame a slot of its own, snap length wide: a burst needs the buffer (KiB).
    ip netns exec "$LAB_CLIENT_NS" tcpdump -i eth0 --immediate-mode -s 65535 -B 65536 --time-stamp-precision=nano \
        -Z root -U -w "$capture" 2>>"$LAB_DIR/log/tcpdump" &
    tcpdump_pid=$!
    await "tcpdump's start" grep -q '^tcpdump: listening on' "$LAB_DIR/log/tcpdump"
    "$here/scenario.sh" "$id" "$1" "${count[@]}" >"$folder/$1.json"
    await "the end of the connections of $1" connections_are_over
    await "tcpdump's last packet" capture_is_read
    kill -INT "$tcpdump_pid"
    wait "$tcpdump_pid" || true
    tcpdump_pid=
    local bytes
    bytes=$(stat -c %s "$capture")
    ((bytes <= largest)) || fail "$capture takes $bytes bytes, more than $largest"
    printf '%-18s %6d bytes %4d frames\n' "$1" "$bytes" "$(tcpdump -r "$capture" 2>/dev/null | wc -l)"
}

command -v tcpdump >/dev/null || fail "tcpdump is not installed; 'make deps' installs it"
mkdir -p "$folder"
"$here/lab.sh" up "$id"
for scenario in "${scenarios[@]}"; do
    record "$scenario"
done
