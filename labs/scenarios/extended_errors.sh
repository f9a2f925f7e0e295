# shellcheck shell=bash
# What unbound says by extended errors: a zone that has no signatures although it should (in words), a client that it does
# not serve (asked over IPv6), and an answer that is stale by the second time.
needs=(unbound:unbound)
exits='dig 0 dig 0 dig 0 dig 0'
pattern='"extended_error": "3 \(Stale Answer\)"'
resolver=10.77.1.54
resolver6=fd77:1::54

prepare() {
    ip -n "$LAB_ROUTER_NS" address add "$resolver/24" dev lan0
    ip -n "$LAB_ROUTER_NS" address add "$resolver6/64" dev lan0 nodad
    start_unbound <<CONFIGURATION
    interface: $resolver
    interface: $resolver6
    ede: yes
    val-log-level: 2
    trust-anchor: "$LAB_NAME_ALIAS. DS 12345 13 2 $(printf '%064d' 1)"
    serve-expired: yes
    ede-serve-expired: yes
    cache-max-ttl: 1
CONFIGURATION
}

traffic() {
    try_dig "@$resolver" "$LAB_NAME_IPV4" A
    try_dig "@$resolver" "$LAB_NAME_ALIAS" A
    try_dig "@$resolver6" "$LAB_NAME_IPV4" A
    sleep 2.1 # for unbound, which counts whole seconds, more than one
    try_dig "@$resolver" "$LAB_NAME_IPV4" A
}

finish() {
    ip -n "$LAB_ROUTER_NS" address del "$resolver/24" dev lan0
    ip -n "$LAB_ROUTER_NS" address del "$resolver6/64" dev lan0
}
