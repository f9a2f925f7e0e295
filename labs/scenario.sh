#!/usr/bin/env bash
# Makes one kind of traffic in a lab's client and prints what the tools themselves observed, as one JSON object:
#
#   {"scenario": "success", "started": 1700000000.123456, "ended": …, "observations": [
#      {"tool": "curl", "exit": 0, "observed": {… curl's own %{json}: time_connect, local_port, size_download, …}}, …]}
#
#   scenario.sh ID NAME [COUNT]   ID: a lab that `lab.sh up` made; COUNT: of requests, for `parallel` (100 when absent)
#   scenario.sh --only prepare|traffic|finish ID NAME [COUNT]    one part of it: an observer may start in between
#   scenario.sh list              the names, one a line
#   scenario.sh show NAME         what `labs/scenarios/NAME.sh` says of itself, as shell assignments
#
# A tool's failure is what most scenarios are for: it is an observation, never this script's exit status. That is 3
# when a tool is not installed. labs/README.md says how to write a scenario.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=tools.sh
. "$here/tools.sh"

# What a scenario may say of itself; labs/README.md has the meanings.
needs=()
exits='' pattern='' recorded=yes verdict='' watched_at=client
capture_on='client eth0' capture_filter='' snap_length=65535 largest=51200
prepare() { :; }
finish() { :; }

load() { # NAME
    [[ $1 =~ ^[a-z0-9_]+$ && -e $here/scenarios/$1.sh ]] || fail "no scenario '$1'; 'scenario.sh list' names them"
    # shellcheck source=/dev/null
    . "$here/scenarios/$1.sh"
}

missing_tools() {
    local pair
    for pair in "${needs[@]}"; do
        case $pair in
            python:*) python3 -c "import ${pair##*:}" 2>/dev/null || echo "${pair##*:} (Python)" ;;
            /*) [ -e "${pair%%:*}" ] || echo "${pair%%:*} (from ${pair##*:})" ;;
            *) command -v "${pair%%:*}" >/dev/null || echo "${pair%%:*} (Debian: ${pair##*:})" ;;
        esac
    done
}

case ${1:-} in
    list)
        for file in "$here"/scenarios/*.sh; do basename "$file" .sh; done
        exit
        ;;
    show)
        [ $# = 2 ] || fail "usage: scenario.sh show NAME"
        load "$2"
        missing=$(missing_tools | paste -sd,)
        declare -p exits pattern recorded verdict watched_at capture_on capture_filter snap_length largest missing
        exit
        ;;
esac

parts=(prepare traffic finish)
if [ "${1:-}" = --only ]; then
    parts=("${2:-}")
    case ${2:-} in prepare | traffic | finish) ;; *) fail "--only is one of prepare, traffic, finish" ;; esac
    shift 2
fi
[ $# -ge 2 ] || fail "usage: scenario.sh [--only PART] ID NAME [COUNT] | scenario.sh list | scenario.sh show NAME"
# shellcheck disable=SC2034 # for the scenario
name=$2 count=${3:-100}
[[ $count =~ ^[1-9][0-9]{0,3}$ ]] || fail "bad count '$count': use 1 to 9999"
variables=$("$here/lab.sh" env "$1")
eval "$variables"
[ -e "/run/netns/$LAB_CLIENT_NS" ] || fail "lab $1 is not up; 'lab.sh up $1' makes it"
load "$name"
missing=$(missing_tools | paste -sd,)
if [ -n "$missing" ]; then
    echo "scenario.sh: $name needs $missing: not installed" >&2
    exit 3
fi

# However it ends: a scenario leaves the lab as it found it.
[ "${parts[*]}" != "prepare traffic finish" ] || trap 'finish >&2; remove_own >&2' EXIT
for part in "${parts[@]}"; do
    case $part in
        prepare) prepare >&2 ;;
        traffic)
            started=$EPOCHREALTIME
            traffic
            ended=$EPOCHREALTIME
            printf -v joined ',\n  %s' "${observations[@]}"
            printf '{"scenario": "%s", "started": %s, "ended": %s, "observations": [\n  %s\n]}\n' \
                "$name" "${started/,/.}" "${ended/,/.}" "${joined:4}"
            ;;
        finish) [ "${#parts[@]}" = 3 ] || { finish >&2; remove_own >&2; } ;;
    esac
done
