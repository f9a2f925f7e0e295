# shellcheck shell=bash
# Three ways to get no answer: the client's own firewall drops the SYN-ACK, the router drops pings, and a service takes
# datagrams without a word.
verdict='connect.half_open@connect echo.unanswered@exchange exchange.no_response@exchange'
exits='curl 28 ping 1 python3 0'
recorded=no

prepare() {
    in_ns "$LAB_CLIENT_NS" nft -f - <<RULES
table ip scenario {
    chain input {
        type filter hook input priority filter
        tcp sport $LAB_PORT_EMPTY drop
    }
}
RULES
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table ip scenario {
    chain forward {
        type filter hook forward priority filter
        icmp type echo-request drop
    }
}
RULES
    start "$LAB_SERVER_NS" mute udp/7201 python3 -c "
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.bind(('$LAB_SERVER', 7201))
    while True:
        datagrams.recv(100)"
}

traffic() {
    try_curl --connect-timeout 1.5 "http://$LAB_SERVER:$LAB_PORT_EMPTY/"
    try_ping -c 2 -i 0.2 -W 0.3 "$LAB_SERVER"
    try python3 -c "
import socket, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.connect(('$LAB_SERVER', 7201))
    for _ in range(2):
        datagrams.send(b'is anybody there?')
        time.sleep(0.1)"
}

finish() {
    in_ns "$LAB_CLIENT_NS" nft delete table ip scenario
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
