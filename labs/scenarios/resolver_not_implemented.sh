# shellcheck shell=bash
# A name server that does not know how to answer such a question (RFC 1035 section 4.1.1: NOTIMP).
verdict=name.notimp@name
exits='dig 0'
pattern='"status": "NOTIMP"'
recorded=no
resolver=10.77.1.55

prepare() {
    ip -n "$LAB_ROUTER_NS" address add "$resolver/24" dev lan0
    # The question comes back with the response bit and RCODE 4, and nothing behind it.
    start "$LAB_ROUTER_NS" notimp - python3 -c "
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as name_server:
    name_server.bind(('$resolver', 53))
    while True:
        query, client = name_server.recvfrom(4096)
        end = query.index(0, 12) + 5
        name_server.sendto(query[:2] + bytes([query[2] | 0x80, 4, 0, 1, 0, 0, 0, 0, 0, 0]) + query[12:end], client)"
    await "the name server" is_there
}

traffic() {
    try_dig "@$resolver" +noedns "$LAB_NAME_IPV4" A
}

finish() {
    ip -n "$LAB_ROUTER_NS" address del "$resolver/24" dev lan0
}

is_there() {
    [ -n "$(in_ns "$LAB_ROUTER_NS" ss -Hlun "src $resolver and sport = :53")" ]
}
