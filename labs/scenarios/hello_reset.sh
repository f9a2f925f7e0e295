# shellcheck shell=bash
# Something on the way resets the connection when it sees a ClientHello: the router, in the server's name.
verdict=secure.reset_after_client_hello@secure
exits='curl 35'
recorded=no

prepare() {
    # Behind 32 bytes of header, with the time-stamps option: a handshake record of TLS.
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table inet middlebox {
    chain forward {
        type filter hook forward priority filter
        tcp dport 443 tcp doff 8 @th,256,8 0x16 reject with tcp reset
    }
}
RULES
}

traffic() {
    try_curl --insecure "https://$LAB_NAME_IPV4/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table inet middlebox
}
