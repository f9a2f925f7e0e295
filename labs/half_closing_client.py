"""Sends a line, closes its own side of the connection with shutdown(SHUT_WR), and only then reads the answer.

Prints what it saw as one JSON object, its times in seconds since connect() was called.
"""

import json
import socket
import sys
import time


def main() -> None:
    address, port = sys.argv[1], int(sys.argv[2])
    started = time.monotonic()
    with socket.create_connection((address, port), timeout=10) as connection:
        connected = time.monotonic()
        local_port = connection.getsockname()[1]
        request = b"the last line of this side\n"
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        first_byte = None
        while chunk := connection.recv(4096):
            first_byte = first_byte or time.monotonic()
            answer += chunk
        ended = time.monotonic()
    observed = {
        "local_port": local_port,
        "remote_ip": address,
        "remote_port": port,
        "size_upload": len(request),
        "size_download": len(answer),
        "time_connect": round(connected - started, 6),
        "time_starttransfer": None if first_byte is None else round(first_byte - started, 6),
        "time_total": round(ended - started, 6),
    }
    print(json.dumps(observed))


if __name__ == "__main__":
    main()
