# shellcheck shell=bash
# An HTTP request over IPv6 in IPv4, that in GRE with key 7, that in PPPoE session 17.
needs=(/dev/net/tun:tun)
exits='curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" ppp0 10.88.1.2/24 pppoe eth0 "$(station "$LAB_ROUTER_NS" lan0)" 17
    start_tunnel "$LAB_ROUTER_NS" ppp0 10.88.1.1/24 pppoe lan0 "$(station "$LAB_CLIENT_NS" eth0)" 17
    start_tunnel "$LAB_CLIENT_NS" gre7 10.88.2.2/24 gre 10.88.1.2 10.88.1.1 7
    start_tunnel "$LAB_ROUTER_NS" gre7 10.88.2.1/24 gre 10.88.1.1 10.88.1.2 7
    start_tunnel "$LAB_CLIENT_NS" sit0 fd88::2/64 ip 10.88.2.2 10.88.2.1
    start_tunnel "$LAB_ROUTER_NS" sit0 fd88::1/64 ip 10.88.2.1 10.88.2.2
    ip -n "$LAB_CLIENT_NS" link set gre7 mtu 1360
    ip -n "$LAB_ROUTER_NS" link set gre7 mtu 1360
    ip -n "$LAB_CLIENT_NS" link set sit0 mtu 1320
    ip -n "$LAB_ROUTER_NS" link set sit0 mtu 1320
    start_web "$LAB_ROUTER_NS" fd88::1
}

traffic() {
    try_curl 'http://[fd88::1]:8080/'
}
