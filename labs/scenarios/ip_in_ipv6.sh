# shellcheck shell=bash
# HTTP over IPv4 and over IPv6 inside of IPv6, between the client and the server: the router sees the outer headers only.
needs=(/dev/net/tun:tun)
exits='curl 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" six0 10.88.0.2/24 ip "$LAB_CLIENT6" "$LAB_SERVER6"
    start_tunnel "$LAB_SERVER_NS" six0 10.88.0.1/24 ip "$LAB_SERVER6" "$LAB_CLIENT6"
    ip -n "$LAB_CLIENT_NS" address add fd88::2/64 dev six0 nodad
    ip -n "$LAB_SERVER_NS" address add fd88::1/64 dev six0 nodad
}

traffic() {
    try_curl http://10.88.0.1/
    try_curl 'http://[fd88::1]/'
}
