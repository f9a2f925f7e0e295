# shellcheck shell=bash
# A router's NAT from both of its sides: masquerade of TCP, UDP and echoes, a port forward to the inside, one that turns
# round on the inside (hairpin), a redirection to the router itself, and a forward to a port at which nobody listens.
verdict='connect.forward_refused@connect name.servfail@name'
watched_at=router
exits='curl 0 dig 0 ping 0 curl 0 curl 0 curl 0 curl 7'
pattern='"http_code":200'
capture_on='router lan0 wan0'
capture_filter='tcp port 80 or tcp portrange 18080-18089 or udp port 5355 or icmp'
largest=100000

prepare() {
    start "$LAB_CLIENT_NS" page-client 18081 python3 -m http.server --directory "$LAB_DIR/www" 18081
    start "$LAB_ROUTER_NS" page-router 18083 python3 -m http.server --directory "$LAB_DIR/www" 18083
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain prerouting {
        type nat hook prerouting priority dstnat
        ip daddr $LAB_NAT_ADDRESS tcp dport 18080 dnat to $LAB_CLIENT:18081
        ip daddr $LAB_NAT_ADDRESS tcp dport 18084 dnat to $LAB_CLIENT:18085
        tcp dport 18082 redirect to :18083
    }
    chain postrouting {
        type nat hook postrouting priority srcnat
        iifname "lan0" oifname "lan0" ct status dnat masquerade
    }
}
RULES
}

traffic() {
    try_curl "http://$LAB_SERVER/"
    try_dig -p 5355 "@$LAB_SERVER" "$LAB_NAME_SERVFAIL" A
    try_ping -c 2 -i 0.2 "$LAB_SERVER"
    on server try_curl "http://$LAB_NAT_ADDRESS:18080/"
    try_curl "http://$LAB_NAT_ADDRESS:18080/"
    try_curl "http://$LAB_SERVER:18082/"
    on server try_curl "http://$LAB_NAT_ADDRESS:18084/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
