# shellcheck shell=bash
# Pings and an HTTP request over IPv4 inside of IPv4, between the client and its router. The second ping is in fragments,
# each of which travels in a packet of its own.
needs=(/dev/net/tun:tun)
exits='ping 0 ping 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" ipip0 10.88.0.2/24 ip "$LAB_CLIENT" "$LAB_GATEWAY"
    start_tunnel "$LAB_ROUTER_NS" ipip0 10.88.0.1/24 ip "$LAB_GATEWAY" "$LAB_CLIENT"
    start_web "$LAB_ROUTER_NS" 10.88.0.1
}

traffic() {
    try_ping -c 2 -i 0.2 10.88.0.1
    try_ping -c 1 -s 3000 10.88.0.1
    try_curl http://10.88.0.1:8080/
}
