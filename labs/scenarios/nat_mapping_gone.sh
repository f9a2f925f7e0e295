# shellcheck shell=bash
# The answer comes when the router's mapping is gone: of UDP, which it keeps for one second while the server takes two, and
# of a connection whose mapping is deleted while the server is at work.
verdict='translation.mapping_gone@translation'
watched_at=router
exits='dig 9 curl 28'
capture_on='router lan0 wan0'
capture_filter='port 5356 or (host 10.77.2.2 and port 53) or icmp'

prepare() {
    start "$LAB_SERVER_NS" stray_peer 5356,udp/53 python3 "$here/stray_peer.py" late "$LAB_SERVER" 5356 2
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=1
    # The client soon gives up a FIN that nobody acknowledges.
    in_client sysctl -qw net.ipv4.tcp_orphan_retries=2
}

traffic() {
    try_dig +time=4 +tries=1 "@$LAB_SERVER" "$LAB_NAME" A
    ip netns exec "$LAB_ROUTER_NS" bash -c "until conntrack -L -p tcp --dport 5356 2>/dev/null | grep -q ASSURED; do sleep 0.02; done
        sleep 0.2; conntrack -D -p tcp --dport 5356" >/dev/null 2>&1 &
    local deletion=$!
    try_curl --max-time 4 "http://$LAB_SERVER:5356/"
    wait "$deletion"
}

finish() {
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30
    in_client sysctl -qw net.ipv4.tcp_orphan_retries=0
}
