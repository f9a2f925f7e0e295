# shellcheck shell=bash
# A server that accepts nobody has answered the SYNs of two connections when others fill the queue of its listener: it does not
# take the two, and repeats its SYN-ACK, though they have sent their request.
verdict='connect.not_accepted@connect'
exits='python3 0'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" deaf 8091 python3 -c "
import socket, time
listener = socket.create_server(('$LAB_SERVER', 8091), backlog=2)
time.sleep(300)"
    # What follows the client's SYNs is kept back until the queue is full.
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain forward {
        type filter hook forward priority filter
        tcp dport 8091 tcp flags != syn drop
    }
}
RULES
}

# Three may wait to be accepted.
fill() {
    await "two connections in SYN-RECEIVED" are_begun
    start "$LAB_ROUTER_NS" fillers - python3 -c "
import socket, time
others = [socket.create_connection(('$LAB_SERVER', 8091), timeout=5) for _ in range(3)]
time.sleep(300)"
    await "a full queue" is_full
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}

are_begun() {
    [ "$(in_ns "$LAB_SERVER_NS" ss -Htn state syn-recv 'sport = :8091' | wc -l)" = 2 ]
}

is_full() {
    in_ns "$LAB_SERVER_NS" ss -Hltn 'sport = :8091' | grep -Eq '^LISTEN +3 '
}

traffic() {
    fill &
    local filling=$!
    try python3 -c "
import socket, struct, time
callers = [socket.create_connection(('$LAB_SERVER', 8091), timeout=5) for _ in range(2)]
time.sleep(1)
for caller in callers:
    caller.send(b'GET / HTTP/1.0\r\n\r\n')
time.sleep(4)
if '${callers_end_by:-FIN}' == 'RST':
    for caller in callers:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        caller.close()
    time.sleep(2)"
    wait "$filling"
}

finish() {
    # Their FINs are repeated for long: nobody takes them either.
    in_client ss -HK 'dport = :8091' >/dev/null
}
