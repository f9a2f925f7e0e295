# shellcheck shell=bash
# Router and server each take the other for the way to a network: packets go to and fro until their hop limit is used up.
verdict='connect.ttl_exceeded@connect'
exits='curl 7'
recorded=no

prepare() {
    in_ns "$LAB_SERVER_NS" sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0
    ip -n "$LAB_SERVER_NS" -6 route replace default via fd77:2::1
    ip -n "$LAB_ROUTER_NS" -6 route add fd99::/64 via "$LAB_SERVER6"
}

traffic() {
    try_curl 'http://[fd99::1]/'
}

finish() {
    ip -n "$LAB_ROUTER_NS" -6 route del fd99::/64
    in_ns "$LAB_SERVER_NS" sysctl -qw net.ipv6.conf.all.forwarding=0
    ip -n "$LAB_SERVER_NS" -6 route replace default via fd77:2::1
}
