# shellcheck shell=bash
# The server has closed a connection and keeps it in TIME-WAIT; the client, without timestamps, connects from the same port
# after it had sent so much that its new sequence number lies before the old ones. The server answers with an ACK alone.
verdict='port.reused@port'
exits='python3 0'
recorded=no

prepare() {
    in_client sysctl -qw net.ipv4.tcp_timestamps=0
    start "$LAB_SERVER_NS" taker 8092 python3 -c "
import socket
listener = socket.create_server(('$LAB_SERVER6', 8092), family=socket.AF_INET6)
while True:
    connection, _ = listener.accept()
    size, taken = int(connection.recv(16)), 0
    while taken < size:
        taken += len(connection.recv(1 << 20))
    connection.send(b'taken')
    connection.close()"
}

traffic() {
    # Sequence numbers go on with the time, 15.6 MB a second (RFC 6528): 400 MB are far ahead of that.
    try python3 -c "
import socket
def talk(size):
    caller = socket.socket(socket.AF_INET6)
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    caller.bind(('$LAB_CLIENT6', 45100))
    caller.connect(('$LAB_SERVER6', 8092))
    caller.send(b'%16d' % size)
    block = b'x' * (1 << 20)
    for _ in range(size >> 20):
        caller.sendall(block)
    while caller.recv(16):
        pass
    caller.close()
talk(400 << 20)
talk(1 << 20)"
}

finish() {
    in_client sysctl -qw net.ipv4.tcp_timestamps=1
}
