# shellcheck shell=bash
# A ping and an HTTP request over IPv6 inside of IPv4, between the client and its router.
needs=(/dev/net/tun:tun)
exits='ping 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" sit0 fd88::2/64 ip "$LAB_CLIENT" "$LAB_GATEWAY"
    start_tunnel "$LAB_ROUTER_NS" sit0 fd88::1/64 ip "$LAB_GATEWAY" "$LAB_CLIENT"
    start_web "$LAB_ROUTER_NS" fd88::1
}

traffic() {
    try_ping -c 2 -i 0.2 fd88::1
    try_curl 'http://[fd88::1]:8080/'
}
