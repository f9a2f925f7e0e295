#!/usr/bin/env bash
# Checks that the lab does what it says, before anything is measured against it: every scenario ends as it should for
# the tools themselves, whole-lab faults can be set and cleared, labs live side by side, and `down` leaves nothing.
# One line a check, the counts last: "N passed, N failed, N skipped". Needs root; without it, all is skipped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
id=chk$((BASHPID % 100000))
neighbour=${id}b
mapfile -t scenarios < <("$here/scenario.sh" list)
passed=0 failed=0 skipped=0
faults=(blackhole prohibited rejected dns_dead gateway_down)

outcome() { # WHAT FAILURE, which is empty when all is well
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        echo "ok     lab: $1"
    else
        failed=$((failed + 1))
        echo "FAILED lab: $1: $2"
    fi
}

clean_up() {
    "$here/lab.sh" down "$id"
    "$here/lab.sh" down "$neighbour"
}

summary() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

if [ "$(id -u)" != 0 ]; then
    echo "lab: network namespaces need root: skipped"
    # And: translation, two labs side by side, down leaves nothing.
    skipped=$((${#scenarios[@]} + ${#faults[@]} + 3))
    summary
    exit
fi

in_client() {
    "$here/lab.sh" exec "$id" client -- "$@"
}

skip() { # WHAT WHY
    skipped=$((skipped + 1))
    echo "skipped lab: $1: $2"
}

check_scenario() { # NAME
    local observed ended exits pattern missing about
    about=$("$here/scenario.sh" show "$1")
    eval "$about"
    if [ -n "$missing" ]; then
        skip "$1" "needs $missing"
        return
    fi
    [ -n "$exits$pattern" ] || return 0
    observed=$("$here/scenario.sh" "$id" "$1" 2>&1) || {
        outcome "$1" "$observed"
        return
    }
    ended=$(sed -nE 's/.*"tool": "([^"]+)", "exit": ([0-9]+).*/\1 \2/p' <<<"$observed" | paste -sd ' ')
    if [ -n "$exits" ] && [ "$ended" != "$exits" ]; then
        outcome "$1" "the tools ended with '$ended', expected '$exits'"
    elif ! grep -qE "$pattern" <<<"$observed"; then
        outcome "$1" "nothing observed matches $pattern"
    else
        outcome "$1" ""
    fi
}

check_parallel() {
    local ports
    ports=$("$here/scenario.sh" "$id" parallel 100 | grep -oE '"http_code":200,.*"local_port":[0-9]+' | grep -oE '[0-9]+$' | sort -u | wc -l)
    if [ "$ports" = 100 ]; then
        outcome "parallel" ""
    else
        outcome "parallel" "$ports of 100 requests succeeded from a port of their own"
    fi
}

check_translation() {
    local peer
    [ "$(cat "$LAB_DIR/nat")" = masquerade ] || {
        skip translation "this kernel has no NAT for nftables"
        return
    }
    peer=$(in_client curl --silent "http://$LAB_SERVER/peer")
    if [ "$peer" = "$LAB_NAT_ADDRESS" ]; then
        outcome "translation" ""
    else
        outcome "translation" "the server saw '$peer', not the router's $LAB_NAT_ADDRESS"
    fi
}

check_faults() {
    local fault exit
    for fault in "${faults[@]}"; do
        "$here/lab.sh" fault "$id" "$fault"
        exit=0
        in_client curl --silent --output /dev/null --max-time 1 "http://$LAB_NAME_IPV4/" || exit=$?
        "$here/lab.sh" fault "$id" clear
        if [ "$exit" = 0 ]; then
            outcome "fault $fault" "a request succeeded in spite of it"
        elif ! in_client curl --silent --output /dev/null --max-time 5 "http://$LAB_NAME_IPV4/"; then
            outcome "fault $fault" "a request still fails after it was cleared"
        else
            outcome "fault $fault" ""
        fi
    done
}

# What `down` must have removed: namespaces, resolver files, state, processes.
left_behind() { # ID
    ip netns list | grep "^wb-$1-" || true
    find /etc/netns -maxdepth 1 -name "wb-$1-*" 2>/dev/null || true
    [ ! -e "${TMPDIR:-/tmp}/waybill-lab-$1" ] || echo "${TMPDIR:-/tmp}/waybill-lab-$1"
    pgrep -f "waybill-lab-$1/" || true
}

eval "$("$here/lab.sh" env "$id")"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$here/lab.sh" up "$id"
for scenario in "${scenarios[@]}"; do
    check_scenario "$scenario" </dev/null
done
check_parallel
check_translation
check_faults

"$here/lab.sh" up "$neighbour"
"$here/lab.sh" exec "$neighbour" client -- sleep 100 &
if in_client curl --silent --output /dev/null "http://$LAB_NAME/" \
    && "$here/lab.sh" exec "$neighbour" client -- curl --silent --output /dev/null "http://$LAB_NAME/"; then
    outcome "two labs side by side" ""
else
    outcome "two labs side by side" "a request in one of them failed"
fi
clean_up
clean_up
outcome "down leaves nothing" "$(left_behind "$id"; left_behind "$neighbour")"
summary
