# shellcheck shell=bash
# Something on the way drops the ClientHello and all that follows; the client gives up after 3 s.
verdict=secure.client_hello_lost@secure
exits='curl 28'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table inet middlebox {
    chain forward {
        type filter hook forward priority filter
        tcp dport 443 tcp doff 8 @th,256,8 0x16 drop
    }
}
RULES
}

traffic() {
    try_curl --insecure --max-time 3 "https://$LAB_NAME_IPV4/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table inet middlebox
    settle
}
