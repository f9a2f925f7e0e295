"""The lab's odd client: the ways to end a connection that curl does not have.

    odd_client.py half_close ADDRESS PORT   sends a line, closes its own side (SHUT_WR), then reads the answer
    odd_client.py reset ADDRESS PORT        asks for 20 kB, reads the first bytes, then resets the connection
    odd_client.py hello_and_reset ADDRESS PORT   sends a TLS ClientHello, then resets the connection

Prints what it saw as one JSON object, its times in seconds since connect() was called.
"""

import json
import socket
import ssl
import struct
import sys
import time


def half_close(connection: socket.socket, request_sent) -> int:
    """Returns the number of bytes that came after this side had closed."""
    request_sent(connection.send(b"the last line of this side\n"))
    connection.shutdown(socket.SHUT_WR)
    received = 0
    while chunk := connection.recv(4096):
        received += len(chunk)
    return received


def reset(connection: socket.socket, request_sent) -> int:
    """Returns the number of bytes read before the reset: SO_LINGER with 0 s makes close() send RST."""
    request_sent(connection.send(b"GET /20kB HTTP/1.1\r\nHost: lab\r\n\r\n"))
    received = len(connection.recv(100))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return received


def hello_and_reset(connection: socket.socket, request_sent) -> int:
    """Reads nothing."""
    outgoing = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="reset.waybill.test")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        request_sent(connection.send(outgoing.read()))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return 0


def main() -> None:
    behave = {"half_close": half_close, "reset": reset, "hello_and_reset": hello_and_reset}[sys.argv[1]]
    address, port = sys.argv[2], int(sys.argv[3])
    sizes = []
    started = time.monotonic()
    with socket.create_connection((address, port), timeout=10) as connection:
        connected = time.monotonic()
        local_port = connection.getsockname()[1]
        received = behave(connection, sizes.append)
    ended = time.monotonic()
    observed = {
        "local_port": local_port,
        "remote_ip": address,
        "remote_port": port,
        "size_upload": sum(sizes),
        "size_download": received,
        "time_connect": round(connected - started, 6),
        "time_total": round(ended - started, 6),
    }
    print(json.dumps(observed))


if __name__ == "__main__":
    main()
