# shellcheck shell=bash
# The handshake is fine, and the router drops every segment with data that follows: the client gives up after 3 s.
verdict=exchange.unacknowledged@exchange
exits='curl 28'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table inet broken {
    chain forward {
        type filter hook forward priority filter
        tcp dport 80 tcp flags & (syn | rst) == 0x0 meta length > 60 drop
    }
}
RULES
}

traffic() {
    try_curl --max-time 3 "http://$LAB_SERVER/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table inet broken
    settle
}
