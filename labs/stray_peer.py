"""A server whose answers find nobody.

    stray_peer.py late ADDRESS PORT SECONDS    answers DNS at port 53, and HTTP at PORT, that much later
    stray_peer.py unasked ADDRESS PORT HOST    sends HOST what only answers a request that HOST never made, from PORT and
                                               from port 53: a SYN-ACK, data, and a DNS response; IPv6 addresses
"""

import socket
import struct
import sys
import threading
import time

# A response that recursion was wanted and available for: www.lab.waybill.test A 192.0.2.80, for 300 s
DNS_RESPONSE = (
    struct.pack("!6H", 1, 0x8180, 1, 1, 0, 0)
    + b"\3www\3lab\7waybill\4test\0"
    + struct.pack("!2H", 1, 1)
    + struct.pack("!3HIH4B", 0xC00C, 1, 1, 300, 4, 192, 0, 2, 80)
)


def answer_questions(address: str, seconds: float) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        while True:
            query, client = server.recvfrom(4096)
            time.sleep(seconds)
            server.sendto(query[:2] + DNS_RESPONSE[2:], client)


def answer_connection(connection: socket.socket, seconds: float) -> None:
    with connection:
        connection.recv(4096)
        time.sleep(seconds)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlate\n")
            connection.recv(1)
        except OSError:
            pass  # reset by whoever had no use for it


def late(address: str, port: int, seconds: float) -> None:
    threading.Thread(target=answer_questions, args=(address, seconds), daemon=True).start()
    listener = socket.create_server((address, port))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer_connection, args=(connection, seconds), daemon=True).start()


def unasked(address: str, port: int, host: str) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_CHECKSUM, 16)
        raw.bind((address, 0))
        # SYN-ACK, then PSH and ACK with data, each to a port of its own.
        for destination, flags, payload in [(45001, 0x12, b""), (45002, 0x18, b"data")]:
            header = struct.pack("!HHIIBBHHH", port, destination, 1000, 2000, 5 << 4, flags, 8192, 0, 0)
            raw.sendto(header + payload, (host, 0))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        server.sendto(DNS_RESPONSE, (host, 45003))


if __name__ == "__main__":
    if sys.argv[1] == "late":
        late(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        unasked(sys.argv[2], int(sys.argv[3]), sys.argv[4])
