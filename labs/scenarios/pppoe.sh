# shellcheck shell=bash
# A ping and an HTTP request over IPv4, and one over IPv6, in PPP over Ethernet, session 17; without the discovery before.
needs=(/dev/net/tun:tun)
exits='ping 0 curl 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" ppp0 10.88.0.2/24 pppoe eth0 "$(station "$LAB_ROUTER_NS" lan0)" 17
    start_tunnel "$LAB_ROUTER_NS" ppp0 10.88.0.1/24 pppoe lan0 "$(station "$LAB_CLIENT_NS" eth0)" 17
    ip -n "$LAB_CLIENT_NS" address add fd88::2/64 dev ppp0 nodad
    ip -n "$LAB_ROUTER_NS" address add fd88::1/64 dev ppp0 nodad
    start_web "$LAB_ROUTER_NS" 10.88.0.1 fd88::1
}

traffic() {
    try_ping -c 2 -i 0.2 10.88.0.1
    try_curl http://10.88.0.1:8080/
    try_curl 'http://[fd88::1]:8080/'
}
