# shellcheck shell=bash
# Two hosts on one link have the same address, and both answer for it. The client asks the wrong one, which refuses.
verdict='neighbour.two_macs@neighbour'
exits='curl 7'
recorded=no

prepare() {
    add_switch
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
