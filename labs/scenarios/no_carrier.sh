# shellcheck shell=bash
# The other end of the client's link goes down, as when a cable is pulled: the interface stays up, without a carrier.
verdict='neighbour.no_carrier@neighbour'
exits='curl 7'
recorded=no

traffic() {
    ip -n "$LAB_ROUTER_NS" link set lan0 down
    await "the loss of the carrier" in_client grep -q 0 /sys/class/net/eth0/carrier
    try_curl "http://$LAB_SERVER/"
}

finish() {
    # What waits for the router's address would leave when the link is back, though nobody waits for an answer any more.
    ip -n "$LAB_CLIENT_NS" neighbour del "$LAB_GATEWAY" dev eth0 2>/dev/null || true
    ip -n "$LAB_ROUTER_NS" link set lan0 up
    await "the client's link" in_client grep -q 1 /sys/class/net/eth0/carrier
}
