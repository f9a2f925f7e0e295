# shellcheck shell=bash
# 20 connections at once for 20 requests, one lookup.
verdict=none

traffic() {
    # One connection for each request, all at once: `Connection: close` and --parallel-immediate forbid sharing.
    try_curl --parallel --parallel-immediate --parallel-max "$count" --header 'Connection: close' \
    "http://$LAB_NAME_IPV4/?n=[1-$count]"
}
