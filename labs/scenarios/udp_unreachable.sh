# shellcheck shell=bash
# Datagrams that somebody says cannot get there: nothing listens at the port, a router's rule forbids it, nobody has the
# address, and a TTL of 1 that ends at the first router, as with traceroute.
verdict='exchange.port_unreachable@exchange exchange.filtered@exchange exchange.host_unreachable@exchange exchange.ttl_exceeded@exchange'
exits='python3 0 python3 0 python3 0 ping 1'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain forward {
        type filter hook forward priority filter
        udp dport 7002 reject with icmp admin-prohibited
    }
}
RULES
}

traffic() {
    try_datagram "$LAB_SERVER" 7001
    try_datagram "$LAB_SERVER" 7002
    try_datagram "$LAB_ABSENT_SERVER" 7003
    try_ping -c 1 -W 1 -t 1 "$LAB_SERVER"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
