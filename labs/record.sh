#!/usr/bin/env bash
# Records the project's own captures: for each scenario one file of what tcpdump sees on the lab client's eth0, and
# beside it what the tools themselves observed meanwhile (scenario.sh's JSON). Needs root.
#
#   record.sh                          every scenario that is kept, into Tests/Captures
#   record.sh [--into FOLDER] NAME...  these
#
# A scenario whose tools are not installed is left out, with a line that says which; named on the command line, that
# is exit status 3. Where NAME.expected.json is not there yet, a first one is written, to be filled in by hand.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

folder=$here/../Tests/Captures
if [ "${1:-}" = --into ]; then
    folder=${2:?a folder}
    shift 2
fi
scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <("$here/scenario.sh" list)

id=rec$((BASHPID % 100000))
eval "$("$here/lab.sh" env "$id")"
tcpdump_pid=

clean_up() {
    [ -z "$tcpdump_pid" ] || kill "$tcpdump_pid" 2>/dev/null || true
    "$here/lab.sh" down "$id"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

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
    # shellcheck disable=SC2034 # `show` assigns more than is used here
    local about exits pattern recorded capture_on capture_filter snap_length largest missing
    about=$("$here/scenario.sh" show "$1")
    eval "$about"
    if [ -n "$missing" ]; then
        echo "$1: left out, needs $missing" >&2
        left_out=yes
        return
    fi
    if [ "$recorded" != yes ]; then
        echo "$1: not recorded"
        return
    fi
    local capture=$folder/$1.pcap count=() host=${capture_on%% *} interfaces
    read -ra interfaces <<<"${capture_on#* }"
    [ "$1" != parallel ] || count=(20)
    "$here/scenario.sh" --only prepare "$id" "$1"
    # Every capture starts with the neighbour's resolution.
    ip -n "$LAB_CLIENT_NS" neighbour flush all
    # Emptied here, not by the redirection below, which the waiting may overtake.
    : >"$LAB_DIR/log/tcpdump"
    local words=()
    if ((${#interfaces[@]} == 1)); then
        # Immediate mode gives each frame a slot of its own, snap length wide: a burst needs the buffer (KiB).
        ip netns exec "wb-$id-$host" tcpdump -i "${interfaces[0]}" --immediate-mode -s "$snap_length" -B 65536 \
            --time-stamp-precision=nano -Z root -U -w "$capture" "$capture_filter" 2>>"$LAB_DIR/log/tcpdump" &
        tcpdump_pid=$!
        await "tcpdump starts" grep -q '^tcpdump: listening on' "$LAB_DIR/log/tcpdump"
    else
        # Several interfaces in one file: only dumpcap does that.
        capture=$folder/$1.pcapng
        local each
        for each in "${interfaces[@]}"; do words+=(-i "$each" -f "$capture_filter" -s "$snap_length" -B 16); done
        ip netns exec "wb-$id-$host" dumpcap -p -q "${words[@]}" -w "$capture" 2>>"$LAB_DIR/log/tcpdump" &
        tcpdump_pid=$!
        await "dumpcap starts" grep -q '^File: ' "$LAB_DIR/log/tcpdump"
    fi
    "$here/scenario.sh" --only traffic "$id" "$1" "${count[@]}" >"$folder/$1.json"
    await "the connections of $1 end" connections_are_over
    if ((${#interfaces[@]} == 1)); then
        await "tcpdump has read all" capture_is_read
    else
        # It has no way to ask; its blocks are given over every 100 ms.
        sleep 1
    fi
    kill -INT "$tcpdump_pid"
    wait "$tcpdump_pid" || true
    tcpdump_pid=
    "$here/scenario.sh" --only finish "$id" "$1"
    local bytes
    bytes=$(stat -c %s "$capture")
    ((bytes <= largest)) || fail "$capture takes $bytes bytes, more than $largest"
    [ -e "$folder/$1.expected.json" ] || python3 "$here/expect.py" "$capture" >"$folder/$1.expected.json"
    printf '%-18s %6d bytes %4d frames\n' "$1" "$bytes" "$(tcpdump -r "$capture" 2>/dev/null | wc -l)"
}

command -v tcpdump >/dev/null || fail "tcpdump is not installed; 'make deps' installs it"
mkdir -p "$folder"
left_out=
"$here/lab.sh" up "$id"
for scenario in "${scenarios[@]}"; do
    record "$scenario"
done
[ $# = 0 ] || [ -z "$left_out" ] || exit 3
