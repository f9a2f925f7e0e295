# shellcheck shell=bash
# The router's table of connections is full to its limit with ones that stand: packets of a new one are dropped.
verdict='translation.table_full@translation'
watched_at=router
exits='curl 28'
recorded=no

# The limit is the whole machine's, so it is left as it is.
limit() {
    cat /proc/sys/net/netfilter/nf_conntrack_max
}

prepare() {
    # Connections that end in the meantime would leave room.
    in_ns "$LAB_ROUTER_NS" conntrack -F 2>/dev/null
    in_ns "$LAB_ROUTER_NS" python3 "$here/conntrack_load.py" fill $(($(limit) - 200))
}

traffic() {
    # An observer has to take in what is there.
    sleep 3
    # The kernel makes room at the cost of those that do not stand (gc_worker, net/netfilter/nf_conntrack_core.c).
    in_ns "$LAB_ROUTER_NS" conntrack -D -p icmp >/dev/null 2>&1 || true
    in_ns "$LAB_ROUTER_NS" conntrack -D -p udp >/dev/null 2>&1 || true
    in_ns "$LAB_ROUTER_NS" python3 "$here/conntrack_load.py" fill "$(limit)" $(($(limit) - 200))
    try_curl --max-time 4 "http://$LAB_SERVER/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" conntrack -F
}
