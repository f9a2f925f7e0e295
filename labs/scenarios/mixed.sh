# shellcheck shell=bash
# 1,000 requests of many kinds, all of which succeed: over IPv4 and IPv6, in clear and over TLS, one by one and at once,
# with keep-alive and without, lookups over UDP and TCP, pings.
verdict=none
recorded=no

prepare() {
    start_page
}

quietly() { # COMMAND...
    in_client "$@" >/dev/null 2>&1 || failed=$((failed + 1))
}

traffic() {
    local failed=0 n kinds=("http://$LAB_NAME_IPV4" "http://$LAB_NAME_IPV6" "https://$LAB_NAME_IPV4" "https://$LAB_NAME_IPV6"
        "https://$LAB_NAME_IPV4:8443") url tls=(--cacert "$LAB_CERTIFICATE")
    for url in "${kinds[@]}"; do
        # 100 connections at once, 50 requests on one, 10 programs one after the other.
        quietly curl -sf "${tls[@]}" --parallel --parallel-immediate --parallel-max 20 --http1.1 --header 'Connection: close' \
            --output /dev/null "$url/?n=[1-100]"
        quietly curl -sf "${tls[@]}" --output /dev/null "$url/?n=[1-50]"
        for n in {1..10}; do quietly curl -sf "${tls[@]}" --output /dev/null "$url/"; done
    done
    for n in {1..40}; do
        quietly dig +short "@$LAB_RESOLVER" "$LAB_NAME" A
        quietly dig +short +tcp "@$LAB_RESOLVER" "$LAB_NAME" AAAA
    done
    for n in {1..40}; do
        quietly ping -c 2 -i 0.02 "$LAB_SERVER"
        quietly ping -c 2 -i 0.02 "$LAB_SERVER6"
    done
    for n in {1..20}; do
        quietly openssl s_client -connect "$LAB_SERVER:443" -servername "$LAB_NAME_IPV4"
        quietly openssl s_client -tls1_2 -connect "$LAB_SERVER:443" -servername "$LAB_NAME_IPV4"
    done
    observe mixed 0 "{\"failed\": $failed}"
}
