# shellcheck shell=bash
# The server answers by another of its addresses than it was asked at, as with a rule of its own that rewrites answers.
verdict='connect.answered_elsewhere@connect'
exits='curl 28'
recorded=no

prepare() {
    # Over IPv6, where no NAT stands between. Rewritten without conntrack, as by a careless rule.
    ip -n "$LAB_SERVER_NS" address add fd77:2::22/64 dev eth0 nodad
    in_ns "$LAB_SERVER_NS" nft -f - <<RULES
table ip6 scenario {
    chain output {
        type filter hook output priority raw
        tcp sport 80 ip6 saddr $LAB_SERVER6 ip6 saddr set fd77:2::22
    }
}
RULES
}

traffic() {
    try_curl --max-time 3.5 "http://[$LAB_SERVER6]/"
}

finish() {
    in_ns "$LAB_SERVER_NS" nft delete table ip6 scenario
    ip -n "$LAB_SERVER_NS" address del fd77:2::22/64 dev eth0
}
