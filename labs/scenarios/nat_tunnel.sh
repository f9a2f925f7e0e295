# shellcheck shell=bash
# From the client through a tunnel to the router, and from there masqueraded to the server: once through VXLAN, once
# through GRE behind a TUN device. The router sees each request in the tunnel, out of it, and translated.
needs=(/dev/net/tun:tun)
exits='curl 0 ping 0 curl 0 ping 0'
pattern='"http_code":200'
capture_on='router lan0 vx0 gre7 wan0'
capture_filter='udp port 4789 or proto 47 or tcp port 80 or icmp'
largest=150000

prepare() {
    ip -n "$LAB_CLIENT_NS" link add vx0 type vxlan id 42 local "$LAB_CLIENT" remote "$LAB_GATEWAY" dstport 4789
    ip -n "$LAB_ROUTER_NS" link add vx0 type vxlan id 42 local "$LAB_GATEWAY" remote "$LAB_CLIENT" dstport 4789
    local ns
    for ns in "$LAB_CLIENT_NS" "$LAB_ROUTER_NS"; do
        ip -n "$ns" link set vx0 addrgenmode none
        ip -n "$ns" link set vx0 up
    done
    ip -n "$LAB_CLIENT_NS" address add 10.88.0.2/24 dev vx0
    ip -n "$LAB_ROUTER_NS" address add 10.88.0.1/24 dev vx0
    start_tunnel "$LAB_CLIENT_NS" gre7 10.88.7.2/24 gre "$LAB_CLIENT" "$LAB_GATEWAY" 7
    start_tunnel "$LAB_ROUTER_NS" gre7 10.88.7.1/24 gre "$LAB_GATEWAY" "$LAB_CLIENT" 7
    # By the source that a program chooses: a table for each tunnel.
    ip -n "$LAB_CLIENT_NS" route add default via 10.88.0.1 table 42
    ip -n "$LAB_CLIENT_NS" rule add from 10.88.0.2 table 42
    ip -n "$LAB_CLIENT_NS" route add default via 10.88.7.1 table 7
    ip -n "$LAB_CLIENT_NS" rule add from 10.88.7.2 table 7
}

traffic() {
    try_curl --interface 10.88.0.2 "http://$LAB_SERVER/"
    try_ping -I 10.88.0.2 -c 1 "$LAB_SERVER"
    try_curl --interface 10.88.7.2 "http://$LAB_SERVER/"
    try_ping -I 10.88.7.2 -c 1 "$LAB_SERVER"
}

finish() {
    ip -n "$LAB_CLIENT_NS" rule del from 10.88.0.2 table 42 2>/dev/null || true
    ip -n "$LAB_CLIENT_NS" rule del from 10.88.7.2 table 7 2>/dev/null || true
    ip -n "$LAB_CLIENT_NS" link del vx0
    ip -n "$LAB_ROUTER_NS" link del vx0
}
