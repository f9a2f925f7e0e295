"""The lab's odd server: one TCP port for each way in which a server fails its client, and one UDP port of a name
server that fails.

It prints `ready` once every port listens. A port's behaviour is the function it is given in `main`.
"""

import argparse
import fcntl
import socket
import struct
import termios
import threading
import time

RESPONSE_START = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20000\r\n\r\n"


def read_request(connection: socket.socket) -> bytes:
    """Reads up to the blank line that ends an HTTP request's header, or to the end of the stream."""
    request = b""
    while b"\r\n\r\n" not in request and len(request) < 65536:
        chunk = connection.recv(4096)
        if not chunk:
            break
        request += chunk
    return request


def wait_until_acknowledged(connection: socket.socket) -> None:
    """Returns once the peer has acknowledged every byte sent (SIOCOUTQ is 0), or after 2 s."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        unacknowledged = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0\0\0\0"))[0]
        if unacknowledged == 0:
            return
        time.sleep(0.001)


def reset(connection: socket.socket) -> None:
    """Promises 20,000 bytes, sends 2,000, then resets: SO_LINGER with 0 s makes close() send RST."""
    read_request(connection)
    connection.sendall(RESPONSE_START + b"x" * 2000)
    wait_until_acknowledged(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def half_close(connection: socket.socket) -> None:
    """Reads until the client has closed its side, and only then answers with the number of bytes it read."""
    received = 0
    while chunk := connection.recv(4096):
        received += len(chunk)
    time.sleep(0.1)  # the half-closed state lasts a while, as with a server that works on the request
    connection.sendall(b"received %d bytes\n" % received)


def stall(connection: socket.socket) -> None:
    """Takes the request and never answers; ends when the client gives up."""
    read_request(connection)
    connection.recv(1)


def empty(connection: socket.socket) -> None:
    """Takes the request and closes without a response."""
    read_request(connection)


def late(connection: socket.socket) -> None:
    """Answers 300 ms after the request."""
    read_request(connection)
    time.sleep(0.3)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlate\n")


def short(connection: socket.socket) -> None:
    """Promises 20,000 bytes, sends 2,000, and closes in order."""
    read_request(connection)
    connection.sendall(RESPONSE_START + b"x" * 2000)


def late_reset(connection: socket.socket) -> None:
    """Answers the first line, and resets when 1.2 s have passed: as a service that throws out those who are idle."""
    connection.recv(4096)
    connection.sendall(b"welcome\n")
    time.sleep(1.2)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(listener: socket.socket, behave) -> None:
    """Hands each connection to `behave` in a thread of its own, then closes it."""

    def handle(connection: socket.socket) -> None:
        try:
            with connection:
                behave(connection)
        except OSError:
            pass  # the client went first, which some scenarios do on purpose

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=handle, args=(connection,), daemon=True).start()


def answer_servfail(name_server: socket.socket) -> None:
    """Answers every DNS query with SERVFAIL (RFC 1035 section 4.1.1): same id and question, QR set, RCODE 2."""
    while True:
        query, client = name_server.recvfrom(4096)
        if len(query) < 12:
            continue
        question_end = 12
        while question_end < len(query) and query[question_end] != 0:
            question_end += 1 + query[question_end]
        question = query[12 : question_end + 5]
        recursion_desired = query[2] & 0x01
        header = query[:2] + bytes([0x80 | recursion_desired, 0x82]) + struct.pack("!4H", 1, 0, 0, 0)
        name_server.sendto(header + question, client)


def main() -> None:
    behaviours = {
        "reset": reset,
        "half_close": half_close,
        "stall": stall,
        "empty": empty,
        "late": late,
        "short": short,
        "late_reset": late_reset,
    }
    parser = argparse.ArgumentParser(description="The lab's odd server.")
    parser.add_argument("--address", required=True)
    parser.add_argument("--servfail", type=int, required=True)
    for name in behaviours:
        parser.add_argument("--" + name.replace("_", "-"), dest=name, type=int, required=True)
    arguments = parser.parse_args()

    threads = []
    for name, behave in behaviours.items():
        listener = socket.create_server((arguments.address, getattr(arguments, name)), backlog=128)
        threads.append(threading.Thread(target=serve, args=(listener, behave)))
    name_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    name_server.bind((arguments.address, arguments.servfail))
    threads.append(threading.Thread(target=answer_servfail, args=(name_server,)))
    for thread in threads:
        thread.start()
    print("ready", flush=True)


if __name__ == "__main__":
    main()
