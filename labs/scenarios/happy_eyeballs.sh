# shellcheck shell=bash
# A name with addresses of both IP versions (RFC 8305): by IPv6 nobody answers at port 80 and port 443 is refused, so curl
# goes on to IPv4, after 200 ms and at once.
verdict='connect.fallback@connect'
exits='curl 0 curl 0'
pattern='"remote_ip":"10.77.2.2"'

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<'RULES'
table ip6 eyeballs {
    chain forward {
        type filter hook forward priority 0;
        tcp dport 80 drop
        tcp dport 443 reject with tcp reset
    }
}
RULES
}

traffic() {
    try_curl "http://$LAB_NAME/"
    try_curl --cacert "$LAB_CERTIFICATE" "https://$LAB_NAME/"
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip6 eyeballs
}
