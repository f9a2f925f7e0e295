# shellcheck shell=bash
# The client may choose among four local ports, and all of them are taken towards the server: connect(2) fails with
# EADDRNOTAVAIL, and nothing is sent.
verdict='port.exhausted@port'
exits='curl 7'
recorded=no

prepare() {
    in_client sysctl -n net.ipv4.ip_local_port_range >"$LAB_DIR/port_range"
    in_client sysctl -qw net.ipv4.ip_local_port_range="45000 45003"
    start "$LAB_CLIENT_NS" holder - python3 -c "
import socket, time
held = [socket.create_connection(('$LAB_SERVER', 80)) for _ in range(4)]
time.sleep(300)"
    await "four connections" are_held
}

are_held() {
    [ "$(in_client ss -Htn state established "dst $LAB_SERVER and dport = :80" | wc -l)" = 4 ]
}

traffic() {
    try_curl "http://$LAB_SERVER/"
}

finish() {
    in_client sysctl -qw net.ipv4.ip_local_port_range="$(cat "$LAB_DIR/port_range")"
}
