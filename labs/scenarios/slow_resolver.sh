# shellcheck shell=bash
# The resolver's own server takes 1.2 s to answer.
verdict='name.slow@name'
exits='dig 0'
pattern='"status": "NOERROR"'
recorded=no
resolver=10.77.1.54

prepare() {
    ip -n "$LAB_ROUTER_NS" address add "$resolver/24" dev lan0
    start "$LAB_ROUTER_NS" slow - python3 "$here/slow_resolver.py" "$resolver" "$LAB_RESOLVER" 1.2
    await "the slow resolver" is_there
}

traffic() {
    try_dig "@$resolver" +time=5 "$LAB_NAME_IPV4" A
}

finish() {
    ip -n "$LAB_ROUTER_NS" address del "$resolver/24" dev lan0
}

is_there() {
    [ -n "$(in_ns "$LAB_ROUTER_NS" ss -Hlun "src $resolver and sport = :53")" ]
}
