# shellcheck shell=bash
# What the server sends to the client is 600 ms on its way, as by a satellite.
verdict='connect.slow@connect'
needs=(/dev/net/tun:tun)
exits='curl 0'
recorded=no

prepare() {
    start_tunnel "$LAB_ROUTER_NS" late0 10.88.0.1/32 late 600
    ip -n "$LAB_ROUTER_NS" link set late0 mtu 1500
    ip -n "$LAB_ROUTER_NS" route add "$LAB_CLIENT" dev late0 table 77
    ip -n "$LAB_ROUTER_NS" rule add iif wan0 to "$LAB_CLIENT" lookup 77
    # What comes back is no connection of its own.
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table ip long_way {
    chain prerouting {
        type filter hook prerouting priority raw
        iifname "late0" notrack
    }
}
RULES
}

traffic() {
    try_curl "http://$LAB_SERVER/"
}

finish() {
    ip -n "$LAB_ROUTER_NS" rule delete lookup 77
    in_ns "$LAB_ROUTER_NS" nft delete table ip long_way
}
