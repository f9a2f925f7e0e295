# shellcheck shell=bash
# What ICMP says more seldom: for TCP, that the port or the protocol is unreachable; for UDP, that the network or the
# protocol is.
verdict='connect.port_unreachable@connect connect.unreachable@connect exchange.net_unreachable@exchange exchange.unreachable@exchange'
exits='curl 7 curl 7 python3 0 python3 0'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table ip scenario {
    chain forward {
        type filter hook forward priority filter
        tcp dport 7101 reject with icmp port-unreachable
        tcp dport 7102 reject with icmp prot-unreachable
        udp dport 7103 reject with icmp prot-unreachable
    }
}
RULES
}

traffic() {
    try_curl --max-time 2 "http://$LAB_SERVER:7101/"
    try_curl --max-time 2 "http://$LAB_SERVER:7102/"
    try_datagram "$LAB_NO_ROUTE" 7104
    try_datagram "$LAB_SERVER" 7103
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
