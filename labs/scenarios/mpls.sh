# shellcheck shell=bash
# HTTP under MPLS labels: over IPv4 and IPv6 under 100 and 200, over Ethernet (and ARP) as a pseudowire under 100 and 300.
needs=(/dev/net/tun:tun)
exits='curl 0 curl 0 curl 0'
pattern='"http_code":200'

prepare() {
    local client router
    client=$(station "$LAB_CLIENT_NS" eth0)
    router=$(station "$LAB_ROUTER_NS" lan0)
    start_tunnel "$LAB_CLIENT_NS" mpls0 10.88.0.2/24 mpls eth0 "$router" 100 200
    start_tunnel "$LAB_ROUTER_NS" mpls0 10.88.0.1/24 mpls lan0 "$client" 100 200
    ip -n "$LAB_CLIENT_NS" address add fd88::2/64 dev mpls0 nodad
    ip -n "$LAB_ROUTER_NS" address add fd88::1/64 dev mpls0 nodad
    start_tunnel "$LAB_CLIENT_NS" wire0 10.88.8.2/24 pseudowire eth0 "$router" 100 300
    start_tunnel "$LAB_ROUTER_NS" wire0 10.88.8.1/24 pseudowire lan0 "$client" 100 300
    start_web "$LAB_ROUTER_NS" 10.88.0.1 fd88::1 10.88.8.1
}

traffic() {
    try_curl http://10.88.0.1:8080/
    try_curl 'http://[fd88::1]:8080/'
    try_curl http://10.88.8.1:8080/
}
