# shellcheck shell=bash
# The gateway no longer answers ARP: nothing gets past it, and the SYN never leaves.
verdict='neighbour.unanswered@neighbour'
exits='curl 7'
recorded=no

traffic() {
    ip -n "$LAB_ROUTER_NS" link set lan0 arp off
    ip -n "$LAB_CLIENT_NS" neighbour flush dev eth0
    try_curl "http://$LAB_SERVER/"
}

finish() {
    ip -n "$LAB_ROUTER_NS" link set lan0 arp on
    ip -n "$LAB_CLIENT_NS" neighbour flush dev eth0
}
