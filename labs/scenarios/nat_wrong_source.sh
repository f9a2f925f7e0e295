# shellcheck shell=bash
# The router gives what leaves to the server an address of its inner interface for a source: no answer finds back.
verdict='translation.wrong_source@translation'
watched_at=router
exits='curl 28'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain postrouting {
        type nat hook postrouting priority srcnat - 1
        ip daddr $LAB_SERVER tcp dport 80 snat to $LAB_GATEWAY
    }
}
RULES
    in_ns "$LAB_ROUTER_NS" nft flush chain ip nat postrouting
}

traffic() {
    try_curl --max-time 4 "http://$LAB_SERVER/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
    in_ns "$LAB_ROUTER_NS" nft add rule ip nat postrouting oifname wan0 masquerade
}
