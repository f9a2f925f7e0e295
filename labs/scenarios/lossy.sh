# shellcheck shell=bash
# 400 kB by way of a router that drops one frame in twenty: gaps, duplicate ACKs, fast retransmissions.
verdict=exchange.loss@exchange
exits='curl 0'
pattern='"size_download":400000,'
snap_length=128
largest=200000

prepare() {
    offload off
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table ip lossy {
    chain forward {
        type filter hook forward priority 10
        oifname "lan0" meta length > 500 numgen inc mod 20 0 drop
    }
}
RULES
}

traffic() {
    try_curl --range 0-399999 "http://$LAB_SERVER/100MB"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip lossy
    offload on
}
