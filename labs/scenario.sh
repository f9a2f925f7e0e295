#!/usr/bin/env bash
# Makes one kind of traffic in a lab's client and prints what the tools themselves observed, as one JSON object:
#
#   {"scenario": "success", "started": 1700000000.123456, "ended": …, "observations": [
#      {"tool": "curl", "exit": 0, "observed": {… curl's own %{json}: time_connect, local_port, size_download, …}}, …]}
#
#   scenario.sh ID NAME [COUNT]   ID: a lab that `lab.sh up` made; COUNT: of requests, for `parallel` (100 when absent)
#   scenario.sh list              the names, one a line
#
# A tool's failure is what most scenarios are for: it is an observation, never this script's exit status.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
names="success https ipv6 alias keep_alive transfer parallel download late nxdomain no_data servfail truncated dns_silent
dns_dead refused rejected blackhole arp_unanswered icmp_unreachable host_unreachable server_reset server_empty stalled
client_abort client_reset half_close ping"

fail() {
    echo "scenario.sh: $*" >&2
    exit 1
}

in_client() {
    ip netns exec "$LAB_CLIENT_NS" "$@"
}

observations=()

observe() { # TOOL EXIT JSON
    observations+=("{\"tool\": \"$1\", \"exit\": $2, \"observed\": ${3:-null}}")
}

# One observation for every transfer. %{json} has each transfer's own exit code; the tool's stands beside it.
try_curl() { # CURL-ARGUMENT...
    local output exit=0 line
    output=$(in_client curl --no-progress-meter --max-time 30 --write-out '%{json}\n' --output /dev/null "$@" 2>/dev/null \
        | sed -E 's/"certs":"[^"]*",//; s/,"curl_version":"[^"]*"//') || exit=$?
    while IFS= read -r line; do
        [ -z "$line" ] || observe curl "$exit" "$line"
    done <<<"$output"
}

# What dig says of one query; the query time in microseconds, and null for what it did not get.
try_dig() { # DIG-ARGUMENT...
    local output exit=0
    output=$(in_client dig -u +noall +comments +answer +stats +time=1 +tries=2 "$@") || exit=$?
    observe dig "$exit" "$(awk '
        function text(value) { gsub(/[\\"]/, "", value); return "\"" value "\"" }
        /^;; ->>HEADER<<-/ { gsub(/,/, ""); for (i = 1; i < NF; i++) { if ($i == "status:") status = text($(i + 1)); if ($i == "id:") id = $(i + 1) } }
        /^;; Truncated/ { truncated = "true" }
        /^;; Query time:/ { time = $4 }
        /^;; SERVER:/ { server = text($3); transport = text($NF) }
        /^[^;]/ && NF >= 5 { answers = answers (answers ? ", " : "") "{\"name\": " text($1) ", \"ttl\": " $2 ", \"type\": " text($4) ", \"data\": " text($5) "}" }
        function or_null(value) { return value == "" ? "null" : value }
        END {
            printf "{\"status\": %s, \"id\": %s, \"query_time_microseconds\": %s, \"server\": %s, \"transport\": %s, \"answers\": [%s]}",
                or_null(status), or_null(id), or_null(time), or_null(server), or_null(transport), answers
        }' <<<"$output")"
}

try_ping() { # PING-ARGUMENT...
    local output exit=0
    output=$(in_client ping -n "$@") || exit=$?
    observe ping "$exit" "$(awk '
        / icmp_seq=.* time=/ {
            match($0, /icmp_seq=[0-9]+/); sequence = substr($0, RSTART + 9, RLENGTH - 9)
            match($0, /ttl=[0-9]+/); ttl = substr($0, RSTART + 4, RLENGTH - 4)
            match($0, /time=[0-9.]+/); time = substr($0, RSTART + 5, RLENGTH - 5)
            replies = replies (replies ? ", " : "") "{\"sequence\": " sequence ", \"ttl\": " ttl ", \"time_milliseconds\": " time "}"
        }
        / packets transmitted/ { sent = $1; received = $4 }
        END { printf "{\"sent\": %d, \"received\": %d, \"replies\": [%s]}", sent, received, replies }' <<<"$output")"
}

try_odd_client() { # BEHAVIOUR ADDRESS PORT
    local output exit=0
    output=$(in_client python3 "$here/odd_client.py" "$@") || exit=$?
    observe odd_client "$exit" "$output"
}

run_scenario() { # NAME COUNT
    local server=http://$LAB_SERVER
    case $1 in
        # The name has an A record and no AAAA: both are asked for, IPv4 and the router's NAT are used.
        success) try_curl "http://$LAB_NAME_IPV4/" ;;
        https) try_curl --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME_IPV4/" ;;
        ipv6) try_curl "http://$LAB_NAME/" ;;
        alias) try_curl "http://$LAB_NAME_ALIAS/" ;;
        keep_alive) try_curl "http://$LAB_NAME_IPV4/?n=[1-3]" ;;
        # One connection for each request, all at once: `Connection: close` and --parallel-immediate forbid sharing.
        parallel) try_curl --parallel --parallel-immediate --parallel-max "$2" --header 'Connection: close' \
            "http://$LAB_NAME_IPV4/?n=[1-$2]" ;;
        # 20 kB leave the server as one frame larger than the MTU: offload, as on real hosts.
        transfer) try_curl "http://$LAB_NAME_IPV4/20kB" ;;
        download) try_curl "http://$LAB_NAME_IPV4/100MB" ;;
        late) try_curl "$server:$LAB_PORT_LATE/" ;;
        nxdomain)
            try_dig "$LAB_NAME_NXDOMAIN" A
            try_curl "http://$LAB_NAME_NXDOMAIN/"
            ;;
        no_data) try_dig "$LAB_NAME_IPV4" AAAA ;;
        servfail) try_dig "$LAB_NAME_SERVFAIL" A ;;
        truncated) try_dig "$LAB_NAME_TRUNCATED" TXT ;;
        # A resolver that never answers, then a resolver whose own upstream never does.
        dns_silent)
            try_dig "@$LAB_SILENT_RESOLVER" "$LAB_NAME" A
            try_curl "http://$LAB_NAME_SILENT/"
            ;;
        # Nothing listens at the resolver's port: its host answers with ICMP port unreachable.
        dns_dead) try_dig "@$LAB_DEAD_RESOLVER" "$LAB_NAME" A ;;
        refused) try_curl "$server:$LAB_PORT_REFUSED/" ;;
        rejected) try_curl "$server:$LAB_PORT_REJECTED/" ;;
        # Long enough for the SYN at 0 s and its retransmissions at 1 s and 3 s.
        blackhole) try_curl --connect-timeout 3.5 "$server:$LAB_PORT_BLACKHOLE/" ;;
        arp_unanswered) try_curl "http://$LAB_ABSENT_NEIGHBOUR/" ;;
        # Three codes: administratively prohibited, host unreachable, network unreachable.
        icmp_unreachable)
            try_curl "$server:$LAB_PORT_PROHIBITED/"
            try_curl "$server:$LAB_PORT_UNREACHABLE/"
            try_curl "http://$LAB_NO_ROUTE/"
            ;;
        # The router itself finds nobody at the address, and says so after its own three ARP requests.
        host_unreachable) try_curl "http://$LAB_ABSENT_SERVER/" ;;
        server_reset) try_curl "$server:$LAB_PORT_RESET/" ;;
        stalled) try_curl --max-time 1 "$server:$LAB_PORT_STALL/" ;;
        server_empty) try_curl "$server:$LAB_PORT_EMPTY/" ;;
        client_abort) try_curl --max-time 0.6 "http://$LAB_NAME_IPV4/slow" ;;
        client_reset) try_odd_client reset "$LAB_SERVER" 80 ;;
        half_close) try_odd_client half_close "$LAB_SERVER" "$LAB_PORT_HALF_CLOSE" ;;
        ping) try_ping -c 3 -i 0.2 "$LAB_SERVER" ;;
        *) fail "no scenario '$1'; 'scenario.sh list' names them" ;;
    esac
}

if [ "${1:-}" = list ]; then
    tr -s ' \n' '\n' <<<"$names"
    exit
fi
[ $# -ge 2 ] || fail "usage: scenario.sh ID NAME [COUNT] | scenario.sh list"
name=$2 count=${3:-100}
[[ $count =~ ^[1-9][0-9]{0,3}$ ]] || fail "bad count '$count': use 1 to 9999"
variables=$("$here/lab.sh" env "$1")
eval "$variables"
[ -e "/run/netns/$LAB_CLIENT_NS" ] || fail "lab $1 is not up; 'lab.sh up $1' makes it"

started=$EPOCHREALTIME
run_scenario "$name" "$count"
ended=$EPOCHREALTIME
printf -v joined ',\n  %s' "${observations[@]}"
printf '{"scenario": "%s", "started": %s, "ended": %s, "observations": [\n  %s\n]}\n' \
    "$name" "${started/,/.}" "${ended/,/.}" "${joined:4}"
