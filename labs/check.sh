#!/usr/bin/env bash
# Checks that the lab does what it says, before anything is measured against it: every scenario ends as it should for
# the tools themselves, whole-lab faults can be set and cleared, labs live side by side, and `down` leaves nothing.
# One line a check, the counts last: "N passed, N failed, N skipped". Needs root; without it, all is skipped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
id=chk$((BASHPID % 100000))
neighbour=${id}b
passed=0 failed=0 skipped=0
faults=(blackhole prohibited rejected dns_dead gateway_down)

# Scenario, what each tool's exit status must be, and a pattern that its observation must hold.
expectations='
success          | curl 0               | "http_code":200.*"remote_ip":"10.77.2.2".*"size_download":60,
https            | curl 0               | "scheme":"HTTPS".*"ssl_verify_result":0
ipv6             | curl 0               | "remote_ip":"fd77:2::2"
alias            | curl 0               | "http_code":200
keep_alive       | curl 0 curl 0 curl 0 | "num_connects":0
transfer         | curl 0               | "size_download":20000,
download         | curl 0               | "size_download":100000000,
late             | curl 0               | "time_starttransfer":0.3
nxdomain         | dig 0 curl 6         | "status": "NXDOMAIN"
no_data          | dig 0                | "status": "NOERROR".*"answers": \[\]
servfail         | dig 0                | "status": "SERVFAIL"
truncated        | dig 0                | "transport": "\(TCP\)"
dns_silent       | dig 9 curl 6         | "status": null
dns_dead         | dig 9                | "status": null
refused          | curl 7               | "time_connect":0.000000
rejected         | curl 7               | "time_connect":0.000000
blackhole        | curl 28              | "time_connect":0.000000
arp_unanswered   | curl 7               | "time_connect":0.000000
icmp_unreachable | curl 7 curl 7 curl 7 | "time_connect":0.000000
host_unreachable | curl 7               | "time_connect":0.000000
server_reset     | curl 56              | "size_download":2000,
server_empty     | curl 52              | "num_connects":1
stalled          | curl 28              | "http_code":0.*"num_connects":1
client_abort     | curl 28              | "http_code":200
client_reset     | odd_client 0         | "size_download": 100
half_close       | odd_client 0         | "size_download": 18
ping             | ping 0               | "sent": 3, "received": 3
'

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
    # And: parallel, translation, two labs side by side, down leaves nothing.
    skipped=$(($(grep -c '|' <<<"$expectations") + ${#faults[@]} + 4))
    summary
    exit
fi

in_client() {
    "$here/lab.sh" exec "$id" client -- "$@"
}

check_scenario() { # NAME EXITS PATTERN
    local observed exits
    observed=$("$here/scenario.sh" "$id" "$1" 2>&1) || {
        outcome "$1" "$observed"
        return
    }
    exits=$(grep -oE '"tool": "[a-z_]+", "exit": [0-9]+' <<<"$observed" | sed -E 's/"tool": "([a-z_]+)", "exit": /\1 /' | tr '\n' ' ')
    if [ "${exits% }" != "$2" ]; then
        outcome "$1" "the tools ended with '${exits% }', expected '$2'"
    elif ! grep -qE "$3" <<<"$observed"; then
        outcome "$1" "nothing observed matches $3"
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
        skipped=$((skipped + 1))
        echo "skipped lab: translation: this kernel has no NAT for nftables"
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
while IFS='|' read -r name exits pattern; do
    [ -n "$name" ] || continue
    read -r name <<<"$name"
    read -r exits <<<"$exits"
    read -r pattern <<<"$pattern"
    check_scenario "$name" "$exits" "$pattern" </dev/null
done < <(tr -s ' ' <<<"$expectations")
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
