# shellcheck shell=bash
# Pings and an HTTP request inside of Geneve, network 42, with an option: ARP inside as well. The second ping is whole, and
# what carries it comes in fragments.
needs=(/dev/net/tun:tun)
exits='ping 0 ping 0 curl 0'
pattern='"http_code":200'

prepare() {
    start_tunnel "$LAB_CLIENT_NS" gnv0 10.88.0.2/24 geneve "$LAB_CLIENT" "$LAB_GATEWAY" 42
    start_tunnel "$LAB_ROUTER_NS" gnv0 10.88.0.1/24 geneve "$LAB_GATEWAY" "$LAB_CLIENT" 42
    ip -n "$LAB_CLIENT_NS" link set gnv0 mtu 3000
    ip -n "$LAB_ROUTER_NS" link set gnv0 mtu 3000
    start_web "$LAB_ROUTER_NS" 10.88.0.1
}

traffic() {
    try_ping -c 2 -i 0.2 10.88.0.1
    try_ping -c 1 -s 2000 10.88.0.1
    try_curl http://10.88.0.1:8080/
}
