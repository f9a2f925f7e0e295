"""The lab's odd client: the ways to end a connection that curl does not have.

    odd_client.py half_close ADDRESS PORT   sends a line, closes its own side (SHUT_WR), then reads the answer
    odd_client.py reset ADDRESS PORT        asks for 20 kB, awaits them, reads the first bytes, then resets the connection
    odd_client.py hello_and_reset ADDRESS PORT   sends a TLS ClientHello, then resets the connection
    odd_client.py hello_and_close ADDRESS PORT   sends a TLS ClientHello, awaits the first bytes of an answer, then closes
    odd_client.py read_on ADDRESS PORT      sends a line, then reads until the connection ends
    odd_client.py slow_read ADDRESS PORT    asks for 20 kB into a small buffer, and reads only after 2 s
    odd_client.py idle ADDRESS PORT         sends nothing for 3.5 s but keep-alives, one a second

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
    """Returns the number of bytes read before the reset: SO_LINGER with 0 s makes close() send RST.

    The whole answer lies in the buffer by then: whose fault a reset is depends on what had arrived before it.
    """
    request_sent(connection.send(b"GET /20kB HTTP/1.1\r\nHost: lab\r\n\r\n"))
    # With Python's own timeout the socket does not block, and MSG_WAITALL waits for nothing.
    connection.settimeout(None)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 10, 0))
    head = b""
    while b"\r\n\r\n" not in head:
        # One byte more than was there the last time.
        head = connection.recv(len(head) + 1, socket.MSG_PEEK | socket.MSG_WAITALL)
    head = head[: head.index(b"\r\n\r\n") + 4]
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    answer = connection.recv(len(head) + length, socket.MSG_PEEK | socket.MSG_WAITALL)
    if len(answer) < len(head) + length:
        raise TimeoutError(f"{len(answer)} of {len(head) + length} bytes came")
    received = len(connection.recv(100))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return received


def client_hello(name: str) -> bytes:
    outgoing = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def hello_and_reset(connection: socket.socket, request_sent) -> int:
    """Reads nothing."""
    request_sent(connection.send(client_hello("reset.waybill.test")))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return 0


def hello_and_close(connection: socket.socket, request_sent) -> int:
    """Returns the number of bytes read; all that came is read, so that the end is a FIN and no RST."""
    request_sent(connection.send(client_hello("ipv4.lab.waybill.test")))
    received = len(connection.recv(1))
    time.sleep(0.1)
    return received + len(connection.recv(65536))


def read_on(connection: socket.socket, request_sent) -> int:
    """Returns the number of bytes read until the end, of whatever kind."""
    request_sent(connection.send(b"the only line of this side\n"))
    received = 0
    try:
        while chunk := connection.recv(4096):
            received += len(chunk)
    except ConnectionResetError:
        pass
    return received


def slow_read(connection: socket.socket, request_sent) -> int:
    """Returns the number of bytes read. The buffer was made small before the window was offered, in main."""
    request_sent(connection.send(b"GET /20kB HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"))
    time.sleep(2)
    received = 0
    while chunk := connection.recv(1024):
        received += len(chunk)
        time.sleep(0.01)
    return received


def idle(connection: socket.socket, request_sent) -> int:
    """Sends nothing and reads nothing: the kernel keeps the connection alive."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    time.sleep(3.5)
    return 0


def connect(address: str, port: int, buffer: int | None) -> socket.socket:
    """A connection whose receive buffer is `buffer` bytes before its window is offered."""
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(10)
    connection.connect((address, port))
    return connection


def main() -> None:
    behaviours = {
        "half_close": half_close,
        "reset": reset,
        "hello_and_reset": hello_and_reset,
        "hello_and_close": hello_and_close,
        "read_on": read_on,
        "slow_read": slow_read,
        "idle": idle,
    }
    behave = behaviours[sys.argv[1]]
    address, port = sys.argv[2], int(sys.argv[3])
    sizes = []
    started = time.monotonic()
    with connect(address, port, buffer=4096 if behave is slow_read else None) as connection:
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
