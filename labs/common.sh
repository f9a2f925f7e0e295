# shellcheck shell=bash
# What the lab's scripts share; each sources it with `here` set to this folder.

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

in_ns() { # NAMESPACE COMMAND...
    local ns=$1
    shift
    ip netns exec "$ns" "$@"
}

in_client() {
    in_ns "$LAB_CLIENT_NS" "$@"
}

# Waits until COMMAND succeeds, at most 15 s; WHAT names it in the error.
await() { # WHAT COMMAND...
    local what=$1 deadline=$((SECONDS + 15))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || fail "$what: not after 15 s; logs are in $LAB_DIR/log"
        sleep 0.02
    done
}

# True once something listens at PORT, which is a TCP port, or a UDP port when written as udp/PORT.
listens() { # NAMESPACE PORT
    local kind=-Hltn
    [[ $2 != udp/* ]] || kind=-Hlun
    [ -n "$(in_ns "$1" ss "$kind" "sport = :${2#udp/}")" ]
}
