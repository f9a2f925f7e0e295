# shellcheck shell=bash
# A port forward of the router leads to a port of the client at which nobody listens.
verdict='connect.forward_refused@connect'
watched_at=router
exits='curl 7'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain prerouting {
        type nat hook prerouting priority dstnat
        ip daddr $LAB_NAT_ADDRESS tcp dport 18084 dnat to $LAB_CLIENT:18085
    }
}
RULES
}

traffic() {
    on server try_curl "http://$LAB_NAT_ADDRESS:18084/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
