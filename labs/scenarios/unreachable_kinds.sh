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

# What came of it: nothing, or the error that ICMP brought.
send() { # ADDRESS PORT
    try python3 -c "
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.settimeout(5)
    datagrams.connect(('$1', $2))
    datagrams.send(b'is anybody there?')
    try:
        datagrams.recv(100)
    except OSError as error:
        print(error)"
}

traffic() {
    try_curl --max-time 2 "http://$LAB_SERVER:7101/"
    try_curl --max-time 2 "http://$LAB_SERVER:7102/"
    send "$LAB_NO_ROUTE" 7104
    send "$LAB_SERVER" 7103
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
