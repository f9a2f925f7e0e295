# shellcheck shell=bash
# The first SYN-ACK is lost; the one that the server sends a second later finds a client that has given up after 0.3 s, and
# is answered with RST.
verdict=connect.aborted@connect
exits='curl 28'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain forward {
        type filter hook forward priority filter
        iifname "wan0" tcp sport $LAB_PORT_LATE tcp flags & (syn | ack) == syn | ack limit rate 1/hour burst 1 packets drop
    }
}
RULES
}

traffic() {
    try_curl --connect-timeout 0.3 "http://$LAB_SERVER:$LAB_PORT_LATE/"
    sleep 1.2
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
