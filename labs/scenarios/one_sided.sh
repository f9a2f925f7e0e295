# shellcheck shell=bash
# Requests go by one router and answers come back by another, past which nothing watches: the router in the middle sees the
# client's side alone.
verdict='connect.one_sided@connect'
watched_at=router
exits='curl 0'
pattern='"http_code":200'
recorded=no

prepare() {
    # A wire of its own from server to client; over IPv6, where no NAT stands between.
    ip -n "$LAB_SERVER_NS" link add back0 type veth peer name back0 netns "$LAB_CLIENT_NS"
    local ns
    for ns in "$LAB_SERVER_NS" "$LAB_CLIENT_NS"; do
        ip -n "$ns" link set back0 addrgenmode none
        ip -n "$ns" link set back0 up
    done
    ip -n "$LAB_SERVER_NS" address add fd77:3::1/64 dev back0 nodad
    ip -n "$LAB_SERVER_NS" neighbour add fd77:3::2 lladdr "$(station "$LAB_CLIENT_NS" back0)" dev back0
    ip -n "$LAB_SERVER_NS" -6 route add "$LAB_CLIENT6/128" via fd77:3::2
}

traffic() {
    try_curl "http://[$LAB_SERVER6]/"
}

finish() {
    ip -n "$LAB_SERVER_NS" link del back0
}
