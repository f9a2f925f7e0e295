# shellcheck shell=bash
# HTTP inside of GRE with keys and sequence numbers: over IPv4 and IPv6 with key 7, over Ethernet (and ARP) with key 8.
needs=(/dev/net/tun:tun)
exits='curl 0 curl 0 ping 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" gre7 10.88.0.2/24 gre "$LAB_CLIENT" "$LAB_GATEWAY" 7
    start_tunnel "$LAB_ROUTER_NS" gre7 10.88.0.1/24 gre "$LAB_GATEWAY" "$LAB_CLIENT" 7
    ip -n "$LAB_CLIENT_NS" address add fd88::2/64 dev gre7 nodad
    ip -n "$LAB_ROUTER_NS" address add fd88::1/64 dev gre7 nodad
    start_tunnel "$LAB_CLIENT_NS" gretap8 10.88.8.2/24 gretap "$LAB_CLIENT" "$LAB_GATEWAY" 8
    start_tunnel "$LAB_ROUTER_NS" gretap8 10.88.8.1/24 gretap "$LAB_GATEWAY" "$LAB_CLIENT" 8
    start_web "$LAB_ROUTER_NS" 10.88.0.1 fd88::1 10.88.8.1
}

traffic() {
    try_curl http://10.88.0.1:8080/
    try_curl 'http://[fd88::1]:8080/'
    try_ping -c 2 -i 0.2 10.88.8.1
    try_curl http://10.88.8.1:8080/
}
