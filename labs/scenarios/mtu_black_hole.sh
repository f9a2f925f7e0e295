# shellcheck shell=bash
# A link on the way drops what is larger than 1,200 bytes without a word: the handshake is fine, an upload is not.
verdict=exchange.mtu_black_hole@exchange
exits='curl 28'
recorded=no

prepare() {
    offload off
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table inet narrow {
    chain forward {
        type filter hook forward priority filter
        meta length > 1200 drop
    }
}
RULES
    head -c 5000 /dev/zero | tr '\0' x >"$LAB_DIR/form"
}

traffic() {
    try_curl --max-time 5 --header "Expect:" --data-binary "@$LAB_DIR/form" "http://$LAB_SERVER/peer"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table inet narrow
    offload on
    settle
}
