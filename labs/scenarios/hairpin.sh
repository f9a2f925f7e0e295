# shellcheck shell=bash
# A port forward leads from the router's address back to a host on the client's own network, and keeps the client's address:
# the host answers the client directly, which knows no such connection and resets it.
verdict='connect.hairpin@connect'
exits='curl 28'
recorded=no

prepare() {
    add_switch
    add_host inner
    plug client 10.77.3.2/24
    plug router 10.77.3.1/24
    plug inner 10.77.3.9/24
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth1.send_redirects=0
    start "wb-$LAB_ID-inner" inner_page 8080 python3 -m http.server --directory "$LAB_DIR/www" 8080
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain prerouting {
        type nat hook prerouting priority dstnat
        ip daddr 10.77.3.1 tcp dport 18080 dnat to 10.77.3.9:8080
    }
}
RULES
}

traffic() {
    try_curl --max-time 3.5 http://10.77.3.1:18080/
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
    ip -n "$LAB_CLIENT_NS" link del eth1 2>/dev/null || true
    ip -n "$LAB_ROUTER_NS" link del eth1 2>/dev/null || true
}
