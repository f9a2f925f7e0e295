# shellcheck shell=bash
# A link of 1,300 bytes on the way, whose router says so: an upload that goes on with smaller packets, then one of a client
# whose own firewall drops that word.
verdict='exchange.path_mtu@exchange exchange.mtu_black_hole@exchange'
exits='curl 0 curl 28'
recorded=no

prepare() {
    offload off
    ip -n "$LAB_ROUTER_NS" link set wan0 mtu 1300
    head -c 5000 /dev/zero | tr '\0' x >"$LAB_DIR/form"
}

traffic() {
    local -a upload=(--header "Expect:" --data-binary "@$LAB_DIR/form")
    try_curl "${upload[@]}" "http://$LAB_SERVER/peer"
    in_client ip route flush cache
    in_client nft -f - <<'RULES'
table ip deaf {
    chain input {
        type filter hook input priority filter
        icmp type destination-unreachable drop
    }
}
RULES
    try_curl --max-time 4 "${upload[@]}" "http://$LAB_SERVER/peer"
}

finish() {
    in_client nft delete table ip deaf 2>/dev/null || true
    in_client ip route flush cache
    ip -n "$LAB_ROUTER_NS" link set wan0 mtu 1500
    offload on
    settle
}
