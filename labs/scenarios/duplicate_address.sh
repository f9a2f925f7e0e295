# shellcheck shell=bash
# Two hosts on one link have the same address, and both answer for it. The client asks the wrong one, which refuses.
verdict='neighbour.two_macs@neighbour'
exits='curl 7'
recorded=no

# NAME [ADDRESS]: a host at a switch of the scenario's own.
plug() {
    local ns=wb-$LAB_ID-$1
    ip -n "wb-$LAB_ID-switch" link add "to-$1" type veth peer name eth1 netns "$ns"
    ip -n "wb-$LAB_ID-switch" link set "to-$1" master bridge up
    in_ns "$ns" sysctl -qw net.ipv6.conf.eth1.disable_ipv6=1
    ip -n "$ns" address add "$2" dev eth1
    ip -n "$ns" link set eth1 up
}

prepare() {
    add_host switch
    ip -n "wb-$LAB_ID-switch" link add bridge type bridge
    ip -n "wb-$LAB_ID-switch" link set bridge up
    add_host one
    add_host two
    plug client 10.77.3.2/24
    plug one 10.77.3.9/24
    plug two 10.77.3.9/24
}

traffic() {
    try_curl http://10.77.3.9/
}

finish() {
    ip -n "$LAB_CLIENT_NS" link del eth1 2>/dev/null || true
}
