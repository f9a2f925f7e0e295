# shellcheck shell=bash
# A ping and an HTTP request inside of VXLAN, network 42, between the client and its router: ARP inside as well.
exits='ping 0 curl 0'
pattern='"http_code":200'

prepare() {
    ip -n "$LAB_CLIENT_NS" link add vx0 type vxlan id 42 local "$LAB_CLIENT" remote "$LAB_GATEWAY" dstport 4789
    ip -n "$LAB_CLIENT_NS" address add 10.88.0.2/24 dev vx0
    ip -n "$LAB_CLIENT_NS" link set vx0 addrgenmode none
    ip -n "$LAB_CLIENT_NS" link set vx0 up
    ip -n "$LAB_ROUTER_NS" link add vx0 type vxlan id 42 local "$LAB_GATEWAY" remote "$LAB_CLIENT" dstport 4789
    ip -n "$LAB_ROUTER_NS" address add 10.88.0.1/24 dev vx0
    ip -n "$LAB_ROUTER_NS" link set vx0 addrgenmode none
    ip -n "$LAB_ROUTER_NS" link set vx0 up
    start "$LAB_ROUTER_NS" vxlan-http 8080 python3 -m http.server --bind 10.88.0.1 --directory "$LAB_DIR/www" 8080
}

traffic() {
    try_ping -c 2 -i 0.2 10.88.0.1
    try_curl http://10.88.0.1:8080/
}

finish() {
    ip -n "$LAB_CLIENT_NS" link del vx0
    ip -n "$LAB_ROUTER_NS" link del vx0
}
