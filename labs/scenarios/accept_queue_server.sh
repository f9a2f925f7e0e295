# shellcheck shell=bash
# The accept queue of a listener is full, and the server drops further SYNs without a word; seen by the server itself.
verdict='connect.not_accepted@connect'
watched_at=server
exits='curl 28'
recorded=no

prepare() {
    start "$LAB_SERVER_NS" deaf 8091 python3 -c "
import socket, time
listener = socket.create_server(('$LAB_SERVER', 8091), backlog=0)
time.sleep(300)"
    # The one that may wait.
    start "$LAB_CLIENT_NS" waiting - python3 -c "
import socket, time
first = socket.create_connection(('$LAB_SERVER', 8091))
time.sleep(300)"
    await "a full queue" is_full
}

is_full() {
    in_ns "$LAB_SERVER_NS" ss -Hltn 'sport = :8091' | grep -Eq '^LISTEN +1 '
}

traffic() {
    try_curl --max-time 3.5 "http://$LAB_SERVER:8091/"
}
